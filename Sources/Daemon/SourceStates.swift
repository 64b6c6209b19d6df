import Control
import Events
import Synchronization

/// Which sources of one phone cannot be read; what is said of the phone is the sum of them.
final class SourceStates: Sendable {
    private struct Block {
        var text: String
        var locked: Bool
    }

    private let blocks = Mutex<[Source: Block]>([:])

    /// `source` can be read; the phone's state now.
    func reading(_ source: Source) -> (state: PhoneState, detail: String) {
        blocks.withLock { blocks in
            blocks[source] = nil
            return Self.sum(blocks)
        }
    }

    /// `source` cannot be read; the phone's state now.
    func blocked(_ source: Source, _ text: String, locked: Bool) -> (state: PhoneState, detail: String) {
        blocks.withLock { blocks in
            blocks[source] = Block(text: text, locked: locked)
            return Self.sum(blocks)
        }
    }

    private static func sum(_ blocks: [Source: Block]) -> (state: PhoneState, detail: String) {
        guard !blocks.isEmpty else { return (.online, "") }
        let texts = blocks.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            "\($0.key.rawValue): \($0.value.text)"
        }
        let state: PhoneState = blocks.values.contains { $0.locked } ? .locked : .limited
        return (state, texts.joined(separator: "; "))
    }
}
