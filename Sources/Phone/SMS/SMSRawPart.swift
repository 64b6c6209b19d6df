import Base

/// A part of a message as the radio brought it, from `content://sms/raw`
/// (aosp-mirror/platform_packages_providers_telephonyprovider `MmsSmsDatabaseHelper.java`). From Android 7 on it stays for up to an
/// hour after its message was handed to the SMS app. Its subscription is written by the phone app itself
/// (LineageOS/android_frameworks_opt_telephony `InboundSmsTracker.java`).
package struct SMSRawPart: Sendable, Equatable {
    /// Most parts read; a table with as many may hold more.
    static let partsMax = 500
    /// How long the phone keeps the parts of a message that was handed over, by the service centre's time, in milliseconds; less the
    /// errors of clocks.
    static let keptTime: Int64 = 3_590_000

    /// Its id in the table, which the radio's log names.
    let id: Int64
    /// The service centre's time stamp as it is printed, milliseconds since 1970; the same as the row's `date_sent`.
    let sent: Int64
    /// The sender; nil where numbers alone were read.
    let address: [UInt8]?
    let subscription: Int

    /// The newest parts; in plain columns all of them, by their numbers.
    static func command(_ reading: SMSDialect.Reading) -> PhoneCommand {
        let query = "content query --uri content://sms/raw --projection "
        let text =
            switch reading {
            case .hex:
                query
                    + "'_id:CAST(date AS TEXT) AS d:sub_id:hex(CAST(address AS BLOB)) AS ha' --sort '_id DESC LIMIT \(partsMax)'"
            case .nonce: query + "'_id:date:sub_id'"
            }
        return PhoneCommand(text, timeout: .seconds(2), outputBytesMax: 1024 * 1024)
    }

    /// Reads the answer of `command`. Parts without a subscription or a date say nothing and are left out.
    ///
    /// Law: these parts, or one error.
    package static func parse(
        _ output: [UInt8], _ reading: SMSDialect.Reading
    ) throws(PhoneParseError) -> [SMSRawPart] {
        guard case .rows(let rows) = ContentAnswer(output: output, errorOutput: []) else { return [] }
        let columns: [ContentColumn] =
            switch reading {
            case .hex: [.integer("_id"), .integer("d"), .integer("sub_id"), .hex("ha")]
            case .nonce: [.integer("_id"), .integer("date"), .integer("sub_id")]
            }
        return try ContentTable.parse(rows, columns, what: "raw SMS part").compactMap { values in
            guard let id = values[0].number, let sent = values[1].number, let subscription = values[2].number,
                0...Int64(Int32.max) ~= subscription
            else { return nil }
            return SMSRawPart(
                id: id, sent: sent, address: values.count > 3 ? values[3].bytes : nil,
                subscription: Int(subscription))
        }
    }

    /// Whether it is a part of the message in `row`, as far as is known of it.
    func matches(_ row: SMSRow) -> Bool {
        (row.dateSent ?? row.printedSent) == sent && (address == nil || row.address == address)
    }
}
