import Base
import Events
import Testing

@testable import Phone

/// Who asked for a run leaves.
@Suite struct USSDCancelTests {
    /// The steps of a run up to the order to dial, and with it.
    private static let stepsToDial: Int = {
        var session = USSDSession()
        session.ask()
        var steps = 0
        while session.phone.dialled.isEmpty, session.step() { steps += 1 }
        return steps
    }()

    @Test func beforeItWasDialledNothingIsDialled() {
        #expect(Self.stepsToDial > 8)
        for steps in 0..<Self.stepsToDial {
            var session = USSDSession()
            session.ask()
            for _ in 0..<steps { _ = session.step() }
            session.task.cancelled(now: session.now)
            session.finish()
            #expect(session.phone.dialled == [], "after \(steps) steps")
            #expect(session.outcomes == [.refused("who asked for it has left: nothing was dialled")])
            #expect(session.observations == [] && session.problems == [])
            #expect(session.phone.setting == "4")
            #expect(session.task.progress == nil && session.task.toPutBack == nil)
            #expect(session.cursor ?? Array("1 - -".utf8) == Array("1 - -".utf8))
        }
    }

    @Test func afterItWasDialledItGoesOn() {
        for steps in [Self.stepsToDial, Self.stepsToDial + 3] {
            var session = USSDSession()
            session.ask()
            for _ in 0..<steps { _ = session.step() }
            session.task.cancelled(now: session.now)
            session.finish()
            #expect(session.phone.dialled.count == 1)
            #expect(session.outcomes == [.answered(text: "Balance: 20.00", isMenu: false, slot: 1)])
            #expect(session.observations.count == 1 && session.phone.setting == "4")
        }
    }

    /// The order to dial is on its way: it cannot be taken back.
    @Test func whileItIsDialledItGoesOn() {
        var session = USSDSession()
        session.ask()
        for _ in 1..<Self.stepsToDial { _ = session.step() }
        let step = session.task.next(now: session.now, phoneTime: session.phoneTime)
        guard case .run(let command) = step, command.text.hasPrefix("am start") else {
            Issue.record("\(step) instead of the order to dial")
            return
        }
        session.task.cancelled(now: session.now)
        let output = session.phone.run(command.text, at: session.phoneTime.milliseconds)
        session.task.answered(.completed(output: Array(output.utf8), errorOutput: []), now: session.now)
        session.finish()
        #expect(session.outcomes == [.answered(text: "Balance: 20.00", isMenu: false, slot: 1)])
    }

    @Test func theNextOneIsDialledAllTheSame() {
        var session = USSDSession()
        session.ask()
        session.task.cancelled(now: session.now)
        session.finish()
        // Nothing is under way: it says nothing about the next one.
        session.task.cancelled(now: session.now)
        session.ask()
        session.finish()
        #expect(session.phone.dialled.count == 1 && session.outcomes.count == 2)
    }

    @Test func itSaysWhatIsUnderWayAndWhatIsToBePutBack() {
        var session = USSDSession()
        #expect(session.task.progress == nil)
        session.ask()
        #expect(session.task.progress == "getting the phone ready to dial *143# on SIM slot 1")
        for _ in 0..<Self.stepsToDial { _ = session.step() }
        #expect(session.task.progress?.hasPrefix("*143# on SIM slot 1 was dialled") == true)
        #expect(session.task.toPutBack?.contains("SIM slot 2 was set before") == true)
        // Cut off here, the next contact knows it from the cursor.
        session.restart()
        #expect(session.task.toPutBack?.contains("SIM slot 2 was set before") == true)
        #expect(session.task.progress?.contains("*143#, a run that was cut off") == true)
        session.finish()
        #expect(session.task.toPutBack == nil && session.task.progress == nil)
    }
}
