import Control
import Crypto
import Delivery
import HTTP
import Link
package import Log
import Platform
import Store
import Time
import USB

/// The daemon as a process: makes every part, runs them, takes them down in the reverse order.
package enum DaemonProcess {
    /// Serves until the task is cancelled. `ready` is called once the control socket listens and phones are watched.
    package static func run(
        _ options: DaemonOptions, log: Logger, ready: @escaping @Sendable () async -> Void = {}
    ) async throws(DaemonFailure) {
        let clock = SystemClock()
        let lock = try lock(options.stateFolder)
        defer { withExtendedLifetime(lock) {} }
        let keys = try keys(options.stateFolder)
        let thread = try system { () throws(SystemError) in
            try ThreadExecutor(name: "pw-store", parker: EventParker())
        }
        defer { thread.stop() }
        let store = try store(options.stateFolder, thread, clock)
        let poller = try system { () throws(SystemError) in try Poller() }
        defer { poller.stop() }
        let client = try client()
        let usb = options.usb ? await usb(log) : nil
        let tcp = TCPLinks(addresses: try await addresses(options, store), poller: poller, clock: clock)
        var sources: [any LinkSource] = [tcp]
        if let usb { sources.append(USBLinks(context: usb)) }
        let core = DaemonCore(
            store: store, keys: keys, sources: sources, client: client, clock: clock, log: log,
            random: { Self.random($0) }, jitter: { Double.random(in: 0..<1) })
        let control = try control(options, store, core, keys, tcp, client, poller, clock, log)
        await serve(core, control, clock, log, ready)
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

    private static func lock(_ folder: String) throws(DaemonFailure) -> FileLock {
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

    private static func keys(_ folder: String) throws(DaemonFailure) -> KeyRing {
        do throws(KeyRing.Failure) {
            return try KeyRing(stateFolder: folder)
        } catch {
            throw .key(error)
        }
    }

    private static func store(
        _ folder: String, _ thread: ThreadExecutor, _ clock: SystemClock
    ) throws(DaemonFailure) -> EventStore {
        do throws(StoreError) {
            return try EventStore(
                directory: folder, executor: thread, clock: clock,
                freeze: { BodyWriter.body(for: $0, format: $1.format) })
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
    private static func usb(_ log: Logger) async -> USBContext? {
        do throws(USBError) {
            return try await USBContext.make()
        } catch {
            log.log(.error, "USB cannot be used: only TCP phones are served", ("error", "\(error)"))
            return nil
        }
    }

    private static func addresses(
        _ options: DaemonOptions, _ store: EventStore
    ) async throws(DaemonFailure) -> [SocketAddress] {
        let stored: [String]
        do throws(StoreError) {
            stored = try await store.addresses()
        } catch {
            throw .store(error)
        }
        var addresses: [SocketAddress] = []
        for text in options.addresses + stored {
            guard let address = SocketAddress(text) else { throw .address(text) }
            if !addresses.contains(address) { addresses.append(address) }
        }
        return addresses
    }

    private static func control(
        _ options: DaemonOptions, _ store: EventStore, _ core: DaemonCore, _ keys: KeyRing, _ tcp: TCPLinks,
        _ client: CurlClient,
        _ poller: Poller, _ clock: SystemClock, _ log: Logger
    ) throws(DaemonFailure) -> ControlServer {
        let delivery = core.delivery
        let phones = core.phones
        let handlers = ControlHandlers(
            store: store, states: core.watch, client: client,
            actions: ControlActions(
                connect: { text in
                    if let address = SocketAddress(text) { await tcp.set(address, wanted: true) }
                },
                disconnect: { text in
                    if let address = SocketAddress(text) { await tcp.set(address, wanted: false) }
                },
                importKeys: { (pems, serial) throws(ControlError) in
                    do throws(KeyRing.Failure) {
                        try await keys.importKeys(pems, for: serial)
                    } catch {
                        throw ControlError(.refused, DaemonFailure.key(error).sentence)
                    }
                },
                ask: { (device, source, request) in await phones.ask(device, source, request) },
                webhooksChanged: { delivery.wake() }),
            clock: clock, stateFolder: options.stateFolder, random: { Self.random($0) })
        do throws(ControlSocket.Refusal) {
            let socket = try ControlSocket(path: options.socketPath, forGroup: options.socketForGroup)
            return ControlServer(
                socket: socket, forGroup: options.socketForGroup, handlers: handlers, poller: poller,
                clock: clock,
                log: log)
        } catch {
            throw .control(error)
        }
    }

    // MARK: Running

    private static func serve(
        _ core: DaemonCore, _ control: ControlServer, _ clock: SystemClock, _ log: Logger,
        _ ready: @escaping @Sendable () async -> Void
    ) async {
        let notify = ServiceNotify()
        await withDiscardingTaskGroup { group in
            group.addTask { await control.run() }
            group.addTask { await core.run() }
            group.addTask { await keepWatchdogCalm(core, notify, clock) }
            notify.send(["READY=1", "STATUS=serving"])
            log.log(.info, "phonewire serves")
            await ready()
        }
        notify.send(["STOPPING=1"])
        log.log(.info, "phonewire stopped")
    }

    /// Tells the service manager that the daemon is alive, but only when the device watch and the store answer.
    private static func keepWatchdogCalm(_ core: DaemonCore, _ notify: ServiceNotify, _ clock: SystemClock)
        async
    {
        guard let interval = notify.watchdogInterval else { return }
        while (try? await clock.sleep(for: interval)) != nil {
            let live = await core.watch.liveDevices()
            guard await core.delivery.isAlive() else { continue }
            let online = live.filter { $0.state == .online }.count
            notify.send(["WATCHDOG=1", "STATUS=\(online) of \(live.count) phones online"])
        }
    }
}

extension DeliveryService {
    /// Whether the service's actor and the store's thread answer.
    func isAlive() async -> Bool { (try? await store.served()) != nil }
}
