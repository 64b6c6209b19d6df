import Base
package import Control
import Events
import Phone
import Platform
import Store

/// Calls about phones.
package enum DeviceCalls: NounCalls {
    package static let calls: [any AnsweredCall.Type] = [
        ListDevices.self, ShowDevice.self, RenameDevice.self, SetDeviceID.self, SwitchDevice.self,
        TrustDevice.self, ConnectDevice.self, DisconnectDevice.self, ReconcileDevice.self,
        BackfillDevice.self, BackfillState.self, StopBackfill.self, RepairDevice.self,
    ]
}

/// All phones.
package struct ListDevices: AnsweredCall {
    package typealias Reply = DeviceList
    package static let word = "devices"
    package static let hasArguments = false

    /// The call.
    package init() {}

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> DeviceList {
        let addresses = try await daemon.stored { () throws(StoreError) in
            try await daemon.store.addresses()
        }
        return DeviceList(devices: try await daemon.deviceReports(), addresses: addresses)
    }
}

/// One phone.
package struct ShowDevice: AnsweredCall {
    package typealias Reply = DeviceReport
    package static let word = "device"

    /// The phone, by name, id or serial.
    package let name: String

    /// The call about the phone called `name`.
    package init(name: String) { self.name = name }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> DeviceReport {
        let record = try await daemon.device(named: name)
        guard let report = try await daemon.deviceReport(record.key) else {
            throw ControlError(.notFound, "phone \(name) has gone")
        }
        return report
    }
}

/// Gives a phone another name.
package struct RenameDevice: AnsweredCall {
    package typealias Reply = DeviceReport
    package static let word = "device.rename"

    /// The phone, by name, id or serial.
    package let name: String
    /// Its new name.
    package let newName: String

    /// The call that renames the phone called `name`.
    package init(name: String, newName: String) {
        self.name = name
        self.newName = newName
    }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> DeviceReport {
        let record = try await daemon.device(named: name)
        try await daemon.stored { () throws(StoreError) in
            try await daemon.store.renameDevice(record.key, to: newName)
        }
        return try await ShowDevice(name: newName).answer(daemon)
    }
}

/// Gives a phone another id for receivers. Events that are recorded already keep the old one.
package struct SetDeviceID: AnsweredCall {
    package typealias Reply = DeviceReport
    package static let word = "device.id"
    /// Longest id, in bytes.
    package static let idBytesMax = StoreLimits.wireIDBytesMax

    /// The phone, by name, id or serial.
    package let name: String
    /// The new id; nil for the one that the phone itself gives.
    package let id: String?

    /// The call that gives the phone called `name` the id `id`.
    package init(name: String, id: String?) {
        self.name = name
        self.id = id
    }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> DeviceReport {
        let record = try await daemon.device(named: name)
        try await daemon.stored { () throws(StoreError) in
            try await daemon.store.setWireID(record.key, to: id)
        }
        return try await ShowDevice(name: record.name).answer(daemon)
    }
}

/// Switches a phone on or off.
package struct SwitchDevice: AnsweredCall {
    package typealias Reply = DeviceReport
    package static let word = "device.enable"

    /// The phone, by name, id or serial.
    package let name: String
    /// Whether it is served from now on.
    package let enabled: Bool

    /// The call that switches the phone called `name`.
    package init(name: String, enabled: Bool) {
        self.name = name
        self.enabled = enabled
    }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> DeviceReport {
        let record = try await daemon.device(named: name)
        try await daemon.stored { () throws(StoreError) in
            try await daemon.store.setEnabled(record.key, to: enabled)
        }
        await daemon.deviceSwitched(record.key)
        return try await ShowDevice(name: record.name).answer(daemon)
    }
}

/// Lets the daemon's key, and other programs' keys, sign for a phone.
package struct TrustDevice: AnsweredCall {
    package typealias Reply = TrustReport
    package static let word = "device.trust"

    /// The serial that its link gives.
    package let serial: String
    /// Other programs' private keys for this phone alone, PEM; they travel over the local socket alone and are in no
    /// reply.
    package let keys: [String]

    /// The call that trusts the phone with the serial `serial`.
    package init(serial: String, keys: [String]) {
        self.serial = serial
        self.keys = keys
    }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> TrustReport {
        guard 1...KeyRing.serialBytesMax ~= serial.utf8.count else {
            throw ControlError(
                .badRequest, "a serial has 1 to \(KeyRing.serialBytesMax) bytes",
                hint: "\"phonewire devices\" shows the serials")
        }
        if !keys.isEmpty {
            do throws(KeyRing.Failure) {
                try await daemon.keys.importKeys(keys.map { Array($0.utf8) }, for: serial)
            } catch {
                throw ControlError(.refused, DaemonFailure.key(error).sentence)
            }
        }
        try await daemon.stored { () throws(StoreError) in
            try await daemon.store.trust(serial: serial, at: daemon.clock.wallNow())
        }
        return TrustReport(serial: serial, importedKeys: keys.count)
    }
}

/// A serial that our keys may sign for.
package struct TrustReport: Sendable, Equatable, Codable {
    /// The serial, as it was given; outside text.
    package var serial: String
    /// How many imported keys are kept for it.
    package var importedKeys: Int
}

/// Serves a phone over TCP from now on.
package struct ConnectDevice: AnsweredCall {
    package typealias Reply = AddressReport
    package static let word = "device.connect"

    /// Where the phone listens: `host:port`, the port 5555 when there is none.
    package let address: String

    /// The call that connects to the phone at `address`.
    package init(address: String) { self.address = address }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> AddressReport {
        let address = try SocketAddress(typed: address)
        let text = address.description
        try await daemon.stored { () throws(StoreError) in
            try await daemon.store.addAddress(text)
            // The user named it: our key may sign for what answers there.
            try await daemon.store.trust(serial: text, at: daemon.clock.wallNow())
        }
        await daemon.links.set(address, wanted: true)
        return AddressReport(address: text, served: true)
    }
}

/// Stops serving a phone over TCP.
package struct DisconnectDevice: AnsweredCall {
    package typealias Reply = AddressReport
    package static let word = "device.disconnect"

    /// Where the phone listens: `host:port`, the port 5555 when there is none.
    package let address: String

    /// The call that ends serving the phone at `address`.
    package init(address: String) { self.address = address }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> AddressReport {
        let address = try SocketAddress(typed: address)
        let text = address.description
        let known = try await daemon.stored { () throws(StoreError) in try await daemon.store.addresses() }
        guard known.contains(text) else {
            throw ControlError(
                .notFound, "no phone is served at \(text)",
                hint: "\"phonewire devices\" shows where they are")
        }
        try await daemon.stored { () throws(StoreError) in try await daemon.store.removeAddress(text) }
        await daemon.links.set(address, wanted: false)
        return AddressReport(address: text, served: false)
    }
}

extension SocketAddress {
    /// The address that a user typed as `text`; ADB's usual port is added when there is none.
    fileprivate init(typed text: String) throws(ControlError) {
        guard let address = SocketAddress(text) else {
            throw ControlError(
                .badRequest, "\"\(text)\" is not an address",
                hint: "write host:port, the host as a number, such as 192.168.1.20:5555")
        }
        self = address
    }
}

/// A TCP address and whether it is served.
package struct AddressReport: Sendable, Equatable, Codable {
    /// `host:port`.
    package var address: String
    /// Whether the phone there is served.
    package var served: Bool
}

/// Every phone that is known or here, and the TCP addresses that are served.
package struct DeviceList: Sendable, Equatable, Codable {
    /// The phones.
    package var devices: [DeviceReport]
    /// `host:port` of phones served over TCP.
    package var addresses: [String]
}

/// A phone: what it is, how it is, and what to do about it.
package struct DeviceReport: Sendable, Equatable, Codable {
    /// The user's name for it; nil for a phone that has not told who it is yet.
    package var name: String?
    /// The id that receivers see.
    package var id: String?
    /// Its serial, as it says itself, else as the link says.
    package var serial: String
    /// The maker, as the phone says; outside text.
    package var manufacturer: String?
    /// The model, as the phone says; outside text.
    package var model: String?
    /// Android's version, such as `14`.
    package var android: String?
    /// Android's API level.
    package var apiLevel: Int?
    /// How it is now.
    package var state: PhoneState
    /// One sentence about the state; empty when there is nothing to add.
    package var detail: String = ""
    /// What to do; empty when nothing needs doing.
    package var advice: String = ""
    /// Where it is: a USB port such as `1-1.2`, or `host:port`; nil when it is not here.
    package var address: String?
    /// False when the user switched it off.
    package var enabled: Bool = true
    /// When it was first online.
    package var enrolledAt: Timestamp?
    /// When it was last online.
    package var lastSeenAt: Timestamp?
    /// The cards in it.
    package var sims: [SIMReport] = []
    /// What has to be set on it, besides USB debugging; nil for a phone that needs nobody.
    package var setup: [String]?
    /// What cannot be read on it because of its version of Android, sentences; nil when that is nothing.
    package var notRead: [String]?
    /// Its tasks that are at work or have something to put back; nil when there are none.
    package var tasks: [TaskReport]?
    /// What came of its messages; nil for one that was never read.
    package var ledger: LedgerReport?
    /// The reading of older messages that is under way; nil for none.
    package var backfill: BackfillReport?
}

/// What a task is doing on a phone.
package struct TaskReport: Sendable, Equatable, Codable {
    /// The task's word, such as `ussd`.
    package var name: String
    /// What is under way, one sentence; nil at rest.
    package var progress: String?
    /// What was changed on the phone and still has to be put back, one sentence.
    package var toPutBack: String?
}

extension DeviceReport {
    /// A known phone, as it is now: the best of its links when it has several.
    fileprivate init(
        _ record: DeviceRecord, live: [LiveDevice], sims: [SIMReport], tasks: [TaskReport]
    ) {
        let link = live.first { $0.state == .online } ?? live.first
        let state = link?.state ?? (record.enabled ? .offline : .disabled)
        let identity = record.identity
        self.init(
            name: record.name, id: record.wireID, serial: identity.serial,
            manufacturer: identity.manufacturer, model: identity.model, android: identity.androidVersion,
            apiLevel: identity.apiLevel, state: state, detail: link?.detail ?? "",
            advice: state.advice, address: link?.address, enabled: record.enabled,
            enrolledAt: Timestamp(record.enrolledAt), lastSeenAt: record.lastSeenAt.map { Timestamp($0) },
            sims: sims, setup: state.isProblem ? PhoneTraits(identity).setup : nil,
            tasks: tasks.isEmpty ? nil : tasks)
    }

    /// A phone that is attached and has not told who it is.
    fileprivate init(unknown link: LiveDevice) {
        self.init(
            serial: link.transportSerial, state: link.state, detail: link.detail,
            advice: link.state.advice, address: link.address)
    }
}

extension TaskReport {
    /// Nil for a task at rest that has nothing to put back.
    fileprivate init?(_ state: TaskState) {
        guard state.progress != nil || state.toPutBack != nil else { return nil }
        self.init(name: state.name.rawValue, progress: state.progress, toPutBack: state.toPutBack)
    }
}

// MARK: Shared with other nouns

extension DaemonServices {
    /// Every known phone with how it is now, then attached ones that have not told who they are.
    func deviceReports() async throws(ControlError) -> [DeviceReport] {
        let (known, unknown) = try await devicesNow()
        return known.map(\.report) + unknown.map { DeviceReport(unknown: $0) }
    }

    /// The known phone `device` with how it is now; nil when it is no longer known.
    func deviceReport(_ device: DeviceKey) async throws(ControlError) -> DeviceReport? {
        try await devicesNow().known.first { $0.key == device }?.report
    }

    private func devicesNow() async throws(ControlError) -> (
        known: [(key: DeviceKey, report: DeviceReport)], unknown: [LiveDevice]
    ) {
        let live = await states.liveDevices()
        let records = try await stored { () throws(StoreError) in try await store.devices() }
        let cards = try await simReports(of: nil)
        let owners = Self.owners(of: live, records)
        var known: [(key: DeviceKey, report: DeviceReport)] = []
        for record in records {
            let sims = cards.filter { $0.device == record.key }.map(\.report)
            let links = zip(live, owners).filter { $0.1 == record.key }.map(\.0)
            let tasks = await phones.tasks(of: record.key).compactMap { TaskReport($0) }
            var report = DeviceReport(record, live: links, sims: sims, tasks: tasks)
            report.ledger = try await ledger(of: record.key)
            report.backfill = try await backfill(of: record).flatMap { $0.isDone ? nil : $0 }
            let notRead = PhoneTraits(record.identity).notRead
            report.notRead = notRead.isEmpty ? nil : notRead
            known.append((record.key, report))
        }
        return (known, zip(live, owners).filter { $0.1 == nil }.map(\.0))
    }

    /// The known phone behind each link. A link that has not told who it is belongs to the only known phone with its
    /// serial, where no other link is that phone's: for people only, nothing is read or sent by it.
    private static func owners(of live: [LiveDevice], _ records: [DeviceRecord]) -> [DeviceKey?] {
        live.map { link in
            if let device = link.device { return records.contains { $0.key == device } ? device : nil }
            let same = records.filter { $0.identity.serial == link.transportSerial }
            guard let only = same.first, same.count == 1, !live.contains(where: { $0.device == only.key })
            else {
                return nil
            }
            return only.key
        }
    }

    /// The phone that the user means by `name`.
    func device(named name: String) async throws(ControlError) -> DeviceRecord {
        let found = try await stored { () throws(StoreError) in try await store.device(named: name) }
        guard let found else {
            throw ControlError(
                .notFound, "there is no phone \"\(name)\"", hint: "\"phonewire devices\" lists them")
        }
        return found
    }

    /// The key of the phone that the user means; nil for no name.
    func deviceKey(_ name: String?) async throws(ControlError) -> DeviceKey? {
        guard let name else { return nil }
        return try await device(named: name).key
    }

    /// Phones' names by key.
    func deviceNames() async throws(ControlError) -> [DeviceKey: String] {
        let records = try await stored { () throws(StoreError) in try await store.devices() }
        return Dictionary(records.map { ($0.key, $0.name) }, uniquingKeysWith: { first, _ in first })
    }
}
