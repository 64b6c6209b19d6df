/// `dumpsys telecom`: the part `PhoneAccountRegistrar`.
///
/// Sources: LineageOS/android_packages_services_Telecomm src/com/android/server/telecom/PhoneAccountRegistrar.java
/// (`dump`); account ids are masked by telecom's `Log.pii` up to 15 (Unverified: 13 to 15), in clear on 16.
enum TelecomDump {
    static let component = "com.android.phone/com.android.services.telephony.TelephonyConnectionService"

    static func text(_ android: VirtualAndroid) -> String {
        let release = android.setup.androidRelease
        let outgoing = android.telephony.outgoingSubscription
        let active = android.activeSIMs
        let chosen = active.count == 1 ? active.first?.subscriptionID : outgoing
        var lines = [
            "CallsManager: ", "  mCalls: ", "  mCallAudioManager:", "    All calls:",
            "PhoneAccountRegistrar: ",
            "  xmlVersion: \(release >= 16 ? 10 : 9)", "  defaultOutgoing: \(text(of: outgoing, android))",
        ]
        if release >= 13 { lines.append("  outgoingPhoneAccountForTelScheme: \(text(of: chosen, android))") }
        if release >= 14 { lines.append("  defaultVoiceSubId: \(android.telephony.voiceSubscription ?? -1)") }
        lines += ["  simCallManager: null", "  phoneAccounts:"]
        lines += active.map { "    [[X] PhoneAccount: \(account($0, android))]" }
        lines.append("    test emergency PhoneAccount filter: []")
        lines += release >= 16 ? ["  localVoicemailTimeouts:"] : ["Analytics:", "  Historical Calls:"]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func account(_ sim: VirtualSIM, _ android: VirtualAndroid) -> String {
        let release = android.setup.androidRelease
        let new = release >= 16
        let video = "android.telecom.extra.SUPPORTS_VIDEO_CALLING_FALLBACK=true"
        let extras = new ? video : "android.telecom.extra.SORT_ORDER=\(sim.slot ?? -1), \(video)"
        return
            "\(text(of: sim.subscriptionID, android)) Capabilities: \(new ? "" : "SuppVideo ")CallProvider MultiUser "
            + "PlaceEmerg SimSub  Audio Routes: BESW Schemes: tel voicemail  Extras: Bundle[{\(extras)}] GroupId: ***"
            + (new ? " SC Restrictions: [ ]" : "")
    }

    /// A handle as `toString` prints it.
    private static func text(of subscription: Int?, _ android: VirtualAndroid) -> String {
        guard let subscription else { return "none" }
        return handle(id: accountID(subscription, android) ?? "", android)
    }

    static func handle(id: String, _ android: VirtualAndroid) -> String {
        "ComponentInfo{\(component)}, \(android.setup.androidRelease >= 16 ? id : "***"), UserHandle{0}"
    }

    /// The account's id: the ICCID up to Android 12, the subscription id from 13 on.
    static func accountID(_ subscription: Int, _ android: VirtualAndroid) -> String? {
        android.setup.androidRelease >= 13
            ? String(subscription) : android.sims.first { $0.subscriptionID == subscription }?.iccid
    }
}
