import Events
import Time

/// Puts the user's SIM for calls back.
struct USSDRestore: Sendable {
    private enum Step { case look, set, check }

    /// What came of a command.
    enum Result { case underWay, isBack, isSomebodyElses }

    private var step: Step?
    private var tries = 0
    fileprivate var failures = 0
    /// When to try; nil: nothing is to be put back, or the run still needs the other SIM.
    var dueAt: Instant?

    /// Whether the setting is read first: what somebody has set since a run was cut off is left alone.
    var looksFirst = false

    /// Whether a command of it is under way.
    private(set) var isRunning = false
    /// Whether a try has begun and not ended.
    var isActive: Bool { step != nil }

    /// The next command; nil when nothing is due.
    mutating func command(_ wish: USSDCursor.Wish?, apiLevel: Int, now: Instant) -> PhoneCommand? {
        guard let wish, let dueAt, dueAt <= now else { return nil }
        isRunning = true
        switch step {
        case nil where looksFirst:
            step = .look
            return USSDCommand.voiceSubscription
        case nil, .look:
            step = .set
            looksFirst = false
            tries = 0
            return Self.set(wish, apiLevel: apiLevel)
        case .set, .check:
            step = .check
            return USSDCommand.voiceSubscription
        }
    }

    /// Makes `wish` the SIM for calls.
    static func set(_ wish: USSDCursor.Wish, apiLevel: Int) -> PhoneCommand {
        switch wish {
        case .ask where 30...32 ~= apiLevel: USSDCommand.setVoice(subscription: -1)
        case .ask: USSDCommand.clearOutgoing
        case .account(let subscription, _) where 30...32 ~= apiLevel:
            USSDCommand.setVoice(subscription: subscription)
        case .account(_, let iccid?) where apiLevel < 30: USSDCommand.setOutgoing(account: iccid)
        case .account(let subscription, _): USSDCommand.setOutgoing(account: "\(subscription)")
        }
    }

    /// What came of the command. What the change printed proves nothing, the setting does.
    ///
    /// A setting that is as it was is set again all the same: the phone may still be at work on the change of the run
    /// that was cut off.
    mutating func answered(
        _ outcome: CommandOutcome, wish: USSDCursor.Wish, replacement: Int?, now: Instant
    ) -> Result {
        isRunning = false
        var setting: VoiceSIM?
        if case .completed(let output, _) = outcome { setting = VoiceSIM(setting: output) }
        switch step {
        case .look:
            if case .unfinished = outcome { failed(now: now) }
            let isOurs = setting == replacement.map { .subscription($0) } || setting == wish.setting
            return setting == nil || isOurs ? .underWay : .isSomebodyElses
        case .check: break
        case .set, nil:
            if case .unfinished = outcome { failed(now: now) }
            return .underWay
        }
        if setting == wish.setting { return .isBack }
        tries += 1
        if tries < USSDCollector.looksMax {
            dueAt = now.advanced(by: USSDCollector.lookInterval)
        } else {
            failed(now: now)
        }
        return .underWay
    }

    private mutating func failed(now: Instant) {
        let pauses = USSDCollector.restorePauses
        dueAt = now.advanced(by: pauses[min(failures, pauses.count - 1)])
        failures += 1
        step = nil
    }
}

extension USSDCollector {
    mutating func restored(_ outcome: CommandOutcome, now: Instant) {
        guard let wish = cursor.wish else { return }
        let before = restore.failures
        switch restore.answered(outcome, wish: wish, replacement: cursor.replacement, now: now) {
        case .isBack: return letGo()
        case .isSomebodyElses:
            letGo()
            reports.append(
                .problem(
                    "somebody has chosen another SIM for calls since a USSD run was cut off: it is left as it is now; "
                        + "\(Self.describe(wish, sims)) was set before the run"))
            return
        case .underWay: break
        }
        if restore.failures >= Self.restoresOfAbsentMax, !restore.isActive, isAbsent(wish) {
            letGo()
            reports.append(
                .problem(
                    "the SIM card that calls went out on before a USSD run is not in the phone any more: choose the SIM "
                        + "for calls in its settings"))
        } else if before == 0, restore.failures == 1 {
            reports.append(
                .problem(
                    "a USSD run changed the phone's SIM for calls and it could not be put back yet: it is tried again; "
                        + "\(Self.describe(wish, sims)) was set before"))
        }
    }

    /// Nothing is to be put back any more.
    private mutating func letGo() {
        cursor.wish = nil
        cursor.replacement = nil
        restore = USSDRestore()
    }

    /// Whether the card of `wish` is gone, by what is known of the cards; the phone may still be reading them.
    private func isAbsent(_ wish: USSDCursor.Wish) -> Bool {
        guard case .account(let subscription, _) = wish, !sims.isEmpty else { return false }
        return !sims.contains { $0.subscription == subscription }
    }

    private static func describe(_ wish: USSDCursor.Wish, _ sims: [SIMCard]) -> String {
        switch wish {
        case .ask: return "\"ask every time\""
        case .account(let subscription, _):
            let slot = sims.first { $0.subscription == subscription }?.slot
            return slot.map { "SIM slot \($0)" } ?? "another SIM"
        }
    }

    // MARK: A run that was cut off

    /// Looks in the log for the end of the run in the cursor.
    mutating func recovered(_ outcome: CommandOutcome, now: Instant) {
        guard let run = cursor.run else { return go(to: .idle, now: now) }
        let deadline = WallTime(milliseconds: run.since * 1000).advanced(
            by: Self.runLimit + .seconds(Self.logMarginSeconds))
        let isLate = phoneTime > deadline || now >= (recoverUntil ?? now)
        guard case .completed(let output, _) = outcome,
            let log = try? USSDLog(parsing: output, process: run.process, after: run.token)
        else {
            return isLate ? giveUp("the phone's log could not be read", now: now) : lookAgain(now: now)
        }
        guard log.hasMark else { return giveUp("the phone's log does not reach back to it", now: now) }
        let entries = Self.own(log.entries, markedAfter: run.since, until: deadline)
        let progress = USSDProgress(entries, slot: run.slot, sendsMax: 1 + run.answers)
        switch progress.state {
        case .answered(let answer) where !answer.isMenu || isLate: found(answer, of: run, now: now)
        case .failed(let why, _):
            if let answer = progress.lastAnswer { return found(answer, of: run, now: now) }
            giveUp(why, now: now)
        case .answered, .waiting, .sent, .spoke, .unreadable:
            guard isLate else { return lookAgain(now: now) }
            if let answer = progress.lastAnswer { return found(answer, of: run, now: now) }
            giveUp(Self.unfinished(progress.state), now: now)
        }
    }

    /// What can belong to a run that was marked up to `logMarginSeconds` after `since`: what somebody dials by hand later
    /// is not the run's, also where the run itself was never sent.
    private static func own(
        _ entries: [USSDLog.Entry], markedAfter since: Int64, until deadline: WallTime
    ) -> [USSDLog.Entry] {
        let sendBy = WallTime(milliseconds: since * 1000).advanced(
            by: .seconds(2 * logMarginSeconds) + prepareLimit + USSDCommand.timeout + sendLimit)
        var isSent = false
        return Array(
            entries.prefix { entry in
                guard let time = entry.milliseconds else { return true }
                defer { if case .sent = entry.event { isSent = true } }
                return time <= (isSent ? deadline : sendBy).milliseconds
            })
    }

    private static func unfinished(_ state: USSDProgress.State) -> String {
        switch state {
        case .waiting: "the log does not show that it was sent"
        case .unreadable(let why): "the network answered, but the text was refused: \(why)"
        case .sent, .spoke, .answered, .failed: "it was sent, and the log holds no answer"
        }
    }

    private mutating func lookAgain(now: Instant) { go(to: .recover, after: Self.recoverInterval, now: now) }

    private mutating func found(_ answer: USSDProgress.Answer, of run: USSDCursor.Run, now: Instant) {
        let sim =
            sims.first { $0.slot == run.slot && $0.subscription == run.subscription }
            ?? SIMCard(
                slot: run.slot, subscription: run.subscription, iccid: "", network: "", carrier: "")
        observations.append(observation(answer, run: (run.token, run.code), sim: sim))
        cursor.run = nil
        recoverUntil = nil
        go(to: .idle, now: now)
    }

    private mutating func giveUp(_ why: String, now: Instant) {
        reports.append(
            .problem(
                "a USSD run was cut off: \(why). The network may have done what the code asks for; nothing is dialled again"
            ))
        cursor.run = nil
        recoverUntil = nil
        go(to: .idle, now: now)
    }
}
