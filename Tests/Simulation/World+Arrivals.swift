package import Base
import FoundationEssentials

/// What a request told, whatever its type; what a type does not have is nil.
package struct Arrival: Sendable, Equatable {
    /// `webhook-id` of the request.
    package let id: String
    /// The request's body.
    package let body: [UInt8]
    /// When it came.
    package let at: Instant
    /// `sms`, `whatsapp`, `ussd`, `notification`.
    package let type: String
    /// Its fields.
    package let fields: Fields

    /// The fields of all types.
    package struct Fields: Sendable, Equatable, Decodable {
        package let id: Int64
        package let rid: Int64?
        package let sim: Int?
        package let device: String?
        package let phone: String?
        package let message: String?
        package let code: String?
        package let response: String?
        package let package: String?
        package let title: String?
        package let content: String?
        package let event: String?
        package let detail: String?
        package let timestamp: Int64
    }
}

extension World {
    private struct Body: Decodable {
        let type: String
        let data: Arrival.Fields
    }

    /// All requests that were answered with success, repeats included.
    package func arrivals() throws -> [Arrival] {
        try receiver.arrivals.map { arrival in
            let body = try JSONDecoder().decode(Body.self, from: Data(arrival.body))
            return Arrival(
                id: arrival.id, body: arrival.body, at: arrival.at, type: body.type, fields: body.data)
        }
    }

    private func messages() throws -> [Arrival] { try arrivals().filter { $0.type == "sms" } }

    /// What the receiver has of SMS: Android id and row id of each message, from the bodies themselves.
    package func received() throws -> [(message: String, id: String, body: [UInt8])] {
        try messages().map { arrival in
            let digits = (arrival.fields.device ?? "").suffix(17).filter { $0 != "-" }
            return ("\(digits)/\(arrival.fields.rid ?? 0)", arrival.id, arrival.body)
        }
    }

    /// The texts that came with another slot than they were sent on.
    package func wrongSlots() throws -> [String] {
        try messages().map(\.fields).filter { fields in
            guard let slot = slots[fields.message ?? ""], slot >= 0 else { return false }
            return fields.sim != slot + 1
        }.compactMap(\.message)
    }

    /// The texts the receiver has.
    package func receivedTexts() throws -> [String] { try messages().compactMap(\.fields.message) }

    /// The SIM slots the receiver has, 1-based; 0 where unknown.
    package func receivedSlots() throws -> [Int] { try messages().compactMap(\.fields.sim) }

    /// The senders the receiver has.
    package func receivedSenders() throws -> [String] { try messages().compactMap(\.fields.phone) }

    /// What the receiver has of the other kinds, each event once, sorted: `notification PACKAGE TITLE CONTENT`,
    /// `whatsapp SENDER TEXT`, `ussd SIM CODE TEXT`, parts joined by ` | `.
    package func receivedOthers() throws -> [String] {
        var seen: Set<String> = []
        return try arrivals().filter { $0.type != "sms" && seen.insert($0.id).inserted }.map { arrival in
            let fields = arrival.fields
            let parts: [String?] =
                switch arrival.type {
                case "notification": [fields.package, fields.title, fields.content]
                case "whatsapp": [fields.phone, fields.message]
                case "ussd": [fields.sim.map { "\($0)" }, fields.code, fields.response]
                default: []
                }
            return ([arrival.type] + parts.map { $0 ?? "-" }).joined(separator: " | ")
        }.sorted()
    }

    /// Ids that came with more than one body: none may.
    package func idsWithTwoBodies() throws -> [String] {
        Dictionary(grouping: try arrivals(), by: \.id).filter { Set($0.value.map(\.body)).count > 1 }.keys
            .sorted()
    }
}
