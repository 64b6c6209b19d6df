/// The provider behind `content://sms`: what the shell may see of the store, and its refusals.
///
/// Source: aosp-mirror/platform_packages_providers_telephonyprovider
/// src/com/android/providers/telephony/SmsProvider.java, ProviderUtil.java, SqlQueryChecker.java.
enum SMSProvider {
    static func answer(_ query: ContentQuery, _ call: inout VirtualCall, _ android: VirtualAndroid) {
        if let exception = refusal(query, android) {
            ContentError.print(exception, of: "sms", &call)
            return
        }
        android.storeDueRows()
        if query.path.first == "raw" { android.messages.purgeRaw(now: android.nowMilliseconds) }
        guard android.messageAccess != .ignored, let sql = statement(query, android),
            isAcceptable(query, android)
        else {
            call.out("No result found.\n")
            return
        }
        if query.path.first != "raw", let exception = strictness(query, android) {
            ContentError.print(exception, of: "sms", &call)
            return
        }
        // Where texts cannot be had with the rows a message is shown by the query for its own row that follows them.
        let showsMessages =
            android.providerStyle == .open
            ? query.path.first != "raw" : query.path.first.flatMap { Int64($0) } != nil
        android.counters.rowsServed += ContentRows.print(
            sql, of: "sms", &call, android, showsMessages: showsMessages)
    }

    private static func refusal(_ query: ContentQuery, _ android: VirtualAndroid) -> String? {
        switch android.messageAccess {
        case .noProvider: return "java.lang.IllegalStateException: Could not find provider: sms"
        case .denied:
            return
                "java.lang.SecurityException: Permission Denial: reading com.android.providers.telephony.SmsProvider "
                + "uri \(query.uri) from pid=21345, uid=2000 requires android.permission.READ_SMS, or "
                + "grantUriPermission()"
        case .allowed, .ignored: break
        }
        guard android.locked, query.path.first != "raw", android.messageAccess == .allowed else { return nil }
        // Unverified: that every build prints exactly this before the first unlock.
        let folder = "/data/user/0/com.android.providers.telephony/databases"
        return "android.database.sqlite.SQLiteException: Cannot open database '\(folder)/mmssms.db': "
            + "Directory \(folder) doesn't exist"
    }

    /// The SELECT the provider makes; nil for a URI that it answers with an empty cursor.
    private static func statement(_ query: ContentQuery, _ android: VirtualAndroid) -> String? {
        var conditions: [String] = []
        if android.setup.androidRelease >= 14 {
            let known = android.sims.map { "'\($0.subscriptionID)'" }
            guard !known.isEmpty else { return nil }
            // Two emergency numbers stand for the phone's own list.
            let list = (known + ["'-1'"]).joined(separator: ",")
            conditions.append("(sub_id IN (\(list)) OR address IN ('112','911'))")
        }
        var table = "sms_restricted"
        switch query.path.first {
        case nil: break
        case "raw"?: table = "raw"
        case "inbox"?: conditions.append("(type=1)")
        case "sent"?: conditions.append("(type=2)")
        case "draft"?: conditions.append("(type=3)")
        case "outbox"?: conditions.append("(type=4)")
        case "failed"?: conditions.append("(type=5)")
        case "queued"?: conditions.append("(type=6)")
        case "undelivered"?: conditions.append("(type=4 OR type=5 OR type=6)")
        case let id?:
            guard let number = Int64(id) else { return nil }
            conditions.append("(_id = \(number))")
        }
        if let selection = query.selection { conditions.append("(\(selection))") }
        let columns = query.projection.isEmpty ? "*" : query.projection.joined(separator: ", ")
        let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        let order = query.sort ?? (table == "raw" ? nil : "date DESC")
        return "SELECT \(columns) FROM \(table)\(filter)" + (order.map { " ORDER BY \($0)" } ?? "")
    }

    /// What a stricter build says of a query that AOSP's runs.
    private static func strictness(_ query: ContentQuery, _ android: VirtualAndroid) -> String? {
        guard android.providerStyle != .open else { return nil }
        let known = android.messages.columns()
        if let column = query.projection.first(where: { !known.contains($0) }) {
            return "java.lang.IllegalArgumentException: Invalid column \(column)"
        }
        if android.providerStyle == .strictGrammar, query.sort?.contains("LIMIT") == true {
            return "java.lang.IllegalArgumentException: Invalid token LIMIT"
        }
        return nil
    }

    /// From Android 11 the shell's SQL is looked over: no SELECT, no `;`, nothing left open.
    private static func isAcceptable(_ query: ContentQuery, _ android: VirtualAndroid) -> Bool {
        guard android.setup.androidRelease >= 11 else { return true }
        let texts = query.projection + [query.selection, query.sort].compactMap { $0 }
        return texts.allSatisfy { SQLTokens.isAcceptable(Array($0.utf8)) }
    }
}

/// A look at SQL text by its tokens.
enum SQLTokens {
    /// False for the word SELECT outside quotes, a `;`, and a quote or comment that does not end.
    static func isAcceptable(_ text: [UInt8]) -> Bool {
        var index = 0
        while index < text.count {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: ";"): return false
            case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"):
                guard let end = text[(index + 1)...].firstIndex(of: byte) else { return false }
                index = end + 1
            case UInt8(ascii: "["):
                guard let end = text[index...].firstIndex(of: UInt8(ascii: "]")) else { return false }
                index = end + 1
            case UInt8(ascii: "-") where index + 1 < text.count && text[index + 1] == byte:
                guard let end = text[index...].firstIndex(of: 0x0A) else { return false }
                index = end + 1
            case UInt8(ascii: "/") where index + 1 < text.count && text[index + 1] == UInt8(ascii: "*"):
                guard let end = text[(index + 2)...].firstRange(of: Array("*/".utf8)) else { return false }
                index = end.upperBound
            case 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"):
                let word = text[index...].prefix { ShellLexer.isNameByte($0) }
                if String(decoding: word, as: UTF8.self).lowercased() == "select" { return false }
                index = word.endIndex
            default: index += 1
            }
        }
        return true
    }
}
