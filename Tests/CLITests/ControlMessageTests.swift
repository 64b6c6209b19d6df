import Control
import Testing

@Suite struct ControlMessageTests {
    private static let commands: [ControlCommand] = [
        .status, .devices, .device(.init(name: "a")), .renameDevice(.init(name: "a", newName: "b")),
        .connect(.init(address: "h:1")), .disconnect(.init(address: "h:1")), .sims(.init()),
        .sims(.init(device: "a")), .webhooks, .webhook(.init(name: "w")),
        .addWebhook(.init(name: "w", url: "http://h/", format: "smsnotif", events: ["sms"], secret: "s\"\\")),
        .removeWebhook(.init(name: "w")), .enableWebhook(.init(name: "w", enabled: false)),
        .addWebhook(
            .init(name: "w", url: "u", format: "f", events: nil, packages: ["com.a", "org.b"], secret: "")),
        .runUSSD(.init(device: "a", slot: 2, code: "*143#", answers: ["1", "*9#"])),
        .testWebhook(.init(name: "w")), .events(.init(before: 9, limit: 5, device: "a", type: "sms")),
        .event(.init(id: 1)), .tail(.init(last: 3)),
        .deliveries(.init(webhook: "w", state: "dead", before: 2, limit: 1)), .delivery(.init(id: 4)),
    ]

    @Test(arguments: commands)
    func everyCommandSurvivesTheWire(command: ControlCommand) throws {
        let line = try ControlCodec.encode(ControlRequest(command))
        #expect(line.last == 0x0A)
        #expect(line.dropLast().allSatisfy { $0 != 0x0A })
        #expect(try ControlCodec.decodeRequest(Array(line.dropLast())).command == command)
    }

    @Test func theBytesOfARequestAreFixed() throws {
        let line = try ControlCodec.encode(ControlRequest(.webhook(.init(name: "home"))))
        #expect(
            String(decoding: line, as: UTF8.self)
                == #"{"arguments":{"name":"home"},"command":"webhook","version":1}"# + "\n")
    }

    @Test(arguments: [
        ("", "bad-request", "not a control request: no JSON"),
        ("hello", "bad-request", "not a control request: no JSON"),
        ("[]", "bad-request", "not a control request: the line has the wrong type"),
        ("{}", "bad-request", "not a control request: version is missing"),
        (#"{"version":1}"#, "bad-request", "not a control request: command is missing"),
        (#"{"version":2,"command":"status"}"#, "version-mismatch", "message version 2, this daemon speaks 1"),
        (#"{"version":1,"command":"frob"}"#, "bad-request", "unknown command frob"),
        (#"{"version":1,"command":"event"}"#, "bad-request", "not a control request: arguments is missing"),
        (
            #"{"version":1,"command":"event","arguments":{"id":"x"}}"#, "bad-request",
            "not a control request: arguments.id has the wrong type"
        ),
    ])
    func wrongLinesSayWhatIsWrong(line: String, code: String, message: String) {
        do throws(ControlError) {
            _ = try ControlCodec.decodeRequest(Array(line.utf8))
            Issue.record("taken: \(line)")
        } catch {
            #expect(error.code.rawValue == code)
            #expect(error.message == message)
        }
    }

    @Test func arbitraryBytesAreARequestOrAnError() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0..<80, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            _ = try? ControlCodec.decodeRequest(bytes)
        }
    }

    @Test func repliesCarryAResultOrAnError() throws {
        let list = WebhookList(webhooks: [])
        let line = try ControlCodec.encode(result: list)
        #expect(String(decoding: line, as: UTF8.self) == #"{"result":{"webhooks":[]},"version":1}"# + "\n")
        #expect(try ControlCodec.decodeReply(line, as: WebhookList.self) == list)

        let error = ControlError(.notFound, "no webhook \"x\"", hint: "see the list")
        #expect(throws: error) {
            try ControlCodec.decodeReply(ControlCodec.encode(error: error), as: WebhookList.self)
        }
        let newer = #"{"error":{"code":"brand-new","message":"m","hint":""},"version":1}"#
        #expect(throws: ControlError(.failed, "m")) {
            try ControlCodec.decodeReply(Array(newer.utf8), as: WebhookList.self)
        }
        for line in ["", "{}", "[]", #"{"result":{}}"#] {
            #expect(throws: ControlError.self) {
                try ControlCodec.decodeReply(Array(line.utf8), as: WebhookList.self)
            }
        }
    }
}

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (1_645_684_231_123, "2022-02-24T06:30:31.123Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
        (Timestamp.millisecondsMin, "0000-01-01T00:00:00.000Z"),
        (Timestamp.millisecondsMax, "9999-12-31T23:59:59.999Z"),
    ])
    func datesAreRFC3339(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).text == text)
        #expect(Timestamp(text: text)?.milliseconds == milliseconds)
    }

    @Test func datesBeyondFourDigitsStayAtTheEnd() {
        #expect(Timestamp(milliseconds: .max).milliseconds == Timestamp.millisecondsMax)
        #expect(Timestamp(milliseconds: .min).milliseconds == Timestamp.millisecondsMin)
    }

    @Test(arguments: [
        "", "2022-02-24", "2022-02-30T00:00:00Z", "2022-13-01T00:00:00Z", "2022-02-24T24:00:00Z",
        "2022-02-24T06:30:31+00:00", "2022-02-24t06:30:31Z", "2022-02-24T06:30:31.12Z",
        "x022-02-24T06:30:31Z",
        "2022-02-24T06:30:60Z", "2100-02-29T00:00:00Z",
    ])
    func otherTextIsNoDate(text: String) {
        #expect(Timestamp(text: text) == nil)
    }

    @Test func everyDayGoesThereAndBack() {
        for day in stride(from: Int64(-719_528), through: 2_932_896, by: 97) {
            let moment = Timestamp(milliseconds: day * 86_400_000 + 3_723_004)
            #expect(Timestamp(text: moment.text) == moment)
        }
    }
}

@Suite struct LineDecoderTests {
    private func lines(_ chunks: [[UInt8]], limit: Int) throws -> [[UInt8]] {
        var decoder = LineDecoder(limit: limit)
        var lines: [[UInt8]] = []
        for chunk in chunks {
            decoder.bytesReceived(chunk)
            while let line = try decoder.next() { lines.append(line) }
        }
        return lines
    }

    @Test func anySplitGivesTheSameLines() throws {
        let bytes = Array("one\r\n\ntwo\nrest".utf8)
        let expected = ["one", "", "two"].map { Array($0.utf8) }
        #expect(try lines([bytes], limit: 16) == expected)
        #expect(try lines(bytes.map { [$0] }, limit: 16) == expected)
        for split in 0...bytes.count {
            #expect(try lines([Array(bytes[..<split]), Array(bytes[split...])], limit: 16) == expected)
        }
    }

    @Test func aLineOfTheLimitPassesAndOneMoreDoesNot() throws {
        #expect(try lines([Array("12345678\n".utf8)], limit: 8).count == 1)
        #expect(throws: LineDecoder.TooLong(limit: 8)) { try lines([Array("123456789\n".utf8)], limit: 8) }
        #expect(throws: LineDecoder.TooLong(limit: 8)) { try lines([Array("123456789".utf8)], limit: 8) }
    }
}
