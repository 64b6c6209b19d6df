import Control
import Daemon
import Glibc

/// `phonewire devices backfill` and `devices repair`.
extension DevicesCommands {
    /// Time between two looks at a backfill, in seconds.
    private static let lookSeconds: UInt32 = 1

    static let backfill = CommandSpec(
        "devices backfill", "read older messages from a phone and forward them",
        details: [
            "Reads the SMS that the phone holds since a date, those from before phonewire met it too, and forwards each to the "
                + "webhooks that want it and have not had it. Nothing is forwarded twice. New messages go first.",
            "The daemon goes on when this command is ended (Ctrl-C) and after a restart; the same command without --since follows "
                + "it again. A date is of the phone's clock: \(SinceInput.forms).",
            "A message of that time has its SIM slot only where its card was never seen in another.",
        ],
        positionals: [device],
        options: [
            .value("since", "DATE", "messages of this date and newer"),
            .value("to", "WEBHOOK", "only for this webhook"),
            .flag("detach", "begin and return at once"),
            .flag("stop", "end the one under way; what was forwarded stays so"),
        ],
        examples: [
            (
                "devices backfill reception --since 7d",
                "everything of the last week that was not forwarded yet"
            ),
            (
                "devices backfill reception --since all --to archive",
                "every message on the phone, to one webhook"
            ),
        ],
        action: .plain { (context) throws(CommandFailure) in try runBackfill(context) })

    private static func runBackfill(_ context: Context) throws(CommandFailure) -> ExitCode {
        let invocation = context.invocation
        let name = try invocation.required(0)
        let client = try context.connect()
        if invocation.flag("stop") {
            guard invocation.value("since") == nil, invocation.value("to") == nil else {
                throw .usage(
                    "devices backfill: --stop ends the one under way and takes neither --since nor --to")
            }
            let report = try client.call(StopBackfill(name: name))
            return try context.show(report) { _ in
                [
                    report.isDone
                        ? "nothing to stop: it is done, \(report.read) messages were read"
                        : "stopped after \(report.read) messages; what was forwarded stays so"
                ]
            }
        }
        if let text = invocation.value("since") {
            guard let since = SinceInput.moment(text, now: now()) else {
                throw .usage("devices backfill: --since is a date: \(SinceInput.forms)")
            }
            let report = try client.call(
                BackfillDevice(name: name, since: since, webhook: invocation.value("to")))
            if invocation.flag("detach") {
                return try context.show(report) { _ in
                    ["begun; \"phonewire devices backfill \(Output.clean(name))\" follows it"]
                }
            }
        } else if invocation.value("to") != nil {
            throw .usage("devices backfill: --to needs --since")
        }
        return try follow(name, client, context)
    }

    private static func follow(
        _ name: String, _ client: ControlClient, _ context: Context
    ) throws(CommandFailure) -> ExitCode {
        let output = context.output
        var first: (at: Timestamp, read: Int64)?
        while true {
            let report = try client.call(BackfillState(name: name))
            if report.isDone {
                return try context.show(report) { _ in
                    [
                        "done: \(report.read) messages read; what a webhook had already is not sent again. "
                            + "\"phonewire deliveries\" shows what becomes of the others"
                    ]
                }
            }
            let time = now()
            let start = first ?? (time, report.read)
            first = start
            if !output.json { output.message(line(report, since: start, now: time)) }
            sleep(lookSeconds)
        }
    }

    /// How far it is, how fast, and how long it will take.
    static func line(_ report: BackfillReport, since start: (at: Timestamp, read: Int64), now: Timestamp)
        -> String
    {
        var line = line(report)
        let milliseconds = now.milliseconds - start.at.milliseconds
        let read = report.read - start.read
        guard milliseconds > 0, read > 0 else { return line }
        line += ", \(read * 1000 / milliseconds) a second"
        if let total = report.total, total > report.read {
            let left = (total - report.read) * milliseconds / read
            line += ", \(Quantity.duration(milliseconds: left)) left"
        }
        return line
    }

    /// How far it is.
    static func line(_ report: BackfillReport) -> String {
        "\(report.read)" + (report.total.map { " of \($0)" } ?? "") + " messages"
            + (report.waitsForPhone ? "; waits for the phone" : "")
    }

    private static func now() -> Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    static let repair = CommandSpec(
        "devices repair", "try to let phonewire read the SMS of a phone that refuses it",
        details: [
            "Changes two settings of the phone's own shell (com.android.shell): the app operation READ_SMS, then the permission of "
                + "that name. Both are the phone's settings and stay until it is reset. Nothing is tried where its SMS can be read.",
            "Phones of some makers refuse these commands until a switch in their developer options is on; the answer says which.",
        ],
        positionals: [device],
        options: [.flag("yes", "do not ask")],
        examples: [("devices repair reception", "asks, then tries")],
        action: .plain { (context) throws(CommandFailure) in
            let name = try context.invocation.required(0)
            try confirmRepair(name, context)
            let report = try context.call(RepairDevice(name: name))
            let code = try context.show(report) { _ in
                report.steps.map { Output.clean($0.command) + ": " + Output.clean($0.answer) }
                    + [
                        report.isReadable
                            ? "its SMS can be read" : "its SMS cannot be read. " + Output.clean(report.advice)
                    ]
            }
            return report.isReadable ? code : .failed
        })

    private static func confirmRepair(_ name: String, _ context: Context) throws(CommandFailure) {
        if context.invocation.flag("yes") { return }
        let what = "settings of the shell of \(Output.clean(name))"
        guard let answer = context.ask("This may change \(what) (READ_SMS). Go on? [y/N] ") else {
            throw .failed(
                .refused, message: "this may change \(what): nothing was changed",
                hint: "there is no terminal to ask on: say --yes")
        }
        guard ["y", "yes"].contains(answer.lowercased()) else {
            throw .failed(.refused, message: "nothing was changed", hint: "")
        }
    }
}
