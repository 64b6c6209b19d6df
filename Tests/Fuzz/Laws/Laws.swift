/// What must hold for every input whatever.
package struct Law: Sendable, CustomStringConvertible {
    /// Names the corpus folder and, behind `Fuzz`, the fuzz target.
    package let name: String
    /// Throws `BrokenLaw`, and nothing else, where the law does not hold.
    package let check: @Sendable ([UInt8]) throws(BrokenLaw) -> Void

    package var description: String { name }
}

/// An input for which a law does not hold.
package struct BrokenLaw: Error {
    /// What was promised and not kept.
    package let promise: String

    init(_ promise: String) {
        self.promise = promise
    }
}

/// All laws.
package enum Laws {
    /// In the order of their names.
    package static let all: [Law] = [
        keyReader, notificationDump, notificationHint, packetDecoder, simDetails, smsRow, smsSlot,
        subscriptionDump,
        ussdLog,
    ]

    /// Feeds one input from libFuzzer to a law; a broken law ends the process, which libFuzzer reports.
    package static func feed(_ law: Law, _ data: UnsafePointer<UInt8>?, _ size: Int) {
        let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: data == nil ? 0 : size))
        do throws(BrokenLaw) {
            try law.check(bytes)
        } catch {
            fatalError("\(law.name): \(error.promise)")
        }
    }
}

func promise(_ holds: Bool, _ promise: String) throws(BrokenLaw) {
    guard holds else { throw BrokenLaw(promise) }
}
