/// `content query`: rows of a provider, printed as Android's tool prints them.
///
/// The exit code is 0 whatever happens; provider errors go to the error output, everything else to the normal
/// one. Source: aosp-mirror/platform_frameworks_base cmds/content/src/com/android/commands/content/Content.java.
enum ContentCommand {
    static let command = VirtualCommand(name: "content") { call, android in
        switch ContentQuery.read(Array(call.arguments)) {
        case .failure(let problem):
            call.out("usage: adb shell content [subcommand] [options]\n\n[ERROR] \(problem.message)\n")
        case .success(let query):
            answer(query, &call, android)
        }
        return .exit(0)
    }

    private static func answer(_ query: ContentQuery, _ call: inout VirtualCall, _ android: VirtualAndroid) {
        switch query.authority {
        case "sms": SMSProvider.answer(query, &call, android)
        case "call_log": CallLogProvider.answer(query, &call, android)
        case "telephony" where query.path.first == "siminfo": SIMInfoProvider.answer(query, &call, android)
        default:
            let text = "java.lang.IllegalStateException: Could not find provider: \(query.authority)"
            ContentError.print(text, of: query.authority, &call)
        }
    }
}

/// The arguments of `content query`.
struct ContentQuery: Sendable {
    var authority: String
    /// Path segments of the URI.
    var path: [String]
    /// The URI as given.
    var uri: String
    /// Its parameter `limit`.
    var limit: Int?
    var projection: [String] = []
    var selection: String?
    var sort: String?

    struct Problem: Error { var message: String }

    static func read(_ words: [String]) -> Result<ContentQuery, Problem> {
        guard words.first == "query" else {
            return .failure(Problem(message: "Unsupported operation: \(words.first ?? "")"))
        }
        var options: [String: String] = [:]
        var index = 1
        while index < words.count {
            let name = words[index]
            guard ["--uri", "--user", "--projection", "--where", "--sort", "--extra"].contains(name) else {
                return .failure(Problem(message: "Unsupported argument: \(name)"))
            }
            let value = index + 1 < words.count ? words[index + 1] : ""
            guard !value.isEmpty, !value.hasPrefix("--") else {
                return .failure(Problem(message: "No value for argument: \(name)"))
            }
            options[name] = value
            index += 2
        }
        guard let uri = options["--uri"] else {
            return .failure(
                Problem(message: "Content provider URI not specified. Did you specify --uri argument?"))
        }
        let scheme = "content://"
        let rest = uri.hasPrefix(scheme) ? uri.dropFirst(scheme.count) : ""
        let halves = rest.split(separator: "?", maxSplits: 1)
        let segments = (halves.first ?? "").split(separator: "/").map(String.init)
        var query = ContentQuery(
            authority: segments.first ?? "", path: Array(segments.dropFirst()), uri: uri)
        query.limit = halves.count == 2 && halves[1].hasPrefix("limit=") ? Int(halves[1].dropFirst(6)) : nil
        query.selection = options["--where"]
        query.sort = options["--sort"]
        query.projection = options["--projection"].map(splitProjection) ?? []
        return .success(query)
    }

    /// Splits on the pattern `\s*:\s*` and, as Java does, forgets empty pieces at the end.
    private static func splitProjection(_ text: String) -> [String] {
        var pieces = text.split(separator: ":", omittingEmptySubsequences: false).map { piece in
            var piece = piece[...]
            while let first = piece.first, first.isWhitespace { piece.removeFirst() }
            while let last = piece.last, last.isWhitespace { piece.removeLast() }
            return String(piece)
        }
        while pieces.last == "" { pieces.removeLast() }
        return pieces
    }
}

/// The rows of a query, or SQLite's refusal, as the tool prints them.
enum ContentRows {
    /// Runs `sql` and prints what comes; returns the number of rows. `showsMessages`: they are rows of the message store.
    static func print(
        _ sql: String, of authority: String, _ call: inout VirtualCall, _ android: VirtualAndroid,
        showsMessages: Bool = false
    ) -> Int {
        var printer = ContentRowPrinter(narrowIntegers: android.setup.androidRelease <= 6)
        let failure = android.messages.query(sql) { names, values in
            if showsMessages, names.first == "_id", case .integer(let id)? = values.first {
                android.messages.shown.insert(id)
            }
            return printer.print(names, values)
        }
        if let failure {
            // Unverified: that versions before 9 leave out the name of the code.
            let code =
                android.setup.androidRelease >= 9 ? "\(failure.code) SQLITE_ERROR" : String(failure.code)
            let text =
                "android.database.sqlite.SQLiteException: \(failure.message) (code \(code)): , while compiling: \(sql)"
            ContentError.print(text, of: authority, &call)
            return 0
        }
        android.counters.querySteps = android.messages.steps
        call.out(printer.rows == 0 ? Array("No result found.\n".utf8) : printer.output)
        return printer.rows
    }
}

/// A provider's exception, as the tool prints it.
enum ContentError {
    /// The stack trace is shortened: its lines differ in every build and mean nothing.
    static func print(_ exception: String, of authority: String, _ call: inout VirtualCall) {
        call.error(
            """
            Error while accessing provider:\(authority)
            \(exception)
            \tat android.database.DatabaseUtils.readExceptionFromParcel(DatabaseUtils.java:185)
            \tat android.content.ContentProviderProxy.query(ContentProviderNative.java:481)
            \tat com.android.commands.content.Content$QueryCommand.onExecute(Content.java:660)
            \tat com.android.commands.content.Content$Command.execute(Content.java:521)
            \tat com.android.commands.content.Content.main(Content.java:735)
            \tat com.android.internal.os.RuntimeInit.nativeFinishInit(Native Method)
            \tat com.android.internal.os.RuntimeInit.main(RuntimeInit.java:355)

            """)
    }
}
