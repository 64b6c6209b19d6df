import Glibc
import Platform
import Testing

@Suite(.timeLimit(.minutes(5))) struct PollerTests {
    /// Two ends of a pipe: read from the first, write to the second.
    private func makePipe() throws -> (FileDescriptor, FileDescriptor) {
        var ends: [Int32] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        return (FileDescriptor(owning: ends[0]), FileDescriptor(owning: ends[1]))
    }

    /// How a wait for `descriptor` ends when `disturb` is done while it waits: true when it is ready.
    private func outcome(
        _ poller: Poller, _ descriptor: FileDescriptor, _ disturb: () throws -> Void
    ) async throws -> Bool {
        async let ready = waits(poller, descriptor, .readable)
        await Task.yield()
        try disturb()
        return await ready
    }

    private func waits(_ poller: Poller, _ descriptor: FileDescriptor, _ readiness: Readiness) async -> Bool {
        do throws(CancellationError) {
            try await poller.wait(descriptor.raw, for: readiness)
            return true
        } catch {
            return false
        }
    }

    @Test func whatIsWrittenWakesTheReader() async throws {
        let poller = try Poller()
        defer { poller.stop() }
        let (input, output) = try makePipe()
        for _ in 0..<50 {
            #expect(try await outcome(poller, input) { try output.writeAll([1], path: "pipe") })
            var byte: UInt8 = 0
            #expect(unsafe read(input.raw, &byte, 1) == 1)
        }
        #expect(await waits(poller, output, .writable))
    }

    @Test func theOtherEndClosingWakesTheReader() async throws {
        let poller = try Poller()
        defer { poller.stop() }
        let input: FileDescriptor
        do {
            let pair = try makePipe()
            input = pair.0
        }
        #expect(await waits(poller, input, .readable))
    }

    @Test func anAbandonedWaitEnds() async throws {
        let poller = try Poller()
        defer { poller.stop() }
        let (input, output) = try makePipe()
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await waits(poller, input, .readable) }
            // Abandoning before the wait has begun does nothing: again until it has.
            group.addTask {
                while !Task.isCancelled {
                    poller.abandon(input.raw)
                    await Task.yield()
                }
                return true
            }
            let first = await group.next()
            #expect(first == false)
            group.cancelAll()
        }
        // The descriptor can be waited for again.
        try output.writeAll([1], path: "pipe")
        #expect(await waits(poller, input, .readable))
    }

    @Test func aCancelledWaitEnds() async throws {
        let poller = try Poller()
        defer { poller.stop() }
        let (input, output) = try makePipe()
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { await waits(poller, input, .readable) }
            await Task.yield()
            group.cancelAll()
            for await ready in group { #expect(!ready) }
        }
        try output.writeAll([1], path: "pipe")
        #expect(await waits(poller, input, .readable))
    }

    @Test func aStoppedPollerLetsNobodyWait() async throws {
        let poller = try Poller()
        let (input, output) = try makePipe()
        #expect(try await outcome(poller, input) { poller.stop() } == false)
        try output.writeAll([1], path: "pipe")
        #expect(await waits(poller, input, .readable) == false)
    }

    @Test func aHangUpIsNeitherBytesNorAHalfEnd() async throws {
        let poller = try Poller()
        defer { poller.stop() }
        var ends: [Int32] = [-1, -1]
        try #require(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        let own = FileDescriptor(owning: ends[0])
        let peer = FileDescriptor(owning: ends[1])
        async let left = waits(poller, own, .hungUp)
        try peer.writeAll([1], path: "socket")
        shutdown(peer.raw, Int32(SHUT_WR))
        // The poller has seen both, and still the hang-up is waited for: only one may wait for the same.
        #expect(await waits(poller, own, .readable))
        #expect(await waits(poller, own, .writable))
        shutdown(peer.raw, Int32(SHUT_RDWR))
        #expect(await left)
    }
}
