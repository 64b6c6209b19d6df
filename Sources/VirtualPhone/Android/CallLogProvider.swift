/// The provider behind `content://call_log/calls`: readable by the shell from Android 13 on.
///
/// A projection map and strict grammar, a limit in the address: yaap/packages_providers_ContactsProvider
/// src/com/android/providers/contacts/CallLogProvider.java. The refusal: mrrfv/open-android-backup issue 69.
enum CallLogProvider {
    static func answer(_ query: ContentQuery, _ call: inout VirtualCall, _ android: VirtualAndroid) {
        if let exception = refusal(query, android) {
            ContentError.print(exception, of: "call_log", &call)
            return
        }
        var conditions = query.selection.map { ["(\($0))"] } ?? []
        if query.path.count == 2, let id = Int64(query.path[1]) { conditions.append("(_id = \(id))") }
        let columns = query.projection.isEmpty ? "*" : query.projection.joined(separator: ", ")
        let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        let order = query.sort ?? "date DESC"
        let limit = query.limit.map { " LIMIT \($0)" } ?? ""
        _ = ContentRows.print(
            "SELECT \(columns) FROM calls\(filter) ORDER BY \(order)\(limit)", of: "call_log", &call, android)
    }

    private static func refusal(_ query: ContentQuery, _ android: VirtualAndroid) -> String? {
        guard android.setup.androidRelease >= 13 else {
            return "java.lang.SecurityException: Permission Denial: opening provider "
                + "com.android.providers.contacts.CallLogProvider from (null) (pid=19574, uid=2000) requires "
                + "android.permission.READ_CALL_LOG or android.permission.WRITE_CALL_LOG"
        }
        // Unverified: what a locked phone says; the provider cannot run before the first unlock.
        if android.locked { return "java.lang.IllegalStateException: Could not find provider: call_log" }
        let known = android.messages.columns(of: "calls")
        if let column = query.projection.first(where: { !known.contains($0) }) {
            return "java.lang.IllegalArgumentException: Invalid column \(column)"
        }
        if query.sort?.contains("LIMIT") == true {
            return "java.lang.IllegalArgumentException: Invalid token LIMIT"
        }
        return nil
    }
}
