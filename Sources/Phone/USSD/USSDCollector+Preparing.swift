import Events
import Time

/// Everything before the code is dialled.
extension USSDCollector {
    /// Takes the answer of the step under way.
    mutating func step(_ outcome: CommandOutcome, now: Instant) {
        switch stage {
        case .dial: dialled(outcome, now: now)
        case .watch: watched(outcome, now: now)
        case .menuFocus, .type, .enterFocus, .enter: typing(outcome, now: now)
        case .closingFocus, .close: closing(outcome, now: now)
        case .process, .callState, .focus, .back, .setting, .telecomUsage, .simInfo, .mark, .seeMark, .change,
            .verify:
            switch outcome {
            case .completed(let output, let errorOutput):
                prepare(output, errorOutput: errorOutput, now: now)
            case .outputTooLong:
                refuse("\(what) said more than phonewire reads", now: now)
            case .unfinished(let why):
                refuse("\(what) did not answer: \(why)", now: now)
            }
        case .idle, .over, .recover: preconditionFailure("an answer to no command")
        }
    }

    mutating func refuse(_ sentence: String, now: Instant) {
        end(.refused(sentence), now: now)
    }

    /// The command under way, for people.
    private var what: String {
        switch stage {
        case .process: "the phone's list of processes"
        case .callState: "the phone's state of calls"
        case .focus, .back: "the phone's screen"
        case .setting, .verify, .telecomUsage, .simInfo, .change: "the phone's choice of the SIM for calls"
        default: "the phone's log"
        }
    }

    private mutating func prepare(_ output: [UInt8], errorOutput: [UInt8], now: Instant) {
        switch stage {
        case .process:
            guard let process = PhoneProcess.id(in: output) else {
                return refuse("the phone app is not running", now: now)
            }
            job?.process = process
            go(to: .callState, now: now)
        case .callState:
            if CallState.isCallUp(in: output) { return refuse("a call is up on the phone", now: now) }
            go(to: .focus, now: now)
        case .focus: focused(WindowFocus(parsing: output), now: now)
        case .back: go(to: .focus, after: Self.lookInterval, now: now)
        case .setting: read(VoiceSIM(setting: output), now: now)
        case .telecomUsage:
            guard VoiceSIMChange.isListed(in: output + errorOutput) else {
                return refuse(choosesNoSIM, now: now)
            }
            go(to: .simInfo, now: now)
        case .simInfo: cards(output, now: now)
        case .mark: go(to: .seeMark, now: now)
        case .seeMark: sawMark(in: output, now: now)
        case .change:
            if case .failed(let why) = change(output, errorOutput) {
                return refuse("the SIM for calls could not be chosen: \(why)", now: now)
            }
            go(to: .verify, now: now)
        case .verify: verified(VoiceSIM(setting: output), now: now)
        default: preconditionFailure("not a step before dialling")
        }
    }

    private mutating func focused(_ focus: WindowFocus, now: Instant) {
        guard let job else { return }
        switch focus {
        case .phoneRunning:
            return refuse("another USSD code is running on the phone: wait until it has ended", now: now)
        case .phoneDialog:
            guard job.backs < Self.backsMax else {
                return refuse(
                    "a USSD menu stands open on the phone: answer or cancel it there, or wait until the network ends it",
                    now: now)
            }
            self.job?.backs += 1
            return go(to: .back, now: now)
        case .keyguard, .nothing, .other, .unclear: break
        }
        if !job.request.answers.isEmpty, !focus.isUnlocked {
            return refuse(
                "the menu answers have to be typed and the phone's screen is off or locked: unlock it, or run the code "
                    + "without answers", now: now)
        }
        if let open = openEnds[job.request.slot], now < open.until, !focus.isUnlocked {
            return refuse(
                "a menu of an earlier code may still be open, and the phone's screen is off or locked: unlock it, or try "
                    + "again in \(now.duration(to: open.until).components.seconds + 1) seconds", now: now)
        }
        go(to: sims.count > 1 ? .setting : .mark, now: now)
    }

    private mutating func read(_ setting: VoiceSIM?, now: Instant) {
        guard let job else { return }
        guard let setting else {
            return refuse("the phone's setting of the SIM for calls was not understood", now: now)
        }
        if setting == .subscription(job.sim.subscription) { return go(to: .mark, now: now) }
        switch setting {
        case .ask: self.job?.wish = .ask
        case .subscription(let subscription):
            guard sims.contains(where: { $0.subscription == subscription }) else {
                return refuse(
                    "the phone's SIM for calls is a card that is not in it, a setting that could not be put back: "
                        + "choose one in the phone's settings", now: now)
            }
            self.job?.wish = .account(subscription: subscription, iccid: nil)
        }
        go(to: apiLevel < 30 ? .telecomUsage : .mark, now: now)
    }

    private var choosesNoSIM: String {
        "this phone has no command to choose the SIM for calls: choose slot \(job?.request.slot ?? 0) for calls in its settings"
    }

    /// Up to Android 10 a SIM is chosen by its card's number.
    private mutating func cards(_ output: [UInt8], now: Instant) {
        guard let job, let rows = try? SIMInfoRow.parse(output) else { return refuse(choosesNoSIM, now: now) }
        func number(_ subscription: Int) -> String? {
            rows.first { $0.subscription == subscription && $0.slot >= 0 }?.iccid
        }
        guard let wanted = number(job.sim.subscription) else { return refuse(choosesNoSIM, now: now) }
        self.job?.iccid = wanted
        if case .account(let subscription, _) = job.wish {
            guard let old = number(subscription) else { return refuse(choosesNoSIM, now: now) }
            self.job?.wish = .account(subscription: subscription, iccid: old)
        }
        go(to: .mark, now: now)
    }

    private mutating func sawMark(in output: [UInt8], now: Instant) {
        guard let job else { return }
        let log = try? USSDLog(parsing: output, process: job.process, after: job.request.token)
        guard log?.hasMark == true else {
            if !looksAgain(at: .seeMark, now: now) {
                refuse(
                    "the phone's log cannot be read, and the answer is in it: in developer options, set the size of "
                        + "the log buffers to the default", now: now)
            }
            return
        }
        guard let wish = job.wish else { return dial(now: now) }
        cursor.wish = wish
        cursor.replacement = nil
        cursor.run = run(job, isDialled: false)
        go(to: .change, now: now)
    }

    private func change(_ output: [UInt8], _ errorOutput: [UInt8]) -> VoiceSIMChange {
        30...32 ~= apiLevel
            ? VoiceSIMChange(serviceCall: output) : VoiceSIMChange(telecom: output, errorOutput: errorOutput)
    }

    private mutating func verified(_ setting: VoiceSIM?, now: Instant) {
        guard let job else { return }
        if setting == .subscription(job.sim.subscription) { return dial(now: now) }
        if !looksAgain(at: .verify, now: now) {
            refuse("the phone said that it changed the SIM for calls, but it did not", now: now)
        }
    }

    private mutating func dial(now: Instant) {
        guard let job else { return }
        cursor.run = run(job, isDialled: true)
        if cursor.wish != nil { cursor.replacement = job.sim.subscription }
        go(to: .dial, now: now)
    }

    private func run(_ job: USSDJob, isDialled: Bool) -> USSDCursor.Run {
        USSDCursor.Run(
            token: job.request.token, code: job.code, slot: job.request.slot,
            subscription: job.sim.subscription, process: job.process, since: job.since,
            answers: job.request.answers.count, isDialled: isDialled)
    }
}
