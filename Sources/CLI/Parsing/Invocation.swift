/// A parsed command line.
package struct Invocation: Sendable {
    /// What was asked for.
    package enum Request: Sendable {
        case command(CommandSpec)
        /// Help on the words given; empty for all of it.
        case help([String])
        case version
    }

    /// What was asked for.
    package let request: Request
    /// The options of every command.
    package let global: GlobalOptions
    let options: [String: [String]]
    let positionals: [String]

    /// The positional at `index`; nil when it was left out.
    func positional(_ index: Int) -> String? {
        positionals.indices.contains(index) ? positionals[index] : nil
    }

    /// The positional at `index`, which the parser has checked to be there.
    func required(_ index: Int) throws(CommandFailure) -> String {
        guard let value = positional(index) else { throw .usage("an argument is missing") }
        return value
    }

    /// Whether the flag `name` was given.
    func flag(_ name: String) -> Bool { options[name] != nil }

    /// The value of the option `name`; nil when it was not given.
    func value(_ name: String) -> String? { options[name]?.last }

    /// The whole number behind `--name`, within `range`; `standard` when it was not given.
    func number(_ name: String, in range: ClosedRange<Int>, standard: Int) throws(CommandFailure) -> Int {
        guard let text = value(name) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            throw .usage(
                "--\(name) \(text): not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The positional at `index` as the number of an event or a delivery.
    func identifier(_ index: Int) throws(CommandFailure) -> Int64 {
        let text = try required(index)
        guard let number = Int64(text), number > 0 else {
            throw .usage("\(text): not a number", hint: "ids are whole numbers, as the lists show them")
        }
        return number
    }
}
