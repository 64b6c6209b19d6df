/// What becomes of a dialled string: Telecom's refusals, the choice of the SIM, a USSD session or a voice call.
///
/// Sources: LineageOS/android_packages_services_Telecomm src/com/android/server/telecom/CallsManager.java,
/// NewOutgoingCallIntentBroadcaster.java, MmiUtils.java.
extension VirtualAndroid {
    static let inCallScreen = "com.google.android.dialer/com.android.incallui.InCallActivity"
    static let dialer = "com.google.android.dialer/.extensions.GoogleDialtactsActivity"
    private static let noAccountScreen = "com.android.server.telecom/.components.ErrorDialogActivity"
    private static let emergencyNumbers: Set<String> = ["112", "911"]

    /// Active cards, by slot.
    var activeSIMs: [VirtualSIM] { (0..<setup.slots).compactMap { sim(inSlot: $0) } }

    /// A CALL intent from the shell, which is neither the default nor the system's dialer.
    func placeCall(_ number: String, intent: String) {
        let time = nowMilliseconds
        let code = DialString(number)
        if let refusal = refusal(of: code, intent: intent) {
            logs.append(
                to: "system", at: time, process: Self.systemProcess, thread: Self.systemProcess, level: "W",
                tag: "Telecom", message: "NewOutgoingCallIntentBroadcaster: \(refusal): TSI.hCI->CIP.pOCI@AAk"
            )
            show(Self.dialer, overKeyguard: false, at: time)
            return
        }
        let active = activeSIMs
        guard let first = active.first else {
            show(Self.noAccountScreen, overKeyguard: false, at: time)
            return
        }
        let chosen =
            active.count == 1
            ? first : active.first { $0.subscriptionID == telephony.outgoingSubscription }
        guard let chosen, let slot = chosen.slot else {
            // The default dialer asks for the SIM; nothing is dialled before the answer.
            show(Self.inCallScreen, overKeyguard: true, at: time)
            return
        }
        dial(code, slot: faultySlot ?? slot, at: time)
    }

    private var faultySlot: Int? {
        telephony.faults.lazy.compactMap { if case .routesTo(let slot) = $0 { slot } else { nil } }.first
    }

    private func dial(_ code: DialString, slot: Int, at time: Int64) {
        switch code.kind {
        case .ussd: startUSSD(code, slot: slot, at: time)
        case .supplementaryService: startServiceCode(code, slot: slot, at: time)
        case .voiceCall:
            Telephony.remember(VirtualDial(slot: slot, code: code.text), in: &telephony.voiceCalls)
            telephony.callStates[slot] = 2
            show(Self.inCallScreen, overKeyguard: true, at: time)
        }
    }

    private func refusal(of code: DialString, intent: String) -> String? {
        if Self.emergencyNumbers.contains(code.text) {
            return
                "Cannot call potential emergency number \(code.text) with CALL Intent \(intent) unless caller is "
                + "system or default dialer."
        }
        guard setup.androidRelease >= 14, code.isDangerous else { return nil }
        return
            "Potentially dangerous MMI code \(code.text) with CALL Intent \(intent) can only be sent if caller is "
            + "the system or default dialer"
    }

    /// Brings an activity of another app to the front.
    func show(_ component: String, overKeyguard: Bool, at time: Int64) {
        telephony.screen.close { $0 == .activity(component, overKeyguard: overKeyguard) }
        var window = newWindow(.activity(component, overKeyguard: overKeyguard))
        window.token = 10_000_000 + Int(telephony.random.next() % 900_000_000)
        window.task = 300 + Int(telephony.random.next() % 100)
        telephony.screen.show(window)
        logCreated(window, component, intent: "NULL,NULL,NULL", flags: 276_824_064, at: time)
        logResumed(window, component, at: time)
        focusChanged(reason: "Window became focusable. Previous reason: NOT_VISIBLE", at: time)
    }

    // MARK: the default SIM for calls

    /// Telecom's own default is set; for a SIM it tells the telephony service, and since Android 10 also when it is
    /// cleared.
    ///
    /// Source: LineageOS/android_packages_services_Telecomm src/com/android/server/telecom/PhoneAccountRegistrar.java
    /// `setUserSelectedOutgoingPhoneAccount` (lineage-16.0, 17.1, 21.0).
    func setOutgoingAccount(_ subscription: Int?) {
        guard !telephony.faults.contains(.telecomIgnores) else { return }
        telephony.outgoingSubscription = subscription
        if subscription != nil || setup.androidRelease >= 10 { telephony.setVoiceSubscription(subscription) }
    }

    /// The telephony service's default is set, as by `ISub.setDefaultVoiceSubId`: any number is stored; Telecom's default
    /// is cleared when it is not an active card.
    func setDefaultVoiceSubscription(_ id: Int) {
        guard !telephony.faults.contains(.telecomIgnores) else { return }
        telephony.setVoiceSubscription(id < 0 ? nil : id)
        telephony.outgoingSubscription = activeSIMs.first { $0.subscriptionID == id }?.subscriptionID
    }

    /// After cards were changed: a default whose card is gone is none, and a single card is the default.
    /// Unverified: that all versions do this (lineage-17.1 and later do, in MultiSimSettingController.java).
    func simsChanged() {
        let active = activeSIMs.map(\.subscriptionID)
        if let old = telephony.voiceSubscription, active.contains(old), active.count > 1 { return }
        let only = active.count == 1 ? active.first : nil
        guard only != telephony.voiceSubscription else { return }
        telephony.setVoiceSubscription(only)
        telephony.outgoingSubscription = only
    }
}
