/// The log lines of the telephone, in the words of each Android version.
///
/// Sources: LineageOS/android_frameworks_opt_telephony `RIL.java`, `GsmCdmaPhone.java`, `gsm/GsmMmiCode.java`
/// (lineage-15.1 to 22.0), LineageOS/android_packages_services_Telephony `PhoneUtils.java`,
/// `MMIDialogActivity.java`; event tags of frameworks/base `EventLogTags.logtags`. Up to Android 7 the texts are behind
/// a debug constant.
extension VirtualAndroid {
    private var release: Int { setup.androidRelease }
    /// Thread of the phone process that reads the modem.
    private var modemThread: Int { telephony.processID + 168 }
    /// Process id of system_server.
    static let systemProcess = 1144

    /// Adds a line of com.android.phone.
    func logPhone(
        _ buffer: String, _ tag: String, _ message: String, at time: Int64, level: Character = "D",
        fromModem: Bool = false
    ) {
        logs.append(
            to: buffer, at: time, process: telephony.processID,
            thread: fromModem ? modemThread : telephony.processID, level: level, tag: tag, message: message)
    }

    /// `PHONEn` from Android 11, `SUBn` before; n is the slot.
    private func place(_ slot: Int) -> String { "[\(release >= 11 ? "PHONE" : "SUB")\(slot)]" }

    private func serialText(_ serial: Int) -> String { LogFollower.padLeft(String(serial), 4, with: "0") }

    func logSent(serial: Int, slot: Int, at time: Int64) {
        let request = release >= 8 ? "SEND_USSD ussd = *******" : "SEND_USSD *******"
        logPhone("radio", "RILJ", "[\(serialText(serial))]> \(request) \(place(slot))", at: time)
    }

    /// The modem's answer to a request: no result, or an error number.
    func logAnswered(serial: Int, slot: Int, error: Int? = nil, at time: Int64) {
        let result = error.map { "error \($0)" } ?? ""
        logPhone(
            "radio", "RILJ", "[\(serialText(serial))]< SEND_USSD \(result) \(place(slot))", at: time,
            fromModem: true)
    }

    func logCancelled(serial: Int, slot: Int, at time: Int64) {
        logPhone("radio", "RILJ", "[\(serialText(serial))]> CANCEL_USSD \(place(slot))", at: time)
        logPhone(
            "radio", "RILJ", "[\(serialText(serial))]< CANCEL_USSD  \(place(slot))", at: time, fromModem: true
        )
    }

    func logUnsolicited(mode: Int, slot: Int, at time: Int64) {
        logPhone("radio", "RILJ", "[UNSL]< UNSOL_ON_USSD \(mode) \(place(slot))", at: time, fromModem: true)
    }

    /// The phone starts a code or a service command.
    func logDialling(_ code: DialString, slot: Int, at time: Int64) {
        let text = "dialing w/ mmi '\(describe(code, "PENDING"))'..."
        let line =
            switch release {
            case ...7: text
            case 8: "[GsmCdmaPhone] dialInternal: \(text)"
            default: "[\(slot)] dialInternal: \(text)"
            }
        logPhone("radio", "GsmCdmaPhone", line, at: time)
    }

    /// Android 6 and 7 print the code in clear.
    func describe(_ code: DialString?, _ state: String) -> String {
        guard let code else { return "GsmMmiCode {State=\(state)}" }
        let text = code.description(state: state)
        return release >= 8 ? text : text.replacing("poundString=[****]", with: "poundString=\(code.text)")
    }

    /// The spinner, or the toast of a service command.
    func logInitiated(_ code: DialString, at time: Int64) {
        let activity = "MMIDialogActivity"
        logPhone("main", activity, "onCreate; registering for mmi complete.", at: time)
        logPhone("main", activity, "showMMIDialog: mmiCode = \(describe(code, "PENDING"))", at: time)
        guard release >= 8 else { return }
        logPhone("main", "PhoneUtils", "displayMMIInitiate: \(release >= 9 ? "[****]" : "***")", at: time)
        let what =
            code.kind == .ussd
            ? "running USSD code, displaying intermediate progress."
            : "not a USSD code, displaying status toast."
        logPhone("main", "PhoneUtils", "displayMMIInitiate: \(what)", at: time)
    }

    func logNotified(_ code: DialString?, state: String, at time: Int64) {
        logPhone(
            "radio", "GsmCdmaPhone", "onMMIDone: notifying registrants: \(describe(code, state))", at: time,
            level: "I")
    }

    /// A result or a menu on its way to the screen.
    func logComplete(_ text: String?, state: String, at time: Int64) {
        guard release >= 8 else { return }
        let shown = text ?? "null"
        func line(_ message: String) {
            logPhone("main", "PhoneUtils", "displayMMIComplete\(message)", at: time)
        }
        line(": state=\(state)")
        if state == "PENDING" {
            line(": using text from PENDING MMI message: '\(shown)'")
            line(": USSD code has requested user input. Constructing input dialog.")
        } else {
            if state != "CANCELLED" { line(" (failed): using text from MMI message: '\(shown)'") }
            line(": MMI code has finished running.")
            line(": Extended NW displayMMIInitiate (\(shown))")
        }
    }

    /// The spinner's activity hears of it.
    func logActivity(_ code: DialString?, state: String, at time: Int64) {
        let activity = "MMIDialogActivity"
        logPhone("main", activity, "onMMIComplete: mmi=\(describe(code, state))", at: time)
        if state == "PENDING" {
            logPhone("main", activity, "onMMIComplete: still pending.", at: time)
        } else {
            let prefix = release >= 8 ? "onMMIComplete: " : ""
            logPhone("main", activity, "\(prefix)Got MMI_COMPLETE, finishing dialog activity...", at: time)
            logPhone("main", activity, "dismissDialogsAndFinish", at: time, level: "V")
        }
    }

    // MARK: events

    /// Process id of an app's activities, other than the phone's.
    private static let appProcess = 3344

    private func event(_ tag: String, _ message: String, process: Int = systemProcess, at time: Int64) {
        logs.append(
            to: "events", at: time, process: process, thread: process, level: "I", tag: tag, message: message)
    }

    /// `[token,class,reason]`; before Android 11 `[user,class,reason]`, where the
    /// oldest have no reason (Unverified: since when); from 14 with a duration behind.
    private func stage(
        _ name: String, of window: PhoneScreen.Window, _ component: String, reason: String, at time: Int64
    ) {
        let process = component.hasPrefix("com.android.phone/") ? telephony.processID : Self.appProcess
        let first = release >= 11 ? window.token : 0
        let oldReason =
            reason == "RESUME_ACTIVITY"
            ? (release >= 8 ? "LAUNCH_ACTIVITY" : nil) : (release >= 9 ? reason : nil)
        let third = release >= 11 ? ",\(reason)" : oldReason.map { ",\($0)" } ?? ""
        let duration = release >= 14 ? ",0" : ""
        event(
            "\(release >= 11 ? "wm" : "am")_\(name)", "[\(first),\(className(component))\(third)\(duration)]",
            process: process, at: time)
    }

    /// An activity comes up. `data` is what stands between the component and the flags.
    func logCreated(
        _ window: PhoneScreen.Window, _ component: String, intent: String, flags: Int, at time: Int64
    ) {
        event(
            release >= 11 ? "wm_create_activity" : "am_create_activity",
            "[0,\(window.token),\(window.task),\(component),\(intent),\(flags)]", at: time)
        if release >= 11 {
            stage("on_create_called", of: window, component, reason: "performCreate", at: time)
        }
    }

    func logResumed(_ window: PhoneScreen.Window, _ component: String, at time: Int64) {
        stage("on_resume_called", of: window, component, reason: "RESUME_ACTIVITY", at: time)
    }

    func logFinished(_ window: PhoneScreen.Window, _ component: String, at time: Int64) {
        event(
            release >= 11 ? "wm_finish_activity" : "am_finish_activity",
            "[0,\(window.token),\(window.task),\(component),app-request]", at: time)
        stage("on_paused_called", of: window, component, reason: "performPause", at: time)
    }

    func logDestroyed(_ window: PhoneScreen.Window, _ component: String, at time: Int64) {
        guard release >= 11 else { return }
        stage("on_destroy_called", of: window, component, reason: "performDestroy", at: time)
    }

    /// Unverified: that the ` (server)` is gone from Android 14 on (it is on newer releases).
    func logFocus(_ hash: String, _ name: String, reason: String, at time: Int64) {
        guard release >= 11 else { return }
        let server = release >= 14 ? "" : " (server)"
        event("input_focus", "[Focus entering \(hash) \(name)\(server),reason=\(reason)]", at: time)
    }

    /// `package/.Class` as `package.Class`, `package/full.Class` as it is.
    private func className(_ component: String) -> String {
        let parts = component.split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else { return component }
        return String(parts[1].hasPrefix(".") ? parts[0] + parts[1] : parts[1])
    }
}
