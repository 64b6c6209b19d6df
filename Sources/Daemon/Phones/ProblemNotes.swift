import Base
import Events

/// What people were told last of each subject of each phone, so that a phone that stays locked for a night is one line, not
/// thousands, and one with a thousand bad rows does not push all else out of the list of problems. Lives longer than a
/// session: a phone that comes and goes is no reason to say everything again at once.
actor ProblemNotes {
    /// What a problem is about.
    struct Subject: Hashable {
        let device: DeviceKey
        /// Such as `sms unreadable row`; words of this program.
        let name: String
    }

    private struct Told {
        var text: String?
        /// How many were told in full since it was last quiet.
        var count = 0
        /// How many were left out since the last that was told, and the newest of them.
        var leftOut = 0
        var newest = ""
        var pauses = Backoff(.seconds(60), .seconds(300), .seconds(900), .seconds(3600))
        /// Before this nothing more is told.
        var silentUntil: Instant?
        var lastAt: Instant
    }

    /// So many of one subject are told as they come; what follows is counted and told in growing pauses.
    static let toldAtOnceMax = 5
    /// After this long without any the subject is quiet again.
    static let quietAfter = Duration.seconds(2 * 3600)
    /// Subjects remembered; far more than there are phones with words for their problems.
    static let subjectsMax = 4096

    private var subjects: [Subject: Told] = [:]

    /// What is to be said now that `text` happened; nil: nothing. `isState`: it lasts, and the same text again is no news.
    func note(_ text: String, of subject: Subject, isState: Bool, now: Instant) -> String? {
        forgetQuiet(now: now)
        var told = subjects[subject] ?? Told(lastAt: now)
        defer { subjects[subject] = told }
        if told.lastAt.advanced(by: Self.quietAfter) < now {
            let text = told.text
            told = Told(lastAt: now)
            told.text = text
        }
        told.lastAt = now
        if isState {
            if told.text == text { return nil }
            told.text = text
        }
        if let until = told.silentUntil, now < until {
            told.leftOut += 1
            told.newest = text
            return nil
        }
        told.count += 1
        if told.count >= Self.toldAtOnceMax { told.silentUntil = now.advanced(by: told.pauses.failed()) }
        return Self.sentence(text, &told)
    }

    /// What was left out of a phone's problems and may be said now.
    func overdue(of device: DeviceKey, now: Instant) -> [String] {
        var sentences: [String] = []
        for (subject, told) in subjects where subject.device == device && told.leftOut > 0 {
            guard let until = told.silentUntil, until <= now else { continue }
            var told = told
            told.silentUntil = now.advanced(by: told.pauses.failed())
            told.leftOut -= 1
            sentences.append(Self.sentence(told.newest, &told))
            subjects[subject] = told
        }
        return sentences.sorted()
    }

    /// The subject is well again: the same text is news the next time.
    func forget(_ subject: Subject) { subjects[subject]?.text = nil }

    private static func sentence(_ text: String, _ told: inout Told) -> String {
        defer { told.leftOut = 0 }
        return told.leftOut == 0 ? text : "\(text) (and \(told.leftOut) more of this kind before it)"
    }

    private func forgetQuiet(now: Instant) {
        guard subjects.count >= Self.subjectsMax else { return }
        subjects = subjects.filter { $0.value.lastAt.advanced(by: Self.quietAfter) > now }
        if subjects.count >= Self.subjectsMax { subjects = [:] }
    }
}
