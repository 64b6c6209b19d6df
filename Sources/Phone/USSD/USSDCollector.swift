package import Events
package import Time

/// Runs USSD codes on one phone, one at a time, when somebody asks.
///
/// A run: the guard (`USSDCode`), the phone is free, its log can be read (a mark is written and seen), the user's SIM for
/// calls is switched when it has to be, the code is dialled once, the radio's log proves the slot, the setting is put
/// back, the answer is read from the log and recorded, the result's dialog is closed. The wish to put the setting back
/// is durable before the setting is changed, and that it will be dialled before it is dialled: at a new contact after a
/// run was cut off the setting is put back first, the answer is read from the log if it is still there, and nothing is
/// ever dialled twice.
/// Called by: the daemon's collector host.
package struct USSDCollector: AskedCollector {
    /// Oldest Android whose log holds the texts: 8.
    static let apiLevelMin = 26
    /// From the request until the code is dialled: later nobody waits for it any more.
    static let prepareLimit = Duration.seconds(60)
    /// From dialling until the radio's line.
    static let sendLimit = Duration.seconds(10)
    /// From the radio's line until the network speaks.
    static let answerLimit = Duration.seconds(45)
    /// From the network's word until its text in the log.
    static let textLimit = Duration.seconds(5)
    /// How long a text that cannot be believed is looked at again.
    static let unreadableLimit = Duration.seconds(2)
    /// A whole run from dialling on, how long the network keeps one open, and how long after its mark a run that was cut off is looked for, by the phone's clock.
    static let runLimit = Duration.seconds(180)
    /// Between looks at the log.
    static let logInterval = Duration.milliseconds(500)
    /// Between looks at the log of a run that was cut off.
    static let recoverInterval = Duration.seconds(2)
    /// Between looks at the screen or a setting.
    static let lookInterval = Duration.milliseconds(300)
    /// How often is looked before it is given up.
    static let looksMax = 5
    /// How often an old dialog is closed.
    static let backsMax = 3
    /// How far before the mark the log is read, in seconds: the phone's clock is known to about one.
    static let logMarginSeconds: Int64 = 5
    /// Pauses between tries to put the user's setting back.
    static let restorePauses: [Duration] = [
        .seconds(2), .seconds(5), .seconds(15), .seconds(60), .seconds(300),
    ]
    /// After so many tries a setting whose card is not in the phone any more is let go.
    static let restoresOfAbsentMax = 4

    package let source = Source.ussd
    /// The log is read when a run is on, not followed.
    package let log = LogFilter.nothing
    let apiLevel: Int
    var sims: [SIMCard]
    var cursor: USSDCursor
    /// The cursor as it was last made durable; nil: never.
    var stored: USSDCursor?
    var observations: [Observation] = []
    var reports: [CollectorReport] = []
    var replies: [USSDOutcome] = []
    var stage = USSDStage.idle
    var job: USSDJob?
    var restore = USSDRestore()
    /// Nothing is run before then.
    var pauseUntil: Instant?
    /// When reading the log of a run that was cut off is given up, whatever the phone's clock says.
    var recoverUntil: Instant?
    var phoneTime = WallTime(milliseconds: 0)
    /// What earlier runs left behind in the network, by slot.
    var openEnds: [Int: USSDOpenEnd] = [:]
    private var isWaiting = false
    private var isRecording = false

    /// A collector that goes on from `cursor` (nil: no run yet) on a phone of `apiLevel` with these SIM cards.
    package init(cursor: [UInt8]?, apiLevel: Int, sims: [SIMCard]) {
        self.apiLevel = apiLevel
        self.sims = sims
        let known = cursor.map { USSDCursor($0) }
        self.cursor = (known ?? nil) ?? .idle
        stored = known ?? nil
        if case .some(nil) = known {
            reports.append(
                .problem(
                    "the stored state of USSD could not be read: if a run was cut off, look whether the phone's SIM "
                        + "for calls is the right one"))
        }
        if self.cursor.wish != nil {
            restore.dueAt = Instant(nanoseconds: .min)
            restore.looksFirst = self.cursor.replacement != nil
        }
        guard let run = self.cursor.run else { return }
        if run.isDialled { stage = .recover } else { self.cursor.run = nil }
    }

    package mutating func asked(_ request: SourceRequest, now: Instant) {
        guard case .ussd(let request) = request else { return }
        do throws(USSDRefusal) {
            job = try accepted(request, now: now)
            stage = .process
        } catch {
            replies.append(.refused(error.sentence))
        }
    }

    private func accepted(_ request: USSDRequest, now: Instant) throws(USSDRefusal) -> USSDJob {
        let code = try USSDCode(request.code)
        try USSDMenuAnswers.check(request.answers)
        guard USSDCursor.isToken(request.token) else {
            throw USSDRefusal("the run's token is not 16 hexadecimal digits")
        }
        guard apiLevel >= Self.apiLevelMin else {
            throw USSDRefusal("USSD needs Android 8 or later: older phones do not tell the answer")
        }
        guard let sim = sims.first(where: { $0.slot == request.slot }) else {
            throw USSDRefusal("the phone has no SIM card in slot \(request.slot)")
        }
        switch stage {
        case .idle: break
        case .recover:
            throw USSDRefusal(
                "an earlier USSD run was cut off and its end is still looked for: try again in a few minutes")
        default: throw USSDRefusal("another USSD run is under way on this phone")
        }
        guard cursor.wish == nil else {
            throw USSDRefusal(
                "the phone's SIM for calls, changed by an earlier USSD run, has not been put back yet")
        }
        if let open = openEnds[request.slot], open.kind == .unanswered, now < open.until {
            throw USSDRefusal(
                "the network may still answer an earlier code, and which answer is whose would not be known: try again "
                    + "in \(now.duration(to: open.until).components.seconds + 1) seconds")
        }
        return USSDJob(request: request, code: code, sim: sim, askedAt: now)
    }

    package mutating func next(now: Instant, phoneTime: WallTime) -> CollectorStep {
        precondition(!isWaiting && !isRecording, "next() before answered() or recorded()")
        self.phoneTime = phoneTime
        if !reports.isEmpty { return .report(reports.removeFirst()) }
        if !observations.isEmpty || cursor != (stored ?? .idle) {
            isRecording = true
            return .record(observations, cursor: cursor.bytes)
        }
        if let command = restore.command(cursor.wish, apiLevel: apiLevel, now: now) {
            isWaiting = true
            return .run(command)
        }
        if stage == .over {
            if restore.isActive { return .rest(until: restore.dueAt) }
            let outcome = job?.outcome
            job = nil
            stage = .idle
            cursor.run = nil
            if let outcome { return .reply(.ussd(outcome)) }
        }
        if !replies.isEmpty { return .reply(.ussd(replies.removeFirst())) }
        guard stage != .idle else { return .rest(until: restore.dueAt) }
        if let pauseUntil, now < pauseUntil {
            return .rest(until: min(pauseUntil, restore.dueAt ?? pauseUntil))
        }
        pauseUntil = nil
        if let job, isPreparing, now > job.askedAt.advanced(by: Self.prepareLimit) {
            refuse(
                "the phone, or phonewire's own store, took longer than \(Self.prepareLimit.components.seconds) seconds "
                    + "to get ready", now: now)
            return next(now: now, phoneTime: phoneTime)
        }
        isWaiting = true
        return .run(command(now: now))
    }

    /// Whether nothing was dialled yet.
    private var isPreparing: Bool {
        switch stage {
        case .process, .callState, .focus, .back, .setting, .telecomUsage, .simInfo, .mark, .seeMark, .change,
            .verify, .dial:
            true
        case .idle, .watch, .menuFocus, .type, .enterFocus, .enter, .closingFocus, .close, .over, .recover:
            false
        }
    }

    private mutating func command(now: Instant) -> PhoneCommand {
        if stage == .recover {
            if recoverUntil == nil { recoverUntil = now.advanced(by: Self.runLimit) }
            return USSDCommand.log(since: cursor.run?.since ?? 0)
        }
        guard var job else { preconditionFailure("a step of a run without a run") }
        if stage == .mark {
            job.since = min(max(0, phoneTime.seconds - Self.logMarginSeconds), USSDCursor.sinceMax)
            self.job = job
        }
        let answer = job.typed < job.request.answers.count ? job.request.answers[job.typed] : ""
        switch stage {
        case .process: return USSDCommand.process
        case .callState: return USSDCommand.callState
        case .focus, .menuFocus, .enterFocus, .closingFocus: return USSDCommand.focus
        case .back, .close: return USSDCommand.back
        case .setting, .verify: return USSDCommand.voiceSubscription
        case .telecomUsage: return USSDCommand.telecomUsage
        case .simInfo: return USSDCommand.simInfo
        case .mark: return USSDCommand.mark(job.request.token)
        case .seeMark, .watch: return USSDCommand.log(since: job.since)
        case .change:
            return USSDRestore.set(
                .account(subscription: job.sim.subscription, iccid: job.iccid), apiLevel: apiLevel)
        case .dial: return USSDCommand.dial(job.code)
        case .type: return USSDCommand.type(answer)
        case .enter: return USSDCommand.enter
        case .idle, .over, .recover: preconditionFailure("no command belongs to \(stage)")
        }
    }

    package mutating func answered(_ outcome: CommandOutcome, now: Instant) {
        precondition(isWaiting, "answered() without a .run")
        isWaiting = false
        if restore.isRunning {
            restored(outcome, now: now)
        } else if stage == .recover {
            recovered(outcome, now: now)
        } else if job != nil {
            step(outcome, now: now)
        }
    }

    package mutating func checked(_ unseen: Set<SourceKey>, now: Instant) {
        preconditionFailure("checked() without a .check")
    }

    package mutating func recorded(now: Instant) {
        precondition(isRecording, "recorded() without a .record")
        isRecording = false
        observations = []
        stored = cursor
    }

    package mutating func heard(_ line: LogLine, now: Instant) {}

    package mutating func hintsWereLost(now: Instant) {}

    package mutating func simsChanged(_ sims: [SIMCard]) { self.sims = sims }

    /// Goes on to `stage`, after `pause`.
    mutating func go(to stage: USSDStage, after pause: Duration = .zero, now: Instant) {
        if self.stage != stage, stage != .back, self.stage != .back { job?.tries = 0 }
        self.stage = stage
        pauseUntil = pause > .zero ? now.advanced(by: pause) : nil
    }

    /// Looks again, up to `looksMax` times in all; false when that is used up.
    mutating func looksAgain(at stage: USSDStage, now: Instant) -> Bool {
        guard let tries = job?.tries, tries + 1 < Self.looksMax else { return false }
        go(to: stage, after: Self.lookInterval, now: now)
        job?.tries = tries + 1
        return true
    }

    /// The run leaves something behind in the network on `slots`.
    mutating func leave(_ kind: USSDOpenEnd.Kind, onSlots slots: [Int]) {
        guard let until = job?.dialledAt?.advanced(by: Self.runLimit) else { return }
        for slot in slots { openEnds[slot] = USSDOpenEnd(kind: kind, until: until) }
    }

    /// The run is over: what came of it is made durable, the setting is put back, then it is replied to. A run that may
    /// have been dialled and has no event stays in the cursor until then: cut off here, it is told at the next contact.
    mutating func end(
        _ outcome: USSDOutcome, observation: Observation? = nil, closes: Bool = false, now: Instant
    ) {
        job?.outcome = outcome
        if case .failed = outcome {} else { cursor.run = nil }
        if let observation { observations.append(observation) }
        if cursor.wish != nil, restore.dueAt == nil { restore.dueAt = now }
        go(to: closes ? .closingFocus : .over, now: now)
    }
}
