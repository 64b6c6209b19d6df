import FoundationEssentials

/// Test data that several test targets share; it stays where it was put first.
enum Fixtures {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()

    static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: tests.appending(path: path)))
    }

    /// A command's output as a phone printed it.
    static func phone(_ name: String) throws -> String {
        String(decoding: try bytes("PhoneTests/Corpus/sms/\(name)"), as: UTF8.self)
    }

    /// A command's output in a USSD session, as public sources say it looks.
    static func ussd(_ name: String) throws -> String {
        String(decoding: try bytes("PhoneTests/Corpus/USSD/\(name)"), as: UTF8.self)
    }

    struct AuthVectors: Decodable {
        struct Key: Decodable {
            struct Token: Decodable {
                var token_hex: String
                var signature_hex: String
                var must_not_equal_signature_of_sha1_of_token_hex: String
            }
            var name: String
            var adbkey_pub_file_contents: String
            var fingerprint_md5_of_524_bytes: String
            var tokens: [Token]
        }
        var keys: [Key]
    }

    struct MessageVectors: Decodable {
        struct Message: Decodable {
            var from: String
            var command: String
            var header_hex: String
            var payload_hex: String
            var bytes: [UInt8] { [UInt8](hex: header_hex + payload_hex) }
        }
        var exchanges: [String: [Message]]
    }

    static func auth() throws -> AuthVectors {
        try JSONDecoder().decode(AuthVectors.self, from: Data(bytes("ADBTests/Vectors/auth-vectors.json")))
    }

    static func messages() throws -> MessageVectors {
        try JSONDecoder().decode(
            MessageVectors.self, from: Data(bytes("ADBTests/Vectors/message-vectors.json")))
    }
}
