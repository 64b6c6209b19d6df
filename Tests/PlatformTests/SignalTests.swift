import Base
import Platform
import Testing

@Suite("A signal")
struct SignalTests {
    @Test("raised before anybody waits: the wait returns at once, and only once")
    func early() async {
        let signal = Signal()
        signal.raise()
        signal.raise()
        await signal.wait()
        #expect(!signal.lower())
    }

    @Test("raised from the beginning")
    func fromTheBeginning() {
        let signal = Signal(raised: true)
        #expect(signal.lower())
        #expect(!signal.lower())
    }

    @Test("raised while somebody waits")
    func late() async {
        let signal = Signal()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await signal.wait() }
            group.addTask { signal.raise() }
        }
        #expect(!signal.lower())
    }

    @Test("two tasks wait: both are woken, and neither takes the other's place")
    func twoWaiters() async {
        let signal = Signal()
        let clock = SystemClock()
        let bothWoken = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    await signal.wait()
                    return !Task.isCancelled
                }
            }
            group.addTask {
                // Nothing says from outside that a task waits: time for both, then raised until both are through.
                let end = clock.now().advanced(by: .seconds(60))
                while !Task.isCancelled, clock.now() < end {
                    try? await clock.sleep(for: .milliseconds(20))
                    signal.raise()
                }
                return false
            }
            let first = await group.next()
            let second = await group.next()
            group.cancelAll()
            return first == true && second == true
        }
        #expect(bothWoken)
    }

    @Test("a wait ends at its deadline, and when its task is cancelled")
    func ends() async {
        let signal = Signal()
        let clock = SystemClock()
        await signal.wait(until: clock.now().advanced(by: .milliseconds(1)), clock: clock)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await signal.wait() }
            group.addTask { await signal.wait(until: clock.now().advanced(by: .seconds(3600)), clock: clock) }
            group.cancelAll()
        }
        signal.raise()
        #expect(signal.lower())
    }
}
