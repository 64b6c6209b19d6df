import Events

/// Which sources and tasks of one phone do not work; what is said of the phone is the sum of them.
struct SourceStates: Sendable {
    private struct Block {
        var text: String
        var locked: Bool
    }

    private var blocks: [SourceName: Block] = [:]

    /// `source` can be read.
    mutating func reading(_ source: SourceName) { blocks[source] = nil }

    /// `source` cannot be read, because of `text`; `locked`: until the phone is unlocked.
    mutating func blocked(_ source: SourceName, _ text: String, locked: Bool) {
        blocks[source] = Block(text: text, locked: locked)
    }

    /// The phone's state, and one sentence about it.
    var sum: (state: PhoneState, detail: String) {
        guard !blocks.isEmpty else { return (.online, "") }
        let texts = blocks.sorted { $0.key < $1.key }.map { "\($0.key.rawValue): \($0.value.text)" }
        let state: PhoneState = blocks.values.contains { $0.locked } ? .locked : .limited
        return (state, texts.joined(separator: "; "))
    }
}
