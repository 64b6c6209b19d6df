/// What the hot-plug notices have told so far. Used on the USB thread only.
///
/// A notice is only written down; descriptors are read when a snapshot is asked for, outside libusb's callback.
/// Bounded by what is plugged in: a device that left before it was read leaves nothing behind.
struct Hotplug {
    /// Grows with every change.
    private(set) var generation: UInt64 = 1
    /// When devices that could not be read are to be tried again.
    private(set) var retryAt: ContinuousClock.Instant?
    private var entries: [Entry] = []
    private var arrivals: UInt64 = 0

    private struct Entry {
        let device: USBDevice
        let arrival: UInt64
        var state: State
    }

    private enum State {
        case unread(tries: Int)
        case usable(USBInterface)
        case problem(USBProblem)
    }

    /// Returns whether this is news: libusb may announce a device twice while it enumerates.
    mutating func arrived(_ pointer: OpaquePointer) -> Bool {
        if entries.contains(where: { unsafe $0.device.pointer == pointer }) { return false }
        arrivals += 1
        let device = unsafe USBDevice(referencing: pointer)
        entries.append(Entry(device: device, arrival: arrivals, state: .unread(tries: 0)))
        generation += 1
        return true
    }

    /// Returns whether this is news: keyboards and hubs come and go without it.
    mutating func left(_ pointer: OpaquePointer) -> Bool {
        guard let index = entries.firstIndex(where: { unsafe $0.device.pointer == pointer }) else {
            return false
        }
        entries.remove(at: index)
        generation += 1
        return true
    }

    /// Reads what has not been read. Devices without ADB are forgotten.
    mutating func read(again: (after: Duration, times: Int)) {
        retryAt = nil
        entries = entries.compactMap { entry in
            guard case .unread(let tries) = entry.state else { return entry }
            var entry = entry
            switch entry.device.configuration() {
            case .success(let configuration):
                guard let state = state(of: entry, configuration) else { return nil }
                entry.state = state
            case .failure(let error) where tries < again.times:
                _ = error
                entry.state = .unread(tries: tries + 1)
                retryAt = ContinuousClock.now + again.after
            case .failure(let error):
                entry.state = .problem(USBProblem(path: entry.device.path, reason: "\(error)"))
            }
            return entry
        }
    }

    private func state(of entry: Entry, _ configuration: USBConfiguration) -> State? {
        let device = entry.device
        let path = device.path
        switch USBInterfaceFinder.find(in: configuration) {
        case .none: return nil
        case .unusable(let reason): return .problem(USBProblem(path: path, reason: reason))
        case .found(let endpoints):
            let numbers = device.numbers
            return .usable(
                USBInterface(
                    path: path, serial: device.text("serial"), product: device.text("product"),
                    arrival: entry.arrival, node: device.node, vendor: numbers.vendor,
                    productNumber: numbers.product, endpoints: endpoints))
        }
    }

    /// Whether unread devices are to be tried again now; true once per deadline.
    mutating func retryIsDue(now: ContinuousClock.Instant) -> Bool {
        guard let due = retryAt, due <= now else { return false }
        retryAt = nil
        generation += 1
        return true
    }

    var interfaces: [USBInterface] {
        entries.compactMap { if case .usable(let interface) = $0.state { interface } else { nil } }
    }

    var problems: [USBProblem] {
        entries.compactMap { if case .problem(let problem) = $0.state { problem } else { nil } }
    }

    func device(arrival: UInt64) -> USBDevice? {
        entries.first { $0.arrival == arrival }?.device
    }
}
