import Base

/// A part of a message as the radio brought it, from `content://sms/raw`
/// (aosp-mirror/platform_packages_providers_telephonyprovider `MmsSmsDatabaseHelper.java`). From Android 7 on it stays for up to an
/// hour after its message was handed to the SMS app. Its subscription is written by the phone app itself
/// (LineageOS/android_frameworks_opt_telephony `InboundSmsTracker.java`).
package struct SMSRawPart: Sendable, Equatable {
    /// Most parts read.
    private static let partsMax = 500

    /// Its id in the table, which the radio's log names.
    let id: Int64
    /// The service centre's time stamp, milliseconds since 1970; the same as the row's `date_sent`.
    let sent: Int64
    let address: [UInt8]
    let subscription: Int

    /// The newest parts.
    static let command = PhoneCommand(
        "content query --uri content://sms/raw --projection '_id:CAST(date AS TEXT) AS d:sub_id:hex(CAST(address AS BLOB)) AS ha'"
            + " --sort '_id DESC LIMIT \(partsMax)'", timeout: .seconds(2), outputBytesMax: 1024 * 1024)

    /// Reads the answer of `command`. Parts without a subscription or a date say nothing and are left out.
    ///
    /// Law: these parts, or one error.
    package static func parse(_ output: [UInt8]) throws(PhoneParseError) -> [SMSRawPart] {
        guard case .rows(let rows) = ContentAnswer(output: output, errorOutput: []) else { return [] }
        let columns: [ContentColumn] = [.integer("_id"), .integer("d"), .integer("sub_id"), .hex("ha")]
        return try ContentTable.parse(rows, columns, what: "raw SMS part").compactMap { values in
            guard let id = values[0].number, let sent = values[1].number, let subscription = values[2].number,
                0...Int64(Int32.max) ~= subscription
            else { return nil }
            return SMSRawPart(id: id, sent: sent, address: values[3].bytes, subscription: Int(subscription))
        }
    }

    /// Whether it is a part of the message in `row`.
    func matches(_ row: SMSRow) -> Bool { row.dateSent == sent && row.address == address }
}
