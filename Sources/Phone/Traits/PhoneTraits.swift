package import Events

/// What a phone can do and what its owner has to switch on, told from its identity.
///
/// The only code that compares API levels or names a maker. Everything that is particular to a version or to a maker is a row
/// of one of the three tables below, with where it is known from; a new one is a row here and nothing anywhere else.
package struct PhoneTraits: Sendable, Equatable {
    /// Something that only some phones do.
    package enum Ability: Sendable, Hashable {
        /// The redacted list of notifications gives the length of every text in it.
        case notificationLengths
        /// The phone's log holds the texts of USSD answers.
        case ussdTexts
        /// `content` prints numbers of 64 bits whole.
        case wideNumbers
        /// `logcat` prints moments as seconds since 1970, and takes a pattern.
        case logMoments
        /// The shell may read the call log.
        case callLog
        /// The table of what the radio brought keeps texts, and what was handed over for an hour.
        case rawTexts
        /// Messages are shown whether or not the phone knows their SIM card.
        case messagesWithoutCard
    }

    /// How the SIM card for calls is chosen.
    package enum VoiceSIMRoute: Sendable, Equatable {
        /// With the `telecom` command, by the card's number; some phones do not have the command.
        case telecomByCardNumber
        /// With a call of the service `isub`, by the subscription.
        case serviceCall
        /// With the `telecom` command, by the subscription.
        case telecomBySubscription
    }

    /// How the SIM card for calls is chosen.
    package let voiceSIMRoute: VoiceSIMRoute
    /// How the details of SIM cards are asked for; nil where no way is known.
    package let simDetails: SIMDetails.Route?
    private let abilities: Set<Ability>
    private let apiLevel: Int
    private let maker: Maker?
    /// Names the build (`ro.build.fingerprint`): what was found out about it by asking holds as long as this stays. Empty where the
    /// phone does not tell it.
    let build: String

    /// What is known of phones of this identity.
    package init(_ identity: PhoneIdentity) {
        apiLevel = identity.apiLevel
        build = identity.fingerprint
        let manufacturer = identity.manufacturer.lowercased()
        maker = Self.makers.first { $0.manufacturers.contains(manufacturer) }
        let versions = Self.versions.filter { $0.apiLevels.contains(identity.apiLevel) }
        abilities = Set(versions.compactMap(\.ability))
        simDetails = versions.compactMap(\.simDetails).first
        voiceSIMRoute = versions.compactMap(\.voiceSIMRoute).first ?? .telecomByCardNumber
    }

    // MARK: Versions

    /// What phones of some versions of Android do.
    struct Version {
        let apiLevels: ClosedRange<Int>
        var ability: Ability?
        var voiceSIMRoute: VoiceSIMRoute?
        var simDetails: SIMDetails.Route?
        /// Where it is known from.
        let knownFrom: String
    }

    static let versions: [Version] = [
        Version(
            apiLevels: 33...Int.max, ability: .notificationLengths,
            knownFrom: "AOSP `services/core/java/com/android/server/notification/NotificationRecord.java`"),
        Version(
            apiLevels: 26...Int.max, ability: .ussdTexts,
            knownFrom: "LineageOS/android_packages_services_Telephony `PhoneUtils.java`"),
        Version(
            apiLevels: 24...Int.max, ability: .wideNumbers,
            knownFrom: "CyanogenMod/android_frameworks_base `cmds/content` (cm-13.0 and cm-14.1)"),
        Version(
            apiLevels: 24...Int.max, ability: .logMoments,
            knownFrom: "LineageOS/android_system_core `logcat/logcat.cpp` (cm-13.0 and cm-14.1)"),
        Version(
            apiLevels: 24...Int.max, ability: .rawTexts,
            knownFrom:
                "aosp-mirror/platform_packages_providers_telephonyprovider `MmsSmsDatabaseHelper.java` (nougat and later)"
        ),
        Version(
            apiLevels: 33...Int.max, ability: .callLog,
            knownFrom:
                "`packages/Shell/AndroidManifest.xml` of LineageOS/android_frameworks_base (13) and bluestacks/frameworks-base-a16; not in that of ResurrectionRemix (10)"
        ),
        Version(
            apiLevels: 0...33, ability: .messagesWithoutCard,
            knownFrom:
                "LineageOS/android_packages_providers_TelephonyProvider `SmsProvider.java` (lineage-21.0 hides them)"
        ),
        Version(
            apiLevels: 0...29, simDetails: .table,
            knownFrom:
                "LineageOS/android_packages_providers_TelephonyProvider `TelephonyProvider.java` (cm-13.0 to lineage-17.1)"
        ),
        // Not called on newer ones before somebody has read their codes: setters stand beside them.
        Version(
            apiLevels: 30...36, simDetails: .service,
            knownFrom:
                "`telephony/java/com/android/internal/telephony/IPhoneSubInfo.aidl` of Ankits-lab/frameworks_base (11) and OuvrirOS/android_frameworks_base (12), public reports for 16"
        ),
        Version(
            apiLevels: 33...Int.max, voiceSIMRoute: .telecomBySubscription,
            knownFrom: "LineageOS/android_packages_services_Telecomm `PhoneAccountRegistrar.java`"),
        Version(
            apiLevels: 30...32, voiceSIMRoute: .serviceCall,
            knownFrom:
                "OuvrirOS/android_frameworks_base `telephony/java/com/android/internal/telephony/ISub.aidl`"),
        Version(
            apiLevels: 0...29, voiceSIMRoute: .telecomByCardNumber,
            knownFrom:
                "OuvrirOS/android_frameworks_base `cmds/telecom/src/com/android/commands/telecom/Telecom.java`"
        ),
    ]

    /// Why the phone does not have `ability`, one sentence for people; nil where it has it.
    package func lack(of ability: Ability) -> String? {
        guard !abilities.contains(ability) else { return nil }
        return switch ability {
        case .notificationLengths:
            "app notifications are read on Android 13 and later; this phone has API level \(apiLevel)"
        case .ussdTexts: "USSD needs Android 8 or later: older phones do not tell the answer"
        case .callLog: "missed calls are read on Android 13 and later; this phone has API level \(apiLevel)"
        case .messagesWithoutCard: "Android 14 and later hide messages of SIM cards they do not know"
        case .wideNumbers: "Android 6 prints only the last 32 bits of a date"
        case .rawTexts: "Android 6 keeps no texts of what the radio brought"
        case .logMoments: "the log of Android 6 has no dates with a year"
        }
    }

    /// What cannot be read on this phone because of its version, sentences for people.
    package var notRead: [String] {
        [Ability.notificationLengths, .callLog, .ussdTexts].compactMap { lack(of: $0) }
    }

    // MARK: Makers

    /// What the phones of a maker need besides USB debugging.
    struct Maker: Equatable {
        /// `ro.product.manufacturer`, in lower case.
        let manufacturers: Set<String>
        /// The switch in developer options that lets the shell read and press keys; nil where that needs none.
        let shellSwitch: String?
        /// All there is to set, for people.
        let setup: [String]
        /// Where its SMS rows name the SIM card; nil where it does what Android does.
        var messageCard: SMSDialect.Card?
        /// Where it is known from.
        let knownFrom: String
    }

    static let makers: [Maker] = [
        Maker(
            manufacturers: ["xiaomi", "redmi", "poco"], shellSwitch: "\"USB debugging (Security settings)\"",
            setup: ["in developer options, switch \"USB debugging (Security settings)\" on"],
            messageCard: .simID,
            knownFrom:
                "Genymobile/scrcpy issues 70 and 3824; for the card pppscn/SmsForwarder `PhoneUtils.kt`"),
        Maker(
            manufacturers: ["huawei", "honor"], shellSwitch: nil, setup: [], messageCard: .slotInSubID,
            knownFrom: "pppscn/SmsForwarder `PhoneUtils.kt`, rows of 2025 in public reports"),
        Maker(
            manufacturers: ["oppo", "realme", "oneplus"], shellSwitch: "\"Disable permission monitoring\"",
            setup: ["in developer options, switch \"Disable permission monitoring\" on"],
            knownFrom: "RikkaApps/Shizuku issue 374, appium/appium issue 13802"),
        Maker(
            manufacturers: ["samsung"], shellSwitch: nil,
            setup: ["switch Auto Blocker off: it blocks commands over USB"],
            knownFrom: "seen in public reports"),
    ]

    /// Where its SMS rows name the SIM card, as far as its maker is known for it.
    var messageCard: SMSDialect.Card { maker?.messageCard ?? .subscription }

    /// What has to be set on this phone, besides USB debugging: sentences for people.
    package var setup: [String] {
        (maker?.setup ?? []) + ["unlock it once after each restart: its messages cannot be read before"]
    }

    /// What to do where the phone answers the shell's queries with nothing, or refuses them.
    package var allowReading: String {
        if let name = maker?.shellSwitch { return "in developer options, switch \(name) on" }
        return "in developer options, allow what its maker calls USB debugging (security settings) or "
            + "disable permission monitoring"
    }

    /// That the phone does not let the shell read SMS, and what to do.
    package var smsDenied: String {
        let remedy =
            maker?.shellSwitch.map { "\($0) in developer options" }
            ?? "USB debugging (security settings) or a like switch in developer options"
        return
            "the phone does not let the shell read SMS (Android 6 to 9 only do where the maker added it; later ones need \(remedy))"
    }

    /// What to do where the phone takes no keys from the computer; a sentence of its own without a full stop.
    package var allowKeys: String {
        if let name = maker?.shellSwitch { return "Switch on \(name) in its developer options" }
        return "If the phone has it, switch on \"USB debugging (Security settings)\" in its developer options"
    }

    // MARK: Apps

    /// A package that posts notifications in the name of other apps.
    struct PushService {
        let package: String
        /// The extras that name the app it posts for; the first that is there counts.
        let targetKeys: [StaticString]
        /// Where it is known from.
        let knownFrom: String
    }

    /// Told by package alone, whoever made the phone.
    static let pushServices: [PushService] = [
        PushService(
            package: "com.xiaomi.xmsf",
            targetKeys: ["miui.targetPkg", "xmsf_target_package", "target_package"],
            knownFrom: "public MiPush code and the System UI of its phones")
    ]

    /// Where the notifications of `package` name the app they are posted for: keys of extras, the first that is there
    /// counts. Empty for all packages that are not a push service: any app can write such extras into its own.
    static func pushTargetKeys(_ package: String) -> [StaticString] {
        pushServices.first { $0.package == package }?.targetKeys ?? []
    }
}
