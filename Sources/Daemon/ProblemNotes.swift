import Synchronization

/// What people were told last of each subject: a phone that stays locked for a night is one line, not thousands.
final class ProblemNotes: Sendable {
    private let last = Mutex<[String: String]>([:])

    /// Whether `text` is not what was told of `subject` last; it is from now on.
    func isNews(_ text: String, of subject: String) -> Bool {
        last.withLock { $0.updateValue(text, forKey: subject) != text }
    }

    /// The subject is well again: the same text is news the next time.
    func forget(_ subject: String) { last.withLock { $0[subject] = nil } }
}
