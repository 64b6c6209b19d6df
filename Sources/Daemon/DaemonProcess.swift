package import Base
import Control
import Crypto
import Delivery
import HTTP
import Link
import Platform
import Store
import USB

/// The daemon as a process: makes every part, runs them, takes them down in the reverse order.
package enum DaemonProcess {
    /// Serves until the task is cancelled. `ready` is called once the control socket listens and phones are watched.
    package static func run(
        _ options: DaemonOptions, log: Logger, ready: @escaping @Sendable () async -> Void = {}
    ) async throws(DaemonFailure) {
        let clock = SystemClock()
        let lock = try lock(folder: options.stateFolder)
        defer { withExtendedLifetime(lock) {} }
        let keys = try keys(folder: options.stateFolder)
        let thread = try system { () throws(SystemError) in
            try ThreadExecutor(name: "pw-store", parker: EventParker())
        }
        defer { thread.stop() }
        let store = try store(folder: options.stateFolder, thread: thread, clock: clock)
        let poller = try system { () throws(SystemError) in try Poller() }
        defer { poller.stop() }
        let client = try client()
        let usb = options.usb ? await usb(log: log) : nil
        let tcp = TCPLinks(
            addresses: try await addresses(options.addresses, and: store), poller: poller, clock: clock)
        var finders: [any LinkFinder] = [tcp]
        if let usb { finders.append(USBLinks(context: usb)) }
        let core = DaemonCore(
            store: store, keys: keys, finders: finders, client: client, clock: clock, log: log,
            random: { Self.random($0) }, jitter: { Double.random(in: 0..<1) })
        let services = DaemonServices(
            store: store, states: core.watch, links: tcp, keys: keys, phones: core.phones,
            deviceSwitched: { device in await core.watch.enabledChanged(device) },
            webhooksChanged: { core.delivery.wake() }, transport: core.transport, clock: clock,
            random: { Self.random($0) }, stateFolder: options.stateFolder)
        let control = try control(services, options: options, poller: poller, log: log)
        await serve(core, control: control, clock: clock, log: log, ready: ready)
        await usb?.stop()
        await client.close()
        try? await store.close()
    }

    private static func random(_ count: Int) -> [UInt8] {
        guard let bytes = try? RandomBytes.make(count: count) else {
            // A mark that a phone can guess would be worse than no daemon.
            preconditionFailure(
                "libcrypto gives no random bytes: the system's random generator does not work")
        }
        return bytes
    }

    // MARK: Parts

    private static func lock(folder: String) throws(DaemonFailure) -> FileLock {
        do throws(SystemError) {
            try SyncedFile.makeFolder(folder)
        } catch {
            throw .folder(error)
        }
        do throws(FileLock.Refusal) {
            return try FileLock(path: folder + "/lock")
        } catch {
            switch error {
            case .held(_, let holder): throw .locked(folder: folder, holder: holder)
            case .system(let error): throw .folder(error)
            }
        }
    }

    private static func keys(folder: String) throws(DaemonFailure) -> KeyRing {
        do throws(KeyRing.Failure) {
            return try KeyRing(stateFolder: folder)
        } catch {
            throw .key(error)
        }
    }

    private static func store(
        folder: String, thread: ThreadExecutor, clock: SystemClock
    ) throws(DaemonFailure) -> EventStore {
        do throws(StoreError) {
            return try EventStore(directory: folder, executor: thread, clock: clock)
        } catch {
            throw .store(error)
        }
    }

    private static func client() throws(DaemonFailure) -> CurlClient {
        do throws(HTTPFailure) {
            return try CurlClient()
        } catch {
            throw .system("the HTTP engine did not start: \(error.message)")
        }
    }

    private static func system<Value>(_ make: () throws(SystemError) -> Value) throws(DaemonFailure) -> Value
    {
        do throws(SystemError) {
            return try make()
        } catch {
            throw .system("the system refused: \(error)")
        }
    }

    /// USB, or nil and a line in the log where it cannot be used: TCP phones are served all the same.
    private static func usb(log: Logger) async -> USBContext? {
        do throws(USBError) {
            return try await USBContext.make()
        } catch {
            log.log(.error, "USB cannot be used: only TCP phones are served", ("error", "\(error)"))
            return nil
        }
    }

    /// The addresses that this run was given and those in the store, each once.
    private static func addresses(
        _ given: [String], and store: EventStore
    ) async throws(DaemonFailure) -> [SocketAddress] {
        let stored: [String]
        do throws(StoreError) {
            stored = try await store.addresses()
        } catch {
            throw .store(error)
        }
        var addresses: [SocketAddress] = []
        for text in given + stored {
            guard let address = SocketAddress(text) else { throw .address(text) }
            if !addresses.contains(address) { addresses.append(address) }
        }
        return addresses
    }

    private static func control(
        _ services: DaemonServices, options: DaemonOptions, poller: Poller, log: Logger
    ) throws(DaemonFailure) -> ControlServer {
        do throws(ControlSocket.Refusal) {
            let socket = try ControlSocket(path: options.socketPath, forGroup: options.socketForGroup)
            return ControlServer(
                socket: socket, forGroup: options.socketForGroup, handlers: services, poller: poller,
                clock: services.clock, log: log)
        } catch {
            throw .control(error)
        }
    }

    // MARK: Running

    private static func serve(
        _ core: DaemonCore, control: ControlServer, clock: SystemClock, log: Logger,
        ready: @escaping @Sendable () async -> Void
    ) async {
        let notify = ServiceNotify()
        await withDiscardingTaskGroup { group in
            group.addTask { await control.run() }
            group.addTask { await core.run() }
            group.addTask { await keepWatchdogCalm(core, notify: notify, clock: clock) }
            notify.send(["READY=1", "STATUS=serving"])
            log.log(.info, "phonewire serves")
            await ready()
        }
        notify.send(["STOPPING=1"])
        log.log(.info, "phonewire stopped")
    }

    /// Tells the service manager that the daemon is alive, but only when the device watch and the store answer.
    private static func keepWatchdogCalm(
        _ core: DaemonCore, notify: ServiceNotify, clock: SystemClock
    ) async {
        guard let interval = notify.watchdogInterval else { return }
        while (try? await clock.sleep(for: interval)) != nil {
            let live = await core.watch.liveDevices()
            guard await core.delivery.isAlive() else { continue }
            let online = live.filter { $0.state == .online }.count
            notify.send(["WATCHDOG=1", "STATUS=\(online) of \(live.count) phones online"])
        }
    }
}
