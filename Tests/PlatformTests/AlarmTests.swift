import Base
import Platform
import Synchronization
import Testing

/// The moments at which an alarm fired.
private final class Firings: Sendable {
    private let state = Mutex<[Instant]>([])
    var all: [Instant] { state.withLock { $0 } }
    func add(_ moment: Instant) { state.withLock { $0.append(moment) } }
    func untilCount(_ count: Int) async { while all.count < count { await Task.yield() } }
}

@Suite(.timeLimit(.minutes(5))) struct AlarmTests {
    private let clock = StepClock()
    private let fired = Firings()

    /// Runs `alarm` beside `body`; after firing it is set to what `next` says.
    private func run(
        _ alarm: Alarm, next: @escaping @Sendable (Instant) -> Instant? = { _ in nil },
        _ body: () async -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [clock, fired] in
                await alarm.run {
                    fired.add(clock.now())
                    return next(clock.now())
                }
            }
            await body()
            group.cancelAll()
        }
    }

    @Test func itFiresWhenTheMomentHasCome() async {
        let alarm = Alarm(clock: clock)
        await run(alarm) {
            alarm.set(second(5))
            await clock.untilSleeping(second(5))
            #expect(fired.all.isEmpty)
            clock.move(to: second(5))
            await fired.untilCount(1)
        }
        #expect(fired.all == [second(5)])
    }

    @Test func aMomentThatHasPassedFiresAtOnce() async {
        let alarm = Alarm(clock: clock)
        clock.move(to: second(9))
        alarm.set(second(5))
        await run(alarm) { await fired.untilCount(1) }
        #expect(fired.all == [second(9)])
    }

    @Test func setEarlierItWakesEarlier() async {
        let alarm = Alarm(clock: clock)
        alarm.set(second(60))
        await run(alarm) {
            await clock.untilSleeping(second(60))
            alarm.set(second(5))
            await clock.untilSleeping(second(5))
            clock.move(to: second(6))
            await fired.untilCount(1)
        }
        #expect(fired.all == [second(6)])
    }

    @Test func setLaterItDoesNotFireAtTheOldTime() async {
        let alarm = Alarm(clock: clock)
        alarm.set(second(5))
        await run(alarm) {
            await clock.untilSleeping(second(5))
            alarm.set(second(60))
            clock.move(to: second(5))
            await clock.untilSleeping(second(60))
            #expect(fired.all.isEmpty)
            clock.move(to: second(60))
            await fired.untilCount(1)
        }
        #expect(fired.all == [second(60)])
    }

    @Test func itGoesOnWithWhatTheFiringSays() async {
        let alarm = Alarm(clock: clock)
        alarm.set(second(1))
        await run(alarm, next: { $0 < second(3) ? $0.advanced(by: .seconds(1)) : nil }) {
            for number in 1...3 {
                await clock.untilSleeping(second(Int64(number)))
                clock.move(to: second(Int64(number)))
                await fired.untilCount(number)
            }
        }
        #expect(fired.all == [second(1), second(2), second(3)])
    }

    @Test func aTimeLimitEndsWhatTakesTooLong() async {
        #expect(await withTimeLimit(.seconds(5), clock: clock) { 7 } == 7)
        async let limited = withTimeLimit(.seconds(5), clock: clock) { await OneShot<Int>().value() ?? -1 }
        await clock.untilSleeping(second(5))
        clock.move(to: second(5))
        #expect(await limited == nil)
    }
}
