extension VirtualCommand {
    /// All programs of the phone. A new one is listed here and nowhere else.
    static let all: [VirtualCommand] =
        [
            ContentCommand.command, DumpsysCommand.command, GetpropCommand.command, SettingsCommand.command,
            LogcatCommand.command, DateCommand.command, CatCommand.command,
            AmCommand.command, InputCommand.command, LogCommand.command, PidofCommand.command,
            ServiceCommand.command, TelecomCommand.command, PermissionCommands.appops, PermissionCommands.pm,
        ] + BuiltinCommands.all

    /// The programs by name.
    static let named: [String: VirtualCommand] = Dictionary(
        all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
}
