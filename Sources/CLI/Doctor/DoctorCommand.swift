import Control
import Daemon

/// `phonewire doctor`.
enum DoctorCommand {
    static let spec = CommandSpec(
        "doctor", "find out what is wrong and what to do",
        details: [
            "Works without the daemon. Looks at USB devices and their permissions, udev, other programs that hold "
                + "phones, the daemon and its phones and webhooks. Ends with "
                + "\(ExitCode.degraded.rawValue) when it found a problem."
        ],
        action: .plain { (context) throws(CommandFailure) in try run(context, tree: SystemTree()) })

    /// What `--json` prints.
    struct Report: Encodable {
        let findings: [DoctorFinding]
        let problems: Int
    }

    static func run(_ context: Context, tree: SystemTree) throws(CommandFailure) -> ExitCode {
        let facts = DoctorInspection(tree: tree).facts(uid: context.uid, daemon: daemon(context))
        let findings = DoctorFindings.judge(facts)
        let problems = findings.count { $0.severity == .problem }
        try context.show(Report(findings: findings, problems: problems)) { output in
            findings.flatMap { lines($0, output) } + ["", summary(problems)]
        }
        return problems == 0 ? .ok : .degraded
    }

    private static func daemon(_ context: Context) -> DoctorFacts.Daemon {
        do throws(CommandFailure) {
            return .running(try context.call(GetStatus()))
        } catch {
            guard case .failed(let code, let message, _) = error else { return .failing("output closed") }
            switch code {
            case .notRunning: return .notRunning(message)
            case .noPermission: return .noPermission(message)
            default: return .failing(message)
            }
        }
    }

    private static func lines(_ finding: DoctorFinding, _ output: Output) -> [String] {
        let mark =
            switch finding.severity {
            case .ok: output.styled("ok     ", .green)
            case .note: output.styled("note   ", .yellow)
            case .problem: output.styled("PROBLEM", .red)
            }
        let first = mark + "  " + Output.clean(finding.text)
        return finding.fix.isEmpty ? [first] : [first, "         " + Output.clean(finding.fix)]
    }

    private static func summary(_ problems: Int) -> String {
        switch problems {
        case 0: "no problem found"
        case 1: "1 problem found"
        default: "\(problems) problems found"
        }
    }
}
