import Glibc

/// The fixed facts of a virtual phone: what a factory, a user and a network have made of it.
package struct VirtualPhoneSetup: Sendable {
    /// USB serial number, also `ro.serialno`.
    package var serial = "VIRTUAL000001"
    /// `ro.product.manufacturer`.
    package var manufacturer = "Phonewire"
    /// `ro.product.model`.
    package var model = "Virtual 14"
    /// `ro.product.name`.
    package var productName = "virtual"
    /// `ro.product.device`.
    package var deviceName = "virtual"
    /// Android's major version, 6 to 16.
    package var androidRelease = 14
    /// Sixteen hex digits (`settings get secure android_id`).
    package var androidID = "d57df30cb6a89289"
    /// The cards; subscriptions that are known but not inserted have no slot.
    package var sims: [VirtualSIM] = VirtualSIM.pair
    /// Number of SIM slots.
    package var slots = 2
    /// The protocol generation of its adbd.
    package var protocolGeneration = VirtualProtocol.current
    /// Features in the banner, where the generation has any.
    package var features = [
        "shell_v2", "cmd", "stat_v2", "ls_v2", "fixed_push_mkdir", "sendrecv_v2",
    ]
    /// Whether hosts must authenticate.
    package var authorization = VirtualAuthorization.open
    /// Keys known from the start: texts as in an `adbkey.pub` file. Texts that are not a key are left out.
    package var knownKeys: [String] = []
    /// Tokens to use first, 20 bytes each; after them random ones.
    package var tokens: [[UInt8]] = []
    /// How shell output is cut into WRTE messages.
    package var packing = VirtualPacking.separate
    /// Whether the phone waits for its first unlock after boot.
    package var locked = false
    /// Where the maker's message rows name their SIM card.
    package var cardColumn = VirtualCardColumn.subscription
    /// Whether the SMS app writes the maker's own column: another one than the maker's leaves its default, 0, and writes `sub_id` as
    /// Android wants it.
    package var fillsCardColumn = true
    /// Which queries of messages its provider lets through.
    package var providerStyle = VirtualProviderStyle.open
    /// What the shell may read.
    package var messageAccess = VirtualMessageAccess.allowed
    /// Whether the shell may not change its own permissions.
    package var refusesRepairs = false
    /// A file for its message store, where there is none yet; nil: memory.
    package var messageFile: String?
    /// Package of the default SMS app.
    package var messagingApp = "com.google.android.apps.messaging"
    /// Battery level, percent.
    package var batteryLevel = 100
    /// System properties that add to, or stand in place of, the phone's own.
    package var properties: [String: String] = [:]
    /// Seed of all its random numbers.
    package var seed: UInt64 = 1
    /// Its wall clock, in milliseconds since 1970. Called under the phone's lock: it must not call the phone.
    package var clock: @Sendable () -> Int64 = VirtualPhoneSetup.machineClock

    /// A phone with Android 14, two SIMs, and no authentication, that goes by the machine's clock.
    package init() {}

    /// The machine's wall clock.
    package static let machineClock: @Sendable () -> Int64 = {
        var now = timespec()
        guard unsafe clock_gettime(CLOCK_REALTIME, &now) == 0 else { return 0 }
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }

    /// The API level that goes with `androidRelease` (12 is taken for 12, not 12L).
    var sdk: Int {
        switch androidRelease {
        case ...6: 23
        case 7: 25
        case 8: 27
        case 9...12: androidRelease + 19
        default: androidRelease + 20
        }
    }
}

/// Where a maker's message rows name their SIM card.
package enum VirtualCardColumn: Sendable, Equatable, CaseIterable {
    /// As AOSP: `sub_id` is the subscription.
    case subscription
    /// As Huawei: `sub_id` is the slot, counted from 0 (pppscn/SmsForwarder `PhoneUtils.kt`).
    case slotInSubID
    /// As Samsung: `sim_slot` beside `sub_id` (488315/android_samsung_frameworks_base).
    case slotBeside
    /// As Xiaomi: `sub_id` is -1 and `sim_id` is the subscription (pppscn/SmsForwarder `PhoneUtils.kt`).
    case subscriptionBeside

    /// The maker's own column; nil where there is none.
    var name: String? {
        switch self {
        case .subscription, .slotInSubID: nil
        case .slotBeside: "sim_slot"
        case .subscriptionBeside: "sim_id"
        }
    }
}

/// Which queries a build's message provider lets through (aosp-mirror/platform_frameworks_base
/// `core/java/android/database/sqlite/SQLiteQueryBuilder.java`).
package enum VirtualProviderStyle: Sendable, Equatable, CaseIterable {
    /// As AOSP: any expression is a column.
    case open
    /// A projection map: the table's columns only.
    case plainColumns
    /// A projection map and strict grammar: no `LIMIT` either.
    case strictGrammar
}

/// The protocol an adbd speaks.
package enum VirtualProtocol: Sendable, Equatable {
    /// Version 0x01000001, 1 MiB payloads, no sums once both sides know.
    case current
    /// Version 0x01000000, 4096-byte payloads, sums on every message and checked, no features.
    case old

    var version: UInt32 { self == .current ? 0x0100_0001 : 0x0100_0000 }
    var payloadBytesMax: Int { self == .current ? 1 << 20 : 4096 }
}

/// Whether and how hosts must authenticate.
package enum VirtualAuthorization: Sendable, Equatable {
    /// CNXN is answered with CNXN.
    case open
    /// Known keys only; a public key that is offered is not shown to anybody.
    case knownKeys
    /// Known keys, and a dialog for others, which this user answers.
    case asks(VirtualUser)
}

/// What the person in front of the phone does with the dialog.
package enum VirtualUser: Sendable, Equatable {
    /// Ticks "Always allow" and accepts.
    case acceptsAlways
    /// Accepts for this connection.
    case acceptsOnce
    /// Leaves the dialog open until `acceptPrompt` or `denyPrompt` is called.
    case waits
    /// Cancels; the host is told nothing.
    case cancels
}

/// How shell output is cut into WRTE messages. Real phones join and split at any byte.
package enum VirtualPacking: Sendable, Equatable {
    /// One shell packet each.
    case separate
    /// As many as fit.
    case joined
    /// Pieces of this many bytes.
    case pieces(Int)
}
