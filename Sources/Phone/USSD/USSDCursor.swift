/// What a restart must know of USSD on one phone. Stored as text: `1`, what to put back and, behind `>`, what was set in its
/// place, and the run, in the fields of `bytes`.
///
/// Menu answers are not in it: they may be PINs.
struct USSDCursor: Sendable, Equatable {
    /// Longest cursor, in bytes.
    static let bytesMax = 256
    /// Latest believable date, in seconds since 1970.
    static let sinceMax: Int64 = 1 << 40

    /// The SIM for calls as the user had set it.
    enum Wish: Sendable, Equatable {
        case ask
        /// The card's number is its account id up to Android 12; nil where it is not needed.
        case account(subscription: Int, iccid: String?)

        /// The setting when it has been put back.
        var setting: VoiceSIM {
            switch self {
            case .ask: .ask
            case .account(let subscription, _): .subscription(subscription)
            }
        }
    }

    /// A run that has not come to its end.
    struct Run: Sendable, Equatable {
        /// 16 hexadecimal digits; also the mark in the phone's log.
        var token: String
        var code: USSDCode
        /// 1-based.
        var slot: Int
        var subscription: Int
        /// The phone app's process, whose lines of the log count.
        var process: Int64
        /// From when on the log is read, in seconds since 1970 by the phone's clock.
        var since: Int64
        /// How many menu answers it may type.
        var answers: Int
        /// False until just before it is dialled.
        var isDialled = false
    }

    /// What is to be put back; nil: nothing was changed.
    var wish: Wish?
    /// The subscription that was seen set in its place; nil while that was not seen.
    var replacement: Int?
    var run: Run?

    /// Nothing is open.
    static let idle = USSDCursor()

    /// The cursor as stored.
    var bytes: [UInt8] {
        let old =
            switch wish {
            case nil: "-"
            case .ask: "ask"
            case .account(let subscription, nil): "\(subscription)"
            case .account(let subscription, let iccid?): "\(subscription):\(iccid)"
            }
        let wish = old + (self.wish == nil ? "" : replacement.map { ">\($0)" } ?? "")
        guard let run else { return Array("1 \(wish) -".utf8) }
        return Array(
            "1 \(wish) \(run.isDialled ? "dialled" : "prepared") \(run.token) \(run.code.text) \(run.slot) "
                .utf8) + Array("\(run.subscription) \(run.process) \(run.since) \(run.answers)".utf8)
    }

    init() {}

    /// The cursor that `bytes` hold; nil for bytes that no version of phonewire wrote.
    init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.bytesMax else { return nil }
        let fields = bytes.split(separator: .space, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard fields.count == 3 || fields.count == 10, fields[0] == "1" else { return nil }
        let parts = fields[1].split(separator: ">", omittingEmptySubsequences: false).map(String.init)
        guard let wish = Self.wish(parts[0]), parts.count <= 2 else { return nil }
        self.wish = wish
        if parts.count == 2 {
            guard let subscription = Int(parts[1]), subscription >= 0 else { return nil }
            replacement = subscription
        }
        if fields.count == 10 {
            guard Self.isToken(fields[3]), let code = try? USSDCode(fields[4]), let slot = Int(fields[5]),
                1...10 ~= slot, let subscription = Int(fields[6]), subscription >= 0,
                let process = Int64(fields[7]), process > 0, let since = Int64(fields[8]),
                0...Self.sinceMax ~= since, let answers = Int(fields[9]),
                0...USSDMenuAnswers.countMax ~= answers
            else { return nil }
            run = Run(
                token: fields[3], code: code, slot: slot, subscription: subscription, process: process,
                since: since, answers: answers, isDialled: fields[2] == "dialled")
        }
        guard self.bytes == bytes else { return nil }
    }

    /// Whether `token` can be a mark: 16 hexadecimal digits.
    static func isToken(_ token: String) -> Bool {
        token.utf8.count == 16 && token.utf8.allSatisfy { $0.isLowercaseHexDigit }
    }

    private static func wish(_ text: String) -> Wish?? {
        if text == "-" { return .some(nil) }
        if text == "ask" { return .ask }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let subscription = Int(parts[0]), subscription >= 0, parts.count <= 2 else { return nil }
        if parts.count == 1 { return .account(subscription: subscription, iccid: nil) }
        guard let iccid = SIMInfoRow.number(Array(parts[1].utf8)[...]) else { return nil }
        return .account(subscription: subscription, iccid: iccid)
    }
}
