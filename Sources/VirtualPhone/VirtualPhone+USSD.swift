/// What the user and the network do with the phone's telephone.
extension VirtualPhone {
    /// Sets what the network answers from now on; before the first call every code is an error.
    package func setUSSDNetwork(_ answer: @escaping VirtualUSSDNetwork) {
        change { $0.core.android.telephony.network = answer }
    }

    /// The network sends a text that nobody asked for; `menu`: it wants an answer. If a request waits for its reply on
    /// that slot, the phone takes the text for it.
    package func pushUSSD(slot: Int, text: String, menu: Bool = false) {
        change { $0.core.android.pushUSSD(slot: slot, text: text, menu: menu) }
    }

    /// The user's SIM for calls, by subscription id; nil asks each time. This is the telephony service's value, which
    /// Telecom's own default follows (see the README for when it does not).
    package var voiceSubscription: Int? { change { $0.core.android.telephony.voiceSubscription } }

    /// Telecom's own default account for calls, by subscription id: the one that calls follow. nil asks each time.
    package var outgoingSubscription: Int? { change { $0.core.android.telephony.outgoingSubscription } }

    /// The user chooses the SIM for calls; nil: ask every time.
    package func setVoiceSubscription(_ id: Int?) {
        change { state in
            state.core.android.telephony.setVoiceSubscription(id)
            state.core.android.telephony.outgoingSubscription = id
        }
    }

    /// Puts the lock screen up or down.
    package func setKeyguard(_ up: Bool) { change { $0.core.android.telephony.screen.keyguard = up } }

    /// The state of calls on a slot: 0 idle, 1 ringing, 2 off the hook.
    package func setCallState(_ state: Int, slot: Int = 0) {
        change { $0.core.android.telephony.callStates[slot] = state }
    }

    /// USSD codes that went out, in order.
    package var dialled: [VirtualDial] { change { $0.core.android.telephony.dialled } }

    /// Numbers that were called, in order. A code whose `#` was not written as `%23` ends here.
    package var voiceCalls: [VirtualDial] { change { $0.core.android.telephony.voiceCalls } }

    /// Service commands (forwarding, barring, PIN, ...) that were run, in order.
    package var serviceCodes: [VirtualDial] { change { $0.core.android.telephony.serviceCodes } }

    /// What `input text` wrote into the field of a menu, in order.
    package var typed: [String] { change { $0.core.android.telephony.typed } }

    /// What was typed, ENTER as a newline, while the lock screen had the focus. A daemon that leaves anything here has
    /// put digits into a PIN pad.
    package var typedAtKeyguard: [String] { change { $0.core.android.telephony.typedAtKeyguard } }

    /// What was typed, ENTER as a newline, into any other window.
    package var typedElsewhere: [String] { change { $0.core.android.telephony.typedElsewhere } }

    /// Whether a dialog of the phone app, a menu or a result, is open.
    package var showsUSSDDialog: Bool {
        change { state in
            state.core.android.telephony.screen.windows.contains { window in
                switch window.kind {
                case .menu, .result: true
                case .running, .activity: false
                }
            }
        }
    }

    /// The user closes the telephone's dialogs: results with OK, menus with Cancel, which ends their session.
    package func closeUSSDDialogs() { change { $0.core.android.closeDialogs() } }

    /// The text on the open result dialog: the newest result above older ones that nobody has closed.
    package var ussdResultOnScreen: String? { change { $0.core.android.telephony.screen.resultText } }

    /// An app writes a line to the phone's log, under its own process id.
    package func writeLog(
        buffer: String = "main", tag: String, message: String, level: Character = "D", process: Int = 10432
    ) {
        change { state in
            let android = state.core.android
            android.logs.append(
                to: buffer, at: android.nowMilliseconds, process: process, thread: process, level: level,
                tag: tag,
                message: message)
        }
    }
}
