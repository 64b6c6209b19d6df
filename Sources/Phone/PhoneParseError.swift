/// Output that a parser refused: where, and which row. Nothing of it was believed.
package struct PhoneParseError: Error, Sendable, Equatable {
    /// What was being read.
    package let what: String
    /// The row or line, from 0.
    package let row: Int
    /// Bytes from the start of the output.
    package let offset: Int

    /// A refusal at `offset`.
    package init(_ what: String, row: Int, offset: Int) {
        self.what = what
        self.row = row
        self.offset = offset
    }
}
