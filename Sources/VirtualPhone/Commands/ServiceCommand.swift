/// `service call isub N i32 SUB`: the one binder call that is played here.
///
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

    private static func setDefaultVoice(_ release: Int) -> Int? {
        switch release {
        case 11, 12: 35
        case 14: 32
        default: nil
        }
    }
}
