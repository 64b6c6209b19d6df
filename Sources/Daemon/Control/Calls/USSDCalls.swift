import Base
package import Control
import Events
import Phone
import Store

/// Calls about USSD codes.
package enum USSDCalls: NounCalls {
    package static let calls: [any AnsweredCall.Type] = [RunUSSD.self]
}

/// Dials a USSD code, for real, on one SIM card of one phone and waits for the network's answer, which may take minutes.
package struct RunUSSD: AnsweredCall {
    package typealias Reply = USSDReport
    package static let word = "ussd.run"
    /// A run is dialled within 60 s or not at all, ends within 180 s from then on, and is tidied up.
    package static let replyTimeout = Duration.seconds(270)

    /// Random bytes of a run's token: 16 hexadecimal digits.
    private static let tokenBytes = 8
    /// Longest code in a message, in Unicode scalars.
    private static let shownCodeScalarsMax = 64

    /// The phone, by name, id or serial.
    package let device: String
    /// SIM slot, 1-based.
    package let slot: Int
    /// The code, such as `*143#`.
    package let code: String
    /// What is typed into the menus that it opens, in this order. May hold a PIN: in no reply, in no log.
    package let answers: [String]

    /// The call that dials `code`.
    package init(device: String, slot: Int, code: String, answers: [String] = []) {
        self.device = device
        self.slot = slot
        self.code = code
        self.answers = answers
    }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> USSDReport {
        let phone = try await daemon.device(named: device)
        let cards = try await daemon.stored { () throws(StoreError) in
            try await daemon.store.sims(phone.key)
        }
        guard cards.contains(where: { $0.1.slot == slot }) else {
            throw ControlError(
                .notFound, "\(phone.name) has no SIM card in slot \(slot)",
                hint: "\"phonewire sims\" shows its cards; slots are counted from 1")
        }
        let request = USSDRequest(
            token: Hex.encode(daemon.random(Self.tokenBytes)), code: code, slot: slot, answers: answers)
        let shown = PrintableText.escape(code, limit: Self.shownCodeScalarsMax)
        switch await daemon.phones.ask(phone.key, USSDTask.self, request) {
        case .replied(.answered(let text, let isMenu, let slot), let events):
            return USSDReport(
                device: phone.name, slot: slot, code: code, response: text, isMenu: isMenu,
                event: events.last?.rawValue)
        case .replied(.refused(let sentence), _):
            throw ControlError(.refused, "\(shown) on \(phone.name) was refused: \(sentence)")
        case .replied(.failed(let sentence), _):
            throw ControlError(.failed, "\(shown) on \(phone.name): \(sentence)")
        case .left:
            throw ControlError(
                .failed, "\(phone.name) left while \(shown) was under way; it may have been dialled",
                hint: "an answer that still comes becomes an event when it is back: "
                    + "\"phonewire events --type ussd\"")
        case .busy:
            throw ControlError(
                .temporary, "\(phone.name) is still at work on another USSD code",
                hint: "nothing was dialled: try again in some minutes")
        case .notOnline:
            throw ControlError(
                .temporary, "\(phone.name) is not online: nothing was dialled",
                hint: "\"phonewire devices show \(phone.name)\" says what is wrong")
        }
    }
}

/// What the network answered to a USSD code.
package struct USSDReport: Sendable, Equatable, Codable {
    /// The phone's name.
    package var device: String
    /// The slot that it was dialled on, 1-based, as the phone's own log says.
    package var slot: Int
    /// The code that was dialled.
    package var code: String
    /// The network's text; outside text.
    package var response: String
    /// Whether it is a menu that waits for an answer that nobody has given.
    package var isMenu: Bool
    /// The event that it became; nil only when the store could not say whether it was recorded at the first try.
    package var event: Int64?
}
