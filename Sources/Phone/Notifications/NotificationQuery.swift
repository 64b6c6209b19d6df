/// The commands that read a phone's notifications: constants, into which nothing from outside ever gets.
enum NotificationQuery {
    /// The list without texts: what no sender has a say in. Phones that do not know `--dump-priority` print the whole dump
    /// (AOSP `NotificationManagerService.DumpFilter`, which passes over arguments it does not know).
    static let redacted = PhoneCommand("dumpsys notification --dump-priority CRITICAL", timeout: .seconds(20))
    /// The same with the texts.
    static let values = PhoneCommand(
        "dumpsys notification --dump-priority CRITICAL --noredact", timeout: .seconds(20))
}
