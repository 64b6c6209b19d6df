import Base

/// Names this installation to receivers: `webhook-id` is `<installation id>-<event id>`. 128 random bits in
/// hexadecimal digits, made once, kept in the file `installation-id` and in the database.
enum InstallationID {
    /// Its length before it is written in hexadecimal digits.
    private static let bytes = 16

    /// The installation's id: from the file, else from the database, else a new one.
    ///
    /// - Parameter nothingKnown: neither the file `event-ids` nor a database was there. Then event ids start
    ///   again, so the old installation's name must not be used with them: a new one is made.
    static func load(folder: StoreFolder, stored: String?, nothingKnown: Bool) throws(StoreError) -> String {
        let file = folder.installationID
        if !nothingKnown {
            if let bytes = try folder.read(file) {
                let line = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
                let text = String(decoding: line, as: UTF8.self)
                if isValid(text) { return text }
                guard let stored, isValid(stored) else {
                    throw StoreError(
                        .damaged, path: file, operation: "read", message: "the file holds no installation id",
                        remedy:
                            "Write the 32 hexadecimal digits of your backup into it, or remove it for a new id"
                    )
                }
                try folder.replace(file, by: Array((stored + "\n").utf8))
                return stored
            }
            if let stored, isValid(stored) {
                try folder.replace(file, by: Array((stored + "\n").utf8))
                return stored
            }
        }
        // The system's generator reads getrandom(2).
        var generator = SystemRandomNumberGenerator()
        let made = Hex.encode((0..<bytes).map { _ in UInt8.random(in: 0...255, using: &generator) })
        try folder.replace(file, by: Array((made + "\n").utf8))
        return made
    }

    private static func isValid(_ text: String) -> Bool {
        text.utf8.count == 2 * bytes && Hex.decode(Array(text.utf8)) != nil
    }
}
