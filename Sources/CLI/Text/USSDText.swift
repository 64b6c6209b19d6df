import Daemon

/// What came of a USSD code as text.
enum USSDText {
    static func lines(_ report: USSDReport, _ card: SIMReport, _ output: Output) -> [String] {
        let place = report.slot == card.slot ? self.card(card) : "SIM \(report.slot)"
        let title =
            "\(place) of \(Output.clean(report.device)) answered \(Output.clean(report.code, limit: 64)):"
        var lines = [output.styled(title, .bold)]
        lines += report.response.split(separator: "\n", omittingEmptySubsequences: false).map {
            "  " + Output.clean(String($0))
        }
        if report.isMenu {
            lines.append("this is a menu: its dialog stays on the phone until the network ends it")
        }
        lines.append(
            report.event.map { "event \($0)" }
                ?? "its event is still being recorded: \"phonewire events --type ussd\" will show it")
        return lines
    }

    /// A card in a few words: `SIM 1 (carrier)`.
    static func card(_ card: SIMReport) -> String {
        "SIM \(card.slot)" + (card.carrier.isEmpty ? "" : " (\(Output.clean(card.carrier, limit: 40)))")
    }
}
