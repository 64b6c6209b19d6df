/// What the network answers to a USSD code or to the answer typed into a menu.
///
/// `afterMilliseconds` counts from the sending, by the phone's clock. 0 is at once; a later reply comes when the phone
/// is next asked anything after that time, with the time it was due in its log lines.
package enum VirtualUSSDReply: Sendable, Equatable {
    /// The session ends with this text (mode 0). With an empty one the phone says "MMI complete."
    case final(String, afterMilliseconds: Int64 = 0)
    /// The network wants an answer (mode 1).
    case menu(String, afterMilliseconds: Int64 = 0)
    /// The modem refuses the code (RIL error 2).
    case error(afterMilliseconds: Int64 = 0)
    /// The session ends without a text: 2 the network released it, 3 another client answered, 4 not supported, 5 the
    /// network's time ran out. Other numbers are taken for 4. Source: LineageOS/android_frameworks_opt_telephony
    /// src/java/com/android/internal/telephony/CommandsInterface.java.
    case ended(mode: Int, afterMilliseconds: Int64 = 0)
    /// Nothing ever comes.
    case silence
}

/// A network's side of USSD: 0-based slot and what was sent, a code or an answer. Called under the phone's lock: it must
/// not call the phone.
package typealias VirtualUSSDNetwork = @Sendable (_ slot: Int, _ text: String) -> VirtualUSSDReply

/// Something that was dialled.
package struct VirtualDial: Sendable, Equatable {
    /// Slot index it went out on, 0-based.
    package var slot: Int
    /// The code or number, as the modem got it.
    package var code: String

    package init(slot: Int, code: String) {
        self.slot = slot
        self.code = code
    }
}
