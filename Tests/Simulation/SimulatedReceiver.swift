package import Base
package import Delivery
import Synchronization

/// A receiver on the simulation's clock: answers, fails, hangs, or takes the event and loses its answer.
package final class SimulatedReceiver: HTTPClient {
    /// One event as the receiver saw it.
    package struct Arrival: Sendable, Equatable {
        package let id: String
        package let body: [UInt8]
        /// When it came.
        package let at: Instant
    }

    private struct State {
        var random: SeededRandom
        var failing = 0
        var isGone = false
        var arrivals: [Arrival] = []
    }

    private let state: Mutex<State>
    private let clock: any DaemonClock

    /// A receiver that answers 200.
    package init(seed: UInt64, clock: any DaemonClock) {
        state = Mutex(State(random: SeededRandom(seed: seed)))
        self.clock = clock
    }

    /// How many of 100 requests go wrong, in one of several ways.
    package func setFailing(_ percent: Int) { state.withLock { $0.failing = percent } }

    /// Whether the daemon that sends is dead: nothing arrives any more.
    package func setGone(_ gone: Bool) { state.withLock { $0.isGone = gone } }

    /// Everything that was taken, in order.
    package var arrivals: [Arrival] { state.withLock { $0.arrivals } }

    package func send(_ request: HTTPRequest) async -> HTTPResult {
        let (delay, fate): (Int, Int) = state.withLock { state in
            let fails = state.random.chance(state.failing)
            return (state.random.next(below: 400), fails ? 1 + state.random.next(below: 4) : 0)
        }
        guard (try? await clock.sleep(for: .milliseconds(delay))) != nil else { return cancelled }
        if state.withLock({ $0.isGone }) { return cancelled }
        switch fate {
        case 1: return .answered(HTTPAnswer(status: 500))
        case 2: return .failed(HTTPFailure(kind: .connect, message: "refused"))
        case 3:
            note(request)
            return .failed(HTTPFailure(kind: .reset, message: "the answer was lost"))
        case 4:
            guard (try? await clock.sleep(for: request.totalTimeout)) != nil else { return cancelled }
            return .failed(HTTPFailure(kind: .timeout, message: "no answer"))
        default:
            note(request)
            return .answered(HTTPAnswer(status: 200))
        }
    }

    private var cancelled: HTTPResult { .failed(HTTPFailure(kind: .cancelled, message: "stopped")) }

    private func note(_ request: HTTPRequest) {
        let id = request.headers.first { $0.name == "webhook-id" }?.value ?? ""
        let now = clock.now()
        state.withLock { $0.arrivals.append(Arrival(id: id, body: request.body, at: now)) }
    }
}
