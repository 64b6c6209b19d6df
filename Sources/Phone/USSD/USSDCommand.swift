/// The commands of a USSD run: all of them stand here. Numbers, a checked code and checked answers are put in, in
/// quotes, and nothing else.
enum USSDCommand {
    /// Longest answer of the phone's log that is read, in bytes; what a run writes is a few kilobytes.
    static let logBytesMax = 512 * 1024

    /// Longest wait for a command.
    static let timeout = Duration.seconds(15)
    /// Most bytes of a short answer.
    private static let smallBytesMax = 64 * 1024

    /// Ids of the processes of the phone app; only their lines of the log are believed.
    static let process = small("pidof com.android.phone")
    /// Whether a call is up.
    static let callState = PhoneCommand(
        "dumpsys telephony.registry", timeout: timeout, outputBytesMax: 4 * 1024 * 1024)
    /// Which window has the focus.
    static let focus = PhoneCommand("dumpsys window", timeout: timeout, outputBytesMax: 8 * 1024 * 1024)
    /// The subscription that calls go out on; `-1` or `null`: the phone asks. Only read: writing it routes nothing
    /// (LineageOS/android_packages_services_Telecomm `PhoneAccountRegistrar.java`).
    static let voiceSubscription = small("settings get global multi_sim_voice_call")
    /// The subcommands that this phone's `telecom` knows.
    static let telecomUsage = small("telecom")
    /// The SIM cards with their full numbers, Android 8 and 9.
    static let simInfo = small(
        "content query --uri content://telephony/siminfo --projection _id:icc_id:sim_id")
    static let back = small("input keyevent 4")
    /// The dialog sends what was typed (LineageOS/android_packages_services_Telephony `PhoneUtils.java`).
    static let enter = small("input keyevent 66")

    /// The Telecom account `id`, a subscription or the card's number, becomes the one for calls. It prints success
    /// whatever happens (LineageOS/android_packages_services_Telecomm `TelecomServiceImpl.java`).
    static func setOutgoing(account id: String) -> PhoneCommand {
        small(
            "telecom set-user-selected-outgoing-phone-account "
                + "com.android.phone/com.android.services.telephony.TelephonyConnectionService \(id) 0")
    }

    /// The phone asks again at each call.
    static let clearOutgoing = small("telecom set-user-selected-outgoing-phone-account")

    /// `ISub.setDefaultVoiceSubId`, whose number is 35 on Android 11 and 12
    /// (Ankits-lab/frameworks_base, OuvrirOS/android_frameworks_base `telephony/java/com/android/internal/telephony/ISub.aidl`);
    /// -1: the phone asks.
    static func setVoice(subscription: Int) -> PhoneCommand {
        small("service call isub 35 i32 \(subscription)")
    }

    /// Writes `token` (hexadecimal digits) into the phone's log.
    static func mark(_ token: String) -> PhoneCommand { small("log -p i -t phonewire-ussd \(token)") }

    /// The log's lines that matter, from `seconds` since 1970 (the phone's clock) on.
    static func log(since seconds: Int64) -> PhoneCommand {
        PhoneCommand(
            "logcat -d -b main -b system -b radio -v epoch -T \(seconds).000 -s phonewire-ussd:I RILJ:D PhoneUtils:D "
                + "GsmMmiCode:D Telecom:W", timeout: timeout, outputBytesMax: logBytesMax)
    }

    /// Dials. The component keeps a chooser of apps away (LineageOS/android_packages_services_Telecomm
    /// `AndroidManifest.xml`).
    static func dial(_ code: USSDCode) -> PhoneCommand {
        small(
            "am start -a android.intent.action.CALL -n com.android.server.telecom/.components.UserCallActivity -d '\(code.link)'"
        )
    }

    /// Types a checked menu answer.
    static func type(_ answer: String) -> PhoneCommand { small("input text '\(answer)'") }

    private static func small(_ text: String) -> PhoneCommand {
        PhoneCommand(text, timeout: timeout, outputBytesMax: smallBytesMax)
    }
}
