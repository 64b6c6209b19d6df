/// A USSD code to dial on one SIM card.
package struct USSDRequest: Sendable, Equatable {
    /// What tells this run from all others: 16 hexadecimal digits, fresh random ones.
    package let token: String
    /// The code as the user wrote it, such as `*143#`; checked before anything is done with it.
    package let code: String
    /// SIM slot, 1-based.
    package let slot: Int
    /// What is typed into the menus that the code opens, in this order. May hold a PIN: never shown.
    package let answers: [String]

    /// A run of `code`.
    package init(token: String, code: String, slot: Int, answers: [String] = []) {
        self.token = token
        self.code = code
        self.slot = slot
        self.answers = answers
    }
}

/// How a run ended. All texts but the network's are sentences for people.
package enum USSDOutcome: Sendable, Equatable {
    /// The network answered with `text`, on `slot` (1-based). A menu waits for an answer that nobody has given.
    case answered(text: String, isMenu: Bool, slot: Int)
    /// Nothing was dialled: why, and what to do.
    case refused(String)
    /// It was dialled, or may have been: what went wrong.
    case failed(String)
}
