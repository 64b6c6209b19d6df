import Synchronization

/// A wall clock that moves only when it is told to.
final class TestClock: Sendable {
    private let milliseconds: Mutex<Int64>
    init(_ start: Int64) { milliseconds = Mutex(start) }
    var now: Int64 { milliseconds.withLock { $0 } }
    func advance(_ by: Int64) { milliseconds.withLock { $0 += by } }
}
