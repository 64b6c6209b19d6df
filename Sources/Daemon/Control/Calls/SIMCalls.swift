import Base
package import Control
import Events
import Store

/// Calls about SIM cards.
package enum SIMCalls: NounCalls {
    package static let calls: [any AnsweredCall.Type] = [ListSIMs.self, ListSIMHistory.self]
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
        let names = try await daemon.deviceNames()
        let cards = try await daemon.stored { () throws(StoreError) in try await daemon.store.sims(key) }
        let sims = cards.map { SIMReport($0.1, device: names[$0.0] ?? "", since: $0.since) }
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
            sims += stays.map { SIMReport($0.card, device: name, since: $0.since, until: $0.until) }
        }
        return SIMList(sims: sims)
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
    /// Slot, 1-based.
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
    /// When it was first seen gone or changed; nil while it is there.
    package var until: Timestamp?
}

extension SIMReport {
    init(_ card: SIMCard, device: String, since: WallTime, until: WallTime? = nil) {
        self.init(
            device: device, slot: card.slot, iccid: card.iccid, carrier: card.carrier, network: card.network,
            subscription: card.subscription, since: Timestamp(since), until: until.map { Timestamp($0) })
    }
}
