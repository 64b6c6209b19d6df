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
