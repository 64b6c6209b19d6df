/// Finds out how a build wants to be asked, question by question.
struct SMSDialectSearch: Sendable {
    /// What a build is asked about itself.
    enum Question: Equatable, Sendable {
        /// A column that no build has: where queries are run at all it is named in the refusal.
        case unknownColumn
        /// Whether the sort order may end in `LIMIT`.
        case limit
        /// A maker's column for the card, and what is known of the build where it has it.
        case card(column: String, then: SMSDialect.Card)
    }

    /// What to do next.
    enum Step: Equatable, Sendable {
        /// Ask this first, then the others.
        case ask([Question])
        /// Expressions may have been refused for a moment only, as while the phone loads its cards: try them once more.
        case tryExpressions
        /// The build wants to be asked so.
        case found(SMSDialect)
        /// Nothing is answered, whatever is asked.
        case isSilent
    }

    /// Where the maker of the phone is known to keep the card.
    let messageCard: SMSDialect.Card
    /// What is found so far; nil at the beginning.
    private var found: SMSDialect?
    /// Whether expressions were tried twice.
    private var isNonceSure = false

    /// A search on a phone of a maker that keeps the card there.
    init(messageCard: SMSDialect.Card) { self.messageCard = messageCard }

    /// How the build has to be asked meanwhile.
    var dialect: SMSDialect? { found }

    /// Begins anew.
    mutating func begin() -> Step {
        found = nil
        return .ask([.unknownColumn])
    }

    /// Expressions are run.
    mutating func runsExpressions() -> Step {
        found = SMSDialect()
        isNonceSure = false
        return ask(cardQuestions)
    }

    /// The first of `questions` was answered: refused, with rows, or with nothing.
    mutating func answered(_ questions: [Question], isRefused: Bool, isNothing: Bool) -> Step {
        let others = Array(questions.dropFirst())
        switch questions.first {
        case .unknownColumn where isRefused:
            if !isNonceSure {
                isNonceSure = true
                return .tryExpressions
            }
            isNonceSure = false
            found = SMSDialect(reading: .nonce)
            return ask([.limit])
        case .unknownColumn: return .isSilent
        case .limit:
            found?.limits = !isRefused
            return ask(cardQuestions)
        case .card(_, let card) where !isRefused && (found?.reading == .nonce || !isNothing):
            found?.card = card
            return ask([])
        case .card, nil: return ask(others)
        }
    }

    /// Asks these questions; after the last one the search is over.
    private mutating func ask(_ questions: [Question]) -> Step {
        guard questions.isEmpty else { return .ask(questions) }
        if messageCard == .slotInSubID { found?.card = .slotInSubID }
        return .found(found ?? SMSDialect())
    }

    /// What is asked about the makers' columns: the one its maker is known for, and the one whose name says what it holds.
    private var cardQuestions: [Question] {
        let slot = Question.card(column: "sim_slot", then: .simSlot)
        switch messageCard {
        case .slotInSubID: return []
        case .simID: return [.card(column: "sim_id", then: .simID), slot]
        case .subscription, .simSlot: return [slot]
        }
    }
}
