import Control
import Daemon

/// `phonewire sims …`.
enum SIMsCommands {
    static let specs = [list]

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
}
