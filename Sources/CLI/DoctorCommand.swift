/// `phonewire doctor`.
enum DoctorCommand {
    static let spec = CommandSpec(
        "doctor", "find out what is wrong and what to do",
        action: .plain { (context) throws(CommandFailure) in .ok })
}
