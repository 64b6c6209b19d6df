import Base

/// Which SIM card the phone calls with: the user's setting.
package enum VoiceSIM: Sendable, Equatable {
    /// It asks at each call.
    case ask
    /// Android's row for the SIM.
    case subscription(Int)

    /// Reads `settings get global multi_sim_voice_call`: a number, or `-1`, `null` or nothing for "ask"
    /// (LineageOS/android_frameworks_opt_telephony `SubscriptionController.java`); nil for anything else.
    package init?(setting output: [UInt8]) {
        let text = lines(of: output)
        guard text.count <= 1 else { return nil }
        let line = text.first ?? []
        var scanner = ByteScanner(line)
        if line.isEmpty || line.elementsEqual("null".utf8) || line.elementsEqual("-1".utf8) {
            self = .ask
        } else if let number = scanner.integer(), scanner.isAtEnd, 0...Int64(Int32.max) ~= number {
            self = .subscription(Int(number))
        } else {
            return nil
        }
    }
}

/// What `telecom` or `service call` printed when the setting was changed. A success is not a proof: it is printed also for
/// an account that is not there (LineageOS/android_packages_services_Telecomm `PhoneAccountRegistrar.java`).
package enum VoiceSIMChange: Sendable, Equatable {
    /// It says that it was done.
    case done
    /// It says that it was not, in one line for people.
    case failed(String)

    /// Sorts the output of `telecom set-user-selected-outgoing-phone-account`
    /// (OuvrirOS/android_frameworks_base `cmds/telecom/src/com/android/commands/telecom/Telecom.java`).
    package init(telecom output: [UInt8], errorOutput: [UInt8]) {
        let text = lines(of: output)
        if text.count == 1, text[0].starts(with: Array("Success - ".utf8)) {
            self = .done
        } else {
            self = .failed(Self.shown(text + lines(of: errorOutput)))
        }
    }

    /// Sorts the output of `service call isub`: the first word is the exception, 0 for none.
    package init(serviceCall output: [UInt8]) {
        let text = lines(of: output)
        var scanner = ByteScanner(text.first ?? [])
        if text.count == 1, scanner.accept("Result: Parcel(00000000 "), scanner.rest.last == UInt8(ascii: ")")
        {
            self = .done
        } else {
            self = .failed(Self.shown(text))
        }
    }

    private static func shown(_ text: [ArraySlice<UInt8>]) -> String {
        let line = text.first { $0.starts(with: Array("Error".utf8)) } ?? text.first { !$0.isEmpty } ?? []
        return line.isEmpty ? "it said nothing" : PrintableText.escape(LossyText.decode(line))
    }

    /// Whether a `telecom` that was called without arguments lists the command.
    static func isListed(in usage: [UInt8]) -> Bool {
        usage.firstRange(of: Array("set-user-selected-outgoing-phone-account".utf8)) != nil
    }
}

/// A SIM card with its full number (LineageOS/android_packages_providers_TelephonyProvider
/// `src/com/android/providers/telephony/TelephonyProvider.java`; the form of the rows is unverified on Android 8 to 10).
package struct SIMInfoRow: Sendable, Equatable {
    /// Android's row for it.
    package let subscription: Int
    /// The card's number: 10 to 22 hexadecimal digits; nil where the phone does not tell it.
    package let iccid: String?
    /// Slot, 0-based; -1 when the card is out.
    package let slot: Int

    /// Reads the rows of `_id:icc_id:sim_id`.
    ///
    /// Law: these rows in the order printed, or one error. None of the three can hold a line feed.
    package static func parse(_ output: [UInt8]) throws(PhoneParseError) -> [SIMInfoRow] {
        var rows: [SIMInfoRow] = []
        for (number, line) in lines(of: output).enumerated() {
            var scanner = ByteScanner(line)
            guard scanner.accept("Row: "), scanner.integer() == Int64(number), scanner.accept(" _id="),
                let id = scanner.integer(), 0...Int64(Int32.max) ~= id, scanner.accept(", icc_id=")
            else { throw PhoneParseError("SIM row", row: number, offset: line.startIndex) }
            let iccid = scanner.prefix { $0 != UInt8(ascii: ",") }
            guard scanner.accept(", sim_id="), let slot = scanner.integer(), -1...9 ~= slot, scanner.isAtEnd
            else { throw PhoneParseError("SIM row", row: number, offset: line.startIndex) }
            rows.append(
                SIMInfoRow(subscription: Int(id), iccid: Self.number(iccid), slot: Int(slot)))
        }
        return rows
    }

    /// `bytes` as a card's number that may stand in a command.
    static func number(_ bytes: ArraySlice<UInt8>) -> String? {
        guard 10...22 ~= bytes.count, bytes.allSatisfy(\.isHexDigit) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
