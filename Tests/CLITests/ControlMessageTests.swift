import Control
import Delivery
import Events
import Testing

@testable import Daemon

@Suite struct ControlMessageTests {
    @Test(arguments: frozenRequests.indices)
    func everyRequestKeepsItsBytes(index: Int) throws {
        let (message, text) = frozenRequests[index]
        let line = try ControlCodec.encode(request: message)
        #expect(String(decoding: line, as: UTF8.self) == text + "\n")
        #expect(line.dropLast().allSatisfy { $0 != 0x0A })
        let read = try ControlCodec.decodeRequest(Array(text.utf8), types: AllCalls.type)
        #expect(type(of: read) == type(of: message))
        #expect(try ControlCodec.encode(request: read) == line)
    }

    @Test func everyCallIsFrozen() {
        let frozen = Set(frozenRequests.map { type(of: $0.0).word })
        #expect(Set(AllCalls.types.map { $0.word }) == frozen)
        #expect(AllCalls.types.count == frozen.count)
    }

    @Test func theBytesOfARequestAreFixed() throws {
        let line = try ControlCodec.encode(request: ShowWebhook(name: "home"))
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
            _ = try ControlCodec.decodeRequest(Array(line.utf8), types: AllCalls.type)
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
            _ = try? ControlCodec.decodeRequest(bytes, types: AllCalls.type)
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

/// Every request with its bytes. A client and a daemon of different versions talk to each other: rows are added, never
/// changed. All but the last five were printed by the program before requests had types of their own.
private let frozenRequests: [(any ControlMessage, String)] = [
    (
        GetStatus(),
        #"{"command":"status","version":1}"#
    ),
    (
        ListDevices(),
        #"{"command":"devices","version":1}"#
    ),
    (
        ShowDevice(name: "a"),
        #"{"arguments":{"name":"a"},"command":"device","version":1}"#
    ),
    (
        RenameDevice(name: "a", newName: "b"),
        #"{"arguments":{"name":"a","newName":"b"},"command":"device.rename","version":1}"#
    ),
    (
        TrustDevice(serial: "S", keys: []),
        #"{"arguments":{"keys":[],"serial":"S"},"command":"device.trust","version":1}"#
    ),
    (
        TrustDevice(serial: "S", keys: ["-----BEGIN\nx/y\n", "k"]),
        #"{"arguments":{"keys":["-----BEGIN\nx/y\n","k"],"serial":"S"},"command":"device.trust","version":1}"#
    ),
    (
        ReconcileDevice(name: "a"),
        #"{"arguments":{"name":"a"},"command":"device.reconcile","version":1}"#
    ),
    (
        BackfillDevice(name: "a", since: Timestamp(milliseconds: 0), webhook: "w"),
        #"{"arguments":{"name":"a","since":"1970-01-01T00:00:00.000Z","webhook":"w"},"command":"device.backfill","version":1}"#
    ),
    (
        BackfillState(name: "a"),
        #"{"arguments":{"name":"a"},"command":"device.backfill.state","version":1}"#
    ),
    (
        StopBackfill(name: "a"),
        #"{"arguments":{"name":"a"},"command":"device.backfill.stop","version":1}"#
    ),
    (
        RepairDevice(name: "a"),
        #"{"arguments":{"name":"a"},"command":"device.repair","version":1}"#
    ),
    (
        SetSIM(device: "a", slot: 1, label: "l", number: "+1"),
        #"{"arguments":{"device":"a","label":"l","number":"+1","slot":1},"command":"sim.set","version":1}"#
    ),
    (
        ConnectDevice(address: "h:1"),
        #"{"arguments":{"address":"h:1"},"command":"device.connect","version":1}"#
    ),
    (
        DisconnectDevice(address: "h:1"),
        #"{"arguments":{"address":"h:1"},"command":"device.disconnect","version":1}"#
    ),
    (
        ListSIMs(),
        #"{"arguments":{},"command":"sims","version":1}"#
    ),
    (
        ListSIMs(device: "a"),
        #"{"arguments":{"device":"a"},"command":"sims","version":1}"#
    ),
    (
        ListWebhooks(),
        #"{"command":"webhooks","version":1}"#
    ),
    (
        ShowWebhook(name: "home"),
        #"{"arguments":{"name":"home"},"command":"webhook","version":1}"#
    ),
    (
        AddWebhook(
            webhookSettings(
                name: "home", url: "http://h/a", secret: "s\"\\/é", kinds: [.sms, .ussd])),
        #"{"arguments":{"events":["sms","ussd"],"format":"smsnotif","name":"home","packages":[],"secret":"s\"\\/é","url":"http://h/a"},"command":"webhook.add","version":1}"#
    ),
    (
        AddWebhook(
            webhookSettings(
                name: "bank", url: "https://u/", format: .smsnotifJSON, kinds: [.notification],
                packages: ["org.b", "com.a"])),
        #"{"arguments":{"events":["notification"],"format":"smsnotif-json","name":"bank","packages":["com.a","org.b"],"secret":"","url":"https://u/"},"command":"webhook.add","version":1}"#
    ),
    (
        RemoveWebhook(name: "w"),
        #"{"arguments":{"name":"w"},"command":"webhook.remove","version":1}"#
    ),
    (
        SwitchWebhook(name: "w", enabled: true),
        #"{"arguments":{"enabled":true,"name":"w"},"command":"webhook.enable","version":1}"#
    ),
    (
        SwitchWebhook(name: "w", enabled: false),
        #"{"arguments":{"enabled":false,"name":"w"},"command":"webhook.enable","version":1}"#
    ),
    (
        TestWebhook(name: "w"),
        #"{"arguments":{"name":"w"},"command":"webhook.test","version":1}"#
    ),
    (
        RunUSSD(device: "a", slot: 2, code: "*143#"),
        #"{"arguments":{"answers":[],"code":"*143#","device":"a","slot":2},"command":"ussd.run","version":1}"#
    ),
    (
        RunUSSD(device: "a", slot: 2, code: "*143#", answers: ["1", "*9#"]),
        #"{"arguments":{"answers":["1","*9#"],"code":"*143#","device":"a","slot":2},"command":"ussd.run","version":1}"#
    ),
    (
        ListEvents(limit: 50),
        #"{"arguments":{"limit":50},"command":"events","version":1}"#
    ),
    (
        ListEvents(before: 9, limit: 5, device: "a", type: "sms"),
        #"{"arguments":{"before":9,"device":"a","limit":5,"type":"sms"},"command":"events","version":1}"#
    ),
    (
        ShowEvent(id: 1),
        #"{"arguments":{"id":1},"command":"event","version":1}"#
    ),
    (
        TailEvents(last: 3),
        #"{"arguments":{"last":3},"command":"events.tail","version":1}"#
    ),
    (
        TailEvents(last: 0, device: "a", type: "ussd"),
        #"{"arguments":{"device":"a","last":0,"type":"ussd"},"command":"events.tail","version":1}"#
    ),
    (
        ListDeliveries(limit: 1),
        #"{"arguments":{"limit":1},"command":"deliveries","version":1}"#
    ),
    (
        ListDeliveries(webhook: "w", state: "dead", before: 2, limit: 1),
        #"{"arguments":{"before":2,"limit":1,"state":"dead","webhook":"w"},"command":"deliveries","version":1}"#
    ),
    (
        ShowDelivery(id: 4),
        #"{"arguments":{"id":4},"command":"delivery","version":1}"#
    ),
    (
        SwitchDevice(name: "a", enabled: false),
        #"{"arguments":{"enabled":false,"name":"a"},"command":"device.enable","version":1}"#
    ),
    (
        SetDeviceID(name: "a", id: "x-1"),
        #"{"arguments":{"id":"x-1","name":"a"},"command":"device.id","version":1}"#
    ),
    (
        SetDeviceID(name: "a", id: nil),
        #"{"arguments":{"name":"a"},"command":"device.id","version":1}"#
    ),
    (
        ListSIMHistory(),
        #"{"arguments":{},"command":"sims.history","version":1}"#
    ),
    (
        ListSIMHistory(device: "a"),
        #"{"arguments":{"device":"a"},"command":"sims.history","version":1}"#
    ),
]

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
