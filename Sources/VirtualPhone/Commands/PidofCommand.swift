/// `pidof NAME`: the phone process only.
enum PidofCommand {
    static let command = VirtualCommand(name: "pidof") { call, android in
        guard call.arguments.contains("com.android.phone") else { return .exit(1) }
        call.out("\(android.telephony.processID)\n")
        return .exit(0)
    }
}
