/// What a line, or several together, of the phone's log say about USSD. Slots are 0-based here, as the radio's own
/// lines have them.
package enum USSDLogEvent: Sendable, Equatable {
    /// The phone handed a code or a menu answer to the radio of `slot`, as its request `serial`.
    case sent(slot: Int, serial: String)
    /// The radio refused it.
    case sendError(slot: Int, code: Int64)
    /// The network spoke.
    case unsolicited(mode: USSDMode, slot: Int)
    /// What the network said was not an answer to a request of the phone.
    case networkInitiated(slot: Int?)
    /// The phone shows how far it is.
    case state(USSDState, slot: Int?)
    /// The network's text, or the phone's own where `state` said `FAILED` before it. Empty where the network sent none.
    case text(String, isMenu: Bool, slot: Int)
    /// A text that was refused: the log does not say it in exactly one way, or not on which slot.
    case unreadable(PhoneParseError, slot: Int?)
    /// Telecom does not place this code for a computer. Anything on the phone can write this line: a hint.
    case refusedByTelecom(code: String)
}

/// What kind of message the network sent (LineageOS/android_frameworks_opt_telephony `CommandsInterface.java`).
package enum USSDMode: Int, Sendable, Equatable {
    /// The last word.
    case final = 0
    /// A menu, or a question: the network waits.
    case menu = 1
    /// The network ended it without a text.
    case released = 2
    /// Another program answered.
    case otherClient = 3
    /// The network does not know the operation.
    case notSupported = 4
    /// The network waited too long.
    case timedOut = 5
}

/// State of a code as the phone app names it.
package enum USSDState: String, Sendable, Equatable {
    case pending = "PENDING"
    case complete = "COMPLETE"
    case failed = "FAILED"
    case cancelled = "CANCELLED"
}

/// Exact forms of the lines.
enum USSDLogForm {
    /// `[0412]> SEND_USSD ussd = ******* [PHONE0]` (Android 8 to 10 `[SUB0]`, before without `ussd = `),
    /// `[0500]< SEND_USSD error 2 [PHONE0]`, `[UNSL]< UNSOL_ON_USSD 0 [PHONE0]`
    /// (LineageOS/android_frameworks_opt_telephony `RIL.java`); nil for all other lines of the radio.
    static func radio(_ message: ArraySlice<UInt8>) -> USSDLogEvent? {
        var scanner = ByteScanner(message)
        if scanner.accept("[UNSL]< UNSOL_ON_USSD ") {
            guard let digit = scanner.integer(), let mode = USSDMode(rawValue: Int(digit)),
                let slot = slot(&scanner)
            else { return nil }
            return .unsolicited(mode: mode, slot: slot)
        }
        guard scanner.accept("[") else { return nil }
        let serial = scanner.digits()
        guard serial.count == 4 else { return nil }
        if scanner.accept("]> SEND_USSD ") {
            _ = scanner.accept("ussd = ")
            guard scanner.accept("*******"), let slot = slot(&scanner) else { return nil }
            return .sent(slot: slot, serial: String(decoding: serial, as: UTF8.self))
        }
        guard scanner.accept("]< SEND_USSD error "), let code = scanner.integer(),
            let slot = slot(&scanner)
        else { return nil }
        return .sendError(slot: slot, code: code)
    }

    /// ` [PHONE0]` or ` [SUB0]` at the end.
    private static func slot(_ scanner: inout ByteScanner) -> Int? {
        guard scanner.accept(" ["), scanner.accept("PHONE") || scanner.accept("SUB"),
            let slot = scanner.integer(), 0...9 ~= slot, scanner.accept("]"), scanner.isAtEnd
        else { return nil }
        return Int(slot)
    }

    /// `displayMMIComplete: state=COMPLETE`.
    static func state(_ message: ArraySlice<UInt8>) -> USSDState? {
        var scanner = ByteScanner(message)
        guard scanner.accept("displayMMIComplete: state=") else { return nil }
        return USSDState(rawValue: String(decoding: scanner.rest, as: UTF8.self))
    }

    /// `NewOutgoingCallIntentBroadcaster: Potentially dangerous MMI code *#21# with CALL Intent …`
    /// (LineageOS/android_packages_services_Telecomm `NewOutgoingCallIntentBroadcaster.java`, Android 14).
    static func dangerous(_ message: ArraySlice<UInt8>) -> String? {
        var scanner = ByteScanner(message)
        guard scanner.accept("NewOutgoingCallIntentBroadcaster: Potentially dangerous MMI code ") else {
            return nil
        }
        let code = scanner.prefix { USSDCode.isKey($0) }
        guard 1...160 ~= code.count, scanner.accept(" with CALL Intent") else { return nil }
        return String(decoding: code, as: UTF8.self)
    }
}
