import Events
import Time

/// From dialling to the end of the run.
extension USSDCollector {
    mutating func dialled(_ outcome: CommandOutcome, now: Instant) {
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

    mutating func watched(_ outcome: CommandOutcome, now: Instant) {
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
    func observation(
        _ answer: USSDProgress.Answer, run: (token: String, code: USSDCode), sim: SIMCard
    ) -> Observation {
        Observation(
            key: SourceKey(source: .ussd, bytes: Array("\(run.token)/\(answer.number)".utf8)),
            content: .ussd(USSDAnswer(code: run.code.text, response: answer.text)), slot: sim.slot,
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
    mutating func typing(_ outcome: CommandOutcome, now: Instant) {
        switch (stage, outcome) {
        case (.enter, .unfinished), (.enter, .outputTooLong):
            // Perhaps it went out: the log tells.
            entered(now: now)
        case (_, .outputTooLong): fail("the phone said more than phonewire reads", now: now)
        case (.type, .unfinished(let why)):
            fail("the phone's input command did not end well: \(why). \(Self.keysHint)", now: now)
        case (_, .unfinished(let why)): fail("the phone did not answer: \(why)", now: now)
        case (.menuFocus, .completed(let output, _)), (.enterFocus, .completed(let output, _)):
            focusedMenu(WindowFocus(parsing: output), now: now)
        case (_, .completed(let output, let errorOutput)):
            if let why = Self.inputFailure(output + errorOutput) { return fail(why, now: now) }
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

    /// Phones of one maker take no keys before this is on (Genymobile/scrcpy issues 70 and 3824).
    private static let keysHint =
        "If the phone has it, switch on \"USB debugging (Security settings)\" in its developer options"

    /// Why `input` did not do it; nil when it said nothing. What it says is not repeated.
    private static func inputFailure(_ output: [UInt8]) -> String? {
        if output.allSatisfy({ $0 == 0x0A || $0 == 0x0D || $0 == 0x20 }) { return nil }
        if output.firstRange(of: Array("INJECT_EVENTS".utf8)) != nil {
            return "the phone lets the computer press no keys. \(keysHint)"
        }
        return "the phone's input command failed"
    }

    // MARK: The result's dialog

    /// Closes the result; whatever happens, the run is over.
    mutating func closing(_ outcome: CommandOutcome, now: Instant) {
        guard stage == .closingFocus, case .completed(let output, _) = outcome else {
            return go(to: .over, now: now)
        }
        switch WindowFocus(parsing: output) {
        case .phoneDialog: go(to: .close, now: now)
        case .phoneRunning, .other: if !looksAgain(at: .closingFocus, now: now) { go(to: .over, now: now) }
        case .keyguard, .nothing, .unclear: go(to: .over, now: now)
        }
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
