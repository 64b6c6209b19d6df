/// `cat`: the few files of the phone, or its own input.
enum CatCommand {
    static let command = VirtualCommand(name: "cat") { call, android in
        guard !call.arguments.isEmpty else { return .copyInput }
        var status: UInt8 = 0
        for path in call.arguments {
            switch path {
            case "/proc/sys/kernel/random/boot_id": call.out(android.bootID + "\n")
            case "/dev/null": break
            default:
                call.error("cat: \(path): No such file or directory\n")
                status = 1
            }
        }
        return .exit(status)
    }
}
