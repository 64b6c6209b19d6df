import Base
import Events
import Testing

@testable import Phone

/// The daemon killed, or the phone unplugged, in every step of a run.
@Suite struct USSDCutOffTests {
    /// Ways to run: the user's setting, the network, the menu answers.
    static let ways: [(setting: String, network: [USSDScriptedPhone.Reply], answers: [String])] = [
        ("4", [.final("Balance: 20.00")], []), ("-1", [.final("Balance: 20.00")], []),
        ("4", [.menu("1 Balance"), .final("5")], ["1"]), ("-1", [.menu("1 Balance")], []),
        ("4", [.silence], []), ("-1", [.radioError], []), ("1", [.final("same SIM")], []),
    ]

    private func session(_ way: Int, delay: Int64) -> USSDSession {
        var phone = USSDScriptedPhone()
        phone.setting = Self.ways[way].setting
        phone.network = Self.ways[way].network
        phone.delay = delay
        var session = USSDSession(phone)
        session.ask(answers: Self.ways[way].answers)
        return session
    }

    private func check(_ session: USSDSession, _ way: Int, _ what: String) {
        let setting = Self.ways[way].setting
        #expect(session.phone.setting == setting, "\(what): the user's setting")
        #expect(session.phone.dialled.count <= 1, "\(what): dialled twice")
        let keys = Set(session.observations.map(\.key))
        #expect(keys.count <= 1, "\(what): more than one event")
        #expect(session.outcomes.count <= 1)
        #expect(
            session.cursor == nil || session.cursor == Array("1 - -".utf8), "\(what): something is left open")
        // Once dialled, there is an event, or people know that there may be none.
        let isTold =
            !session.outcomes.isEmpty || session.problems.contains { $0.contains("nothing is dialled again") }
        if session.phone.dialled.count == 1 { #expect(!keys.isEmpty || isTold, "\(what): nobody knows") }
        if session.phone.dialled.isEmpty { #expect(keys.isEmpty) }
    }

    /// Steps of an undisturbed run.
    private func count(_ way: Int, delay: Int64) -> Int {
        var session = session(way, delay: delay)
        var count = 0
        while count < 1000, session.step() { count += 1 }
        return count
    }

    @Test(arguments: 0..<ways.count, [0, 1500] as [Int64])
    func cutOffOnce(way: Int, delay: Int64) {
        let steps = count(way, delay: delay)
        #expect(steps > 10)
        for cut in 0...min(steps, 80) {
            for isDone in [false, true] {
                var session = session(way, delay: delay)
                for _ in 0..<cut { _ = session.step() }
                if isDone { _ = session.step(isCut: true) }
                session.restart()
                session.finish()
                check(session, way, "way \(way), cut after step \(cut)\(isDone ? ", which was done" : "")")
            }
        }
    }

    @Test(arguments: 0..<ways.count)
    func cutOffTwice(way: Int) {
        let steps = count(way, delay: 0)
        for cut in 0...min(steps, 60) {
            for again in 0...12 {
                var session = session(way, delay: 0)
                for _ in 0..<cut { _ = session.step() }
                _ = session.step(isCut: true)
                session.restart()
                for _ in 0..<again { _ = session.step() }
                _ = session.step(isCut: true)
                session.restart()
                session.finish()
                check(session, way, "way \(way), cut after steps \(cut) and \(again)")
            }
        }
    }

    @Test func theAnswerIsFoundInTheLogAfterwards() {
        var session = session(0, delay: 20_000)
        while session.phone.dialled.isEmpty { guard session.step() else { break } }
        session.restart()
        #expect(session.phone.setting == "1")
        session.finish()
        #expect(
            session.observations.map(\.content) == [
                EventContent(USSDAnswer(code: "*143#", response: "Balance: 20.00"))
            ])
        #expect(session.observations.first?.iccid == "899980100")
        #expect(session.problems == [] && session.phone.setting == "4")
    }

    @Test func theSettingIsPutBackBeforeAnythingElse() {
        var session = session(0, delay: 20_000)
        while session.phone.dialled.isEmpty { guard session.step() else { break } }
        session.restart()
        session.commands = []
        session.finish()
        #expect(session.commands.first?.hasPrefix("settings get") == true)
        #expect(
            session.commands.dropFirst().first?.hasPrefix("telecom set-user-selected-outgoing-phone-account")
                == true)
    }

    @Test func aSettingWhoseCardIsGoneIsLetGo() {
        var session = session(0, delay: 0)
        while session.phone.dialled.isEmpty { guard session.step() else { break } }
        session.restart()
        session.phone.telecomIgnores = true
        session.task.simsRead([USSDScriptedPhone.sims[0]])
        session.finish()
        #expect(session.problems.filter { $0.contains("not in the phone any more") }.count == 1)
        #expect(session.cursor == Array("1 - -".utf8) && session.phone.dialled.count == 1)
    }

    @Test func aLogThatIsGoneIsSaid() {
        var session = session(0, delay: 20_000)
        while session.phone.dialled.isEmpty { guard session.step() else { break } }
        session.restart()
        session.phone.logIsEmpty = true
        session.finish()
        #expect(session.problems.count == 1 && session.problems[0].contains("does not reach back"))
        #expect(session.observations == [] && session.phone.dialled.count == 1)
    }

    @Test func whileALostRunIsLookedForNothingElseIsDialled() {
        var session = session(4, delay: 0)
        while session.phone.dialled.isEmpty { guard session.step() else { break } }
        session.restart()
        for _ in 0..<20 { _ = session.step() }
        session.ask("*100#", slot: 2)
        session.finish()
        guard case .refused(let why) = session.outcomes.first else {
            Issue.record("\(session.outcomes)")
            return
        }
        #expect(why.contains("cut off") && session.phone.dialled.count == 1)
        session.outcomes = []
        session.phone.unlock()
        session.phone.network = [.final("later")]
        session.task.asked(
            USSDRequest(token: "ffffffffffffffff", code: "*100#", slot: 2), now: session.now)
        session.finish()
        #expect(session.outcomes == [.answered(text: "later", isMenu: false, slot: 2)])
    }

    @Test func cursorsThatNobodyWroteAreSaidToBeUnreadable() {
        let run = "dialled 00112233445566aa *143# 1 1 1893 1763633696 0"
        for good in [
            "1 - -", "1 ask -", "1 4 -", "1 4:89998020000987654321 -", "1 - \(run)", "1 ask \(run)",
            "1 4>1 -",
            "1 ask>1 \(run)", "1 4:89998020000987654321>1 -",
        ] {
            #expect(USSDCursor(Array(good.utf8))?.bytes == Array(good.utf8), "\(good)")
        }
        for bad in [
            "", "1", "1 -", "2 - -", "1 - - ", "1 -1 -", "1 x -", "1 4:1;reboot -", "1 4: -", "1 +4 -",
            "1 ask dialled", "1 ->1 -", "1 4> -", "1 4>-1 -", "1 4>1>1 -", "1 >1 -", "1 4>01 -",
            "1 - \(run) 0", "1 - \(run.replacing("*143#", with: "*21*1#"))",
            "1 - \(run.replacing("66aa", with: ""))",
            "1 - \(run.replacing("dialled", with: "dialed"))", "1 - \(run.replacing(" 1893", with: " 0"))",
            "1 - \(run.replacing("1763633696", with: "9223372036854775807"))",
            "1 - \(run.replacing("11223344", with: "1122334A"))", String(repeating: "1", count: 300),
        ] {
            #expect(USSDCursor(Array(bad.utf8)) == nil, "\(bad)")
            var task = USSDTask(cursor: Array(bad.utf8), phone: PhoneContext(apiLevel: 33, sims: []))
            guard
                case .report(.problem) = task.next(
                    now: Instant(nanoseconds: 0), phoneTime: WallTime(milliseconds: 0))
            else {
                Issue.record("\(bad) was believed")
                continue
            }
        }
    }

    @Test func clocksAtTheirEndsNeverTrap() {
        for clock in [Int64.min, .max, 0, -1] {
            var task = USSDTask(
                cursor: Array("1 ask dialled 00112233445566aa *143# 1 1 1893 1099511627776 10".utf8),
                phone: PhoneContext(apiLevel: 33, sims: USSDScriptedPhone.sims))
            for step in 0..<200 {
                let now = Instant(nanoseconds: Int64(step) * 2_000_000_000)
                switch task.next(now: now, phoneTime: WallTime(milliseconds: clock)) {
                case .run:
                    task.answered(.completed(output: Array("-1\n".utf8), errorOutput: []), now: now)
                case .record: task.recorded(now: now)
                case .report, .reply, .rest: break
                }
            }
            task.asked(
                USSDRequest(token: "ffffffffffffffff", code: "*100#", slot: 2),
                now: Instant(nanoseconds: .max))
            _ = task.next(now: Instant(nanoseconds: .max), phoneTime: WallTime(milliseconds: clock))
        }
    }
}
