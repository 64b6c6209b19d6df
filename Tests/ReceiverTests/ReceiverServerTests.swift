import Testing

@testable import Receiver

@Suite struct ReceiverServerTests {
    private func post(_ path: String, _ body: String, close: Bool = true) -> String {
        "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n"
            + (close ? "Connection: close\r\n" : "") + "\r\n" + body
    }

    /// Runs a server that answers by path, and a client against it.
    private func talk(
        _ reply: @escaping @Sendable (ReceivedRequest) -> ReceiverReply,
        _ body: (TestClient, ReceivedLog) throws -> Void
    ) throws {
        let log = ReceivedLog()
        let server = try ReceiverServer { request in
            log.append(request)
            return reply(request)
        }
        defer { server.stop() }
        let client = try #require(TestClient(port: server.port))
        try body(client, log)
    }

    @Test func answersOverOneConnection() throws {
        try talk({ .status(200, "got \($0.text)") }) { client, log in
            client.send(post("/a", "1", close: false) + post("/b", "2", close: false))
            client.send(post("/c", "3"))
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 5\r\n"
            let expected = "\(head)\r\ngot 1\(head)\r\ngot 2\(head)Connection: close\r\n\r\ngot 3"
            #expect(client.receive() == expected)
            #expect(log.requests.map(\.path) == ["/a", "/b", "/c"])
            #expect(log.requests.map(\.number) == [1, 2, 3])
            #expect(Set(log.requests.map(\.connection)) == [1])
            #expect(log.requests.allSatisfy { $0.arrivedMicroseconds > 0 })
        }
    }

    @Test func sendsContinueBeforeTheBody() throws {
        try talk({ _ in .ok }) { client, log in
            client.send(
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
            )
            #expect(client.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            client.send("hi")
            #expect(client.receive() == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            #expect(log.requests.map(\.text) == ["hi"])
        }
    }

    @Test func refusesABodyThatIsTooLongAndSaysSo() throws {
        try talk({ _ in .ok }) { client, log in
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n")
            client.send([UInt8](repeating: 0x78, count: 2_000_000))
            client.finish()
            let answer = try #require(client.receive())
            #expect(answer.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"), "\(answer)")
            #expect(log.total == 0)
        }
    }

    @Test func badReplies() throws {
        try talk({ request in
            switch request.path {
            case "/close": .close
            case "/reset": .reset
            case "/raw": .raw(Array("SSH-2.0-nope\r\n".utf8))
            case "/redirect": .redirect(to: "http://127.0.0.1/x\r\nEvil: 1")
            case "/cut": .cutOff(status: 200, body: Array("abc".utf8))
            default: .status(404)
            }
        }) { first, _ in
            first.send(post("/close", "x", close: false))
            #expect(first.receive() == "")
        }
        let server = try ReceiverServer { request in
            switch request.path {
            case "/reset": .reset
            case "/raw": .raw(Array("SSH-2.0-nope\r\n".utf8))
            case "/redirect": .redirect(307, to: "http://127.0.0.1/next")
            case "/forged": .answer(status: 200, fields: [ReceivedField("X", "a\r\nEvil: 1")])
            case "/cut": .cutOff(status: 200, body: Array("abc".utf8))
            default: .status(404)
            }
        }
        defer { server.stop() }
        func answer(_ path: String) throws -> String? {
            let client = try #require(TestClient(port: server.port))
            client.send(post(path, "x"))
            return client.receive()
        }
        #expect(try answer("/reset") == nil)
        #expect(try answer("/raw") == "SSH-2.0-nope\r\n")
        #expect(
            try answer("/redirect")
                == "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1/next\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        #expect(try answer("/forged") == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        #expect(try answer("/cut") == "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nabc")
        #expect(try answer("/other")?.hasPrefix("HTTP/1.1 404 Not Found\r\n") == true)
    }

    @Test func anEndlessBodyDoesNotEnd() throws {
        try talk({ _ in .endless(status: 200) }) { client, _ in
            client.send(post("/", "x"))
            let part = try #require(client.receive(limit: 3 << 20))
            #expect(part.hasPrefix("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4000\r\n..."))
            #expect(part.utf8.count >= 3 << 20)
        }
    }

    @Test func aHangingRequestHoldsUpNobody() throws {
        let log = ReceivedLog()
        let server = try ReceiverServer { request in
            log.append(request)
            return request.path == "/hang" ? .hang : .after(.milliseconds(1), .ok)
        }
        defer { server.stop() }
        let hanging = try #require(TestClient(port: server.port))
        hanging.send(post("/hang", "x"))
        for _ in 0..<3 {
            let client = try #require(TestClient(port: server.port))
            client.send(post("/", "y"))
            #expect(client.receive()?.hasPrefix("HTTP/1.1 200") == true)
        }
        // Once the client leaves, the server lets go too.
        hanging.finish()
        #expect(hanging.receive() == "")
    }

    @Test func stopsAndFreesThePort() throws {
        let server = try ReceiverServer { _ in .ok }
        let port = server.port
        let client = try #require(TestClient(port: port))
        server.stop()
        server.stop()
        #expect(client.receive() ?? "" == "")
        #expect(TestClient(port: port) == nil)
        let again = try ReceiverServer(port: port) { _ in .ok }
        #expect(again.port == port)
        again.stop()
    }

    @Test func aTakenPortIsAnError() throws {
        let server = try ReceiverServer { _ in .ok }
        defer { server.stop() }
        #expect(throws: (any Error).self) { try ReceiverServer(port: server.port) { _ in .ok } }
    }

    @Test func theLogWakesWhoWaits() async throws {
        let log = ReceivedLog(countMax: 2)
        async let third = log.reached(3)
        for number in 1...3 {
            log.append(
                ReceivedRequest(method: "POST", target: "/\(number)", minorVersion: 1, fields: [], body: []))
        }
        #expect(await third)
        #expect(log.total == 3)
        #expect(log.requests.map(\.target) == ["/2", "/3"])
        let waiting = await withTaskGroup(of: Bool.self) { group in
            group.addTask { await log.reached(4) }
            group.cancelAll()
            return await group.next() ?? true
        }
        #expect(!waiting)
    }
}
