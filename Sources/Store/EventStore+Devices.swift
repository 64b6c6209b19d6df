package import Events
package import Time

extension EventStore {
    /// The record of the phone with this identity: found by serial and ANDROID_ID together, else a new one with a
    /// name made from its model. What the phone says about itself is brought up to date.
    package func enrol(_ identity: PhoneIdentity, at now: WallTime) throws(StoreError) -> DeviceRecord {
        let identity = Self.bounded(identity)
        let known = try database().first(
            .findDevice, .text(identity.serial), .text(identity.androidID ?? ""), read: Self.device)
        if let known, known.identity == identity { return known }
        return try write { (database) throws(StoreError) in
            let key: DeviceKey
            if let known { key = known.key } else { key = try insert(identity, at: now, database) }
            try database.run(
                .updateIdentity, .text(identity.manufacturer), .text(identity.model),
                .text(identity.androidVersion), SQLValue(identity.apiLevel), .text(identity.fingerprint),
                .text(identity.defaultWireID), SQLValue(key))
            return try device(key, "enrol", database)
        }
    }

    /// Every phone, by name.
    package func devices() throws(StoreError) -> [DeviceRecord] {
        try database().all(.readDevices, read: Self.device)
    }

    /// The phone that a user means by `text`: its name, else its id, else its serial. Refused when several share
    /// that id or serial.
    package func device(named text: String) throws(StoreError) -> DeviceRecord? {
        let database = try database()
        for sql in [SQL.deviceByName, .deviceByWireID, .deviceBySerial] {
            let found = try database.all(sql, .text(text), read: Self.device)
            if found.count > 1 {
                throw .refused(
                    "\(found.count) phones are called this: \(found.map(\.name).joined(separator: ", "))",
                    path: path, operation: "find phone", remedy: "Use its name")
            }
            if let device = found.first { return device }
        }
        return nil
    }

    /// Notes that a phone is online.
    package func noteSeen(_ key: DeviceKey, at now: WallTime) throws(StoreError) {
        try change(key, "note phone seen", .noteSeen, SQLValue(now))
    }

    /// Gives a phone another name.
    package func renameDevice(_ key: DeviceKey, to name: String) throws(StoreError) {
        guard NameRule.allows(name) else {
            throw refusal(
                "rename phone", "the name must be 1 to \(StoreLimits.nameBytesMax) of A-Z a-z 0-9 . _ -")
        }
        let owner = try database().first(.deviceByName, .text(name), read: Self.device)
        if let owner, owner.key != key {
            throw refusal("rename phone", "another phone is called \(name) already")
        }
        try change(key, "rename phone", .renameDevice, .text(name))
    }

    /// Sets the id that receivers see, of printable ASCII; nil goes back to the phone's own.
    package func setWireID(_ key: DeviceKey, to wireID: String?) throws(StoreError) {
        if let wireID {
            let length = 1...StoreLimits.wireIDBytesMax
            guard length.contains(wireID.utf8.count), wireID.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
            else {
                throw refusal(
                    "set phone id",
                    "the id must be 1 to \(StoreLimits.wireIDBytesMax) printable ASCII characters")
            }
        }
        try write { (database) throws(StoreError) in
            let own = try device(key, "set phone id", database).identity.defaultWireID
            try database.run(.setWireID, .text(wireID ?? own), SQLValue(wireID != nil), SQLValue(key))
        }
    }

    /// Switches a phone on or off.
    package func setEnabled(_ key: DeviceKey, _ enabled: Bool) throws(StoreError) {
        try change(key, "switch phone", .switchDevice, SQLValue(enabled))
    }

    private func change(
        _ key: DeviceKey, _ operation: String, _ sql: SQL, _ value: SQLValue
    ) throws(StoreError) {
        try write { (database) throws(StoreError) in
            try database.run(sql, value, SQLValue(key))
            guard database.changes == 1 else {
                throw .notFound("phone \(key.rawValue)", path: path, operation: operation)
            }
        }
    }

    private func insert(
        _ identity: PhoneIdentity, at now: WallTime, _ database: Connection
    ) throws(StoreError) -> DeviceKey {
        let count = try database.first(.countDevices) { row throws(StoreError) in try row.int(0) } ?? 0
        guard count < StoreLimits.devicesMax else {
            throw refusal("enrol", "\(count) phones are known, the most there can be")
        }
        let base = NameRule.made(from: identity.model, fallback: "phone")
        var name = base
        var number = 2
        // Ends: each turn passes a name in use, and there are at most devicesMax of them.
        while try database.first(.deviceByName, .text(name), read: Self.device) != nil {
            name = "\(base)-\(number)"
            number += 1
        }
        try database.run(
            .insertDevice, .text(name), .text(identity.defaultWireID), .text(identity.serial),
            SQLValue(identity.androidID), .text(identity.manufacturer), .text(identity.model),
            .text(identity.androidVersion), SQLValue(identity.apiLevel), .text(identity.fingerprint),
            SQLValue(now))
        return DeviceKey(rawValue: database.lastRowID)
    }

    private func device(
        _ key: DeviceKey, _ operation: String, _ database: Connection
    ) throws(StoreError) -> DeviceRecord {
        guard let device = try database.first(.deviceByKey, SQLValue(key), read: Self.device) else {
            throw .notFound("phone \(key.rawValue)", path: path, operation: operation)
        }
        return device
    }

    /// Outside text, cut to what is kept.
    private static func bounded(_ identity: PhoneIdentity) -> PhoneIdentity {
        let limit = StoreLimits.identityScalarsMax
        return PhoneIdentity(
            serial: cut(identity.serial, to: limit), androidID: identity.androidID.map { cut($0, to: limit) },
            manufacturer: cut(identity.manufacturer, to: limit), model: cut(identity.model, to: limit),
            androidVersion: cut(identity.androidVersion, to: limit), apiLevel: identity.apiLevel,
            fingerprint: cut(identity.fingerprint, to: limit))
    }

    private static func device(_ row: borrowing Row) throws(StoreError) -> DeviceRecord {
        DeviceRecord(
            key: try row.key(0), wireID: try row.text(1), name: try row.text(2),
            identity: PhoneIdentity(
                serial: try row.text(3), androidID: try row.optionalText(4), manufacturer: try row.text(5),
                model: try row.text(6), androidVersion: try row.text(7), apiLevel: try row.int(8),
                fingerprint: try row.text(9)),
            enrolledAt: try row.time(10), lastSeenAt: try row.optionalTime(11), enabled: try row.bool(12))
    }
}

extension SQL {
    private static let deviceColumns = """
        SELECT id, wire_id, name, serial, android_id, manufacturer, model, android_version, api_level,
            fingerprint, enrolled_at, last_seen_at, enabled FROM devices
        """
    static let readDevices = SQL("read phones", "\(deviceColumns) ORDER BY name")
    static let deviceByKey = SQL("read phone", "\(deviceColumns) WHERE id = ?")
    static let deviceByName = SQL("find phone by name", "\(deviceColumns) WHERE name = ?")
    static let deviceByWireID = SQL(
        "find phone by id", "\(deviceColumns) WHERE wire_id = ? ORDER BY id LIMIT 10")
    static let deviceBySerial = SQL(
        "find phone by serial", "\(deviceColumns) WHERE serial = ? ORDER BY id LIMIT 10")
    static let findDevice = SQL(
        "find phone by identity", "\(deviceColumns) WHERE serial = ? AND ifnull(android_id, '') = ?")
    static let countDevices = SQL("count phones", "SELECT count(*) FROM devices")
    static let insertDevice = SQL(
        "insert phone",
        """
        INSERT INTO devices (name, wire_id, serial, android_id, manufacturer, model, android_version,
            api_level, fingerprint, enrolled_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    static let updateIdentity = SQL(
        "update phone",
        """
        UPDATE devices SET manufacturer = ?, model = ?, android_version = ?, api_level = ?, fingerprint = ?,
            wire_id = iif(wire_id_chosen, wire_id, ?) WHERE id = ?
        """)
    static let noteSeen = SQL("note phone seen", "UPDATE devices SET last_seen_at = ? WHERE id = ?")
    static let renameDevice = SQL("rename phone", "UPDATE devices SET name = ? WHERE id = ?")
    static let setWireID = SQL(
        "set phone id", "UPDATE devices SET wire_id = ?, wire_id_chosen = ? WHERE id = ?")
    static let switchDevice = SQL("switch phone", "UPDATE devices SET enabled = ? WHERE id = ?")
}
