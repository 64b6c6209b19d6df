import Crypto

/// SHA-256 (FIPS 180-4) over a list of texts: what the cursor and the source keys keep of contents.
///
/// No weaker sum would do: who could make two texts with one digest could hide a message behind another. Each text goes in
/// with its length before it, so that no two lists are the same bytes.
struct ContentDigest: Sendable {
    /// Bytes kept of the digest: no two contents share them, on purpose or not.
    static let bytesKept = 16

    private var input: [UInt8] = []

    /// Adds one text.
    mutating func add(_ text: String) { add(Array(text.utf8)) }

    /// Adds one text's bytes.
    mutating func add(_ text: [UInt8]) {
        var length = UInt64(text.count)
        for _ in 0..<8 {
            input.append(UInt8(truncatingIfNeeded: length))
            length >>= 8
        }
        input += text
    }

    /// Adds a text that may be missing: missing and empty are not the same.
    mutating func add(_ text: String?) {
        add(text == nil ? "-" : "+")
        add(text ?? "")
    }

    /// The digest of what was added so far.
    var bytes: [UInt8] { Array(SHA256.digest(of: input).prefix(Self.bytesKept)) }
}
