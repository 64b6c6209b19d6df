import Testing

@testable import Receiver

/// What a parser makes of bytes: one line for each event, and the error at the end.
private func transcript(_ pieces: [[UInt8]], limits: ReceiverLimits = ReceiverLimits()) -> [String] {
    var parser = RequestParser(limits: limits)
    var lines: [String] = []
    for piece in pieces {
        parser.received(piece)
        do {
            while let event = try parser.next() {
                switch event {
                case .continueWanted: lines.append("100?")
                case .request(let request):
                    lines.append(
                        "\(request.method) \(request.target) 1.\(request.minorVersion) [\(request.text)]")
                }
            }
        } catch {
            lines.append("\(error.status) \(error.reason)")
        }
    }
    return lines
}

@Suite struct RequestParserTests {
    static let good: [(text: String, events: [String])] = [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", ["GET / 1.1 []"]),
        ("\r\n\r\nGET /x?y=1 HTTP/1.1\r\nhost:a\r\n\r\n", ["GET /x?y=1 1.1 []"]),
        ("GET / HTTP/1.0\r\n\r\n", ["GET / 1.0 []"]),
        ("POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", ["POST /hook 1.1 [hello]"]),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", ["POST / 1.1 []"]),
        (
            "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nabPOST /b HTTP/1.1\r\nHost: a\r\n"
                + "Content-Length: 1\r\n\r\ncGET /d HTTP/1.1\r\nHost: a\r\n\r\n",
            ["POST /a 1.1 [ab]", "POST /b 1.1 [c]", "GET /d 1.1 []"]
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            ["POST / 1.1 [hello]"]
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
                + "3;x=\"y\"\r\nabc\r\n00A \r\n0123456789\r\n0\r\nTrailer: x\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            ["POST / 1.1 [abc0123456789]", "GET / 1.1 []"]
        ),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n\r\n\r\n", ["POST / 1.1 [\r\n\r\n]"]),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \t \u{e9} b \t\r\n\r\n", ["GET / 1.1 []"]),
    ]

    @Test(arguments: good.indices)
    func readsRequestsHoweverTheyAreSplit(_ index: Int) {
        let (text, events) = Self.good[index]
        let bytes = Array(text.utf8)
        #expect(transcript([bytes]) == events)
        #expect(transcript(bytes.map { [$0] }) == events)
        for cut in 0...bytes.count {
            #expect(transcript([Array(bytes[..<cut]), Array(bytes[cut...])]) == events, "cut at \(cut)")
        }
    }

    static let failing: [(text: String, status: Int)] = [
        ("GET / HTTP/1.1\nHost: a\n\n", 400), ("GET  / HTTP/1.1\r\n\r\n", 400), ("GET /\r\n\r\n", 400),
        ("G\u{e9}T / HTTP/1.1\r\n\r\n", 400), ("GET /\u{7f} HTTP/1.1\r\n\r\n", 400),
        (" GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/2.0\r\n\r\n", 505), ("GET / FTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \u{1b}[0m\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n", 413),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            501
        ),
        ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n", 413),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1FFFFFFFF\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nbad trailer\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: tea\r\n\r\nx", 417),
    ]

    @Test(arguments: failing.indices)
    func refusesOnceHoweverItIsSplit(_ index: Int) {
        let (text, status) = Self.failing[index]
        let bytes = Array(text.utf8) + Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        let whole = transcript([bytes])
        #expect(whole.count == 1 && whole[0].hasPrefix("\(status) "), "\(text.debugDescription): \(whole)")
        #expect(transcript(bytes.map { [$0] }).count == 1, "nothing after an error")
        for cut in 0...bytes.count {
            #expect(transcript([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole, "cut at \(cut)")
        }
    }

    @Test func waitsForTheBodyWhenAskedTo() {
        let head = Array(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n".utf8)
        #expect(transcript([head, Array("ok".utf8)]) == ["100?", "POST / 1.1 [ok]"])
        #expect(transcript([head + Array("ok".utf8)]) == ["POST / 1.1 [ok]"], "the body is here already")
    }

    @Test func keepsItsLimits() {
        var limits = ReceiverLimits()
        limits.headBytesMax = 64
        limits.fieldsMax = 3
        limits.bodyBytesMax = 10
        limits.chunkLineBytesMax = 8
        func status(_ text: String) -> String {
            String(transcript([Array(text.utf8)], limits: limits).first?.prefix(3) ?? "")
        }
        #expect(status("GET /" + String(repeating: "x", count: 64)) == "431", "a line that has not ended yet")
        #expect(status("GET / HTTP/1.1\r\n" + String(repeating: "A: b\r\n", count: 9)) == "431")
        #expect(status("GET / HTTP/1.1\r\nHost: a\r\nB: c\r\nD: e\r\nF: g\r\n\r\n") == "431")
        #expect(status("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n") == "413")
        let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        limits.headBytesMax = 128
        #expect(status(chunked + "6\r\nabcdef\r\n5\r\n") == "413")
        #expect(status(chunked + "000000000000") == "400")
        #expect(status(chunked + "A\r\n0123456789\r\n0\r\n\r\n") == "POS")
    }

    @Test func holdsNoMoreThanTheBodyItReads() throws {
        var parser = RequestParser()
        parser.received(Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n".utf8))
        for _ in 0..<100 {
            parser.received([UInt8](repeating: 0x61, count: 9999))
            #expect(try parser.next() == nil)
            #expect(parser.waiting == 0)
        }
    }

    @Test(arguments: [
        ("", 1, true), ("Connection: close\r\n", 1, false), ("connection: Keep-Alive, Close\r\n", 1, false),
        ("", 0, false),
        ("Connection: keep-alive\r\n", 0, true),
    ])
    func knowsWhetherTheConnectionStays(_ field: String, _ minor: Int, _ keeps: Bool) throws {
        var parser = RequestParser()
        parser.received(Array("GET / HTTP/1.\(minor)\r\nHost: a\r\n\(field)\r\n".utf8))
        guard case .request(let request)? = try parser.next() else {
            return #expect(Bool(false), "no request")
        }
        #expect(request.keepsAlive == keeps)
    }
}

/// Damaged requests: the parser makes the same of them however they are split, and holds no more than its limits.
@Suite struct RequestParserRandomTests {
    @Test(arguments: 0..<50)
    func splitsDoNotMatter(_ seed: UInt64) {
        var random = SeededBits(state: seed &+ 1)
        for _ in 0..<40 {
            var bytes = (0..<3).flatMap { _ in
                Array(
                    RequestParserTests.good[Int(random.next() % UInt64(RequestParserTests.good.count))].text
                        .utf8)
            }
            for _ in 0..<Int(random.next() % 4) {
                let at = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: at)
                default: bytes.insert(Array("\r\n:0 ".utf8)[Int(random.next() % 5)], at: at)
                }
            }
            let whole = transcript([bytes])
            var pieces: [[UInt8]] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int(random.next() % 9) + 1
                pieces.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            #expect(transcript(pieces) == whole, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
    }
}

/// A small generator (xorshift64): the same seed, the same requests.
private struct SeededBits {
    var state: UInt64
    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state >> 11
    }
}
