import Control
import Daemon

/// `phonewire sims …`.
enum SIMsCommands {
    static let specs = [list, set]

    private static let list = CommandSpec(
        "sims list", "the SIM cards in the phones",
        options: [
            .value("device", "PHONE", "only this phone, by name, id or serial"),
            .flag("history", "also the cards that were in its slots before, newest first"),
        ],
        isDefault: true,
        action: .plain { (context) throws(CommandFailure) in
            let device = context.invocation.value("device")
            let history = context.invocation.flag("history")
            let report =
                history
                ? try context.call(ListSIMHistory(device: device))
                : try context.call(ListSIMs(device: device))
            return try context.show(report, whenEmpty: "no SIM card is known") { output in
                (history ? DeviceText.table(history: report.sims, output) : DeviceText.table(report.sims))
                    .lines(output)
            }
        })

    private static let set = CommandSpec(
        "sims set", "set what a SIM card is called, and its phone number",
        details: [
            "They belong to the card that is in the slot now and follow it: into the other slot, and into another phone where "
                + "both phones tell its whole ICCID. Events carry them from now on; recorded events keep what they have. "
                + "An empty text takes a setting away.",
            "Many cards do not know their own number; what the phone knows is shown where nothing is set.",
        ],
        positionals: [
            PositionalSpec("PHONE", "a phone by name, id or serial"), PositionalSpec("SLOT", "1 or 2"),
        ],
        options: [
            .value("label", "TEXT", "what to call the card"),
            .value("number", "NUMBER", "its phone number"),
        ],
        examples: [
            (
                "sims set reception 2 --label sales --number +447700900123",
                "the card in slot 2 is called sales"
            )
        ],
        action: .plain { (context) throws(CommandFailure) in
            let label = context.invocation.value("label")
            let number = context.invocation.value("number")
            guard label != nil || number != nil else { throw .usage("sims set: name --label or --number") }
            guard let slot = Int(try context.invocation.required(1)), slot > 0 else {
                throw .usage("sims set: SLOT is a number, 1 for the first")
            }
            let report = try context.call(
                SetSIM(
                    device: try context.invocation.required(0), slot: slot, label: label, number: number))
            return try context.show(report) { output in DeviceText.table([report]).lines(output) }
        })
}
