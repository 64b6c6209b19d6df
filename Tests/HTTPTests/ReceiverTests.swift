import Base
import Delivery
import Events
import HTTP
import Receiver
import Testing

/// Bodies of the writer, sent by the client, read by the receiver's own decoder, which was written apart from it.
@Suite struct ReceiverTests {
    @Test(arguments: BodyFormat.all)
    func whatIsSentIsWhatIsRead(format: BodyFormat) async throws {
        let log = ReceivedLog()
        let server = try ReceiverServer { request in
            log.append(request)
            return .ok
        }
        defer { server.stop() }
        let client = try CurlClient()
        var random = Random(state: 42)
        for id in 1...100 as ClosedRange<Int64> {
            let message = SMSMessage(rowID: id &* 7, sender: random.text(20), body: random.text(300))
            let secret = random.text(30)
            let attempt = Attempt(
                id: "inst-\(id)", number: 2, body: body(id, message, format),
                startedAt: WallTime(milliseconds: 1_000_000))
            let settings = WebhookSettings(
                stored: "x", url: server.url("/hook"), format: format, filter: Filter(),
                secret: Secret(secret))
            let transport = HTTPTransport(client: client, version: "1")
            #expect(await transport.send(attempt, to: settings).answer?.status == 200)
            let received = try #require(log.requests.last)
            #expect(received.value("webhook-id") == "inst-\(id)")
            #expect(received.value("x-phonewire-attempt") == "2")
            #expect(received.value("user-agent") == "phonewire/1")
            let read = try SmsNotifDecoder.decode(received)
            #expect(read.secret == secret)
            #expect(read.type == "sms")
            #expect(read.text("phone") == message.sender)
            #expect(read.text("message") == message.body)
            #expect(read.integer("id") == id && read.integer("rid") == message.rowID)
            #expect(Set(read.fields.keys) == ["id", "rid", "sim", "device", "phone", "message", "timestamp"])
        }
        await client.close()
        #expect(log.total == 100)
    }

    private func body(_ id: Int64, _ message: SMSMessage, _ format: BodyFormat) -> FrozenBody {
        format.body(
            of: Event(
                id: EventID(rawValue: id), device: DeviceKey(rawValue: 1), deviceWireID: "d",
                content: EventContent(message),
                slot: 2, iccid: nil, sentAt: nil, receivedAt: nil, seenAt: WallTime(milliseconds: 5000)))
    }

    /// xorshift64: the same texts in every run.
    private struct Random {
        var state: UInt64

        mutating func next(below bound: UInt64) -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state % bound
        }

        /// Up to `limit` scalars of every plane, with many of those that encoders must escape; never U+0000, which
        /// bodies do not carry.
        mutating func text(_ limit: UInt64) -> String {
            var out = String.UnicodeScalarView()
            for _ in 0..<next(below: limit + 1) {
                let bound: UInt64 = [0x20, 0x80, 0x800, 0x10000, 0x110000][Int(next(below: 5))]
                out.append(Unicode.Scalar(UInt32(1 + next(below: bound - 1))) ?? "\u{FFFD}")
            }
            return String(out)
        }
    }
}
