/// `dumpsys telephony.registry`: the call state of each slot, shortened.
///
/// Unverified: written from memory of frameworks/base services/core/java/com/android/server/TelephonyRegistry.java
/// `dump`; only the `mCallState=N` lines are meant to be read.
enum TelephonyRegistryDump {
    static func text(_ android: VirtualAndroid) -> String {
        var lines = ["last known state:"]
        for slot in 0..<android.setup.slots {
            lines += [
                "  Phone Id=\(slot)", "    mCallState=\(android.telephony.callStates[slot] ?? 0)",
                "    mCallIncomingNumber=", "    mVoiceActivationState= 0", "    mDataActivationState= 0",
                "    mMessageWaiting=false", "    mCallForwarding=false", "    mDataActivity=0",
            ]
        }
        lines += ["local logs:", "registrations: count=0", ""]
        return lines.joined(separator: "\n")
    }
}
