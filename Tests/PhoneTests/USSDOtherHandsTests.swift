import Base
import Events
import Testing

@testable import Phone

/// Whose answer, whose setting: other runs, and people with the phone in their hand.
@Suite struct USSDOtherHandsTests {
    private let second = "ffffffffffffffff"

    private func refusal(_ session: USSDSession) -> String? {
        guard case .refused(let why) = session.outcomes.last else { return nil }
        return why
    }

    private func askAgain(_ session: inout USSDSession, slot: Int = 1, answers: [String] = []) {
        session.task.asked(
            USSDRequest(token: second, code: "*100#", slot: slot, answers: answers), now: session.now)
    }

    /// A session just before the order to dial goes out: that it will be dialled is durable.
    private func justBeforeDialling(_ phone: USSDScriptedPhone = USSDScriptedPhone()) -> USSDSession {
        var session = USSDSession(phone)
        session.ask()
        while USSDCursor(session.cursor ?? [])?.run?.isDialled != true { guard session.step() else { break } }
        #expect(session.phone.dialled == [])
        return session
    }

    /// Android gives an answer to the oldest code that waits: here to the first run's.
    @Test(arguments: ["NotificationShade", "launcher/.L"])
    func anAnswerThatComesAfterItsRunIsNotTheNextOnes(focus: String) {
        var phone = USSDScriptedPhone()
        phone.network = [.silence, .silence]
        var session = USSDSession.run(phone)
        #expect(session.outcomes.count == 1 && session.phone.dialled.count == 1)
        session.phone.focus = focus
        askAgain(&session)
        while session.phone.dialled.count < 2 { guard session.step() else { break } }
        session.phone.answersLate("the first one's", slot: 0)
        session.finish()
        #expect(session.observations == [])
        #expect(refusal(session)?.contains("an earlier code") == true && session.phone.dialled.count == 1)
        // When the network has let go of it, codes are dialled again.
        session.now = session.now.advanced(by: .seconds(180))
        session.phone.network = [.final("the second one's")]
        askAgain(&session)
        session.finish()
        #expect(session.outcomes.last == .answered(text: "the second one's", isMenu: false, slot: 1))
    }

    @Test func aCodeThatWentOutOnTheWrongSIMIsWaitedForThere() {
        var phone = USSDScriptedPhone()
        phone.routesTo = 1
        phone.network = [.silence]
        var session = USSDSession.run(phone)
        session.phone.unlock()
        session.phone.routesTo = nil
        askAgain(&session, slot: 2)
        session.finish()
        #expect(refusal(session)?.contains("an earlier code") == true && session.phone.dialled.count == 1)
    }

    @Test func theOtherSIMIsFreeMeanwhile() {
        var phone = USSDScriptedPhone()
        phone.network = [.silence, .final("two")]
        var session = USSDSession.run(phone)
        session.phone.unlock()
        askAgain(&session, slot: 2)
        session.finish()
        #expect(session.outcomes.last == .answered(text: "two", isMenu: false, slot: 2))
    }

    @Test func nothingIsDialledIntoAMenuThatTheScreenDoesNotShow() {
        var phone = USSDScriptedPhone()
        phone.network = [.menu("1 Buy"), .final("bought")]
        var session = USSDSession.run(phone)
        #expect(session.outcomes == [.answered(text: "1 Buy", isMenu: true, slot: 1)])
        session.phone.focus = "NotificationShade"
        askAgain(&session)
        session.finish()
        #expect(refusal(session)?.contains("a menu of an earlier code") == true)
        #expect(session.phone.dialled.count == 1)
        session.phone.unlock()
        askAgain(&session)
        session.finish()
        #expect(session.phone.dialled.count == 2)
    }

    @Test func whatWasAskedForLongAgoIsNotDialled() {
        for commit in 1...2 {
            var session = USSDSession()
            session.ask()
            for number in 1...commit {
                while !session.isAboutToRecord { guard session.step() else { break } }
                if number < commit { _ = session.step() }
            }
            // The disk is full for an hour at this commit.
            guard case .record = session.task.next(now: session.now, phoneTime: session.phoneTime) else {
                Issue.record("there is no commit \(commit)")
                continue
            }
            session.now = session.now.advanced(by: .seconds(3600))
            session.task.recorded(now: session.now)
            session.finish()
            #expect(refusal(session)?.contains("took longer than 60 seconds") == true)
            #expect(session.phone.dialled == [] && session.phone.setting == "4")
        }
    }

    /// Cut off before it was dialled; the owner dials by hand, and the log still has it all.
    @Test(arguments: [100, 170, 600] as [Int64])
    func whatTheOwnerDialsLaterIsNotTheRuns(seconds: Int64) {
        var session = justBeforeDialling()
        let time = session.phoneTime.milliseconds + seconds * 1000
        session.now = session.now.advanced(by: .seconds(seconds + 1))
        session.phone.isDialledByHand(slot: 0, text: "the owner's", at: time)
        session.restart()
        session.finish()
        #expect(session.observations == [])
        #expect(session.problems.count == 1 && session.problems[0].contains("does not show that it was sent"))
        #expect(session.phone.setting == "4")
    }

    @Test(arguments: ["-1", "7"])
    func aSettingThatTheOwnerHasChosenSinceStays(setting: String) {
        for isDialled in [false, true] {
            var session = justBeforeDialling()
            if isDialled { _ = session.step(isCut: true) }
            #expect(session.phone.setting == "1")
            session.phone.setting = setting
            session.now = session.now.advanced(by: .seconds(86_400))
            session.restart()
            session.finish()
            #expect(session.phone.setting == setting)
            #expect(session.problems.filter { $0.contains("left as it is now; SIM slot 2") }.count == 1)
            #expect(session.cursor == Array("1 - -".utf8))
        }
    }

    @Test func aStoreThatSaysWhatNoRunHasSeenIsBelieved() {
        // Killed between the change and its proof: whatever the setting is now, the change may be why.
        for setting in ["1", "4", "-1"] {
            var session = USSDSession()
            session.phone.setting = setting
            session.cursor = Array("1 4 -".utf8)
            session.restart()
            session.finish()
            #expect(session.phone.setting == "4" && session.problems == [])
        }
    }

    @Test func aStartThatIsNotUnderstoodMayHaveDialled() {
        var phone = USSDScriptedPhone()
        phone.startPrefix = "WARNING: linker: something is deprecated\n"
        #expect(
            USSDSession.run(phone).outcomes == [
                .answered(text: "Balance: 20.00", isMenu: false, slot: 1)
            ])
        phone.sendsNothing = true
        guard case .failed(let why) = USSDSession.run(phone).outcomes.first else {
            Issue.record("nothing was sent")
            return
        }
        #expect(why.contains("did not send the code") && why.contains("WARNING: linker"))
    }
}
