/// `date +%s`: the phone's clock.
enum DateCommand {
    static let command = VirtualCommand(name: "date") { call, android in
        let now = android.nowMilliseconds
        switch call.arguments.first {
        case "+%s"?: call.out("\(now / 1000)\n")
        case nil: call.out(CivilTime.fullText(now) + "Z\n")
        default:
            call.error("date: the virtual phone knows only +%s\n")
            return .exit(1)
        }
        return .exit(0)
    }
}
