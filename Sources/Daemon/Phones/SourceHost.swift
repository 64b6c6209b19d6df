import ADB
import Base
import Events
import Phone
import Platform

/// Runs one source on one phone.
actor SourceHost: PhoneHost {
    nonisolated let name: SourceName
    nonisolated let log: LogFilter
    private var source: any PhoneSource
    private var phoneClock: PhoneClock
    private let access: PhoneAccess
    /// Who waits for a whole check, and how many the source had done.
    private var waiters: [OneShot<Bool>] = []
    private var checksSeen = 0
    private var failedSeen = 0
    private var isOver = false
    /// Something came that the source may want to act on.
    private let news = Signal()

    /// Runs `source` by means of `access`, on the phone whose clock is `phoneClock`.
    init(_ source: any PhoneSource, access: PhoneAccess, phoneClock: PhoneClock) {
        name = access.name
        log = source.log
        self.source = source
        self.access = access
        self.phoneClock = phoneClock
    }

    func run() async throws(ADBError) {
        defer { endChecks(done: false) }
        while !Task.isCancelled {
            let now = access.clock.now()
            if source.wholeChecks != checksSeen {
                checksSeen = source.wholeChecks
                endChecks(done: true)
            }
            if source.failedChecks != failedSeen {
                failedSeen = source.failedChecks
                tellWaiters(done: false)
            }
            switch source.next(now: now, phoneTime: phoneClock.time(at: now)) {
            case .run(let command):
                let outcome = try await access.shell(command)
                source.answered(outcome, now: access.clock.now())
            case .check(let keys):
                guard let unseen = await access.unseen(keys) else { return }
                source.checked(unseen, now: access.clock.now())
            case .record(let observations, let cursor):
                guard await access.record(observations, cursor: cursor) != nil else { return }
                source.recorded(now: access.clock.now())
            case .backfill(let observations, let cursor, let backfill):
                guard await access.record(observations, cursor: cursor, backfill: backfill) != nil else {
                    return
                }
                source.recorded(now: access.clock.now())
            case .report(let report):
                if case .blocked = report { tellWaiters(done: false) }
                await access.report(report)
            case .rest(let until?): await news.wait(until: until, clock: access.clock)
            case .rest(nil): await news.wait()
            }
        }
    }

    /// Waits for the next whole check, if `waits`; another one asks for the same one.
    func checkAll(waits: Bool) async -> Bool {
        guard !isOver else { return false }
        guard waits else {
            source.checkAll(now: access.clock.now())
            news.raise()
            return true
        }
        let waiter = OneShot<Bool>()
        waiters.append(waiter)
        source.checkAll(now: access.clock.now())
        news.raise()
        return await waiter.value() ?? false
    }

    func backfill(_ request: BackfillRequest?) -> Bool {
        guard !isOver else { return false }
        news.raise()
        return source.backfill(request, now: access.clock.now())
    }

    func backfillProgress() -> BackfillProgress? { source.backfillProgress }

    private func endChecks(done: Bool) {
        if !done { isOver = true }
        tellWaiters(done: done)
    }

    private func tellWaiters(done: Bool) {
        for waiter in waiters { waiter.give(done) }
        waiters = []
    }

    func heard(_ line: LogLine) {
        guard log.matches(line) else { return }
        source.heard(line, now: access.clock.now())
        news.raise()
    }

    func hintsWereLost() {
        source.hintsWereLost(now: access.clock.now())
        news.raise()
    }

    func simsRead(_ sims: [SIMCard]) { source.simsRead(sims) }

    func phoneClockRead(_ clock: PhoneClock) { phoneClock = clock }
}
