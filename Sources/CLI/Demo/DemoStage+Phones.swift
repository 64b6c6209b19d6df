import Synchronization
import VirtualPhone

/// What users and networks do with the demo's phones. Each thing is entered before it can arrive.
extension DemoStage {
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
}
