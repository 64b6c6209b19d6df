import Base
package import Control
import Events
import Store

/// Calls about SIM cards.
package enum SIMCalls: NounCalls {
    package static let calls: [any AnsweredCall.Type] = [ListSIMs.self, ListSIMHistory.self, SetSIM.self]
}

/// The SIM cards that are in the phones now.
package struct ListSIMs: AnsweredCall {
    package typealias Reply = SIMList
    package static let word = "sims"

    /// One phone, by name, id or serial; nil for all.
    package let device: String?

    /// The call about one phone, or all.
    package init(device: String? = nil) { self.device = device }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> SIMList {
        let key = try await daemon.deviceKey(device)
        let sims = try await daemon.simReports(of: key).map(\.report)
        return SIMList(sims: sims.sorted { ($0.device, $0.slot) < ($1.device, $1.slot) })
    }
}

/// The SIM cards that are or were in the phones: by phone, newest first.
package struct ListSIMHistory: AnsweredCall {
    package typealias Reply = SIMList
    package static let word = "sims.history"

    /// One phone, by name, id or serial; nil for all.
    package let device: String?

    /// The call about one phone, or all.
    package init(device: String? = nil) { self.device = device }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> SIMList {
        let wanted = try await daemon.deviceKey(device)
        let names = try await daemon.deviceNames()
        let phones = names.filter { wanted == nil || $0.key == wanted }.sorted { $0.value < $1.value }
        var sims: [SIMReport] = []
        for (key, name) in phones {
            let stays = try await daemon.stored { () throws(StoreError) in
                try await daemon.store.simHistory(key, limit: ControlLimits.listRowsMax)
            }
            for stay in stays {
                let settings = try await daemon.stored { () throws(StoreError) in
                    try await daemon.store.settings(of: stay.card, on: key)
                }
                sims.append(
                    SIMReport(stay.card, settings, device: name, since: stay.since, until: stay.until))
            }
        }
        return SIMList(sims: sims)
    }
}

/// Sets what a user calls a SIM card, and its phone number.
package struct SetSIM: AnsweredCall {
    package typealias Reply = SIMReport
    package static let word = "sim.set"
    /// Longest label and number, in bytes.
    package static let textBytesMax = 200

    /// The phone, by name, id or serial.
    package let device: String
    /// Slot, 1-based: the card that is in it now.
    package let slot: Int
    /// What to call it; empty: nothing; nil leaves it as it is.
    package let label: String?
    /// Its phone number; empty: what the phone knows; nil leaves it as it is.
    package let number: String?

    /// The call about the card in `slot` of a phone.
    package init(device: String, slot: Int, label: String? = nil, number: String? = nil) {
        self.device = device
        self.slot = slot
        self.label = label
        self.number = number
    }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> SIMReport {
        for text in [label, number].compactMap(\.self) {
            guard text.utf8.count <= Self.textBytesMax else {
                throw ControlError(.badRequest, "a label or a number has at most \(Self.textBytesMax) bytes")
            }
        }
        let record = try await daemon.device(named: device)
        let cards = try await daemon.stored { () throws(StoreError) in try await daemon.store.sims(record.key)
        }
        guard let (_, card, since) = cards.first(where: { $0.1.slot == slot && slot > 0 }) else {
            throw ControlError(
                .notFound, "no SIM card is known in slot \(slot) of \(record.name)",
                hint: "\"phonewire sims --device \(record.name)\" lists its cards")
        }
        let settings = try await daemon.stored { () throws(StoreError) -> CardSettings in
            var settings = try await daemon.store.settings(of: card, on: record.key)
            if let label { settings.label = label }
            if let number { settings.number = number }
            try await daemon.store.set(settings, of: card, on: record.key)
            return settings
        }
        return SIMReport(card, settings, device: record.name, since: since)
    }
}

/// SIM cards.
package struct SIMList: Sendable, Equatable, Codable {
    /// The cards.
    package var sims: [SIMReport]
}

/// A SIM card in a slot.
package struct SIMReport: Sendable, Equatable, Codable {
    /// The phone's name.
    package var device: String
    /// Slot, 1-based; 0 where what the phone tells of it does not fit together.
    package var slot: Int
    /// The card's own number, as far as the phone shows it.
    package var iccid: String
    /// The carrier's name, as the phone shows it; outside text.
    package var carrier: String
    /// Code of its home network.
    package var network: String
    /// Android's row for it.
    package var subscription: Int
    /// When it was first seen in this slot.
    package var since: Timestamp
    /// When it was first seen gone or moved; nil while it is there.
    package var until: Timestamp?
    /// Its phone number, as the user set it, else as the phone knows it; outside text. Nil when unknown, or from an older daemon.
    package var number: String?
    /// What the user calls it; nil for nothing.
    package var label: String?
}

extension DaemonServices {
    /// The cards that are in a phone now, or in all, with what their user has set.
    func simReports(
        of device: DeviceKey?
    ) async throws(ControlError) -> [(device: DeviceKey, report: SIMReport)] {
        let names = try await deviceNames()
        let cards = try await stored { () throws(StoreError) in try await store.sims(device) }
        var reports: [(device: DeviceKey, report: SIMReport)] = []
        for (key, card, since) in cards {
            let settings = try await stored { () throws(StoreError) in
                try await store.settings(of: card, on: key)
            }
            reports.append((key, SIMReport(card, settings, device: names[key] ?? "", since: since)))
        }
        return reports
    }
}

extension SIMReport {
    init(_ card: SIMCard, _ settings: CardSettings, device: String, since: WallTime, until: WallTime? = nil) {
        let number = settings.number.isEmpty ? card.number : settings.number
        self.init(
            device: device, slot: card.slot, iccid: card.iccid, carrier: card.carrier, network: card.network,
            subscription: card.subscription, since: Timestamp(since), until: until.map { Timestamp($0) },
            number: number.isEmpty ? nil : number, label: settings.label.isEmpty ? nil : settings.label)
    }
}
