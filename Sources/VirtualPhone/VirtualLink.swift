/// Why a link gives no more bytes.
package enum VirtualLinkError: Error, Sendable, Equatable {
    /// The phone left: the cable was pulled, it rebooted, or it gave up on what it was sent.
    case unplugged
    /// The reading task was cancelled; nothing was lost.
    case cancelled
    /// Another task reads already.
    case secondReader
}

/// The host's end of an in-process connection to a virtual phone.
///
/// `write` runs the phone at once, on the caller's thread; `read` suspends until the phone has sent something. No
/// thread and no time of its own, so it behaves the same under any executor.
package final class VirtualLink: Sendable {
    private let phone: VirtualPhone
    private let number: Int

    init(phone: VirtualPhone, number: Int) {
        self.phone = phone
        self.number = number
    }

    deinit { phone.endLink(number) }

    /// Sends bytes to the phone, cut anywhere.
    package func write(_ bytes: [UInt8]) throws(VirtualLinkError) {
        guard phone.feed(number, bytes) else { throw .unplugged }
    }

    /// The next bytes from the phone: 1 to `max` of them. What was sent before the phone left is read first.
    ///
    /// One task at a time. A cancelled read takes no bytes.
    package func read(max: Int) async throws(VirtualLinkError) -> [UInt8] {
        let ticket = phone.newTicket(number)
        let outcome: VirtualReadOutcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let reader = VirtualReader(ticket: ticket, max: Swift.max(1, max), continuation: continuation)
                if let outcome = phone.beginRead(number, reader) { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            phone.cancelRead(number, ticket: ticket)
        }
        switch outcome {
        case .bytes(let bytes): return bytes
        case .failed(let error): throw error
        }
    }

    /// Pulls the cable: a pending read throws `.unplugged`, bytes not yet read are lost.
    package func cut() { phone.endLink(number) }
}

/// What a read comes to.
enum VirtualReadOutcome: Sendable {
    case bytes([UInt8])
    case failed(VirtualLinkError)
}

/// A suspended read.
struct VirtualReader: Sendable {
    /// Tells reads of one link apart, so that a late cancellation hits no later read.
    var ticket: Int
    var max: Int
    var continuation: CheckedContinuation<VirtualReadOutcome, Never>
}
