import Base

/// What a phone says of itself in its `CNXN`. All of it is outside text; none of it proves anything.
package struct Banner: Sendable, Equatable {
    /// Longest banner read, in bytes; the rest is cut off.
    package static let bytesMax = 4096
    /// What we say: features as adb names them (packages/modules/adb `transport.cpp`). Not
    /// `delayed_ack`: withheld `OKAY`s are our back-pressure.
    package static let ours = Array(
        "host::features=shell_v2,cmd,stat_v2,ls_v2,fixed_push_mkdir,sendrecv_v2".utf8)

    /// `device`, `recovery`, `sideload`, `rescue`, `bootloader`, `host`, or anything else.
    package let type: String
    /// `ro.product.model` and its like, as sent.
    package let properties: [String: String]
    /// The feature names.
    package let features: Set<String>

    /// Whether commands give stdout, stderr and exit code apart (Android 7 and later).
    package var hasShellV2: Bool { features.contains("shell_v2") }

    /// Reads `type::key=value;key=value;features=a,b`. Split at the first two colons only: a model name may hold
    /// more. Never fails: what cannot be read is left out.
    package init(_ payload: [UInt8]) {
        let bytes = payload.prefix(Self.bytesMax)
        let parts = bytes.split(separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
        type = LossyText.decode(parts.first ?? [])
        var properties: [String: String] = [:]
        for field in (parts.count == 3 ? parts[2] : []).split(separator: UInt8(ascii: ";")) {
            let pair = field.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { continue }
            let name = LossyText.decode(pair[0])
            if properties[name] == nil { properties[name] = LossyText.decode(pair[1]) }
        }
        let names = properties.removeValue(forKey: "features") ?? ""
        features = Set(names.utf8.split(separator: UInt8(ascii: ",")).map { LossyText.decode($0) })
        self.properties = properties
    }
}
