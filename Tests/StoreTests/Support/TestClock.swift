import Base
import Synchronization

/// A clock that stands still until it is set.
final class TestClock: DaemonClock {
    private let state: Mutex<(instant: Instant, wall: WallTime)>

    init(wall: Int64 = 1_000_000) {
        state = Mutex((Instant(nanoseconds: 0), WallTime(milliseconds: wall)))
    }

    func now() -> Instant { state.withLock { $0.instant } }
    func wallNow() -> WallTime { state.withLock { $0.wall } }

    func advance(by duration: Duration) {
        state.withLock { $0 = ($0.instant.advanced(by: duration), $0.wall.advanced(by: duration)) }
    }

    func sleep(until deadline: Instant) async throws {
        while now() < deadline { try await Task.sleep(for: .milliseconds(1)) }
    }
}
