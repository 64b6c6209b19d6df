import ADB
import Base
import Events
import Phone
import Platform

/// Runs one task on one phone: hands requests to it, one at a time, and its replies to who asked.
actor TaskHost<Job: PhoneTask>: PhoneHost {
    nonisolated let name: SourceName
    private var job: Job
    private var phoneClock: PhoneClock
    private let access: PhoneAccess
    private let news = Signal()
    /// Who waits for the reply; still there when they have left, until the task is ready for the next one.
    private var asker: OneShot<TaskAnswer<Job.Reply>>?
    /// The events that were recorded for them.
    private var events: [EventID] = []
    private var isOver = false

    /// Runs `job` by means of `access`, on the phone whose clock is `phoneClock`.
    init(_ job: Job, access: PhoneAccess, phoneClock: PhoneClock) {
        name = access.name
        self.job = job
        self.access = access
        self.phoneClock = phoneClock
    }

    func run() async throws(ADBError) {
        defer {
            isOver = true
            asker?.give(.left)
            asker = nil
        }
        while !Task.isCancelled {
            let now = access.clock.now()
            switch job.next(now: now, phoneTime: phoneClock.time(at: now)) {
            case .run(let command):
                let outcome = try await access.shell(command)
                job.answered(outcome, now: access.clock.now())
            case .record(let observations, let cursor):
                let asker = asker
                guard let recorded = await access.record(observations, cursor: cursor) else { return }
                job.recorded(now: access.clock.now())
                // Nobody else may have begun to wait meanwhile: what was recorded before they asked is not theirs.
                if asker != nil, asker === self.asker { events += recorded }
            case .report(let report): await access.report(report)
            case .reply(let reply):
                asker?.give(.replied(reply, events: events))
                asker = nil
            case .rest(let until?): await news.wait(until: until, clock: access.clock)
            case .rest(nil): await news.wait()
            }
        }
    }

    /// Hands `request` to the task and waits for what comes of it, which may take minutes. When the asking task is cancelled
    /// the phone's task is told, and nothing more is waited for.
    func ask(_ request: Job.Request) async -> TaskAnswer<Job.Reply> {
        guard !isOver else { return .notOnline }
        guard self.asker == nil else { return .busy }
        let asker = OneShot<TaskAnswer<Job.Reply>>()
        self.asker = asker
        events = []
        job.asked(request, now: access.clock.now())
        news.raise()
        if let answer = await asker.value() { return answer }
        if asker === self.asker {
            job.cancelled(now: access.clock.now())
            news.raise()
        }
        return .left
    }

    func taskState() -> TaskState? {
        TaskState(name: name, progress: job.progress, toPutBack: job.toPutBack)
    }

    func simsRead(_ sims: [SIMCard]) { job.simsRead(sims) }

    func phoneClockRead(_ clock: PhoneClock) { phoneClock = clock }
}
