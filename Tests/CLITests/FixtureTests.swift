import FoundationEssentials
import Platform
import Synchronization
import Testing

/// What the other tests stand on.
@Suite struct FixtureTests {
    /// A client waits 60 s at most. Tests keep the pool's threads busy for longer than that on a loaded machine, so the
    /// server must not need one.
    @Test func theServerNeedsNoThreadOfThePool() async throws {
        try await ControlFixture.serving { fixture in
            let pool = BlockedPool()
            let path = fixture.socketPath
            let failure = startThread(name: "client") {
                // Once every thread of the pool is blocked, or as many as can be had within a second.
                for _ in 0..<1000 where pool.blocked.withLock({ $0 }) < pool.threads { sleepAMoment() }
                let captured = Captured()
                let code = captured.run(["status", "--socket", path])
                pool.ended.withLock { $0 = (code, captured.err) }
            }
            try #require(failure == nil)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<pool.threads { group.addTask { pool.block() } }
            }
            let end = try #require(pool.ended.withLock { $0 })
            #expect(end.code == 0, "\(end.said)")
        }
    }
}

/// Blocks threads until a command has ended.
private final class BlockedPool: Sendable {
    let threads = ProcessInfo.processInfo.activeProcessorCount
    let blocked = Mutex(0)
    let ended = Mutex<(code: Int32, said: String)?>(nil)

    func block() {
        blocked.withLock { $0 += 1 }
        while ended.withLock({ $0 == nil }) { sleepAMoment() }
    }
}
