import Control
import Daemon

/// Phones and SIM cards as text.
enum DeviceText {
    static func table(_ devices: [DeviceReport]) -> Table {
        var table = Table(["NAME", "MODEL", "ANDROID", "STATE", "WHERE", "NOTE"])
        for device in devices {
            let note = [device.detail, device.advice].filter { !$0.isEmpty }.joined(separator: "; ")
            table.add([
                .init(Output.clean(device.name ?? device.serial), .bold), .init(Output.clean(model(device))),
                .init(Output.clean(device.android ?? "")), .init(device.state.rawValue, style(device.state)),
                .init(Output.clean(device.address ?? "")), .init(Output.clean(note)),
            ])
        }
        return table
    }

    static func table(history sims: [SIMReport], _ output: Output) -> Table {
        var table = Table(
            ["PHONE", "SLOT", "LABEL", "NUMBER", "CARRIER", "NETWORK", "ICCID", "SINCE", "UNTIL"], right: [1])
        for sim in sims {
            table.add([
                .init(Output.clean(sim.device), .bold), .init(slot(sim)),
                .init(Output.clean(sim.label ?? "")), .init(Output.clean(sim.number ?? "")),
                .init(Output.clean(sim.carrier)), .init(Output.clean(sim.network)),
                .init(Output.clean(sim.iccid)), .init(output.localTime(sim.since)),
                .init(sim.until.map { output.localTime($0) } ?? "still there"),
            ])
        }
        return table
    }

    static func table(_ sims: [SIMReport]) -> Table {
        var table = Table(["PHONE", "SLOT", "LABEL", "NUMBER", "CARRIER", "NETWORK", "ICCID"], right: [1])
        for sim in sims {
            table.add([
                .init(Output.clean(sim.device), .bold), .init(slot(sim)),
                .init(Output.clean(sim.label ?? "")), .init(Output.clean(sim.number ?? "")),
                .init(Output.clean(sim.carrier)),
                .init(Output.clean(sim.network)), .init(Output.clean(sim.iccid)),
            ])
        }
        return table
    }

    /// The slot; "?" where what the phone tells of the card does not fit together.
    private static func slot(_ sim: SIMReport) -> String { sim.slot > 0 ? String(sim.slot) : "?" }

    /// All about one phone.
    static func lines(_ device: DeviceReport, _ output: Output) -> [String] {
        var rows: [(String, String)] = [
            ("name", device.name ?? ""), ("id", device.id ?? ""), ("serial", device.serial),
            ("model", model(device)), ("android", device.android ?? ""),
            ("state", device.state.rawValue + (device.detail.isEmpty ? "" : ": " + device.detail)),
            ("what to do", device.advice), ("to set on it", (device.setup ?? []).joined(separator: "; ")),
            ("not read", (device.notRead ?? []).joined(separator: "; ")), ("where", device.address ?? ""),
            ("enrolled", device.enrolledAt.map { output.localTime($0) } ?? ""),
            ("last seen", device.lastSeenAt.map { output.localTime($0) } ?? ""),
        ]
        for sim in device.sims {
            let parts = [sim.label ?? "", sim.number ?? "", sim.carrier, sim.network, sim.iccid]
                .filter { !$0.isEmpty }.joined(separator: ", ")
            rows.append(("SIM \(slot(sim))", parts + " since " + output.localTime(sim.since)))
        }
        for task in device.tasks ?? [] {
            rows.append(("\(task.name) now", task.progress ?? ""))
            rows.append(("\(task.name) to put back", task.toPutBack ?? ""))
        }
        if let backfill = device.backfill {
            rows.append(
                ("backfill", DevicesCommands.line(backfill) + " since " + output.localTime(backfill.since)))
        }
        guard let ledger = device.ledger else { return Fields.lines(rows, output) }
        rows += LedgerText.rows(ledger, output)
        let table = LedgerText.table(ledger).lines(output)
        return Fields.lines(rows, output) + (table.isEmpty ? [] : ["", output.styled("SMS", .bold)] + table)
    }

    static func style(_ state: PhoneState) -> Output.Style? {
        switch state {
        case .online: .green
        case .offline, .disabled: .dim
        case .connecting, .authorizing, .identifying: nil
        case .waitingForUser, .limited, .locked: .yellow
        case .busy, .noPermission, .unauthorized, .failing: .red
        }
    }

    private static func model(_ device: DeviceReport) -> String {
        let maker = device.manufacturer ?? ""
        let model = device.model ?? ""
        return model.lowercased().hasPrefix(maker.lowercased()) ? model : maker + " " + model
    }
}
