package import Base
package import Events

/// The table `devices`: phones, each found by serial and ANDROID_ID together.
struct DevicesTable {
    /// As version 1 of the schema made it.
    static let creation = [
        """
        CREATE TABLE devices (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            wire_id TEXT NOT NULL,
            wire_id_chosen INTEGER NOT NULL DEFAULT 0,
            serial TEXT NOT NULL,
            android_id TEXT,
            manufacturer TEXT NOT NULL,
            model TEXT NOT NULL,
            android_version TEXT NOT NULL,
            api_level INTEGER NOT NULL,
            fingerprint TEXT NOT NULL,
            enrolled_at INTEGER NOT NULL,
            last_seen_at INTEGER,
            enabled INTEGER NOT NULL DEFAULT 1
        ) STRICT
        """,
        "CREATE UNIQUE INDEX devices_identity ON devices (serial, ifnull(android_id, ''))",
        "CREATE INDEX devices_wire_id ON devices (wire_id)",
    ]

    let database: Connection

    /// Every phone, by name.
    func all() throws(StoreError) -> [DeviceRecord] { try database.all(.readDevices, read: Self.record) }

    /// The keys of every phone.
    func keys() throws(StoreError) -> [DeviceKey] {
        try database.all(.deviceKeys) { row throws(StoreError) in try row.key(.id) }
    }

    /// The phone of this key; throws `notFound` when there is none.
    func record(of key: DeviceKey, for operation: String) throws(StoreError) -> DeviceRecord {
        guard let found = try database.first(.deviceByKey, [.id: SQLValue(key)], read: Self.record) else {
            throw database.notFound("phone \(key.rawValue)", operation)
        }
        return found
    }

    /// The phone of this name; nil when there is none.
    func record(called name: String) throws(StoreError) -> DeviceRecord? {
        try database.first(.deviceByName, [.name: .text(name)], read: Self.record)
    }

    /// The phone with this serial and ANDROID_ID; nil when there is none.
    func record(of identity: PhoneIdentity) throws(StoreError) -> DeviceRecord? {
        try database.first(
            .findDevice,
            [.serial: .text(identity.serial), .androidID: .text(identity.androidID ?? "")], read: Self.record)
    }

    /// The phones with this id that receivers see.
    func records(wireID: String) throws(StoreError) -> [DeviceRecord] {
        try database.all(.devicesByWireID, [.wireID: .text(wireID)], read: Self.record)
    }

    /// The phones with this serial.
    func records(serial: String) throws(StoreError) -> [DeviceRecord] {
        try database.all(.devicesBySerial, [.serial: .text(serial)], read: Self.record)
    }

    /// The id that receivers see; throws `notFound` when there is no such phone.
    func wireID(of key: DeviceKey, what: String, for operation: String) throws(StoreError) -> String {
        let found = try database.first(.readWireID, [.id: SQLValue(key)]) { row throws(StoreError) in
            try row.text(.wireID)
        }
        guard let found else { throw database.notFound("\(what) \(key.rawValue)", operation) }
        return found
    }

    /// A new phone, with a name made from its model.
    func insert(_ identity: PhoneIdentity, at now: WallTime) throws(StoreError) -> DeviceKey {
        let count = try database.first(.countDevices) { row throws(StoreError) in try row.int(.count) } ?? 0
        guard count < StoreLimits.devicesMax else {
            throw database.refusal("enrol", "\(count) phones are known, the most there can be")
        }
        try database.run(
            .insertDevice,
            Self.told(identity) + [
                .name: .text(try freeName(for: identity.model)), .wireID: .text(identity.defaultWireID),
                .serial: .text(identity.serial), .androidID: SQLValue(identity.androidID),
                .enrolledAt: SQLValue(now),
            ])
        return DeviceKey(rawValue: database.lastRowID)
    }

    /// Brings what the phone says about itself up to date.
    func update(_ key: DeviceKey, to identity: PhoneIdentity) throws(StoreError) {
        try database.run(
            .updateIdentity,
            Self.told(identity) + [.id: SQLValue(key), .wireID: .text(identity.defaultWireID)])
    }

    /// Runs an UPDATE of one phone; throws `notFound` when there is none.
    func change(_ key: DeviceKey, by sql: SQL, set column: SQLName, to value: SQLValue) throws(StoreError) {
        try database.run(sql, [.id: SQLValue(key), column: value])
        guard database.changes == 1 else { throw database.notFound("phone \(key.rawValue)", sql.name) }
    }

    /// `nil` goes back to the phone's own id.
    func setWireID(_ key: DeviceKey, to wireID: String?) throws(StoreError) {
        let own = try record(of: key, for: SQL.setWireID.name).identity.defaultWireID
        try database.run(
            .setWireID,
            [
                .id: SQLValue(key), .wireID: .text(wireID ?? own), .wireIDChosen: SQLValue(wireID != nil),
            ])
    }

    private func freeName(for model: String) throws(StoreError) -> String {
        let base = NameRule.made(from: model, fallback: "phone")
        var name = base
        var number = 2
        // Ends: each turn passes a name in use, and there are at most devicesMax of them.
        while try record(called: name) != nil {
            name = "\(base)-\(number)"
            number += 1
        }
        return name
    }

    /// What a phone says about itself anew at each contact.
    private static func told(_ identity: PhoneIdentity) -> SQLValues {
        [
            .manufacturer: .text(identity.manufacturer), .model: .text(identity.model),
            .androidVersion: .text(identity.androidVersion), .apiLevel: SQLValue(identity.apiLevel),
            .fingerprint: .text(identity.fingerprint),
        ]
    }

    private static func record(_ row: borrowing Row) throws(StoreError) -> DeviceRecord {
        DeviceRecord(
            key: try row.key(.id), wireID: try row.text(.wireID), name: try row.text(.name),
            identity: PhoneIdentity(
                serial: try row.text(.serial), androidID: try row.optionalText(.androidID),
                manufacturer: try row.text(.manufacturer), model: try row.text(.model),
                androidVersion: try row.text(.androidVersion), apiLevel: try row.int(.apiLevel),
                fingerprint: try row.text(.fingerprint)),
            enrolledAt: try row.time(.enrolledAt), lastSeenAt: try row.optionalTime(.lastSeenAt),
            enabled: try row.bool(.enabled))
    }
}

extension SQLName {
    fileprivate static let id: SQLName = "id"
    fileprivate static let name: SQLName = "name"
    fileprivate static let wireID: SQLName = "wire_id"
    fileprivate static let wireIDChosen: SQLName = "wire_id_chosen"
    fileprivate static let serial: SQLName = "serial"
    fileprivate static let androidID: SQLName = "android_id"
    fileprivate static let manufacturer: SQLName = "manufacturer"
    fileprivate static let model: SQLName = "model"
    fileprivate static let androidVersion: SQLName = "android_version"
    fileprivate static let apiLevel: SQLName = "api_level"
    fileprivate static let fingerprint: SQLName = "fingerprint"
    fileprivate static let enrolledAt: SQLName = "enrolled_at"
    fileprivate static let lastSeenAt: SQLName = "last_seen_at"
    fileprivate static let enabled: SQLName = "enabled"
    fileprivate static let count: SQLName = "count"
}

extension SQL {
    private static let columns: [SQLName] = [
        .id, .wireID, .name, .serial, .androidID, .manufacturer, .model, .androidVersion, .apiLevel,
        .fingerprint,
        .enrolledAt, .lastSeenAt, .enabled,
    ]
    private static let selection = "SELECT \(columns.list) FROM devices"
    fileprivate static let readDevices = SQL("read phones", "\(selection) ORDER BY name")
    fileprivate static let deviceByKey = SQL("read phone", "\(selection) WHERE id = :id")
    fileprivate static let deviceByName = SQL("find phone by name", "\(selection) WHERE name = :name")
    fileprivate static let devicesByWireID = SQL(
        "find phone by id", "\(selection) WHERE wire_id = :wire_id ORDER BY id LIMIT 10")
    fileprivate static let devicesBySerial = SQL(
        "find phone by serial", "\(selection) WHERE serial = :serial ORDER BY id LIMIT 10")
    fileprivate static let findDevice = SQL(
        "find phone by identity",
        "\(selection) WHERE serial = :serial AND ifnull(android_id, '') = :android_id")
    fileprivate static let deviceKeys = SQL("read phone keys", "SELECT id FROM devices")
    fileprivate static let readWireID = SQL("read wire id", "SELECT wire_id FROM devices WHERE id = :id")
    fileprivate static let countDevices = SQL("count phones", "SELECT count(*) AS count FROM devices")
    fileprivate static let insertDevice = insertion(
        "insert phone", into: "devices",
        [
            .name, .wireID, .serial, .androidID, .manufacturer, .model, .androidVersion, .apiLevel,
            .fingerprint,
            .enrolledAt,
        ])
    fileprivate static let updateIdentity = SQL(
        "update phone",
        """
        UPDATE devices SET manufacturer = :manufacturer, model = :model, android_version = :android_version,
            api_level = :api_level, fingerprint = :fingerprint,
            wire_id = iif(wire_id_chosen, wire_id, :wire_id) WHERE id = :id
        """)
    fileprivate static let noteSeen = SQL(
        "note phone seen", "UPDATE devices SET last_seen_at = :last_seen_at WHERE id = :id")
    fileprivate static let renameDevice = SQL(
        "rename phone", "UPDATE devices SET name = :name WHERE id = :id")
    fileprivate static let setWireID = SQL(
        "set phone id",
        "UPDATE devices SET wire_id = :wire_id, wire_id_chosen = :wire_id_chosen WHERE id = :id")
    fileprivate static let switchDevice = SQL(
        "switch phone", "UPDATE devices SET enabled = :enabled WHERE id = :id")
}

extension EventStore {
    /// The record of the phone with this identity: found by serial and ANDROID_ID together, else a new one with a
    /// name made from its model. What the phone says about itself is brought up to date.
    package func enrol(_ identity: PhoneIdentity, at now: WallTime) throws(StoreError) -> DeviceRecord {
        let identity = Self.bounded(identity)
        let known = try DevicesTable(database: database()).record(of: identity)
        if let known, known.identity == identity { return known }
        return try write { (database) throws(StoreError) in
            let devices = DevicesTable(database: database)
            let key: DeviceKey
            if let known { key = known.key } else { key = try devices.insert(identity, at: now) }
            try devices.update(key, to: identity)
            return try devices.record(of: key, for: "enrol")
        }
    }

    /// Every phone, by name.
    package func devices() throws(StoreError) -> [DeviceRecord] {
        try DevicesTable(database: database()).all()
    }

    /// The phone that a user means by `text`: its name, else its id, else its serial. Refused when several share
    /// that id or serial.
    package func device(named text: String) throws(StoreError) -> DeviceRecord? {
        let devices = DevicesTable(database: try database())
        if let found = try devices.record(called: text) { return found }
        var found = try devices.records(wireID: text)
        if found.isEmpty { found = try devices.records(serial: text) }
        if found.count > 1 {
            throw devices.database.refusal(
                "find phone",
                "\(found.count) phones are called this: \(found.map(\.name).joined(separator: ", "))",
                remedy: "Use its name")
        }
        return found.first
    }

    /// Notes that a phone is online.
    package func noteSeen(_ key: DeviceKey, at now: WallTime) throws(StoreError) {
        try write { (database) throws(StoreError) in
            try DevicesTable(database: database).change(
                key, by: .noteSeen, set: .lastSeenAt, to: SQLValue(now))
        }
    }

    /// Gives a phone another name.
    package func renameDevice(_ key: DeviceKey, to name: String) throws(StoreError) {
        let database = try database()
        guard NameRule.allows(name) else {
            throw database.refusal(SQL.renameDevice.name, "the name must be \(NameRule.words)")
        }
        if let owner = try DevicesTable(database: database).record(called: name), owner.key != key {
            throw database.refusal(SQL.renameDevice.name, "another phone is called \(name) already")
        }
        try write { (database) throws(StoreError) in
            try DevicesTable(database: database).change(key, by: .renameDevice, set: .name, to: .text(name))
        }
    }

    /// Sets the id that receivers see, of printable ASCII, at most `StoreLimits.wireIDBytesMax` of it; nil goes back to the
    /// phone's own.
    package func setWireID(_ key: DeviceKey, to wireID: String?) throws(StoreError) {
        let printable = UInt8(ascii: "!")...UInt8(ascii: "~")
        if let wireID {
            let length = 1...StoreLimits.wireIDBytesMax
            guard length.contains(wireID.utf8.count), wireID.utf8.allSatisfy({ printable.contains($0) })
            else {
                throw try database().refusal(
                    SQL.setWireID.name,
                    "the id must be 1 to \(StoreLimits.wireIDBytesMax) printable ASCII characters")
            }
        }
        try write { (database) throws(StoreError) in
            try DevicesTable(database: database).setWireID(key, to: wireID)
        }
    }

    /// Switches a phone on or off.
    package func setEnabled(_ key: DeviceKey, to isEnabled: Bool) throws(StoreError) {
        try write { (database) throws(StoreError) in
            try DevicesTable(database: database).change(
                key, by: .switchDevice, set: .enabled, to: SQLValue(isEnabled))
        }
    }

    /// Outside text, cut to what is kept.
    private static func bounded(_ identity: PhoneIdentity) -> PhoneIdentity {
        let limit = StoreLimits.identityScalarsMax
        return PhoneIdentity(
            serial: identity.serial.cut(toScalars: limit),
            androidID: identity.androidID.map { $0.cut(toScalars: limit) },
            manufacturer: identity.manufacturer.cut(toScalars: limit),
            model: identity.model.cut(toScalars: limit),
            androidVersion: identity.androidVersion.cut(toScalars: limit), apiLevel: identity.apiLevel,
            fingerprint: identity.fingerprint.cut(toScalars: limit))
    }
}
