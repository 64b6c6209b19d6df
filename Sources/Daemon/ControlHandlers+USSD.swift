import Bytes
import Control
import Events
import Phone
import Store
import Time

extension ControlHandlers {
    /// Random bytes of a run's token: 16 hexadecimal digits.
    private static let tokenBytes = 8
    /// Newest events looked through for that of a run.
    private static let eventRows = 20

    /// Dials a code and returns what the network answered.
    func runUSSD(_ arguments: USSDArguments) async throws(ControlError) -> USSDReport {
        let phone = try await record(arguments.device)
        let cards = try await stored { () throws(StoreError) in try await store.sims(phone.key) }
        guard cards.contains(where: { $0.1.slot == arguments.slot }) else {
            throw ControlError(
                .notFound, "\(phone.name) has no SIM card in slot \(arguments.slot)",
                hint: "\"phonewire sims\" shows its cards; slots are counted from 1")
        }
        let known = try await answers(of: phone.key, limit: 1).first?.id
        let request = USSDRequest(
            token: Hex.encode(random(Self.tokenBytes)), code: arguments.code, slot: arguments.slot,
            answers: arguments.answers)
        let code = PrintableText.escape(arguments.code, limit: 64)
        switch await actions.ask(phone.key, .ussd, .ussd(request)) {
        case .replied(.ussd(.answered(let text, let isMenu, let slot))):
            let event = try await event(of: phone.key, code: arguments.code, after: known)
            return USSDReport(
                device: phone.name, slot: slot, code: arguments.code, response: text, isMenu: isMenu,
                event: event?.rawValue)
        case .replied(.ussd(.refused(let sentence))):
            throw ControlError(.refused, "\(code) on \(phone.name) was refused: \(sentence)")
        case .replied(.ussd(.failed(let sentence))):
            throw ControlError(.failed, "\(code) on \(phone.name): \(sentence)")
        case .left:
            throw ControlError(
                .failed, "\(phone.name) left while \(code) was under way; it may have been dialled",
                hint: "an answer that still comes becomes an event when it is back: "
                    + "\"phonewire events --type ussd\"")
        case .busy:
            throw ControlError(
                .temporary, "\(phone.name) is still at work on another USSD code",
                hint: "nothing was dialled: try again in some minutes")
        case .notOnline: throw await absence(of: phone)
        }
    }

    /// Why a phone took no request.
    private func absence(of phone: DeviceRecord) async -> ControlError {
        let live = await states.liveDevices().first { $0.device == phone.key }
        guard let live, [.online, .limited, .locked].contains(live.state) else {
            return ControlError(
                .temporary, "\(phone.name) is not online: nothing was dialled",
                hint: "\"phonewire devices show \(phone.name)\" says what is wrong")
        }
        return ControlError(
            .refused, "USSD codes cannot be run on \(phone.name): nothing was dialled",
            hint: "Android 8 and later can; \"phonewire devices show \(phone.name)\" shows its version")
    }

    /// The newest answer to `code` that was recorded after `known`. A collector records before it replies, so nothing is
    /// waited for.
    private func event(
        of device: DeviceKey, code: String, after known: EventID?
    ) async throws(ControlError) -> EventID? {
        try await answers(of: device, limit: Self.eventRows).first { event in
            guard case .ussd(let answer) = event.content, answer.code == code else { return false }
            return known.map { event.id > $0 } ?? true
        }?.id
    }

    /// The newest USSD answers of `device`, newest first.
    private func answers(of device: DeviceKey, limit: Int) async throws(ControlError) -> [Event] {
        try await stored { () throws(StoreError) in
            try await store.events(limit: limit, device: device, kind: .ussd)
        }
    }
}
