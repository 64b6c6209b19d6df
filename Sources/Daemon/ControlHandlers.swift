package import Control
package import Delivery
package import Events
import Glibc
package import Phone
package import Store
package import Time

/// What control commands can make the daemon do beside reading and writing the store.
package struct ControlActions: Sendable {
    /// Serves the phone at `host:port` from now on; it is in the store's addresses already.
    package var connect: @Sendable (_ address: String) async -> Void
    /// Ends serving it; it is no longer in the store's addresses.
    package var disconnect: @Sendable (_ address: String) async -> Void
    /// Keeps other programs' keys (PEM) for the phone with that serial alone.
    package var importKeys: @Sendable (_ pems: [[UInt8]], _ serial: String) async throws(ControlError) -> Void
    /// Asks a source of a phone for something; returns when it has replied, which may take minutes.
    package var ask: @Sendable (_ device: DeviceKey, Source, SourceRequest) async -> PhoneAnswer
    /// A webhook was added, removed, switched on or off: deliveries may be due, or no longer.
    package var webhooksChanged: @Sendable () async -> Void

    package init(
        connect: @escaping @Sendable (String) async -> Void,
        disconnect: @escaping @Sendable (String) async -> Void,
        importKeys: @escaping @Sendable ([[UInt8]], String) async throws(ControlError) -> Void,
        ask: @escaping @Sendable (DeviceKey, Source, SourceRequest) async -> PhoneAnswer,
        webhooksChanged: @escaping @Sendable () async -> Void
    ) {
        self.connect = connect
        self.disconnect = disconnect
        self.importKeys = importKeys
        self.ask = ask
        self.webhooksChanged = webhooksChanged
    }
}

/// Answers control commands from the store, the attached phones and the daemon's actions.
package struct ControlHandlers: ControlAnswering {
    let store: EventStore
    let states: any DeviceStates
    let client: any HTTPClient
    let actions: ControlActions
    let clock: any DaemonClock
    let stateFolder: String
    let random: @Sendable (_ count: Int) -> [UInt8]
    let startedAt: WallTime

    /// Handlers for a daemon that starts now. `client` sends webhook tests, `random` gives fresh random bytes.
    package init(
        store: EventStore, states: any DeviceStates, client: any HTTPClient, actions: ControlActions,
        clock: any DaemonClock, stateFolder: String,
        random: @escaping @Sendable (_ count: Int) -> [UInt8]
    ) {
        self.store = store
        self.states = states
        self.client = client
        self.actions = actions
        self.clock = clock
        self.stateFolder = stateFolder
        self.random = random
        startedAt = clock.wallNow()
    }

    package func answer(_ command: ControlCommand) async throws(ControlError) -> [UInt8] {
        switch command {
        case .status: try ControlCodec.encode(result: try await status())
        case .devices: try ControlCodec.encode(result: try await devices())
        case .device(let argument): try ControlCodec.encode(result: try await device(argument))
        case .renameDevice(let arguments): try ControlCodec.encode(result: try await rename(arguments))
        case .trust(let arguments): try ControlCodec.encode(result: try await trust(arguments))
        case .connect(let argument): try ControlCodec.encode(result: try await connect(argument))
        case .disconnect(let argument): try ControlCodec.encode(result: try await disconnect(argument))
        case .sims(let filter): try ControlCodec.encode(result: try await sims(filter))
        case .webhooks: try ControlCodec.encode(result: try await webhooks())
        case .webhook(let argument): try ControlCodec.encode(result: try await webhook(argument))
        case .addWebhook(let arguments): try ControlCodec.encode(result: try await add(arguments))
        case .removeWebhook(let argument): try ControlCodec.encode(result: try await remove(argument))
        case .enableWebhook(let arguments): try ControlCodec.encode(result: try await enable(arguments))
        case .testWebhook(let argument): try ControlCodec.encode(result: try await test(argument))
        case .runUSSD(let arguments): try ControlCodec.encode(result: try await runUSSD(arguments))
        case .events(let query): try ControlCodec.encode(result: try await events(query))
        case .event(let argument): try ControlCodec.encode(result: try await event(argument))
        case .deliveries(let query): try ControlCodec.encode(result: try await deliveries(query))
        case .delivery(let argument): try ControlCodec.encode(result: try await delivery(argument))
        case .tail: throw ControlError(.badRequest, "\(command.name) is a stream")
        }
    }

    package func stream(
        _ command: ControlCommand, emit: @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        guard case .tail(let query) = command else {
            throw ControlError(.badRequest, "\(command.name) is no stream")
        }
        try await tail(query, emit: emit)
    }

    /// What `body` gives; a store's error becomes one that the command line understands.
    func stored<Value>(_ body: () async throws(StoreError) -> Value) async throws(ControlError) -> Value {
        do throws(StoreError) {
            return try await body()
        } catch {
            throw ControlError(error)
        }
    }

    /// The list limit that was asked for, within bounds.
    func limit(_ asked: Int) throws(ControlError) -> Int {
        guard 1...ControlLimits.listRowsMax ~= asked else {
            throw ControlError(.badRequest, "a limit is a number from 1 to \(ControlLimits.listRowsMax)")
        }
        return asked
    }
}

extension ControlError {
    /// The store's error in the words of the control protocol. Store errors never carry bound values.
    init(_ error: StoreError) {
        let code: Code =
            switch error.cause {
            case .notFound: .notFound
            case .refused: .refused
            case .locked, .full, .inputOutput, .stopped: .temporary
            case .damaged, .notADatabase, .foreignDatabase, .newerSchema, .unknownHistory, .settingRefused,
                .inaccessible, .closed, .bug:
                .failed
            }
        let said = error.cause == .refused || error.cause == .notFound
        self.init(code, said ? error.message : error.description, hint: said ? error.remedy : "")
    }
}

extension Timestamp {
    init(_ time: WallTime) { self.init(milliseconds: time.milliseconds) }
}
