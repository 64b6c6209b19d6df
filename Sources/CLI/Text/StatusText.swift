import Control
import Daemon

/// A status report as text.
enum StatusText {
    /// Problems shown.
    static let problemsMax = 10

    static func lines(_ report: StatusReport, _ output: Output) -> [String] {
        let daemon = report.daemon
        let uptime = Quantity.duration(milliseconds: daemon.now.milliseconds - daemon.startedAt.milliseconds)
        let store = report.store
        var lines = [
            "phonewire \(Output.clean(daemon.version)), pid \(daemon.pid), running for \(uptime)",
            "store \(Output.clean(daemon.stateFolder)): \(store.events) events, "
                + Quantity.bytes(store.databaseBytes),
            "deliveries: \(store.pending) pending, \(store.delivered) delivered, \(store.dead) dead"
                + age(", oldest pending for ", store.oldestPendingAt, now: daemon.now),
            "", output.styled("PHONES", .bold),
        ]
        lines += report.devices.isEmpty ? ["no phone yet: plug one in, or see \"phonewire doctor\""] : []
        lines += report.devices.isEmpty ? [] : DeviceText.table(report.devices).lines(output)
        let sims = report.devices.flatMap(\.sims)
        if !sims.isEmpty {
            lines += ["", output.styled("SIMS", .bold)] + DeviceText.table(sims).lines(output)
        }
        let ledgers = ledgers(report.devices)
        if !ledgers.isEmpty { lines += ["", output.styled("SMS", .bold)] + ledgers.lines(output) }
        lines += ["", output.styled("WEBHOOKS", .bold)]
        lines +=
            report.webhooks.isEmpty
            ? ["none yet: \"phonewire webhooks add NAME URL\""]
            : WebhookText.table(report.webhooks, now: daemon.now, output).lines(output)
        if !report.problems.isEmpty {
            lines += ["", output.styled("PROBLEMS", .bold)]
            for problem in report.problems.prefix(problemsMax) {
                let about = [problem.device, problem.webhook].compactMap(\.self).map { Output.clean($0) }
                let place = about.isEmpty ? "" : about.joined(separator: ", ") + ": "
                lines.append(output.localTime(problem.at) + "  " + place + Output.clean(problem.text))
            }
        }
        if !report.degraded.isEmpty {
            lines += ["", output.styled("NEEDS ATTENTION", .yellow)]
            lines += report.degraded.map { Output.clean($0) }
        }
        return lines
    }

    private static func ledgers(_ devices: [DeviceReport]) -> Table {
        var table = Table(
            ["PHONE", "SLOT"] + LedgerText.countHeads + ["GAPS"], right: [1, 2, 3, 4, 5, 6, 7, 8])
        for device in devices {
            guard let ledger = device.ledger else { continue }
            let name = Table.Cell(Output.clean(device.name ?? device.serial), .bold)
            let missing = Table.Cell(String(ledger.missingIDs))
            if ledger.cards.isEmpty, ledger.missingIDs > 0 {
                table.add(
                    [name] + Array(repeating: Table.Cell(""), count: 1 + LedgerText.countHeads.count) + [
                        missing
                    ])
            }
            for (index, card) in ledger.cards.enumerated() {
                // Ids do not tell which card they were of.
                let gaps = index == 0 ? missing : Table.Cell("")
                table.add([name, LedgerText.slot(card)] + LedgerText.counts(card) + [gaps])
            }
        }
        return table
    }

    private static func age(_ words: String, _ moment: Timestamp?, now: Timestamp) -> String {
        moment.map { words + Quantity.duration(milliseconds: now.milliseconds - $0.milliseconds) } ?? ""
    }
}
