internal import CLibUSB
internal import Platform

/// USB as phonewire sees it: which ADB interfaces are plugged in, and links to them. One for the daemon.
///
/// Its executor is the thread that runs libusb's event loop, so libusb's callbacks touch its state directly.
/// `make` starts it; `stop` must end it: until then libusb keeps it alive.
package actor USBContext {
    /// How long a device that cannot be read yet is tried again, and how often: udev may announce a device before
    /// the kernel has chosen its configuration.
    static let describeAgain = (after: Duration.milliseconds(500), times: 10)

    private let library: USBLibrary
    private let parker: USBParker
    private let executor: ThreadExecutor
    private var hotplug = Hotplug()
    private var registration: libusb_hotplug_callback_handle?
    private var transports: [ObjectIdentifier: USBTransport] = [:]
    /// Raised when something was plugged in or out, or is worth another look.
    private let change = Signal()
    private var leakedTransfers = 0

    nonisolated package var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// Starts libusb, its thread and the hot-plug notices. Devices that are plugged in already are in the first
    /// snapshot.
    package static func make() async throws(USBError) -> USBContext {
        let context = try USBContext()
        try await context.start()
        return context
    }

    private init() throws(USBError) {
        library = try USBLibrary()
        parker = USBParker(library: library)
        do throws(SystemError) {
            executor = try ThreadExecutor(name: "phonewire-usb", parker: parker)
        } catch {
            throw USBError(.unavailable, operation: "start the USB thread", detail: "\(error)")
        }
    }

    deinit {
        executor.stop()
    }

    private func start() throws(USBError) {
        guard libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG.rawValue) != 0 else {
            throw USBError(
                .unavailable, operation: "watch for phones", detail: "this libusb was built without hot-plug")
        }
        parker.setBeforeWaiting { [weak self] in
            self?.assumeIsolated { $0.beforeWaiting() }
        }
        let events = LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED.rawValue | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT.rawValue
        // Taken back in `stop`, or below.
        let me = unsafe Unmanaged.passRetained(self)
        var handle: libusb_hotplug_callback_handle = 0
        let code = unsafe libusb_hotplug_register_callback(
            library.context, Int32(events), Int32(LIBUSB_HOTPLUG_ENUMERATE.rawValue),
            LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
            { _, device, event, me in
                // Runs with libusb's locks held: takes a reference, makes a note, wakes. Nothing else.
                guard let device = unsafe device, let me = unsafe me else { return 0 }
                let context = unsafe Unmanaged<USBContext>.fromOpaque(me).takeUnretainedValue()
                let arrived = event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED
                nonisolated(unsafe) let pointer = unsafe device
                context.assumeIsolated { unsafe $0.noticed(pointer, arrived: arrived) }
                return 0
            }, me.toOpaque(), &handle)
        guard code == 0 else {
            unsafe me.release()
            parker.setBeforeWaiting(nil)
            throw USBError(.unavailable, operation: "watch for phones", detail: USBError.words(for: code))
        }
        registration = handle
    }

    /// Everything that is plugged in now.
    package func snapshot() -> USBSnapshot {
        hotplug.read(again: Self.describeAgain)
        return USBSnapshot(
            generation: hotplug.generation, interfaces: hotplug.interfaces, problems: hotplug.problems,
            leakedTransfers: leakedTransfers)
    }

    /// Returns as soon as something was plugged in or out since the snapshot with this `generation`, at once when
    /// that has happened already: no change is missed, however slowly the caller reads. Also returns when the task
    /// is cancelled or the context stopped. One task waits.
    package func changed(since generation: UInt64) async {
        if generation != hotplug.generation || registration == nil { return }
        await change.wait()
    }

    /// Claims the interface and does nothing else to the device: no configuration, no alternate setting, no
    /// clear-halt, no reset. AOSP `packages/modules/adb` removed each of them from its open sequence (commit e1f4fe87
    /// for clear-halt, which broke some Samsung phones).
    package func open(_ interface: USBInterface) throws(USBError) -> USBTransport {
        let place = "\(interface.path) (\(interface.node))"
        guard registration != nil, let device = hotplug.device(arrival: interface.arrival) else {
            throw USBError(.gone, operation: "open", device: place, detail: "it is not plugged in any more")
        }
        // Both actors run on the USB thread, so the handle does not change threads; only this one forgets it here.
        nonisolated(unsafe) let handle = try USBHandle(
            opening: device, endpoints: interface.endpoints, place: place)
        let transport = unsafe USBTransport(handle: handle, executor: executor, parker: parker, context: self)
        transports[ObjectIdentifier(transport)] = transport
        return transport
    }

    /// Ends hot-plug notices and closes every link. Safe to call twice; afterwards nothing can be opened. The thread
    /// and libusb end with the context's last owner, so that a late `close` of a link still has its thread.
    package func stop() async {
        guard let registration else { return }
        self.registration = nil
        unsafe libusb_hotplug_deregister_callback(library.context, registration)
        for transport in transports.values { await transport.close() }
        hotplug = Hotplug()
        change.raise()
        parker.setBeforeWaiting(nil)
        unsafe Unmanaged.passUnretained(self).release()
    }

    /// A transport has closed and `leaked` transfers never came back.
    func closed(_ transport: USBTransport, leaked: Int) {
        transports[ObjectIdentifier(transport)] = nil
        leakedTransfers += leaked
    }

    private func noticed(_ pointer: OpaquePointer, arrived: Bool) {
        let changed = unsafe arrived ? hotplug.arrived(pointer) : hotplug.left(pointer)
        if changed { change.raise() }
    }

    /// Runs on the USB thread each time before it waits in libusb: what cancellation handlers and deadlines ask for.
    private func beforeWaiting() -> Duration? {
        let now = ContinuousClock.now
        if hotplug.retryIsDue(now: now) { change.raise() }
        var deadlines = transports.values.compactMap { transport in
            transport.assumeIsolated { $0.beforeWaiting(now: now) }
        }
        if let retry = hotplug.retryAt { deadlines.append(retry) }
        return deadlines.min().map { $0 - now }
    }
}
