import Base

/// Puts the user's SIM for calls back.
struct USSDRestore: Sendable {
    private enum Step { case look, set, check }

    /// What came of a command.
    enum Result { case underWay, isBack, isSomebodyElses }

    private var step: Step?
    private var tries = 0
    private var retries = Backoff(.seconds(2), .seconds(5), .seconds(15), .seconds(60), .seconds(300))
    /// When to try; nil: nothing is to be put back, or the run still needs the other SIM.
    var dueAt: Instant?

    /// Whether the setting is read first: what somebody has set since a run was cut off is left alone.
    var looksFirst = false

    /// Whether a command of it is under way.
    private(set) var isRunning = false
    /// Tries that came to nothing.
    var failures: Int { retries.failures }
    /// Whether a try has begun and not ended.
    var isActive: Bool { step != nil }

    /// The next command; nil when nothing is due.
    mutating func command(_ wish: USSDCursor.Wish?, route: PhoneTraits.VoiceSIMRoute, now: Instant)
        -> PhoneCommand?
    {
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
            return Self.set(wish, route: route)
        case .set, .check:
            step = .check
            return USSDCommand.voiceSubscription
        }
    }

    /// Makes `wish` the SIM for calls.
    static func set(_ wish: USSDCursor.Wish, route: PhoneTraits.VoiceSIMRoute) -> PhoneCommand {
        switch wish {
        case .ask where route == .serviceCall: USSDCommand.setVoice(subscription: -1)
        case .ask: USSDCommand.clearOutgoing
        case .account(let subscription, _) where route == .serviceCall:
            USSDCommand.setVoice(subscription: subscription)
        case .account(_, let iccid?) where route == .telecomByCardNumber:
            USSDCommand.setOutgoing(account: iccid)
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
        if tries < USSDTask.looksMax {
            dueAt = now.advanced(by: USSDTask.lookInterval)
        } else {
            failed(now: now)
        }
        return .underWay
    }

    private mutating func failed(now: Instant) {
        dueAt = now.advanced(by: retries.failed())
        step = nil
    }
}
