import Glibc
import Platform
import Receiver
import Synchronization
import VirtualPhone

/// What a phone of the demo was sent, and so what has to arrive.
struct DemoMessage: Sendable, Hashable {
    let device: String
    let row: Int64
    let slot: Int
    let sender: String
    let body: String
}

/// The demo's phones and its receiver, and everything that was sent and received: the summary is counted from here.
final class DemoStage: Sendable {
    static let secret = "the secret of the demo"

    private struct State {
        var sent: [DemoMessage] = []
        var accepted: [(id: String, message: DemoMessage)] = []
        var refusals = 0
        var failing = 0
        var odd: [String] = []
    }

    let phones: [VirtualPhone]
    let servers: [VirtualPhoneServer]
    let receiver: ReceiverServer
    private let state: SharedState

    /// Keeps the state apart, so that the receiver's handler can have it before the stage stands.
    private final class SharedState: Sendable {
        let value = Mutex(State())
    }

    init() throws {
        phones = [("Pixel 8 (virtual)", "PIXEL"), ("Galaxy A54 (virtual)", "GALAXY")].enumerated().map {
            index, names in
            var setup = VirtualPhoneSetup()
            setup.serial = "DEMO\(names.1)"
            setup.model = names.0
            setup.androidID = "d57df30cb6a8928\(index + 1)"
            setup.seed = UInt64(index + 1)
            setup.authorization = .asks(.acceptsAlways)
            return VirtualPhone(setup: setup)
        }
        servers = try phones.map { try VirtualPhoneServer(phone: $0) }
        let state = SharedState()
        self.state = state
        receiver = try ReceiverServer { Self.answer($0, state) }
        // What was there before is not forwarded.
        for phone in phones {
            phone.receiveSMS(from: "Old friend", body: "from before phonewire came", slot: 0)
        }
    }

    func end() {
        for server in servers { server.stop() }
        receiver.stop()
    }

    // MARK: The receiver

    private static func answer(_ request: ReceivedRequest, _ state: SharedState) -> ReceiverReply {
        state.value.withLock { state in
            if state.failing > 0 {
                state.failing -= 1
                state.refusals += 1
                return .status(500, "the demo's receiver is out of order\n")
            }
            guard let message = try? SmsNotifDecoder.decode(request), message.secret == secret,
                message.type == "sms",
                let row = message.integer("rid"), let slot = message.integer("sim"),
                let device = message.text("device"), let sender = message.text("phone"),
                let body = message.text("message"), let id = request.value("webhook-id")
            else {
                state.odd.append("a request that is no SmsNotif message with the right secret")
                return .status(400, "not understood\n")
            }
            let received = DemoMessage(device: device, row: row, slot: Int(slot), sender: sender, body: body)
            state.accepted.append((id, received))
            return .ok
        }
    }

    /// The next `count` requests are answered with 500.
    func failNext(_ count: Int) { state.value.withLock { $0.failing = count } }

    // MARK: The phones

    /// A message arrives on `phone` and `slot` (1-based).
    func send(phone index: Int, slot: Int, from sender: String, _ body: String) {
        let phone = phones[index]
        // Entered before it can arrive: the row's number is the next one, as nothing else writes there.
        let digits = phone.setup.androidID
        let device = "00000000-0000-0000-\(digits.prefix(4))-\(digits.suffix(12))"
        state.value.withLock { state in
            let row = phone.receiveSMS(from: sender, body: body, slot: slot - 1)
            state.sent.append(DemoMessage(device: device, row: row, slot: slot, sender: sender, body: body))
        }
    }

    // MARK: Counting

    /// How many different messages the receiver has.
    var distinctReceived: Int { state.value.withLock { Set($0.accepted.map(\.message)).count } }

    /// How many were sent.
    var sentCount: Int { state.value.withLock { $0.sent.count } }

    /// The summary as counted now.
    func summary() -> DemoSummary {
        state.value.withLock { state in
            let sent = Set(state.sent)
            let received = Set(state.accepted.map(\.message))
            return DemoSummary(
                sent: state.sent.count, received: received.count,
                duplicates: state.accepted.count - received.count,
                lost: sent.subtracting(received).count,
                strange: received.subtracting(sent).count + state.odd.count,
                ids: Set(state.accepted.map(\.id)).count, refusals: state.refusals)
        }
    }
}

/// What the demo came to.
struct DemoSummary: Sendable, Equatable {
    /// Messages the phones received.
    let sent: Int
    /// Different messages at the receiver, compared by phone, row, slot, sender and text.
    let received: Int
    /// Requests beyond one for each of them.
    let duplicates: Int
    /// Sent and not received.
    let lost: Int
    /// Received and never sent, or not understood.
    let strange: Int
    /// Different event ids.
    let ids: Int
    /// Requests that were answered with 500.
    let refusals: Int

    /// Whether every message arrived, once, unchanged.
    var held: Bool { sent == received && duplicates == 0 && lost == 0 && strange == 0 && ids == sent }
}
