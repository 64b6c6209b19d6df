/// USSD between the phone process, the modem and the network.
///
/// Source of the order of events: LineageOS/android_frameworks_opt_telephony
/// src/java/com/android/internal/telephony/GsmCdmaPhone.java (`onIncomingUSSD`, `onMMIDone`).
extension VirtualAndroid {
    private static let activity = "com.android.phone/.MMIDialogActivity"
    private static let connectionProblem = "Connection problem or invalid MMI code."

    /// Lets what the network was to send by now arrive. Called before anything else happens to the phone.
    func passTime() {
        guard !telephony.arrivals.isEmpty else { return }
        let now = nowMilliseconds
        while let index = telephony.arrivals.indices.min(by: {
            (telephony.arrivals[$0].due, $0) < (telephony.arrivals[$1].due, $1)
        }), telephony.arrivals[index].due <= now {
            let arrival = telephony.arrivals.remove(at: index)
            arrive(arrival.what, at: arrival.due)
        }
    }

    /// A code goes out on `slot`.
    func startUSSD(_ code: DialString, slot: Int, at time: Int64) {
        Telephony.remember(VirtualDial(slot: slot, code: code.text), in: &telephony.dialled)
        logDialling(code, slot: slot, at: time)
        let number = telephony.add(slot: slot, code: code)
        let serial = sent(slot: slot, at: time)
        showSpinner(slot: slot, at: time)
        logInitiated(code, at: time)
        answer(telephony.network(slot, code.text), number: number, serial: serial, slot: slot, at: time)
    }

    /// A service command (forwarding, barring, ...): it is no USSD, and its result is not played here.
    func startServiceCode(_ code: DialString, slot: Int, at time: Int64) {
        Telephony.remember(VirtualDial(slot: slot, code: code.text), in: &telephony.serviceCodes)
        logDialling(code, slot: slot, at: time)
        logInitiated(code, at: time)
    }

    /// The user sends what stands in a menu's field.
    func answerMenu(slot: Int, text: String) {
        let time = nowMilliseconds
        let number = telephony.add(slot: slot, code: nil)
        let serial = sent(slot: slot, at: time)
        answer(telephony.network(slot, text), number: number, serial: serial, slot: slot, at: time)
        focusChanged(reason: "setFocusedWindow", at: time)
    }

    /// Something from the network that nobody asked for.
    func pushUSSD(slot: Int, text: String, menu: Bool) {
        arrive(.ussd(slot: slot, mode: menu ? 1 : 0, text: text), at: nowMilliseconds)
    }

    private func sent(slot: Int, at time: Int64) -> Int {
        let serial = telephony.nextSerial()
        logSent(serial: serial, slot: slot, at: time)
        return serial
    }

    private func answer(_ reply: VirtualUSSDReply, number: Int, serial: Int, slot: Int, at time: Int64) {
        func later(_ milliseconds: Int64, _ what: Telephony.Arrival) {
            telephony.expect(what, after: milliseconds, at: time)
        }
        if case .error(let delay) = reply {
            later(delay, .refused(number: number, serial: serial))
        } else {
            logAnswered(serial: serial, slot: slot, at: time)
            switch reply {
            case .final(let text, let delay): later(delay, .ussd(slot: slot, mode: 0, text: text))
            case .menu(let text, let delay): later(delay, .ussd(slot: slot, mode: 1, text: text))
            case .ended(let mode, let delay):
                later(delay, .ussd(slot: slot, mode: (2...5).contains(mode) ? mode : 4, text: ""))
            case .error, .silence: break
            }
        }
        passTime()
    }

    private func arrive(_ what: Telephony.Arrival, at time: Int64) {
        switch what {
        case .refused(let number, let serial):
            guard let index = telephony.pending.firstIndex(where: { $0.number == number }) else { return }
            let pending = telephony.pending.remove(at: index)
            logAnswered(serial: serial, slot: pending.slot, error: 2, at: time)
            finish(pending, "FAILED", Self.connectionProblem, at: time)
        case .ussd(let slot, let mode, let text):
            logUnsolicited(mode: mode, slot: slot, at: time)
            guard mode <= 1 else {
                end(mode: mode, slot: slot, at: time)
                return
            }
            if let index = telephony.pending.firstIndex(where: { $0.slot == slot }) {
                let pending = telephony.pending.remove(at: index)
                if setup.androidRelease >= 8 {
                    if text.isEmpty {
                        logPhone(
                            "radio", "GsmMmiCode",
                            "onUssdFinished: no network provided message; using default.", at: time)
                    }
                    logPhone("radio", "GsmMmiCode", "onUssdFinished: ussdMessage=\(text)", at: time)
                }
                finish(
                    pending, mode == 1 ? "PENDING" : "COMPLETE", text.isEmpty ? "MMI complete." : text,
                    at: time)
            } else if !text.isEmpty {
                arriveUnasked(slot: slot, menu: mode == 1, text: text, at: time)
            }
        }
    }

    /// A request of ours is over: the text goes to the screen, the spinner goes away unless a menu is open.
    private func finish(_ pending: Telephony.Pending, _ state: String, _ text: String?, at time: Int64) {
        logNotified(pending.code, state: state, at: time)
        logComplete(text, state: state, at: time)
        logActivity(pending.code, state: state, at: time)
        let spinner = state == "PENDING" ? nil : telephony.screen.close { $0 == .running(slot: pending.slot) }
        if let spinner { logFinished(spinner, Self.activity, at: time) }
        if let text { showDialog(text, slot: pending.slot, menu: state == "PENDING", at: time) }
        if let spinner { logDestroyed(spinner, Self.activity, at: time) }
    }

    /// A session ends without a text: released, which shows nothing, or failed.
    private func end(mode: Int, slot: Int, at time: Int64) {
        guard let index = telephony.pending.firstIndex(where: { $0.slot == slot }) else { return }
        let pending = telephony.pending.remove(at: index)
        if setup.androidRelease >= 8 {
            logPhone("radio", "GsmMmiCode", mode == 2 ? "onUssdRelease" : "onUssdFinishedError", at: time)
        }
        if mode == 2 {
            finish(pending, "COMPLETE", nil, at: time)
        } else {
            finish(pending, "FAILED", Self.connectionProblem, at: time)
        }
    }

    /// The user closes what the telephone shows; a menu is closed with its button "Cancel".
    func closeDialogs() {
        let time = nowMilliseconds
        while telephony.screen.resultText != nil { closeResult() }
        while let window = telephony.screen.close({ if case .menu = $0 { true } else { false } }) {
            guard case .menu(let slot, _) = window.kind else { continue }
            logCancelled(serial: telephony.nextSerial(), slot: slot, at: time)
            finish(Telephony.Pending(number: 0, slot: slot, code: nil), "CANCELLED", nil, at: time)
        }
    }

    private func arriveUnasked(slot: Int, menu: Bool, text: String, at time: Int64) {
        let state = menu ? "PENDING" : "COMPLETE"
        logPhone(
            "radio", "GsmCdmaPhone", "onNetworkInitiatedUssd: mmi=\(describe(nil, state))", at: time,
            level: "V")
        logComplete(text, state: state, at: time)
        if setup.androidRelease >= 11 {
            logPhone("main", "PhoneUtils", "playSound : RINGER_MODE_NORMAL", at: time)
        }
        showDialog(text, slot: slot, menu: menu, at: time)
    }

    // MARK: the screen

    private func showSpinner(slot: Int, at time: Int64) {
        var window = newWindow(.running(slot: slot))
        window.token = 10_000_000 + Int(telephony.random.next() % 900_000_000)
        window.task = 200 + Int(telephony.random.next() % 100)
        telephony.screen.show(window)
        logCreated(window, Self.activity, intent: "NULL,NULL,NULL", flags: 276_824_064, at: time)
        logResumed(window, Self.activity, at: time)
        focusChanged(reason: "Window became focusable. Previous reason: NOT_VISIBLE", at: time)
    }

    /// While a result dialog is open the next result is shown above the older ones, in a new dialog from Android 11 on
    /// and in the same one before.
    private func showDialog(_ text: String, slot: Int, menu: Bool, at time: Int64) {
        if menu {
            telephony.screen.show(newWindow(.menu(slot: slot, field: "")))
        } else {
            let older = telephony.screen.resultText
            if older != nil, setup.androidRelease <= 10 { closeResult() }
            let shown = older.map { "\(text)\n----------\n\($0)" } ?? text
            telephony.screen.show(newWindow(.result(text: shown)))
        }
        focusChanged(reason: "setFocusedWindow", at: time)
    }

    /// Closes the newest result dialog.
    func closeResult() {
        telephony.screen.close { if case .result = $0 { true } else { false } }
    }

    func newWindow(_ kind: PhoneScreen.Window.Kind) -> PhoneScreen.Window {
        PhoneScreen.Window(kind: kind, hash: telephony.newHash())
    }

    /// Tells the events buffer who has the focus now, if it is a window of the telephone.
    func focusChanged(reason: String, at time: Int64) {
        guard case .window(let window) = telephony.screen.focus(release: setup.androidRelease) else { return }
        logFocus(window.hash, WindowDump.name(of: window.kind), reason: reason, at: time)
    }
}
