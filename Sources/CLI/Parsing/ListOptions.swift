import Control

/// Options that lists share.
enum ListOptions {
    /// `--limit` and `--before`.
    static let specs: [OptionSpec] = [
        .value(
            "limit", "N",
            "most rows, 1 to \(ControlLimits.listRowsMax), \(ControlLimits.listRowsDefault) when not said"),
        .value("before", "ID", "only what is older than this id"),
    ]

    static func limit(_ invocation: Invocation) throws(CommandFailure) -> Int {
        try invocation.number(
            "limit", in: 1...ControlLimits.listRowsMax, standard: ControlLimits.listRowsDefault)
    }

    static func before(_ invocation: Invocation) throws(CommandFailure) -> Int64? {
        guard invocation.value("before") != nil else { return nil }
        return Int64(try invocation.number("before", in: 1...Int.max, standard: 0))
    }

    /// Says on standard error how to see the rest, when there is more.
    static func sayMore(_ more: Bool, last: Int64?, _ output: Output) {
        if more, let last, !output.json { output.message("there is more: --before \(last)") }
    }
}
