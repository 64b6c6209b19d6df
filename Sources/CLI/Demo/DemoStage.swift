import Glibc
import Platform
import Receiver
import Synchronization
import VirtualPhone

/// The demo's phones and its receiver, and everything that was sent and received: the summary is counted from here.
final class DemoStage: Sendable {
    static let secret = "the secret of the demo"

    private struct State {
        var sent: [DemoItem] = []
        var accepted: [(id: String, item: DemoItem)] = []
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
            setup.androidRelease = [16, 14][index]
            return VirtualPhone(setup: setup)
        }
        servers = try phones.map { try VirtualPhoneServer(phone: $0) }
        let state = SharedState()
        self.state = state
        receiver = try ReceiverServer { Self.answer($0, state) }
        // What was there before is not forwarded.
        for phone in phones {
            phone.receiveSMS(from: "Old friend", body: "from before phonewire came", slot: 0)
            phone.post(
                VirtualNotification(
                    package: "com.example.old", id: 1, title: "Old", text: "from before phonewire came"))
            phone.setUSSDNetwork { slot, code in Self.network(slot: slot, code: code) }
        }
    }

    func end() {
        for server in servers { server.stop() }
        receiver.stop()
    }

    // MARK: What users and networks do with the phones; each thing is entered before it can arrive

    /// A message arrives on `phone` and `slot` (1-based).
    func send(phone index: Int, slot: Int, from sender: String, _ body: String) {
        let phone = phones[index]
        state.value.withLock { state in
            // The row's number is the next one, as nothing else writes there.
            let row = phone.receiveSMS(from: sender, body: body, slot: slot - 1)
            state.sent.append(
                .sms(device: wireID(index), row: row, slot: slot, sender: sender, body: body))
        }
    }

    /// An app shows a notification.
    func notify(phone index: Int, package: String, id: Int32, title: String, _ text: String) {
        state.value.withLock { state in
            state.sent.append(
                .notification(device: wireID(index), package: package, title: title, content: text))
        }
        phones[index].post(
            VirtualNotification(package: package, id: id, title: title, text: text, category: "msg"))
    }

    /// A WhatsApp message arrives; the app shows all its unread chats again with it.
    func chat(phone index: Int, _ message: VirtualChatMessage, receivedFrom sender: String) {
        state.value.withLock { state in
            state.sent.append(.whatsapp(sender: sender, text: message.text))
        }
        phones[index].receiveWhatsApp(message)
    }

    /// Somebody will ask for the balance on `slot` (1-based).
    func expectBalance(phone index: Int, slot: Int) {
        state.value.withLock { state in
            state.sent.append(
                .ussd(
                    device: wireID(index), slot: slot, code: Self.balanceCode,
                    response: Self.balance(slot: slot)))
        }
    }

    /// The code that asks for the balance.
    static let balanceCode = "*143#"

    static func balance(slot: Int) -> String {
        "Balance: \(slot == 1 ? "152.40" : "7.10")\nBonus: 10 SMS & 300 MB 'free'\nMore: <*110*9#>"
    }

    /// The network's answers; `slot` is 0-based here.
    static func network(slot: Int, code: String) -> VirtualUSSDReply {
        code == balanceCode ? .final(balance(slot: slot + 1), afterMilliseconds: 700) : .error()
    }

    private func wireID(_ index: Int) -> String {
        let digits = phones[index].setup.androidID
        return "00000000-0000-0000-\(digits.prefix(4))-\(digits.suffix(12))"
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
                let item = DemoItem(message), let id = request.value("webhook-id")
            else {
                state.odd.append("a request that is not an SmsNotif message with the right secret")
                return .status(400, "not understood\n")
            }
            state.accepted.append((id, item))
            return .ok
        }
    }

    /// The next `count` requests are answered with 500.
    func failNext(_ count: Int) { state.value.withLock { $0.failing = count } }

    // MARK: Counting

    /// How many different items the receiver has.
    var distinctReceived: Int { state.value.withLock { Set($0.accepted.map(\.item)).count } }

    /// How many were sent.
    var sentCount: Int { state.value.withLock { $0.sent.count } }

    /// The summary as counted now.
    func summary() -> DemoSummary {
        state.value.withLock { state in
            let sent = Set(state.sent)
            let received = Set(state.accepted.map(\.item))
            return DemoSummary(
                kinds: DemoItem.kinds.map { kind in
                    DemoSummary.Kind(
                        name: kind, sent: state.sent.count { $0.type == kind },
                        received: received.count { $0.type == kind })
                },
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
    /// One kind of event.
    struct Kind: Sendable, Equatable {
        let name: String
        let sent: Int
        let received: Int
    }

    /// The counts by kind.
    let kinds: [Kind]
    /// What arrived on the phones.
    let sent: Int
    /// What is different at the receiver, all its fields but number and time compared.
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
