/// `service call isub N i32 SUB` and `service call iphonesubinfo N i32 SUB s16 … s16 …`: the binder calls that are played here.
///
/// `IPhoneSubInfo`: 14 the card's number, 16 its phone number (same AIDL files); a parcel's dump as
/// LineageOS/android_frameworks_native libs/binder/Debug.cpp prints it.
/// `ISub.setDefaultVoiceSubId` is 35 on Android 11 and 12 (Ankits-lab/frameworks_base, OuvrirOS/android_frameworks_base
/// telephony/java/com/android/internal/telephony/ISub.aidl) and 32 on 14 (from decompiled stubs). Every other number is
/// answered as one that the service does not have; on a real phone neighbouring numbers set other things.
enum ServiceCommand {
    static let command = VirtualCommand(name: "service") { call, android in
        let words = Array(call.arguments)
        guard words.count >= 3, words[0] == "call", let code = Int(words[2]) else {
            call.error("service: usage: service call SERVICE CODE [i32 N | s16 STR | ...] ...\n")
            return .exit(10)
        }
        if words[1] == "iphonesubinfo" { return subscriberInfo(code, words, &call, android) }
        guard words[1] == "isub" else {
            call.error("service: Service \(words[1]) does not exist\n")
            return .exit(10)
        }
        guard code == setDefaultVoice(android.setup.androidRelease), words.count == 5, words[3] == "i32",
            let id = Int(words[4])
        else {
            call.out("Result: Parcel(Error: 0xffffffffffffffb6 \"Not a data message\")\n")
            return .exit(0)
        }
        android.setDefaultVoiceSubscription(id)
        call.out("Result: Parcel(00000000    '....')\n")
        return .exit(0)
    }

    private static func subscriberInfo(
        _ code: Int, _ words: [String], _ call: inout VirtualCall, _ android: VirtualAndroid
    ) -> VirtualCommandEnd {
        guard android.setup.androidRelease >= 11, [14, 16].contains(code), words.count == 9,
            words[3] == "i32",
            let id = Int(words[4])
        else {
            call.out("Result: Parcel(Error: 0xffffffffffffffb6 \"Not a data message\")\n")
            return .exit(0)
        }
        let sim = android.sims.first { $0.subscriptionID == id }
        let text = code == 14 ? android.toldICCID ?? sim?.iccid : sim?.number
        call.out(parcel(text, release: android.setup.androidRelease))
        return .exit(0)
    }

    /// The dump of a parcel without exception that holds one text; nil: the null text.
    private static func parcel(_ text: String?, release: Int) -> String {
        let tab = release >= 14 ? "\t" : ""
        guard let text else { return "Result: Parcel(\(tab)00000000 ffffffff   '........')\n" }
        var units = Array(text.utf16) + [0]
        if units.count % 2 == 1 { units.append(0) }
        var words: [UInt32] = [0, UInt32(text.utf16.count)]
        for index in stride(from: 0, to: units.count, by: 2) {
            words.append(UInt32(units[index]) | UInt32(units[index + 1]) << 16)
        }
        func hex(_ value: UInt32) -> String {
            let digits = String(value, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }
        let indent = release >= 14 ? "" : "  "
        var lines: [String] = []
        for start in stride(from: 0, to: words.count, by: 4) {
            let row = words[start..<min(start + 4, words.count)].map { hex($0) + " " }.joined()
            let padded = row + String(repeating: " ", count: 36 - row.utf8.count)
            lines.append(
                "\(indent)0x\(hex(UInt32(start * 4))): \(padded)'\(String(repeating: ".", count: 16))'")
        }
        return "Result: Parcel(\(tab)\n" + lines.joined(separator: "\n") + ")\n"
    }

    private static func setDefaultVoice(_ release: Int) -> Int? {
        switch release {
        case 11, 12: 35
        case 14: 32
        default: nil
        }
    }
}
