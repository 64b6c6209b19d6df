import FoundationEssentials
import Testing

/// The keys and values of `Tests/ADBTests/Vectors/auth-vectors.json`, made with other programs than ours.
struct AuthVectors: Decodable {
    let keys: [Key]

    struct Key: Decodable, CustomTestStringConvertible {
        let name: String
        let privateKeyPem: String
        let modulusHex: String
        let publicExponent: UInt32
        let privateExponentHex: String
        let n0inv: String
        let rrBigEndian: String
        let androidPublicKeySize: Int
        let androidPublicKeyBase64: String
        let publicKeyLine: String
        let publicKeyPayloadLength: Int
        let publicKeyPayloadChecksum: String
        let publicKeyHeader: String
        let fingerprintMD5: String
        let tokens: [Token]

        enum CodingKeys: String, CodingKey {
            case name, tokens
            case privateKeyPem = "private_key_pkcs8_pem"
            case modulusHex = "modulus_hex"
            case publicExponent = "public_exponent"
            case privateExponentHex = "private_exponent_hex"
            case n0inv = "n0inv_hex_u32"
            case rrBigEndian = "rr_hex_big_endian"
            case androidPublicKeySize = "android_public_key_size"
            case androidPublicKeyBase64 = "android_public_key_base64"
            case publicKeyLine = "adbkey_pub_file_contents"
            case publicKeyPayloadLength = "auth_rsapublickey_payload_length"
            case publicKeyPayloadChecksum = "auth_rsapublickey_payload_checksum_u32_hex"
            case publicKeyHeader = "auth_rsapublickey_header_hex_checksummed"
            case fingerprintMD5 = "fingerprint_md5_of_524_bytes"
        }

        var testDescription: String { name }
    }

    struct Token: Decodable {
        let label: String
        let token: String
        let paddedBlock: String
        let signature: String
        let tokenMessage: String
        let signatureHeader: String
        let signatureOfHash: String

        enum CodingKeys: String, CodingKey {
            case label
            case token = "token_hex"
            case paddedBlock = "padded_block_hex"
            case signature = "signature_hex"
            case tokenMessage = "auth_token_message_hex_checksummed"
            case signatureHeader = "auth_signature_header_hex_checksummed"
            case signatureOfHash = "must_not_equal_signature_of_sha1_of_token_hex"
        }
    }

    static func load() throws -> AuthVectors {
        let file = TestFiles.tests.appending(path: "ADBTests/Vectors/auth-vectors.json")
        return try JSONDecoder().decode(AuthVectors.self, from: Data(contentsOf: file))
    }
}

/// Where the files of this folder tree are.
enum TestFiles {
    static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    static func keyFile(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: tests.appending(path: "Fuzz/Corpus/KeyReader").appending(path: name)))
    }
}
