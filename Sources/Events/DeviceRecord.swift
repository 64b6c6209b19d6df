package import Base

/// What a phone says it is; read from the phone at each contact. All of it is outside text.
package struct PhoneIdentity: Sendable, Equatable, Codable {
    /// `ro.serialno`, else the USB serial; may be shared by cheap phones.
    package var serial: String
    /// `settings get secure android_id`: 16 hexadecimal digits; nil when the phone has none.
    package var androidID: String?
    /// `ro.product.manufacturer`.
    package var manufacturer: String
    /// `ro.product.model`.
    package var model: String
    /// `ro.build.version.release`, such as `14`.
    package var androidVersion: String
    /// `ro.build.version.sdk`; 0 when it could not be read.
    package var apiLevel: Int
    /// `ro.build.fingerprint`: capabilities are remembered for it.
    package var fingerprint: String

    /// An identity with every field.
    package init(
        serial: String, androidID: String?, manufacturer: String, model: String, androidVersion: String,
        apiLevel: Int, fingerprint: String
    ) {
        self.serial = serial
        self.androidID = androidID
        self.manufacturer = manufacturer
        self.model = model
        self.androidVersion = androidVersion
        self.apiLevel = apiLevel
        self.fingerprint = fingerprint
    }

    /// The id that receivers see: `00000000-0000-0000-hhhh-hhhhhhhhhhhh`, the ANDROID_ID in the last two groups,
    /// the same as Java's `new UUID(0, androidId)`. Without an ANDROID_ID the serial stands in its place.
    package var defaultWireID: String {
        guard let androidID, let digits = Self.androidIDDigits(androidID) else { return serial }
        return "00000000-0000-0000-" + digits.prefix(4) + "-" + digits.suffix(12)
    }

    /// `text` as 16 lower-case hexadecimal digits, padded with zeros on the left; nil when it is no ANDROID_ID.
    package static func androidIDDigits(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard (1...16).contains(bytes.count), bytes.allSatisfy(\.isHexDigit) else { return nil }
        return String(repeating: "0", count: 16 - bytes.count) + text.lowercased()
    }
}

/// A phone that phonewire knows.
package struct DeviceRecord: Sendable, Equatable {
    /// Our row for it.
    package let key: DeviceKey
    /// The id that receivers see; the user's own choice wins over `PhoneIdentity.defaultWireID`.
    package let wireID: String
    /// The name people use; made from the model at first contact, changed by the user. Unique.
    package let name: String
    /// What the phone said last time.
    package let identity: PhoneIdentity
    /// When it was first served.
    package let enrolledAt: WallTime
    /// When it was last online.
    package let lastSeenAt: WallTime?
    /// False when the user switched it off.
    package let enabled: Bool

    /// A known phone.
    package init(
        key: DeviceKey, wireID: String, name: String, identity: PhoneIdentity, enrolledAt: WallTime,
        lastSeenAt: WallTime?, enabled: Bool
    ) {
        self.key = key
        self.wireID = wireID
        self.name = name
        self.identity = identity
        self.enrolledAt = enrolledAt
        self.lastSeenAt = lastSeenAt
        self.enabled = enabled
    }
}

/// A SIM card in a slot, as the phone shows it now.
package struct SIMCard: Sendable, Equatable, Codable {
    /// Slot, 1-based; 0 where what the phone tells of it does not fit together.
    package var slot: Int
    /// Android's row for this SIM.
    package var subscription: Int
    /// The card's own number, as far as shown: user builds cut it to 9 digits.
    package var iccid: String
    /// Network code of the SIM's home network (`mcc` + `mnc`), empty when unknown.
    package var network: String
    /// Name of the carrier, empty when unknown. Outside text.
    package var carrier: String
    /// Its phone number, as far as the phone knows it; empty when unknown. Outside text.
    package var number: String

    /// A SIM card in `slot`.
    package init(
        slot: Int, subscription: Int, iccid: String, network: String, carrier: String, number: String = ""
    ) {
        self.slot = slot
        self.subscription = subscription
        self.iccid = iccid
        self.network = network
        self.carrier = carrier
        self.number = number
    }

    /// Fewest digits of a card's whole number (ITU-T E.118 has up to 19, and many cards print 20).
    private static let iccidDigitsMin = 18

    /// Fewest digits of a number that is cut: they name country and carrier.
    private static let shownDigitsMin = 6

    /// Whether `iccid` is the card's whole number and so tells one card from all others: user builds show its first nine digits only.
    package var isWhole: Bool {
        iccid.utf8.count >= Self.iccidDigitsMin
            && iccid.utf8.allSatisfy {
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: "F")
            }
    }

    /// This card with what `known` tells better of it, where both are the same card in the same slot; nil where they are not. Numbers of
    /// cards are cut by many phones, and not told at every look.
    package func joined(with known: SIMCard) -> SIMCard? {
        guard slot == known.slot, subscription == known.subscription else { return nil }
        var card = self
        if iccid != known.iccid {
            let digits = { (text: String) in text.utf8.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            }
            let both = [digits(iccid), digits(known.iccid)].sorted { $0.count < $1.count }
            guard both[0].count >= Self.shownDigitsMin, both[1].starts(with: both[0]) else { return nil }
            if known.isWhole, !isWhole { card.iccid = known.iccid }
        }
        if card.number.isEmpty { card.number = known.number }
        return card
    }

    /// The words under which a user's settings of this card may stand, the best first: its whole number, which follows it into
    /// another phone; Android's row for it, which a phone never gives to another card.
    package func settingsKeys(on device: DeviceKey) -> [String] {
        (isWhole ? [iccid] : []) + ["\(device.rawValue)/\(subscription)"]
    }
}
