import Simulation
import Synchronization
import Testing

/// Runs a suite on threads of its own. A simulation computes for seconds without a pause: in the pool that all tests share, the
/// tests that wait for the machine's clock would miss their moments.
struct ApartFromPool: SuiteTrait, TestTrait, TestScoping {
    /// Two, so that simulations keep a second core at work once the pool has nothing to do.
    private static let threads = [
        try? TaskThread(name: "simulation-0"), try? TaskThread(name: "simulation-1"),
    ]
    /// How many cases each thread has to do.
    private static let loads = Mutex([0, 0])

    let isRecursive = true

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let index = Self.loads.withLock { loads in
            let index = loads[0] <= loads[1] ? 0 : 1
            loads[index] += 1
            return index
        }
        defer { Self.loads.withLock { $0[index] -= 1 } }
        let thread = try #require(Self.threads[index])
        try await withTaskExecutorPreference(thread) { try await function() }
    }
}

extension Trait where Self == ApartFromPool {
    /// On threads of its own.
    static var apartFromPool: Self { Self() }
}
