package import Base
package import Events

extension SourceName {
    /// Repairs of what keeps the shell from reading.
    package static let repair = SourceName(rawValue: "repair")
}

/// Tries, because somebody asked for it, what is known to let the shell of a phone read its SMS: first whether it can already, then the
/// app operation, then the permission. Both are settings of the phone's own shell, which no app has; they stay until the phone is reset.
///
/// They are from public reports of phones with Android 11 and later (`appops set com.android.shell READ_SMS allow`); that the second
/// one helps anywhere is unverified. Where the phone refuses them its maker has a switch for that (`PhoneTraits.allowReading`).
/// Called by: the daemon's task host.
package struct RepairTask: PhoneTask {
    /// One thing that was tried.
    package struct Step: Sendable, Equatable {
        /// The command.
        package var command: String
        /// What the phone said, its first line; outside text.
        package var answer: String
    }

    /// How it ended.
    package struct Reply: Sendable, Equatable {
        /// What was tried, in order.
        package var steps: [Step]
        /// Whether the shell can read the SMS store now.
        package var isReadable: Bool
        /// What else can be done; empty where nothing has to be.
        package var advice: String
    }

    /// Asks for a repair.
    package struct Request: Sendable {
        package init() {}
    }

    package static let name = SourceName.repair
    /// Longest line of the phone that is shown, in Unicode scalars.
    private static let answerScalarsMax = 200
    private static let repairs = [
        "appops get com.android.shell READ_SMS", "appops set com.android.shell READ_SMS allow",
        "pm grant com.android.shell android.permission.READ_SMS",
    ]

    private enum Work {
        case canary
        case repair(String)
    }

    private let traits: PhoneTraits
    private var queue: [Work] = []
    private var current: Work?
    private var steps: [Step] = []
    private var reply: Reply?
    private var isAsked = false
    private var isLeft = false

    package init(cursor: [UInt8]?, phone: PhoneContext) { traits = phone.traits }

    package mutating func asked(_ request: Request, now: Instant) {
        isAsked = true
        isLeft = false
        steps = []
        // The canary first, and after each thing that may have helped.
        queue = [.canary, .repair(Self.repairs[0])]
        for repair in Self.repairs.dropFirst() { queue += [.repair(repair), .canary] }
    }

    package mutating func next(now: Instant, phoneTime: WallTime) -> TaskStep<Reply> {
        if let reply {
            self.reply = nil
            isAsked = false
            return .reply(reply)
        }
        guard isAsked else { return .rest(until: nil) }
        guard let work = queue.first, !isLeft else {
            end(isReadable: false)
            return self.next(now: now, phoneTime: phoneTime)
        }
        queue.removeFirst()
        current = work
        switch work {
        case .canary: return .run(SMSQuery.canary)
        case .repair(let text): return .run(PhoneCommand(text, timeout: .seconds(20)))
        }
    }

    package mutating func answered(_ outcome: CommandOutcome, now: Instant) {
        guard let work = current else { preconditionFailure("answered() without a .run") }
        current = nil
        var output: [UInt8] = []
        var errorOutput: [UInt8] = []
        var failure: String?
        switch outcome {
        case .completed(let said, let errors): (output, errorOutput) = (said, errors)
        case .completedEach, .outputTooLong: failure = "it answered with too much"
        case .unfinished(let why): failure = why
        }
        switch work {
        case .repair(let command):
            let line = Phone.lines(of: output + errorOutput).first { !$0.isEmpty } ?? []
            let answer = PrintableText.escape(LossyText.decode(line), limit: Self.answerScalarsMax)
            steps.append(Step(command: command, answer: failure ?? answer))
        case .canary:
            let answer = ContentAnswer(output: output, errorOutput: errorOutput)
            steps.append(
                Step(command: "content query --uri content://sms", answer: failure ?? Self.words(answer)))
            if failure == nil, answer.isReadable { end(isReadable: true) }
        }
    }

    private static func words(_ answer: ContentAnswer) -> String {
        switch answer {
        case .rows, .failure(.badQuery), .failure(.noColumn): "it can be read"
        case .nothing: "nothing: a silent refusal, or no SIM card was ever in it"
        case .failure(.denied): "refused: no permission"
        case .failure(.locked): "the phone is locked"
        case .failure(.noProvider): "the device has no SMS store"
        case .failure(.noTool): "the device has no content tool"
        case .failure(.interrupted): "the phone's SMS process went away"
        case .failure(.other(let text)): text
        case .failure(.unreadable(_, let begin)): begin
        }
    }

    private mutating func end(isReadable: Bool) {
        queue = []
        reply = Reply(
            steps: steps, isReadable: isReadable,
            advice: isReadable ? "" : "On the phone, \(traits.allowReading); then unlock it and try again")
    }

    package mutating func recorded(now: Instant) { preconditionFailure("recorded() without a .record") }

    package mutating func cancelled(now: Instant) { isLeft = isAsked }

    package var progress: String? { isAsked ? "trying to let the shell read SMS" : nil }
    package var toPutBack: String? { nil }
}

extension ContentAnswer {
    /// Whether the store was really asked.
    fileprivate var isReadable: Bool {
        switch self {
        case .rows, .failure(.badQuery), .failure(.noColumn): true
        case .nothing, .failure: false
        }
    }
}
