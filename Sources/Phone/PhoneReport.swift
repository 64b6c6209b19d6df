/// Something people should know about one source or one task of a phone.
package enum PhoneReport: Sendable, Equatable {
    /// It works.
    case reading
    /// It does not work now; one sentence that says what happened and what to do. `locked`: it will once the phone is
    /// unlocked.
    case blocked(String, locked: Bool)
    /// Something was refused or betrays a loss; one sentence. Counted, shown, never guessed over. Many of one `kind`, a few words
    /// of this program, are told in growing pauses, with how many were left out.
    case problem(String, kind: String = "problem")
}
