/// The process of the phone app.
package enum PhoneProcess {
    /// Reads `pidof com.android.phone`: one number; nil for none, several, or anything else.
    package static func id(in output: [UInt8]) -> Int64? {
        let text = lines(of: output)
        var scanner = ByteScanner(text.first ?? [])
        guard text.count == 1, let id = scanner.integer(), id > 0 else { return nil }
        _ = scanner.prefix { $0 == .space }
        return scanner.isAtEnd ? id : nil
    }
}
