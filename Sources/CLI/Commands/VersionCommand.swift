import Control

/// `phonewire version`.
enum VersionCommand {
    static let spec = CommandSpec(
        "version", "print the version of this program",
        action: .plain { (context) throws(CommandFailure) in try run(context) })

    private struct Report: Encodable { let version = ProductVersion.text }

    static func run(_ context: Context) throws(CommandFailure) -> ExitCode {
        try context.show(Report()) { _ in ["phonewire \(ProductVersion.text)"] }
    }
}
