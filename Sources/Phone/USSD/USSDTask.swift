package import Base
package import Events

extension SourceName {
    /// Answers to USSD codes.
    package static let ussd = SourceName(rawValue: "ussd")
}

/// Runs USSD codes on one phone, one at a time, when somebody asks.
///
/// A run: the guard (`USSDCode`), the phone is free, its log can be read (a mark is written and seen), the user's SIM for
/// calls is switched when it has to be, the code is dialled once, the radio's log proves the slot, the setting is put
/// back, the answer is read from the log and recorded, the result's dialog is closed. The wish to put the setting back
/// is durable before the setting is changed, and that it will be dialled before it is dialled: at a new contact after a
/// run was cut off the setting is put back first, the answer is read from the log if it is still there, and nothing is
/// ever dialled twice.
/// Called by: the daemon's task host.
package struct USSDTask: PhoneTask {
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
    /// After so many tries a setting whose card is not in the phone any more is let go.
    static let restoresOfAbsentMax = 4

    package static let name = SourceName.ussd
    private let traits: PhoneTraits
    private var sims: [SIMCard]
    private var cursor: USSDCursor
    /// The cursor as it was last made durable; nil: never.
    private var stored: USSDCursor?
    private var observations: [Observation] = []
    private var reports: [PhoneReport] = []
    private var replies: [USSDOutcome] = []
    private var stage = USSDStage.idle
    private var job: USSDJob?
    private var restore = USSDRestore()
    /// Nothing is run before then.
    private var pauseUntil: Instant?
    /// When reading the log of a run that was cut off is given up, whatever the phone's clock says.
    private var recoverUntil: Instant?
    private var phoneTime = WallTime(milliseconds: 0)
    /// What earlier runs left behind in the network, by slot.
    private var openEnds: [Int: USSDOpenEnd] = [:]
    /// Who asked has left: a run that has not been dialled is not.
    private var isCancelled = false
    private var isWaiting = false
    private var isRecording = false

    package init(cursor: [UInt8]?, phone: PhoneContext) {
        traits = phone.traits
        sims = phone.sims
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

    package mutating func asked(_ request: USSDRequest, now: Instant) {
        isCancelled = false
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
        if let lack = traits.lack(of: .ussdTexts) { throw USSDRefusal(lack) }
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

    package mutating func next(now: Instant, phoneTime: WallTime) -> TaskStep<USSDOutcome> {
        precondition(!isWaiting && !isRecording, "next() before answered() or recorded()")
        self.phoneTime = phoneTime
        if isCancelled, isPreparing { refuse("who asked for it has left: nothing was dialled", now: now) }
        if !reports.isEmpty { return .report(reports.removeFirst()) }
        if !observations.isEmpty || cursor != (stored ?? .idle) {
            isRecording = true
            return .record(observations, cursor: cursor.bytes)
        }
        if let command = restore.command(cursor.wish, route: traits.voiceSIMRoute, now: now) {
            isWaiting = true
            return .run(command)
        }
        if stage == .over {
            if restore.isActive { return .rest(until: restore.dueAt) }
            let outcome = job?.outcome
            job = nil
            stage = .idle
            cursor.run = nil
            if let outcome { return .reply(outcome) }
        }
        if !replies.isEmpty { return .reply(replies.removeFirst()) }
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
                .account(subscription: job.sim.subscription, iccid: job.iccid), route: traits.voiceSIMRoute)
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

    package mutating func recorded(now: Instant) {
        precondition(isRecording, "recorded() without a .record")
        isRecording = false
        observations = []
        stored = cursor
    }

    package mutating func simsRead(_ sims: [SIMCard]) { self.sims = sims }

    package mutating func cancelled(now: Instant) { isCancelled = job != nil }

    package var progress: String? {
        if stage == .recover {
            let code = cursor.run?.code.text ?? ""
            return "looking in the phone's log for the end of \(code), a run that was cut off"
        }
        guard let job else { return nil }
        let run = "\(job.code.text) on SIM slot \(job.request.slot)"
        return switch stage {
        case .idle, .recover: nil
        case .process, .callState, .focus, .back, .setting, .telecomUsage, .simInfo, .mark, .seeMark, .change,
            .verify:
            "getting the phone ready to dial \(run)"
        case .dial: "dialling \(run)"
        case .watch: "\(run) was dialled: waiting for the network"
        case .menuFocus, .type, .enterFocus, .enter:
            "giving menu answer \(job.typed + 1) of \(job.request.answers.count) to \(run)"
        case .closingFocus, .close: "closing the result of \(run) on the phone"
        case .over: "\(run) has ended"
        }
    }

    package var toPutBack: String? {
        cursor.wish.map {
            "the phone's SIM for calls, which a USSD run changed: \(Self.describe($0, sims)) was set before"
        }
    }

    /// Goes on to `stage`, after `pause`.
    private mutating func go(to stage: USSDStage, after pause: Duration = .zero, now: Instant) {
        if self.stage != stage, stage != .back, self.stage != .back { job?.tries = 0 }
        self.stage = stage
        pauseUntil = pause > .zero ? now.advanced(by: pause) : nil
    }

    /// Looks again, up to `looksMax` times in all; false when that is used up.
    private mutating func looksAgain(at stage: USSDStage, now: Instant) -> Bool {
        guard let tries = job?.tries, tries + 1 < Self.looksMax else { return false }
        go(to: stage, after: Self.lookInterval, now: now)
        job?.tries = tries + 1
        return true
    }

    /// The run leaves something behind in the network on `slots`.
    private mutating func leave(_ kind: USSDOpenEnd.Kind, onSlots slots: [Int]) {
        guard let until = job?.dialledAt?.advanced(by: Self.runLimit) else { return }
        for slot in slots { openEnds[slot] = USSDOpenEnd(kind: kind, until: until) }
    }

    /// The run is over: what came of it is made durable, the setting is put back, then it is replied to. A run that may
    /// have been dialled and has no event stays in the cursor until then: cut off here, it is told at the next contact.
    private mutating func end(
        _ outcome: USSDOutcome, observation: Observation? = nil, closes: Bool = false, now: Instant
    ) {
        job?.outcome = outcome
        if case .failed = outcome {} else { cursor.run = nil }
        if let observation { observations.append(observation) }
        if cursor.wish != nil, restore.dueAt == nil { restore.dueAt = now }
        go(to: closes ? .closingFocus : .over, now: now)
    }

    // MARK: Before the code is dialled

    /// Takes the answer of the step under way.
    private mutating func step(_ outcome: CommandOutcome, now: Instant) {
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
            case .completedEach: preconditionFailure("parts that nobody asked for")
            }
        case .idle, .over, .recover: preconditionFailure("an answer to no command")
        }
    }

    private mutating func refuse(_ sentence: String, now: Instant) {
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
        go(to: traits.voiceSIMRoute == .telecomByCardNumber ? .telecomUsage : .mark, now: now)
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
        traits.voiceSIMRoute == .serviceCall
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

    // MARK: From dialling to the end

    private mutating func dialled(_ outcome: CommandOutcome, now: Instant) {
        job?.dialledAt = now
        job?.progressAt = now
        if case .completed(let output, let errorOutput) = outcome {
            switch StartAnswer(output: output, errorOutput: errorOutput) {
            case .started: break
            case .failed(let why): return end(.failed("the phone did not start it: \(why)"), now: now)
            case .unclear(let said):
                job?.startProblem = "what it said to the order to dial is not understood: \(said)"
            }
        }
        // An answer that did not come or is not understood says nothing: the log does.
        if case .unfinished(let why) = outcome {
            job?.startProblem = "the order to dial did not end well: \(why)"
        }
        go(to: .watch, now: now)
    }

    private mutating func watched(_ outcome: CommandOutcome, now: Instant) {
        guard var job else { return }
        switch outcome {
        case .completed(let output, _):
            do throws(PhoneParseError) {
                let log = try USSDLog(parsing: output, process: job.process, after: job.request.token)
                job.logProblem = log.hasMark ? nil : "its log holds the run's mark no more"
                let progress = USSDProgress(log.entries, slot: job.request.slot, sendsMax: 1 + job.typed)
                if log.hasMark { return see(progress, now: now) }
            } catch {
                job.logProblem = "its log was not understood (line \(error.row + 1))"
            }
        case .outputTooLong: job.logProblem = "its log is longer than phonewire reads"
        case .unfinished(let why): job.logProblem = "its log did not come: \(why)"
        case .completedEach: preconditionFailure("parts that nobody asked for")
        }
        self.job = job
        wait(for: limit(job), orFail: "the phone did not tell what became of it", now: now)
    }

    private mutating func see(_ progress: USSDProgress, now: Instant) {
        guard var job else { return }
        job.logProblem = nil
        if job.progress != progress.state {
            job.progress = progress.state
            job.progressAt = now
        }
        self.job = job
        if cursor.wish != nil, restore.dueAt == nil, progress.state != .waiting { restore.dueAt = now }
        let limit = limit(job)
        switch progress.state {
        case .waiting:
            let why =
                progress.telecomRefused
                ? "the phone did not send the code: its Telecom service does not take it from a computer"
                : "the phone did not send the code within \(Self.sendLimit.seconds) seconds"
            wait(for: limit, orFail: why, now: now)
        case .sent: wait(for: limit, orFail: "the network did not answer in time", now: now)
        case .spoke:
            wait(
                for: limit, orFail: "the network answered, but the phone's log does not hold the text",
                now: now)
        case .unreadable(let why):
            wait(for: limit, orFail: "the network answered, but the text was refused: \(why)", now: now)
        case .failed(let why, let closes):
            if progress.isSomebodyElses { leave(.unanswered, onSlots: sims.map(\.slot)) }
            end(.failed(why), closes: closes, now: now)
        case .answered(let answer): answered(answer, now: now)
        }
    }

    private mutating func answered(_ answer: USSDProgress.Answer, now: Instant) {
        guard let job else { return }
        if answer.isMenu {
            if answer.number <= job.typed {
                return wait(for: limit(job), orFail: "the phone did not send the menu answer", now: now)
            }
            if job.typed < job.request.answers.count { return go(to: .menuFocus, now: now) }
            leave(.menu, onSlots: [job.request.slot])
        } else {
            openEnds[job.request.slot] = nil
        }
        end(
            .answered(text: answer.text, isMenu: answer.isMenu, slot: job.request.slot),
            observation: observation(answer, run: (job.request.token, job.code), sim: job.sim),
            closes: !answer.isMenu, now: now)
    }

    /// The event of an answer. Its key is the run's token and which text of the run it is: read again, it is the same.
    private func observation(
        _ answer: USSDProgress.Answer, run: (token: String, code: USSDCode), sim: SIMCard
    ) -> Observation {
        Observation(
            key: SourceKey(source: Self.name, bytes: Array("\(run.token)/\(answer.number)".utf8)),
            content: EventContent(USSDAnswer(code: run.code.text, response: answer.text)), slot: sim.slot,
            subscription: sim.subscription, iccid: sim.iccid.isEmpty ? nil : sim.iccid,
            receivedAt: answer.milliseconds.map { WallTime(milliseconds: $0) })
    }

    /// Until when the state that was last seen may last.
    private func limit(_ job: USSDJob) -> Instant {
        let since = job.progressAt ?? Instant(nanoseconds: .min)
        let own =
            switch job.progress {
            case .waiting, .answered, .failed: since.advanced(by: Self.sendLimit)
            case .sent: since.advanced(by: Self.answerLimit)
            case .spoke: since.advanced(by: Self.textLimit)
            case .unreadable: since.advanced(by: Self.unreadableLimit)
            }
        return min(own, (job.dialledAt ?? since).advanced(by: Self.runLimit))
    }

    private mutating func wait(for limit: Instant, orFail why: String, now: Instant) {
        guard now >= limit else { return go(to: .watch, after: Self.logInterval, now: now) }
        let problem = job?.logProblem ?? (job?.progress == .waiting ? job?.startProblem : nil)
        let detail = problem.map { " (\($0))" } ?? ""
        if let job { leave(leftOpen.isEmpty ? .unanswered : .menu, onSlots: [job.request.slot]) }
        end(.failed("\(why)\(detail)\(leftOpen)"), now: now)
    }

    private var leftOpen: String {
        if case .answered(let answer) = job?.progress, answer.isMenu { return USSDOutcome.menuStaysOpen }
        return ""
    }

    // MARK: Menus

    /// Types one menu answer; keys go out only while exactly the phone's own dialog has the focus.
    private mutating func typing(_ outcome: CommandOutcome, now: Instant) {
        switch (stage, outcome) {
        case (.enter, .unfinished), (.enter, .outputTooLong):
            // Perhaps it went out: the log tells.
            entered(now: now)
        case (_, .completedEach): preconditionFailure("parts that nobody asked for")
        case (_, .outputTooLong): fail("the phone said more than phonewire reads", now: now)
        case (.type, .unfinished(let why)):
            fail("the phone's input command did not end well: \(why). \(traits.allowKeys)", now: now)
        case (_, .unfinished(let why)): fail("the phone did not answer: \(why)", now: now)
        case (.menuFocus, .completed(let output, _)), (.enterFocus, .completed(let output, _)):
            focusedMenu(WindowFocus(parsing: output), now: now)
        case (_, .completed(let output, let errorOutput)):
            if let why = inputFailure(output + errorOutput) { return fail(why, now: now) }
            if stage == .type { go(to: .enterFocus, now: now) } else { entered(now: now) }
        }
    }

    private mutating func focusedMenu(_ focus: WindowFocus, now: Instant) {
        switch focus {
        case .phoneDialog: go(to: stage == .menuFocus ? .type : .enter, now: now)
        case .keyguard, .nothing, .unclear:
            fail("the phone's screen went off or was locked before a key was sent", now: now)
        case .phoneRunning, .other:
            if !looksAgain(at: stage, now: now) {
                fail("the menu does not have the focus of the phone's screen", now: now)
            }
        }
    }

    private mutating func entered(now: Instant) {
        job?.typed += 1
        job?.progressAt = now
        go(to: .watch, after: Self.logInterval, now: now)
    }

    private mutating func fail(_ why: String, now: Instant) {
        let number = (job?.typed ?? 0) + 1
        if let job, !leftOpen.isEmpty { leave(.menu, onSlots: [job.request.slot]) }
        end(.failed("menu answer \(number) was not given: \(why)\(leftOpen)"), now: now)
    }

    /// Why `input` did not do it; nil when it said nothing. What it says is not repeated.
    private func inputFailure(_ output: [UInt8]) -> String? {
        if output.allSatisfy({ $0 == .lineFeed || $0 == .carriageReturn || $0 == .space }) { return nil }
        if output.firstRange(of: Array("INJECT_EVENTS".utf8)) != nil {
            return "the phone lets the computer press no keys. \(traits.allowKeys)"
        }
        return "the phone's input command failed"
    }

    // MARK: The result's dialog

    /// Closes the result; whatever happens, the run is over.
    private mutating func closing(_ outcome: CommandOutcome, now: Instant) {
        guard stage == .closingFocus, case .completed(let output, _) = outcome else {
            return go(to: .over, now: now)
        }
        switch WindowFocus(parsing: output) {
        case .phoneDialog: go(to: .close, now: now)
        case .phoneRunning, .other: if !looksAgain(at: .closingFocus, now: now) { go(to: .over, now: now) }
        case .keyguard, .nothing, .unclear: go(to: .over, now: now)
        }
    }

    // MARK: Putting the SIM for calls back

    private mutating func restored(_ outcome: CommandOutcome, now: Instant) {
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
    private mutating func recovered(_ outcome: CommandOutcome, now: Instant) {
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

extension USSDOutcome {
    /// What to say behind a failure that leaves a menu open.
    static let menuStaysOpen =
        "; the menu stays on the phone's screen until the network ends it or somebody answers it there"
}

extension Duration {
    fileprivate var seconds: Int64 { components.seconds }
}
