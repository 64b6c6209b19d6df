package import ADB
package import VirtualPhone

/// A virtual phone in the same process as a transport.
package struct VirtualTransport: Transport {
    package let framing = TransportFraming.stream
    private let link: VirtualLink

    /// The transport over `link`.
    package init(_ link: VirtualLink) { self.link = link }

    package func receive(wanted: Int) async throws(TransportError) -> [UInt8] {
        do throws(VirtualLinkError) {
            return try await link.read(max: max(wanted, 4096))
        } catch {
            throw error == .unplugged ? .ended : .closed
        }
    }

    package func send(header: [UInt8], payload: [UInt8]) async throws(TransportError) {
        do throws(VirtualLinkError) {
            try link.write(header + payload)
        } catch {
            throw .ended
        }
    }

    package func close() async { link.cut() }
}
