/// What people were told last of each subject: a phone that stays locked for a night is one line, not thousands.
struct ProblemNotes: Sendable {
    private var last: [String: String] = [:]

    /// Whether `text` is not what was told of `subject` last; it is from now on.
    mutating func isNews(_ text: String, of subject: String) -> Bool {
        last.updateValue(text, forKey: subject) != text
    }

    /// The subject is well again: the same text is news the next time.
    mutating func forget(_ subject: String) { last[subject] = nil }
}
