import Delivery
import HTTP
import Testing

@Suite struct BadPeerTests {
    @Test func closedWithoutAnAnswer() async throws {
        let (result, _) = try await exchange { _ in [.close] }
        #expect(result.failure?.kind == .reset)
    }

    @Test func closedInTheMiddleOfTheHead() async throws {
        // A 200 whose head never ended is not an answer: the event is tried again.
        let (result, _) = try await exchange { _ in [.send("HTTP/1.1 200 OK\r\nContent-Le"), .close] }
        #expect(result.answer == nil)
        let (line, _) = try await exchange { _ in [.send("HTTP/1.1 200 OK\r\n"), .close] }
        #expect(line.answer == nil)
    }

    @Test func closedInTheMiddleOfTheBody() async throws {
        let (result, _) = try await exchange { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal"), .close]
        }
        #expect(result.answer?.status == 200)
        #expect(result.answer?.body == Array("hal".utf8))
    }

    @Test func anEndlessBodyIsCutOffAndItsStatusCounts() async throws {
        var limits = CurlLimits()
        limits.replyBytesKept = 1000
        limits.replyBytesSwallowed = 100_000
        let (result, _) = try await exchange(limits: limits) { _ in
            [
                .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
                .sendForever(
                    Array("400\r\n".utf8) + [UInt8](repeating: 0x78, count: 1024) + Array("\r\n".utf8)),
            ]
        }
        #expect(result.answer?.status == 200)
        #expect(result.answer?.body == [UInt8](repeating: 0x78, count: 1000))
    }

    @Test func aLongBodyIsSwallowedAndTheConnectionKept() async throws {
        let long = String(repeating: "y", count: 300_000)
        let server = try ScriptedServer { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: \(long.utf8.count)\r\n\r\n" + long)]
        }
        defer { server.stop() }
        let client = try CurlClient(limits: .patient)
        for _ in 1...2 {
            let answer = try #require(await client.send(post(to: server)).answer)
            #expect(answer.body == [UInt8](repeating: 0x79, count: 16 * 1024))
        }
        await client.close()
        #expect(server.counts.connections == 1)
    }

    @Test func anEndlessHeadIsCutOff() async throws {
        let (result, _) = try await exchange { _ in
            [.send("HTTP/1.1 200 OK\r\n"), .sendForever(Array("X-More: and more\r\n".utf8))]
        }
        #expect(result.failure?.kind == .protocolError)
        #expect(result.failure?.message == "The peer sent a reply head of more than 65536 bytes.")
    }

    @Test func endlessInterimRepliesAreCutOff() async throws {
        let (result, _) = try await exchange { _ in
            [.sendForever(Array("HTTP/1.1 102 Processing\r\n\r\n".utf8))]
        }
        #expect(result.failure?.kind == .protocolError)
    }

    @Test func aSlowHeadTimesOut() async throws {
        let (result, _) = try await exchange(request: { $0.totalTimeout = .milliseconds(200) }) { _ in
            [.send("HTTP/1.1 200 OK\r\nX: "), .hang]
        }
        #expect(result.failure?.kind == .timeout)
    }

    @Test func anInterimReplyAloneTimesOut() async throws {
        let (result, _) = try await exchange(request: { $0.totalTimeout = .milliseconds(200) }) { _ in
            [.send("HTTP/1.1 103 Early Hints\r\n\r\n"), .hang]
        }
        #expect(result.failure?.kind == .timeout)
    }

    @Test func aBodyThatNeverEndsTimesOutAndItsStatusCounts() async throws {
        let (result, _) = try await exchange(request: { $0.totalTimeout = .milliseconds(200) }) { _ in
            [.send("HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\nsome"), .hang]
        }
        #expect(result.answer?.status == 202)
        #expect(result.answer?.body == Array("some".utf8))
    }

    @Test func whatIsNotHTTP() async throws {
        let (result, _) = try await exchange { _ in [.send("220 mail.example ESMTP\r\n"), .close] }
        #expect(result.failure?.kind == .protocolError)
        #expect(result.failure?.message.isEmpty == false)
    }

    @Test func aServerThatSpeaksNoTLS() async throws {
        let server = try ScriptedServer(greeting: "HTTP/1.1 400 Bad Request\r\n\r\n") { _ in [.close] }
        defer { server.stop() }
        var request = post(to: server)
        request.url = "https" + request.url.dropFirst(4)
        let client = try CurlClient()
        let result = await client.send(request)
        await client.close()
        #expect(result.failure?.kind == .tls)
    }

    @Test func aRefusedPort() async throws {
        // A port that was just given back: nobody listens there.
        let server = try ScriptedServer { _ in [] }
        let request = post(to: server)
        server.stop()
        let client = try CurlClient()
        let failure = try #require(await client.send(request).failure)
        await client.close()
        #expect(failure.kind == .connect)
        #expect(!failure.message.isEmpty)
    }

    @Test func aNameThatDoesNotExist() async throws {
        // RFC 6761 section 6.4: `.invalid` never resolves.
        let client = try CurlClient()
        let failure = try #require(
            await client.send(HTTPRequest(url: "http://no-such-host.invalid/", headers: [], body: [])).failure
        )
        await client.close()
        #expect(failure.kind == .lookup || failure.kind == .timeout)
        #expect(failure.message.contains("no-such-host.invalid") || failure.kind == .timeout)
    }

    @Test(arguments: ["", "ftp://127.0.0.1/", "http://", "http://a b/", "http://u:p@127.0.0.1/", "x"])
    func aWrongURL(url: String) async throws {
        let client = try CurlClient()
        let failure = try #require(await client.send(HTTPRequest(url: url, headers: [], body: [])).failure)
        await client.close()
        #expect(failure.kind == .invalid)
        #expect(failure.message.hasPrefix("The URL"))
    }

    @Test(arguments: [
        HTTPField("x", "a\r\nEvil: 1"), HTTPField("x", "a\u{0}b"), HTTPField("x\r\nEvil", "1"),
        HTTPField("", "1"),
        HTTPField("a b", "1"), HTTPField("x", "\u{7F}"),
    ])
    func aHeaderThatWouldBecomeAnother(field: HTTPField) async throws {
        let (result, seen) = try await exchange(request: { $0.headers.append(field) }) { _ in [.close] }
        #expect(result.failure?.kind == .invalid)
        #expect(seen.connections == 0)
    }
}
