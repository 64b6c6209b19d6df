import Base
import Events

/// What makes a row of the SMS store the same row, or the same message under another id.
struct SMSKeys: Sendable {
    /// Longest part of a sender that goes into a key, in bytes: far above any real one.
    private static let senderBytesMax = 256

    /// How this build's rows are read; nil while that is not known.
    let reading: SMSDialect.Reading?

    func row(_ row: SMSRow) -> SourceKey { self.row(row.id, row.printedDate, row.printedSent, row.address) }

    func row(_ mark: SMSRowMark) -> SourceKey {
        row(mark.id, mark.printedDate, mark.printedSent, mark.address)
    }

    /// Version of this layout, row id, date and sender. Where numbers alone identify rows the service centre's time stands in the
    /// sender's place.
    private func row(_ id: Int64, _ date: Int64?, _ sent: Int64?, _ address: [UInt8]?) -> SourceKey {
        let number = { (value: Int64?) in value.map { String($0) } ?? "-" }
        guard reading != .nonce else {
            return SourceKey(source: .sms, bytes: Array("2/\(id)/\(number(date))/\(number(sent))".utf8))
        }
        let text = "1/\(id)/\(number(date))/\(address == nil ? "-" : "+")"
        return SourceKey(
            source: .sms, bytes: Array(text.utf8) + (address ?? []).prefix(Self.senderBytesMax))
    }

    /// The content of a message: dates as they are printed, sender and text.
    func content(_ row: SMSRow) -> SourceKey {
        content(row.printedDate, row.printedSent, row.address, row.body, letter: "b")
    }

    /// The same without the text, as it is known of rows from before enrolment.
    func contentWithoutText(_ row: SMSRow) -> SourceKey {
        content(row.printedDate, row.printedSent, row.address, nil, letter: "c")
    }

    func contentWithoutText(_ mark: SMSRowMark) -> SourceKey {
        content(mark.printedDate, mark.printedSent, mark.address, nil, letter: "c")
    }

    /// What the radio brought and what became of it have in common: the service centre's time and the text; nil where the row has no
    /// such time.
    func radio(_ row: SMSRow) -> SourceKey? {
        row.dateSent.flatMap { $0 > 0 ? radio($0, row.body ?? []) : nil }
    }

    func radio(_ message: SMSRawMessage) -> SourceKey { radio(message.sent, message.text) }

    private func radio(_ sent: Int64, _ text: [UInt8]) -> SourceKey {
        SourceKey(source: .sms, bytes: Array("p\(Self.digest(Array("\(sent)/".utf8) + text))".utf8))
    }

    private func content(
        _ date: Int64?, _ sent: Int64?, _ address: [UInt8]?, _ body: [UInt8]?, letter: String
    ) -> SourceKey {
        // Nonce mode has no senders at enrolment.
        let sender = reading == .nonce && letter == "c" ? [] : address ?? []
        let text = "\(date ?? -1)/\(sent ?? -1)/\(sender.count)/"
        let digest = Self.digest(Array(text.utf8) + sender + (body ?? []))
        return SourceKey(source: .sms, bytes: Array("\(letter)\(digest)".utf8))
    }

    /// FNV-1a of 64 bits (RFC 9923): to tell builds and contents apart, not to keep anything safe. 0 for nothing.
    static func digest(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var value: UInt64 = 0xcbf2_9ce4_8422_2325
        var isEmpty = true
        for byte in bytes {
            isEmpty = false
            value = (value ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return isEmpty ? 0 : value
    }
}
