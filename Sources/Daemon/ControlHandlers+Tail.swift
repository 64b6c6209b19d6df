import Control
import Events
import Store
import Time

extension ControlHandlers {
    /// How often the store is asked for new events while somebody follows them.
    static let tailInterval = Duration.milliseconds(300)
    /// Events asked for at once.
    private static let pageRows = 100
    /// Most events that wait for a follower who does not take them; more end the stream.
    static let backlogRowsMax = 5000

    /// Emits the newest events, then every new one, oldest first, until `emit` throws or the task is cancelled.
    ///
    /// The store is asked, not listened to: a follower that is slow or stuck costs the capture nothing.
    func tail(_ query: TailQuery, emit: @Sendable ([UInt8]) async throws -> Void) async throws {
        guard 0...ControlLimits.listRowsMax ~= query.last else {
            throw ControlError(.badRequest, "last is a number from 0 to \(ControlLimits.listRowsMax)")
        }
        let key = try await deviceKey(query.device)
        let kind = try Self.kind(query.type)
        let newest = try await stored { () throws(StoreError) in try await store.events(limit: 1) }
        var seen = newest.first?.id ?? EventID(rawValue: 0)
        let first = try await stored { () throws(StoreError) in
            try await store.events(
                before: EventID(rawValue: seen.rawValue + 1), limit: query.last, device: key, kind: kind)
        }
        try await emitAll(first.reversed(), emit)
        while true {
            try await clock.sleep(for: Self.tailInterval)
            let fresh = try await events(after: seen)
            let wanted = fresh.filter { event in
                (key == nil || event.device == key) && (kind == nil || event.content.kind == kind)
            }
            try await emitAll(wanted, emit)
            seen = fresh.last?.id ?? seen
        }
    }

    /// Everything newer than `seen`, oldest first.
    private func events(after seen: EventID) async throws(ControlError) -> [Event] {
        var found: [Event] = []
        while true {
            let last = found.last?.id ?? seen
            let page = try await stored { () throws(StoreError) in
                try await store.events(after: last, limit: Self.pageRows)
            }
            found += page
            guard page.count == Self.pageRows else { return found }
            guard found.count < Self.backlogRowsMax else {
                throw ControlError(
                    .temporary, "more than \(Self.backlogRowsMax) events came while nobody read this stream",
                    hint: "\"phonewire events\" lists them")
            }
        }
    }

    private func emitAll(_ events: [Event], _ emit: @Sendable ([UInt8]) async throws -> Void) async throws {
        if events.isEmpty { return }
        let names = try await deviceNames()
        for event in events {
            try await emit(try ControlCodec.encode(result: EventReport(event, names, cut: true)))
        }
    }
}
