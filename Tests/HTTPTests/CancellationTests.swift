import Delivery
import HTTP
import Testing

@Suite struct CancellationTests {
    @Test func aCancelledTaskEndsItsTransfer() async throws {
        let server = try ScriptedServer { _ in [.hang] }
        defer { server.stop() }
        let client = try CurlClient()
        let result = await withTaskGroup(of: HTTPResult?.self) { group in
            group.addTask { await client.send(post(to: server)) }
            group.addTask {
                while server.counts.requests.isEmpty { await Task.yield() }
                return nil
            }
            _ = await group.next()
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(result?.failure?.kind == .cancelled)
        // The client is as good as before.
        let other = try ScriptedServer { _ in [.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")] }
        defer { other.stop() }
        #expect(await client.send(post(to: other)).answer?.status == 200)
        await client.close()
    }

    @Test func aTaskCancelledBeforeItSendsSendsNothing() async throws {
        let server = try ScriptedServer { _ in [.hang] }
        defer { server.stop() }
        let client = try CurlClient()
        let result = await withTaskGroup(of: HTTPResult.self) { group in
            group.cancelAll()
            group.addTask { await client.send(post(to: server)) }
            return await group.next()
        }
        #expect(result?.failure?.kind == .cancelled)
        await client.close()
        #expect(server.counts.connections == 0)
    }

    @Test func closingEndsWhatIsUnderWay() async throws {
        let server = try ScriptedServer { _ in [.hang] }
        defer { server.stop() }
        let client = try CurlClient()
        let results = await withTaskGroup(of: HTTPResult.self) { group in
            for _ in 1...3 { group.addTask { await client.send(post(to: server)) } }
            while server.counts.requests.count < 3 { await Task.yield() }
            await client.close()
            var all: [HTTPResult] = []
            for await result in group { all.append(result) }
            return all
        }
        #expect(results.map { $0.failure?.kind } == [.cancelled, .cancelled, .cancelled])
    }
}
