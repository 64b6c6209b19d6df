package import ADB
import Base
package import USB

/// Phones on USB.
package actor USBLinks: LinkFinder {
    private let context: USBContext
    private var generation: UInt64 = .max
    private var seenProblems: [LinkProblem] = []

    /// The phones that `context` sees.
    package init(context: USBContext) { self.context = context }

    package func links() async -> [AvailableLink] {
        let snapshot = await context.snapshot()
        generation = snapshot.generation
        seenProblems = snapshot.problems.map { LinkProblem(address: "\($0.path)", reason: $0.reason) }
        return snapshot.interfaces.map { interface in
            AvailableLink(
                id: "usb/\(interface.path)/\(interface.arrival)", address: "\(interface.path)",
                serial: interface.serial)
        }
    }

    package func problems() -> [LinkProblem] { seenProblems }

    package func changed() async { await context.changed(since: generation) }

    package func open(_ link: AvailableLink) async throws(LinkRefusal) -> any Transport {
        let snapshot = await context.snapshot()
        let found = snapshot.interfaces.first { "usb/\($0.path)/\($0.arrival)" == link.id }
        guard let found else { throw LinkRefusal(state: .offline, detail: "it was unplugged") }
        do throws(USBError) {
            return try await context.open(found)
        } catch {
            throw LinkRefusal(state: Self.state(error.kind), detail: "\(error)")
        }
    }

    private static func state(_ kind: USBError.Kind) -> PhoneState {
        switch kind {
        case .noPermission: .noPermission
        case .busy: .busy
        case .gone: .offline
        case .unavailable, .other: .failing
        }
    }
}
