/// Words that the shell itself knows, as far as scripts for phones use them.
enum BuiltinCommands {
    static let all: [VirtualCommand] = [
        VirtualCommand(name: "echo") { call, _ in
            var words = call.arguments
            let bare = words.first == "-n"
            if bare { words.removeFirst() }
            call.out(words.joined(separator: " ") + (bare ? "" : "\n"))
            return .exit(0)
        },
        VirtualCommand(name: "printf") { call, _ in
            guard let format = call.arguments.first else {
                call.error("printf: needs a format\n")
                return .exit(1)
            }
            call.out(formatted(format, Array(call.arguments.dropFirst())))
            return .exit(0)
        },
        VirtualCommand(name: "true") { _, _ in .exit(0) },
        VirtualCommand(name: ":") { _, _ in .exit(0) },
        VirtualCommand(name: "false") { _, _ in .exit(1) },
        // No time passes on this phone while a script runs.
        VirtualCommand(name: "sleep") { _, _ in .exit(0) },
        VirtualCommand(name: "id") { call, _ in
            call.out("uid=2000(shell)\n")
            return .exit(0)
        },
    ]

    /// `%s`, `%d` and `%%`, `\n`, `\t`, `\\`; the format is used once.
    private static func formatted(_ format: String, _ arguments: [String]) -> String {
        var rest = arguments[...]
        var out = ""
        var characters = Array(format.unicodeScalars)[...]
        while let scalar = characters.popFirst() {
            let next = characters.first
            switch (scalar, next) {
            case ("%", "s"?), ("%", "d"?):
                out += rest.popFirst() ?? (next == "d" ? "0" : "")
                characters.removeFirst()
            case ("%", "%"?), ("\\", "\\"?):
                out.unicodeScalars.append(scalar)
                characters.removeFirst()
            case ("\\", "n"?):
                out += "\n"
                characters.removeFirst()
            case ("\\", "t"?):
                out += "\t"
                characters.removeFirst()
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
