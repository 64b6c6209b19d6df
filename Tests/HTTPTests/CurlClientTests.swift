import Delivery
import HTTP
import Testing

@Suite struct CurlClientTests {
    @Test func ok() async throws {
        let (result, seen) = try await exchange { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")]
        }
        let answer = try #require(result.answer)
        #expect(answer.status == 200)
        #expect(answer.body == Array("hello".utf8))
        #expect(answer.retryAfter == nil && answer.location == nil)
        #expect(answer.totalMicroseconds > 0 && answer.connectMicroseconds > 0)
        #expect(answer.totalMicroseconds >= answer.connectMicroseconds)
        let request = try #require(seen.requests.first)
        let lines = request.split(separator: "\r\n", omittingEmptySubsequences: false)
        // Nothing but what was asked for, and what HTTP needs.
        #expect(lines[0] == "POST /hook HTTP/1.1")
        #expect(lines[1].hasPrefix("Host: 127.0.0.1:"))
        #expect(Set(lines[2..<5]) == ["Content-Type: text/plain", "x-test: 1", "Content-Length: 3"])
        #expect(lines[5] == "" && lines[6] == "a=1" && lines.count == 7)
    }

    @Test(arguments: [201, 204, 404, 410, 500, 599])
    func statusAsSent(status: Int) async throws {
        let (result, _) = try await exchange { _ in
            [.send("HTTP/1.1 \(status) Whatever\r\nContent-Length: 0\r\n\r\n")]
        }
        #expect(result.answer?.status == status)
    }

    @Test func retryAfter() async throws {
        let (seconds, _) = try await exchange { _ in
            [.send("HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n")]
        }
        #expect(seconds.answer?.retryAfter == 120)
        let (nonsense, _) = try await exchange { _ in
            [.send("HTTP/1.1 503 Busy\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n")]
        }
        #expect(nonsense.answer?.status == 503 && nonsense.answer?.retryAfter == nil)
        let (date, _) = try await exchange { _ in
            [
                .send(
                    "HTTP/1.1 429 Slow\r\nRetry-After: Fri, 31 Dec 2066 23:59:59 GMT\r\nContent-Length: 0\r\n\r\n"
                )
            ]
        }
        #expect(try #require(date.answer?.retryAfter) > 0)
    }

    @Test func aRedirectIsReportedAndNotFollowed() async throws {
        let (result, seen) = try await exchange { _ in
            [.send("HTTP/1.1 302 Found\r\nLocation: /else\u{1B}where\r\nContent-Length: 0\r\n\r\n")]
        }
        #expect(result.answer?.status == 302)
        let location = try #require(result.answer?.location)
        #expect(location.hasSuffix("where") && location.contains("/else"))
        #expect(!location.unicodeScalars.contains("\u{1B}"))
        #expect(seen.requests.count == 1)
    }

    @Test func aHugeBodyArrivesWhole() async throws {
        let body = String(repeating: "0123456789abcdef", count: 128 * 1024)
        let (result, seen) = try await exchange(request: { $0.body = Array(body.utf8) }) { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
        }
        #expect(result.answer?.status == 200)
        let request = try #require(seen.requests.first)
        #expect(request.hasSuffix("\r\n\r\n" + body))
        #expect(!request.lowercased().contains("expect:"))
    }

    @Test func anEmptyBodyIsAPostOfNothing() async throws {
        let (result, seen) = try await exchange(request: { $0.body = [] }) { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
        }
        #expect(result.answer?.status == 200)
        #expect(seen.requests.first?.contains("Content-Length: 0\r\n") == true)
    }

    @Test func connectionsAreUsedAgain() async throws {
        let server = try ScriptedServer { _ in [.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")] }
        defer { server.stop() }
        let client = try CurlClient(limits: .patient)
        var answers: [HTTPAnswer] = []
        for number in 1...5 {
            answers.append(try #require(await client.send(post(to: server, "n=\(number)")).answer))
        }
        await client.close()
        #expect(server.counts.connections == 1)
        #expect(server.counts.requests.count == 5)
        #expect(answers.allSatisfy { $0.status == 200 })
        #expect(answers[0].connectMicroseconds > 0)
        #expect(answers.dropFirst().allSatisfy { $0.connectMicroseconds == 0 })
    }

    @Test func aReusedConnectionThatDiesIsTriedOnceMoreByTheEngine() async throws {
        // The reason for `webhook-id`: one attempt of ours, two requests at the receiver.
        let server = try ScriptedServer { number in
            number == 2 ? [.close] : [.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")]
        }
        defer { server.stop() }
        let client = try CurlClient(limits: .patient)
        #expect(await client.send(post(to: server, "n=1")).answer?.status == 200)
        #expect(await client.send(post(to: server, "n=2")).answer?.status == 200)
        await client.close()
        #expect(server.counts.requests.map { String($0.suffix(3)) } == ["n=1", "n=2", "n=2"])
    }

    @Test func fourAtOnce() async throws {
        let server = try ScriptedServer { _ in [.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")] }
        defer { server.stop() }
        let client = try CurlClient(limits: .patient)
        let statuses = await withTaskGroup(of: Int?.self) { group in
            for number in 1...40 {
                if number > 4 { _ = await group.next() }
                group.addTask { await client.send(post(to: server, "n=\(number)")).answer?.status }
            }
            var all: [Int?] = []
            for await status in group { all.append(status) }
            return all
        }
        await client.close()
        #expect(statuses == [200, 200, 200, 200])
        #expect(server.counts.requests.count == 40)
        #expect(server.counts.connections <= 4)
    }
}
