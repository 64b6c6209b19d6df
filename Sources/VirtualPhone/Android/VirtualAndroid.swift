/// The state of the small Android behind a virtual phone. Owned by one `VirtualPhone`, touched only under its lock.
final class VirtualAndroid {
    /// The fixed facts of the phone.
    let setup: VirtualPhoneSetup
    var providerStyle: VirtualProviderStyle
    /// The store behind `content://sms`.
    let messages: SMSStore
    /// The buffers behind `logcat`.
    var logs = LogBuffers()
    /// Inserted cards and those that were here before.
    var sims: [VirtualSIM]
    /// Until the first unlock after a boot the message store cannot be opened.
    var locked: Bool
    /// What `content` may read.
    var messageAccess: VirtualMessageAccess
    /// New at each boot.
    var bootID: String
    /// Battery level, percent.
    var batteryLevel: Int
    /// Programs that never end (a fault).
    var hanging: Set<String> = []
    /// What this phone has stored and served.
    var counters = VirtualCounters()
    /// The phone's random numbers.
    var random: SeededRandom
    /// Whether the SMS app writes no subscription.
    var forgetsCard = false
    /// The card number that the service tells for every card, where it is not the card's.
    var toldICCID: String?
    /// Deliveries that wait for the first unlock.
    var heldDeliveries: [SMSDelivery] = []
    /// Rows that the messaging app has not stored yet, oldest first.
    var delayedRows: [(dueMilliseconds: Int64, row: VirtualSMS)] = []
    /// What the apps have posted.
    var notifications = NotificationBoard()
    /// Number of the last part in the raw table.
    var lastRawID: Int64 = 0
    /// SIMs for calls, USSD, the screen.
    var telephony: Telephony

    init(setup: VirtualPhoneSetup) {
        self.setup = setup
        providerStyle = setup.providerStyle
        messages = SMSStore(
            androidRelease: setup.androidRelease, cardColumn: setup.cardColumn.name, path: setup.messageFile)
        sims = setup.sims
        locked = setup.locked
        messageAccess = setup.messageAccess
        batteryLevel = setup.batteryLevel
        random = SeededRandom(seed: setup.seed)
        bootID = Self.newBootID(&random)
        telephony = Telephony(setup: setup)
    }

    /// The phone's wall clock, in milliseconds since 1970.
    var nowMilliseconds: Int64 { setup.clock() }

    /// Android's API level.
    var sdk: Int { setup.sdk }

    /// The SIM in `slot`.
    func sim(inSlot slot: Int?) -> VirtualSIM? {
        guard let slot else { return nil }
        return sims.first { $0.slot == slot }
    }

    /// A boot: new boot id, empty logs.
    func boot(locked: Bool) {
        bootID = Self.newBootID(&random)
        logs.clear()
        notifications.empty()
        telephony.boot(locked: locked)
        self.locked = locked
        if !locked { unlock() }
    }

    private static func newBootID(_ random: inout SeededRandom) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (index, byte) in random.bytes(16).enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            let value = index == 6 ? byte & 0x0F | 0x40 : index == 8 ? byte & 0x3F | 0x80 : byte
            text += [digits[Int(value >> 4)], digits[Int(value & 15)]]
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// What the shell may read of the message store.
package enum VirtualMessageAccess: Sendable, Equatable {
    /// READ_SMS is held, as on Android 10 and later.
    case allowed
    /// READ_SMS is not held, as on AOSP 6 to 9: an exception on the error output.
    case denied
    /// The app op READ_SMS is "ignore": every query answers an empty cursor.
    case ignored
    /// A tablet without telephony: no such provider.
    case noProvider
}

/// What a virtual phone has stored and served. All count from the phone's creation.
package struct VirtualCounters: Sendable, Equatable {
    /// Messages that arrived (`receiveSMS`).
    package var messagesReceived = 0
    /// Rows written to the store, restored and sent ones included.
    package var rowsStored = 0
    /// Rows deleted by `deleteSMS` and `wipe`.
    package var rowsDeleted = 0
    /// Rows printed by `content query`.
    package var rowsServed = 0
    /// Notifications posted under a new key.
    package var notificationsPosted = 0
    /// Posts that replaced a notification.
    package var notificationsUpdated = 0
    /// Notifications that apps took back.
    package var notificationsCancelled = 0
    /// Steps of SQLite's machine in these queries: their cost, without a clock.
    package var querySteps = 0
    /// Programs run, by name (only those the phone has).
    package var commands: [String: Int] = [:]
    /// Time spent in them, by name, in nanoseconds: the phone's share of a benchmark.
    package var commandNanoseconds: [String: Int64] = [:]
    /// Links made (`connect` and TCP connections).
    package var links = 0
    /// Sessions that got as far as the device's CNXN.
    package var sessions = 0
    /// Streams opened.
    package var streams = 0
    /// Signatures that a known key had made.
    package var signaturesAccepted = 0
    /// Signatures of no known key.
    package var signaturesRefused = 0
    /// Dialogs shown to the user.
    package var prompts = 0
    /// Messages dropped because nothing made sense of them: bad magic, too long, out of place.
    package var dropped = 0
    /// Bytes received from hosts.
    package var bytesReceived = 0
    /// Bytes handed to hosts.
    package var bytesSent = 0
}
