import Base
import FoundationEssentials
import Testing

@testable import ADB

/// The published message vectors: whole messages in hex, in order.
struct Vectors: Decodable {
    struct Message: Decodable {
        let from: String
        let command: String
        let header_hex: String
        let payload_hex: String
        let checksummed: Bool

        var header: [UInt8] { Hex.decode(header_hex.utf8) ?? [] }
        var payload: [UInt8] { Hex.decode(payload_hex.utf8) ?? [] }
        var packet: Packet? {
            PacketHeader(header).map { Packet(header: $0, payload: payload) }
        }
    }

    let exchanges: [String: [Message]]

    static func load() throws -> Vectors {
        let here = String(#filePath).split(separator: "/").dropLast().joined(separator: "/")
        let data = try Data(contentsOf: URL(filePath: "/\(here)/Vectors/message-vectors.json"))
        return try JSONDecoder().decode(Vectors.self, from: data)
    }

    func exchange(_ name: String) throws -> [Message] { try #require(exchanges[name]) }
}
