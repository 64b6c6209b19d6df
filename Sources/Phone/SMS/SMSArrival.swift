import Base
import Events

/// Rows that were read and are not recorded yet, and what was asked about them: which are new, and on which card they came.
struct SMSArrival: Sendable {
    /// What is asked about rows while they wait.
    enum Question: Equatable, Sendable {
        /// The rows of these dates, milliseconds since 1970: one more message, or one that was put back?
        case sameDates([Int64])
        /// Where the cards are.
        case cards
        /// The radio's lines.
        case radioLog
        /// The table of parts as the radio brought them.
        case rawTable

        /// What the phone is asked.
        func command(_ query: SMSQuery, rowsMax: Int) -> PhoneCommand {
            switch self {
            case .sameDates(let dates): query.twins(dates: dates, limit: rowsMax)
            case .cards: SIMReading.command
            case .radioLog: SMSRadioLog.command
            case .rawTable: SMSRawPart.command(query.dialect.reading)
            }
        }
    }

    /// Longest wait of a message for its slot.
    static let slotPatience = Duration.seconds(2)
    /// A question that would have less time than this is not asked.
    private static let questionTimeMin = Duration.milliseconds(50)

    private(set) var rows: [SMSRow]
    /// Until when their slots are looked for.
    private let patience: Instant
    /// What is still to be asked for them.
    private var questions: [Question] = []
    /// Keys of their content that the store has seen; nil until it was asked.
    private(set) var known: Set<SourceKey>?
    /// Whether the cards were looked at after the rows were read.
    var isLooked: Bool
    /// The rows of the dates that `sameDates` asked for; nil where it was not asked for or did not answer.
    var sameDates: [SMSQuery.Twin]?
    /// Keys of these rows that the store has seen.
    var knownOthers: Set<SourceKey> = []
    var radio: SMSRadioLog?
    /// The table of parts; nil where it was not asked or did not answer.
    var raw: [SMSRawPart]?

    /// Rows that were read at `now`.
    init(_ rows: [SMSRow], isLooked: Bool, now: Instant) {
        self.rows = rows
        self.isLooked = isLooked
        patience = now.advanced(by: Self.slotPatience)
    }

    /// The store knows these keys: rows that it has are none, and for the others is asked what they lack. Whether any is left.
    mutating func isKnown(_ known: Set<SourceKey>, _ identity: SMSIdentity) -> Bool {
        self.known = known
        rows.removeAll { known.contains(identity.keys.row($0)) }
        let dates = Set(rows.filter { identity.mayBeTwin($0, known) }.compactMap(\.date))
        if !dates.isEmpty { questions.append(.sameDates(dates.sorted())) }
        if !isLooked { questions.append(.cards) }
        return !rows.isEmpty
    }

    /// What the cards leave open is asked of the radio's lines and the table of parts.
    ///
    /// - Parameters:
    ///   - isAfterGap: nobody could look for a while, so cards may have been moved and moved back.
    ///   - hasLog: the phone's log can be asked.
    ///   - hasTable: the table keeps parts of what was handed over; else a part of the same second is of another message.
    mutating func askMore(_ placing: SMSPlacing, isAfterGap: Bool, hasLog: Bool, hasTable: Bool) {
        let isLogAsked = hasLog && (isAfterGap || rows.contains(where: placing.isUnsettled))
        let lacksCard = rows.contains { placing.mark($0) == .none }
        // The table names the card of a row without one, and which of the log's lines is whose. Only the first may be in time.
        let isTableAsked = hasTable && (isLogAsked || lacksCard)
        if isTableAsked, lacksCard { questions.append(.rawTable) }
        if isLogAsked { questions.append(.radioLog) }
        if isTableAsked, !lacksCard { questions.append(.rawTable) }
    }

    /// The next question, and how long its answer may take; nil for as long as any. Nothing is left to ask once the time is over.
    mutating func nextQuestion(now: Instant) -> (question: Question, time: Duration?)? {
        guard let question = questions.first else { return nil }
        questions.removeFirst()
        // No slot, but the message itself hangs on it.
        if case .sameDates = question { return (question, nil) }
        let left = now.duration(to: patience)
        if left > Self.questionTimeMin { return (question, left) }
        questions = []
        return nil
    }
}
