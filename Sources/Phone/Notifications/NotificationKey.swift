/// The parts of a notification's key: `user|package|id|tag|uid`, with `|group` behind it for a summary that the system made
/// (AOSP `core/java/android/service/notification/StatusBarNotification.java`). The tag is free text of the app: line feeds, `|`.
struct NotificationKey: Sendable, Equatable {
    let userID: Int64
    let package: ArraySlice<UInt8>
    let id: Int64
    /// Nil for `null`, which an app's tag `null` cannot be told from.
    let tag: ArraySlice<UInt8>?
    let uid: Int64

    /// Reads a key; nil for anything else.
    init?(_ key: ArraySlice<UInt8>) {
        let bar = UInt8(ascii: "|")
        var scanner = ByteScanner(key)
        guard let user = scanner.integer(), scanner.accept("|") else { return nil }
        let package = scanner.prefix { $0 != bar }
        guard !package.isEmpty, scanner.accept("|"), let id = scanner.integer(), scanner.accept("|") else {
            return nil
        }
        var rest = scanner.rest
        guard let end = rest.lastIndex(of: bar) else { return nil }
        var uidScanner = ByteScanner(rest[(end + 1)...])
        var uid = uidScanner.integer()
        if uid == nil || !uidScanner.isAtEnd {
            // A system summary: the group stands behind the number, and may hold a bar itself.
            uid = nil
            for place in rest.indices.reversed() where rest[place] == bar {
                var scanner = ByteScanner(rest[(place + 1)...])
                if let number = scanner.integer(), scanner.accept("|"), number >= 0 {
                    uid = number
                    rest = rest[..<place]
                    break
                }
            }
        } else {
            rest = rest[..<end]
        }
        guard let uid else { return nil }
        self.userID = user
        self.package = package
        self.id = id
        self.uid = uid
        tag = rest.elementsEqual([UInt8](of: "null")) ? nil : rest
    }
}
