package import ADB

/// A phone that could be talked to: a USB interface that is plugged in, a TCP address, a virtual phone.
package struct AvailableLink: Sendable, Hashable {
    /// Names this arrival: a phone that is plugged in again is a new link.
    package var id: String
    /// USB port path such as `1-1.2`, or `host:port`.
    package var address: String
    /// The serial that the link gives before anything was said; outside text.
    package var serial: String

    /// A link.
    package init(id: String, address: String, serial: String) {
        self.id = id
        self.address = address
        self.serial = serial
    }
}

/// Why a link could not be opened.
package struct LinkRefusal: Error, Sendable, Equatable {
    /// The state to show.
    package var state: PhoneState
    /// One sentence: what happened and what to do.
    package var detail: String

    /// A refusal.
    package init(state: PhoneState, detail: String) {
        self.state = state
        self.detail = detail
    }
}

/// A device that claims to be a phone and cannot be one.
package struct LinkProblem: Sendable, Equatable {
    /// Where it is.
    package var address: String
    /// Why it cannot be used; one sentence.
    package var reason: String

    /// A problem at `address`.
    package init(address: String, reason: String) {
        self.address = address
        self.reason = reason
    }
}

/// Finds links: the port between the device watch and USB, TCP, or a simulation.
package protocol LinkFinder: Sendable {
    /// What is there now.
    func links() async -> [AvailableLink]
    /// What was there at the last call of `links` and cannot be used.
    func problems() async -> [LinkProblem]
    /// Returns when `links` may have changed since its last call, or the task was cancelled.
    func changed() async
    /// Opens one of them.
    func open(_ link: AvailableLink) async throws(LinkRefusal) -> any Transport
}

extension LinkFinder {
    /// Most finders have none.
    package func problems() async -> [LinkProblem] { [] }
}
