/// How a phone is now, in one word; the raw value is the word in `--json`.
package enum PhoneState: String, Sendable, Codable, CaseIterable {
    /// The link stands, the phone has not answered yet.
    case connecting
    /// Keys are being exchanged.
    case authorizing
    /// The phone asks its owner to allow us.
    case waitingForUser = "waiting-for-user"
    /// It answers; who it is and what it can do is being read.
    case probing
    /// It is served.
    case online
    /// It is known but not here.
    case offline
    /// Another program holds it.
    case busy
    /// We may not open it.
    case noPermission = "no-permission"
    /// It refused our key.
    case unauthorized
    /// It was restarted and nobody has unlocked it yet: its messages cannot be read.
    case locked
    /// It is here, but its messages cannot be read with all promises; the detail says why.
    case limited
    /// It is here and something is wrong; the detail says what.
    case failing
    /// The user switched it off.
    case disabled

    /// Whether the phone needs somebody.
    package var isProblem: Bool {
        switch self {
        case .waitingForUser, .busy, .noPermission, .unauthorized, .locked, .limited, .failing: true
        case .connecting, .authorizing, .probing, .online, .offline, .disabled: false
        }
    }
}

/// A phone: what it is, how it is, and what to do about it.
package struct DeviceReport: Sendable, Equatable, Codable {
    /// The user's name for it; nil for a phone that has not told who it is yet.
    package var name: String?
    /// The id that receivers see.
    package var id: String?
    /// Its serial, as it says itself, else as the link says.
    package var serial: String
    package var manufacturer: String?
    package var model: String?
    /// Android's version, such as `14`.
    package var android: String?
    package var apiLevel: Int?
    package var state: PhoneState
    /// One sentence about the state; empty when there is nothing to add.
    package var detail: String
    /// What to do; empty when nothing needs doing.
    package var advice: String
    /// Where it is: a USB port such as `1-1.2`, or `host:port`; nil when it is not here.
    package var address: String?
    package var enabled: Bool
    package var enrolledAt: Timestamp?
    package var lastSeenAt: Timestamp?
    /// The cards in it.
    package var sims: [SIMReport]

    package init(
        name: String?, id: String?, serial: String, manufacturer: String? = nil, model: String? = nil,
        android: String? = nil, apiLevel: Int? = nil, state: PhoneState, detail: String = "",
        advice: String = "",
        address: String? = nil, enabled: Bool = true, enrolledAt: Timestamp? = nil,
        lastSeenAt: Timestamp? = nil,
        sims: [SIMReport] = []
    ) {
        self.name = name
        self.id = id
        self.serial = serial
        self.manufacturer = manufacturer
        self.model = model
        self.android = android
        self.apiLevel = apiLevel
        self.state = state
        self.detail = detail
        self.advice = advice
        self.address = address
        self.enabled = enabled
        self.enrolledAt = enrolledAt
        self.lastSeenAt = lastSeenAt
        self.sims = sims
    }
}

/// Every phone that is known or here, and the TCP addresses that are served.
package struct DeviceList: Sendable, Equatable, Codable {
    package var devices: [DeviceReport]
    /// `host:port` of phones served over TCP.
    package var addresses: [String]

    package init(devices: [DeviceReport], addresses: [String]) {
        self.devices = devices
        self.addresses = addresses
    }
}

/// A serial that our keys may sign for.
package struct TrustReport: Sendable, Equatable, Codable {
    package var serial: String
    /// How many imported keys are kept for it.
    package var importedKeys: Int

    package init(serial: String, importedKeys: Int) {
        self.serial = serial
        self.importedKeys = importedKeys
    }
}

/// A TCP address and whether it is served.
package struct AddressReport: Sendable, Equatable, Codable {
    package var address: String
    package var served: Bool

    package init(address: String, served: Bool) {
        self.address = address
        self.served = served
    }
}

/// A SIM card in a slot.
package struct SIMReport: Sendable, Equatable, Codable {
    /// The phone's name.
    package var device: String
    /// Slot, 1-based.
    package var slot: Int
    /// The card's own number, as far as the phone shows it.
    package var iccid: String
    package var carrier: String
    /// Code of its home network.
    package var network: String
    /// Android's row for it.
    package var subscription: Int
    /// When it was first seen in this slot.
    package var since: Timestamp

    package init(
        device: String, slot: Int, iccid: String, carrier: String, network: String, subscription: Int,
        since: Timestamp
    ) {
        self.device = device
        self.slot = slot
        self.iccid = iccid
        self.carrier = carrier
        self.network = network
        self.subscription = subscription
        self.since = since
    }
}

/// SIM cards.
package struct SIMList: Sendable, Equatable, Codable {
    package var sims: [SIMReport]
    package init(sims: [SIMReport]) { self.sims = sims }
}
