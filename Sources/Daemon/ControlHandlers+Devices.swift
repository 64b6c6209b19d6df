import Control
import Events
import Platform
import Store
import Time

extension ControlHandlers {
    /// Every known phone with how it is now, then attached ones that have not told who they are.
    func deviceReports() async throws(ControlError) -> [DeviceReport] {
        let live = await states.liveDevices()
        let (records, cards) = try await stored { () throws(StoreError) in
            (try await store.devices(), try await store.sims())
        }
        let names = Dictionary(records.map { ($0.key, $0.name) }, uniquingKeysWith: { first, _ in first })
        let owners = Self.owners(of: live, records)
        var reports = records.map { record in
            let sims = cards.filter { $0.0 == record.key }.map { card in
                SIMReport(card.1, device: names[card.0] ?? "", since: card.since)
            }
            let links = zip(live, owners).filter { $0.1 == record.key }.map(\.0)
            return DeviceReport(record, live: links, sims: sims)
        }
        reports += zip(live, owners).filter { $0.1 == nil }.map { DeviceReport(unknown: $0.0) }
        return reports
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

    func devices() async throws(ControlError) -> DeviceList {
        let addresses = try await stored { () throws(StoreError) in try await store.addresses() }
        return DeviceList(devices: try await deviceReports(), addresses: addresses)
    }

    func device(_ argument: NameArgument) async throws(ControlError) -> DeviceReport {
        let record = try await record(argument.name)
        let reports = try await deviceReports()
        guard let report = reports.first(where: { $0.name == record.name }) else {
            throw ControlError(.notFound, "phone \(argument.name) has gone")
        }
        return report
    }

    func rename(_ arguments: RenameArguments) async throws(ControlError) -> DeviceReport {
        let record = try await record(arguments.name)
        try await stored { () throws(StoreError) in
            try await store.renameDevice(record.key, to: arguments.newName)
        }
        return try await device(NameArgument(name: arguments.newName))
    }

    func trust(_ arguments: TrustArguments) async throws(ControlError) -> TrustReport {
        guard 1...KeyRing.serialBytesMax ~= arguments.serial.utf8.count else {
            throw ControlError(
                .badRequest, "a serial has 1 to \(KeyRing.serialBytesMax) bytes",
                hint: "\"phonewire devices\" shows the serials")
        }
        if !arguments.keys.isEmpty {
            try await actions.importKeys(arguments.keys.map { Array($0.utf8) }, arguments.serial)
        }
        try await stored { () throws(StoreError) in
            try await store.noteServed(serial: arguments.serial, at: clock.wallNow())
        }
        return TrustReport(serial: arguments.serial, importedKeys: arguments.keys.count)
    }

    func connect(_ argument: AddressArgument) async throws(ControlError) -> AddressReport {
        let address = try Self.address(argument.address)
        try await stored { () throws(StoreError) in
            try await store.addAddress(address)
            // The user named it: our key may sign for what answers there.
            try await store.noteServed(serial: address, at: clock.wallNow())
        }
        await actions.connect(address)
        return AddressReport(address: address, served: true)
    }

    func disconnect(_ argument: AddressArgument) async throws(ControlError) -> AddressReport {
        let address = try Self.address(argument.address)
        let known = try await stored { () throws(StoreError) in try await store.addresses() }
        guard known.contains(address) else {
            throw ControlError(
                .notFound, "no phone is served at \(address)",
                hint: "\"phonewire devices\" shows where they are")
        }
        try await stored { () throws(StoreError) in try await store.removeAddress(address) }
        await actions.disconnect(address)
        return AddressReport(address: address, served: false)
    }

    func sims(_ filter: DeviceFilter) async throws(ControlError) -> SIMList {
        let key = try await deviceKey(filter.device)
        let (records, cards) = try await stored { () throws(StoreError) in
            (try await store.devices(), try await store.sims(key))
        }
        let names = Dictionary(records.map { ($0.key, $0.name) }, uniquingKeysWith: { first, _ in first })
        let sims = cards.map { SIMReport($0.1, device: names[$0.0] ?? "", since: $0.since) }
        return SIMList(sims: sims.sorted { ($0.device, $0.slot) < ($1.device, $1.slot) })
    }

    /// `text` as `host:port`, ADB's usual port added when there is none.
    private static func address(_ text: String) throws(ControlError) -> String {
        guard let address = SocketAddress(text) else {
            throw ControlError(
                .badRequest, "\"\(text)\" is no address",
                hint: "write host:port, the host as a number, such as 192.168.1.20:5555")
        }
        return address.description
    }

    /// The phone that the user means by `name`.
    func record(_ name: String) async throws(ControlError) -> DeviceRecord {
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
        return try await record(name).key
    }
}

extension SIMReport {
    init(_ card: SIMCard, device: String, since: WallTime) {
        self.init(
            device: device, slot: card.slot, iccid: card.iccid, carrier: card.carrier, network: card.network,
            subscription: card.subscription, since: Timestamp(since))
    }
}

extension DeviceReport {
    /// A known phone, as it is now: the best of its links when it has several.
    init(_ record: DeviceRecord, live: [LiveDevice], sims: [SIMReport]) {
        let link = live.first { $0.state == .online } ?? live.first
        let state = link?.state ?? (record.enabled ? .offline : .disabled)
        let identity = record.identity
        self.init(
            name: record.name, id: record.wireID, serial: identity.serial,
            manufacturer: identity.manufacturer,
            model: identity.model, android: identity.androidVersion, apiLevel: identity.apiLevel,
            state: state,
            detail: link?.detail ?? "", advice: PhoneAdvice.text(for: state), address: link?.address,
            enabled: record.enabled, enrolledAt: Timestamp(record.enrolledAt),
            lastSeenAt: record.lastSeenAt.map { Timestamp($0) }, sims: sims)
    }

    /// A phone that is attached and has not told who it is.
    init(unknown link: LiveDevice) {
        self.init(
            name: nil, id: nil, serial: link.transportSerial, state: link.state, detail: link.detail,
            advice: PhoneAdvice.text(for: link.state), address: link.address)
    }
}

/// What to do about a phone's state.
enum PhoneAdvice {
    static func text(for state: PhoneState) -> String {
        switch state {
        case .connecting, .authorizing, .probing, .online, .offline, .disabled: ""
        case .waitingForUser:
            "unlock the phone and allow USB debugging; tick \"always allow from this computer\""
        case .busy: "another program holds it: \"adb kill-server\", close Android Studio and scrcpy"
        case .noPermission: "install udev/60-phonewire.rules and plug it in again: see \"phonewire doctor\""
        case .unauthorized:
            "on the phone: Developer options, revoke USB debugging authorisations, plug in again, allow"
        case .locked: "unlock the phone once after its restart"
        case .limited: "see \"phonewire devices show\" for what cannot be read"
        case .failing: "plug it in again; see the daemon's log"
        }
    }
}
