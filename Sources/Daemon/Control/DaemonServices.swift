package import Base
package import Control
package import Delivery
package import Events
package import Store

/// What handlers of control calls may use of the daemon.
package struct DaemonServices: Sendable {
    /// Everything that is stored.
    package let store: EventStore
    /// What is attached now.
    package let states: any DeviceStates
    /// Phones at addresses that the user names.
    package let links: any AddressLinks
    /// Where other programs' keys are kept.
    package let keys: any KeyImporter
    /// The phones that can be asked for something.
    package let phones: any PhoneTasks
    /// The user switched a phone on or off; the store knows it already.
    package let deviceSwitched: @Sendable (_ device: DeviceKey) async -> Void
    /// A webhook was added, removed, switched on or off: deliveries may be due, or no longer.
    package let webhooksChanged: @Sendable () async -> Void
    /// Sends webhook tests.
    package let transport: any DeliveryTransport
    /// The daemon's clocks.
    package let clock: any DaemonClock
    /// Fresh random bytes.
    package let random: @Sendable (_ count: Int) -> [UInt8]
    /// The state folder, for people.
    package let stateFolder: String
    /// When the daemon started.
    package let startedAt: WallTime

    /// The services of a daemon that starts now.
    package init(
        store: EventStore, states: any DeviceStates, links: any AddressLinks, keys: any KeyImporter,
        phones: any PhoneTasks,
        deviceSwitched: @escaping @Sendable (_ device: DeviceKey) async -> Void,
        webhooksChanged: @escaping @Sendable () async -> Void, transport: any DeliveryTransport,
        clock: any DaemonClock, random: @escaping @Sendable (_ count: Int) -> [UInt8], stateFolder: String
    ) {
        self.store = store
        self.states = states
        self.links = links
        self.keys = keys
        self.phones = phones
        self.deviceSwitched = deviceSwitched
        self.webhooksChanged = webhooksChanged
        self.transport = transport
        self.clock = clock
        self.random = random
        self.stateFolder = stateFolder
        startedAt = clock.wallNow()
    }

    /// What `body` gives; a store's error becomes one that a client understands.
    func stored<Value>(_ body: () async throws(StoreError) -> Value) async throws(ControlError) -> Value {
        do throws(StoreError) {
            return try await body()
        } catch {
            throw ControlError(error)
        }
    }
}

extension DaemonServices: ControlAnswering {
    package func answer(_ call: any AnsweredCall) async throws(ControlError) -> [UInt8] {
        func reply(_ call: some AnsweredCall) async throws(ControlError) -> [UInt8] {
            try ControlCodec.encode(result: try await call.answer(self))
        }
        return try await reply(call)
    }

    package func answer(
        _ stream: any AnsweredStream, emit: @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        func run(_ stream: some AnsweredStream) async throws {
            try await stream.answer(self) { item in try await emit(try ControlCodec.encode(result: item)) }
        }
        try await run(stream)
    }
}

/// A list's limit that was asked for.
enum ListLimit {
    /// `asked`, where it is within bounds.
    static func checked(_ asked: Int) throws(ControlError) -> Int {
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
                .inaccessible, .unstorable, .closed, .bug:
                .failed
            }
        let said = error.cause == .refused || error.cause == .notFound
        self.init(code, said ? error.message : error.description, hint: said ? error.remedy : "")
    }
}

extension Timestamp {
    /// The date `time`.
    init(_ time: WallTime) { self.init(milliseconds: time.milliseconds) }
}
