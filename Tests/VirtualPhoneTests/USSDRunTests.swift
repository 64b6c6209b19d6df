import Base
import Events
import Phone
import Testing

@testable import VirtualPhone

/// The USSD task on the virtual phone: two programs that were written apart from each other.
@Suite struct USSDRunTests {
    private struct Run {
        var outcome: USSDOutcome?
        var events: [Observation] = []
        var problems: [String] = []
    }

    private let sims = [
        SIMCard(slot: 1, subscription: 2, iccid: "894420000", network: "23430", carrier: "EE"),
        SIMCard(slot: 2, subscription: 3, iccid: "894430000", network: "23415", carrier: "vodafone UK"),
    ]

    /// Runs `code` on `user`'s phone to its end.
    private func run(
        _ user: PhoneUser, apiLevel: Int, code: String = "*143#", slot: Int, answers: [String] = []
    ) throws -> Run {
        let identity = PhoneIdentity(
            serial: "", androidID: nil, manufacturer: "", model: "", androidVersion: "", apiLevel: apiLevel,
            fingerprint: "")
        var task = USSDTask(cursor: nil, phone: PhoneContext(traits: PhoneTraits(identity), sims: sims))
        var run = Run()
        let start = user.clock.now
        func now() -> Instant { Instant(nanoseconds: (user.clock.now - start) * 1_000_000) }
        task.asked(
            USSDRequest(token: "00112233445566aa", code: code, slot: slot, answers: answers),
            now: now())
        for _ in 0..<3000 {
            user.clock.advance(30)
            switch task.next(now: now(), phoneTime: WallTime(milliseconds: user.clock.now)) {
            case .run(let command):
                let result = try user.run(command.text)
                let exit = result.exit ?? 0
                task.answered(
                    exit == 10 || exit >= 128
                        ? .unfinished("code \(exit)")
                        : .completed(output: Array(result.out.utf8), errorOutput: Array(result.error.utf8)),
                    now: now())
            case .record(let seen, _):
                run.events += seen
                task.recorded(now: now())
            case .report(.problem(let text, _)): run.problems.append(text)
            case .reply(let outcome): run.outcome = outcome
            case .rest(let until?): user.clock.advance(max(0, now().duration(to: until).milliseconds))
            case .rest(nil): return run
            case .report: break
            }
        }
        Issue.record("the run never ends")
        return run
    }

    private static let releases = [(10, 29), (11, 30), (12, 31), (13, 33), (14, 34), (15, 35), (16, 36)]

    @Test(arguments: releases)
    func eachSlotAndEachSetting(release: Int, apiLevel: Int) throws {
        for slot in [1, 2] {
            for setting in [nil, 2, 3] as [Int?] {
                let text = "it's (slot \(slot))'\ndisplayMMIComplete: state=FAILED\n'"
                let user = try PhoneUser(release: release)
                user.phone.setVoiceSubscription(setting)
                user.phone.setUSSDNetwork { _, _ in .final(text, afterMilliseconds: 3500) }
                let run = try run(user, apiLevel: apiLevel, slot: slot)
                #expect(run.outcome == .answered(text: text, isMenu: false, slot: slot))
                #expect(
                    run.events.map(\.content) == [EventContent(USSDAnswer(code: "*143#", response: text))])
                #expect(user.phone.dialled == [VirtualDial(slot: slot - 1, code: "*143#")])
                #expect(user.phone.voiceSubscription == setting && user.phone.outgoingSubscription == setting)
                #expect(!user.phone.showsUSSDDialog && run.problems == [])
            }
        }
    }

    @Test(arguments: [(11, 30), (14, 34)])
    func menusAreAnswered(release: Int, apiLevel: Int) throws {
        let user = try PhoneUser(release: release)
        user.phone.setVoiceSubscription(3)
        user.phone.setUSSDNetwork { _, text in
            text == "*100#" ? .menu("1 Balance\n0 Exit", afterMilliseconds: 900) : .final("Chose \(text)")
        }
        let first = try run(user, apiLevel: apiLevel, code: "*100#", slot: 1, answers: ["1"])
        #expect(first.outcome == .answered(text: "Chose 1", isMenu: false, slot: 1))
        #expect(
            user.phone.typed == ["1"] && user.phone.typedElsewhere == [] && user.phone.typedAtKeyguard == [])
        let second = try run(user, apiLevel: apiLevel, code: "*100#", slot: 1)
        #expect(second.outcome == .answered(text: "1 Balance\n0 Exit", isMenu: true, slot: 1))
        #expect(user.phone.voiceSubscription == 3)
    }

    @Test func runsThatFailPutTheSettingBack() throws {
        for reply in [
            .error(afterMilliseconds: 800), .silence, .ended(mode: 2), .ended(mode: 4), .ended(mode: 5),
        ] as [VirtualUSSDReply] {
            let user = try PhoneUser(release: 13)
            user.phone.setVoiceSubscription(nil)
            user.phone.setUSSDNetwork { _, _ in reply }
            let run = try run(user, apiLevel: 33, slot: 2)
            guard case .failed = run.outcome else {
                Issue.record("\(reply): \(String(describing: run.outcome))")
                continue
            }
            #expect(run.events == [] && user.phone.voiceSubscription == nil && user.phone.dialled.count == 1)
        }
    }

    @Test func theKeyguardAndCalls() throws {
        let user = try PhoneUser(release: 14)
        user.phone.setUSSDNetwork { _, _ in .final("Balance: 5") }
        user.phone.setKeyguard(true)
        var result = try run(user, apiLevel: 34, slot: 1, answers: ["1"])
        guard case .refused(let locked) = result.outcome else {
            Issue.record("\(String(describing: result.outcome))")
            return
        }
        #expect(locked.contains("locked") && user.phone.dialled == [])
        result = try run(user, apiLevel: 34, slot: 1)
        #expect(result.outcome == .answered(text: "Balance: 5", isMenu: false, slot: 1))
        user.phone.setCallState(2)
        result = try run(user, apiLevel: 34, slot: 1)
        guard case .refused(let busy) = result.outcome else {
            Issue.record("\(String(describing: result.outcome))")
            return
        }
        #expect(busy.contains("call") && user.phone.dialled.count == 1)
    }
}
