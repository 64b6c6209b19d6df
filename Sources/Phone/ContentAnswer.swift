import Base

/// What the phone's `content` tool said, by its text: its exit code is 0 also for errors
/// (aosp-mirror/platform_frameworks_base `cmds/content/src/com/android/commands/content/Content.java`).
package enum ContentAnswer: Sendable, Equatable {
    /// Most bytes of an answer that is not understood which are shown to people.
    static let shownBytesMax = 16
    /// Longest error with its trace, in bytes: how far before the end of an output one is looked for.
    static let errorBytesMax = 32 * 1024

    /// Output that begins with a row: still to be parsed, strictly.
    case rows([UInt8])
    /// `No result found.`: no rows, or a silent refusal; the canary tells which.
    case nothing
    /// An error.
    case failure(ContentFailure)

    /// Takes apart what a query said where both its streams come as one: rows, and the error that ended them. Only for queries whose
    /// rows hold no text of their own, so that no text can be taken for an error.
    static func apart(_ output: [UInt8]) -> (output: [UInt8], errorOutput: [UInt8]) {
        let begin = Array(ContentFailure.begin.utf8)
        var rest = output.suffix(Self.errorBytesMax)
        while let end = rest.firstIndex(of: .lineFeed) {
            rest = rest[(end + 1)...]
            if rest.starts(with: begin) { return (Array(output[...end]), Array(rest)) }
        }
        return (output, [])
    }

    /// Sorts the output of one `content query`.
    package init(output: [UInt8], errorOutput: [UInt8]) {
        // On Android 6 both streams come mixed; an error is then the first thing said.
        for stream in [errorOutput, output] {
            if let failure = ContentFailure(stream) {
                self = .failure(failure)
                return
            }
        }
        let text = Phone.lines(of: output)
        if output.starts(with: Array("Row: 0 ".utf8)) {
            self = .rows(output)
        } else if text.count == 1, text[0].elementsEqual("No result found.".utf8) {
            self = .nothing
        } else {
            let begin = PrintableText.escape(LossyText.decode((text.first ?? []).prefix(Self.shownBytesMax)))
            self = .failure(.unreadable(bytes: output.count, begin: begin))
        }
    }
}

/// Why a query failed, in classes that say what to do.
package enum ContentFailure: Sendable, Equatable {
    /// Bytes in which the first two lines of an error are looked for.
    private static let failureBytesMax = 4096
    /// How every error of the tool begins.
    static let begin = "Error while accessing provider:"

    /// The shell may not read this: permanent until a setting on the phone changes.
    case denied
    /// The phone has not been unlocked since it started.
    case locked
    /// No such provider: a device without telephony.
    case noProvider
    /// A column that this build does not have.
    case noColumn
    /// A column or a word of a query that this build does not let through, though others do.
    case badQuery
    /// The phone's process went away: try again.
    case interrupted
    /// The phone has no `content` tool.
    case noTool
    /// Another error, its second line for people.
    case other(String)
    /// Not the form the tool has: how many bytes, and how they begin. No more of it, it may be a message.
    case unreadable(bytes: Int, begin: String)

    /// The failure that `stream` begins with; nil when it begins with none. Only the first two lines count:
    /// traces differ in every build.
    init?(_ stream: [UInt8]) {
        if stream.isEmpty { return nil }
        let text = Phone.lines(of: Array(stream.prefix(Self.failureBytesMax)))
        guard let first = text.first else { return nil }
        if Self.has(first, "content: not found") || Self.has(first, "content: inaccessible or not found") {
            self = .noTool
            return
        }
        guard first.starts(with: Array(Self.begin.utf8)) else { return nil }
        let second = text.count > 1 ? text[1] : []
        if Self.has(second, "Permission Denial") || Self.has(second, "No permission to access")
            || Self.has(second, "SecurityException")
        {
            self = .denied
        } else if Self.has(second, "Cannot open database") || Self.has(second, "unable to open database file")
            || Self.has(second, "(code 14")
        {
            self = .locked
        } else if Self.has(second, "Could not find provider") {
            self = .noProvider
        } else if Self.has(second, "no such column") {
            self = .noColumn
        } else if Self.has(second, "Invalid column") || Self.has(second, "Invalid token")
            || Self.has(second, "IllegalArgumentException") || Self.has(second, "syntax error")
            || Self.has(second, "no such function")
        {
            self = .badQuery
        } else if Self.has(second, "DeadObjectException") {
            self = .interrupted
        } else {
            self = .other(PrintableText.escape(LossyText.decode(second)))
        }
    }

    private static func has(_ line: ArraySlice<UInt8>, _ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard line.count >= wanted.count else { return false }
        return (line.startIndex...(line.endIndex - wanted.count)).contains { start in
            line[start..<start + wanted.count].elementsEqual(wanted)
        }
    }
}
