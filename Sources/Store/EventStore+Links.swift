import Events
package import Time

/// How phones are reached: serials that may have our signature, and addresses of phones on the network.
extension EventStore {
    /// Serials of transports that were online with our key, or that the user named: the ADB key signs for no others.
    package func served() throws(StoreError) -> Set<String> {
        Set(try database().all(.readServed) { row throws(StoreError) in try row.text(0) })
    }

    /// Remembers a serial as served. The one not seen for longest goes when there are too many.
    package func noteServed(serial: String, at now: WallTime) throws(StoreError) {
        try write { (database) throws(StoreError) in
            try database.run(
                .noteServed, .text(cut(serial, to: StoreLimits.identityScalarsMax)), SQLValue(now))
            try database.run(.pruneServed, SQLValue(StoreLimits.servedMax))
        }
    }

    /// Addresses of phones that are served over TCP, `host:port`, sorted.
    package func addresses() throws(StoreError) -> [String] {
        try database().all(.readAddresses) { row throws(StoreError) in try row.text(0) }
    }

    /// Adds an address; one that is there stays.
    package func addAddress(_ address: String) throws(StoreError) {
        guard (1...StoreLimits.identityScalarsMax).contains(address.utf8.count) else {
            throw refusal(
                "add address", "the address must have 1 to \(StoreLimits.identityScalarsMax) bytes")
        }
        let known = try addresses()
        if known.contains(address) { return }
        guard known.count < StoreLimits.addressesMax else {
            throw refusal("add address", "there are \(known.count) addresses, the most there can be")
        }
        try write { (database) throws(StoreError) in try database.run(.addAddress, .text(address)) }
    }

    /// Removes an address; one that is not there is no error.
    package func removeAddress(_ address: String) throws(StoreError) {
        try write { (database) throws(StoreError) in try database.run(.removeAddress, .text(address)) }
    }
}

extension SQL {
    static let readServed = SQL("read served serials", "SELECT serial FROM served")
    static let noteServed = SQL(
        "note served serial",
        "INSERT INTO served (serial, last_at) VALUES (?, ?) ON CONFLICT DO UPDATE SET last_at = excluded.last_at"
    )
    static let pruneServed = SQL(
        "prune served serials",
        """
        DELETE FROM served WHERE serial IN (SELECT serial FROM served ORDER BY last_at DESC LIMIT -1 OFFSET ?)
        """)
    static let readAddresses = SQL("read addresses", "SELECT address FROM addresses ORDER BY address")
    static let addAddress = SQL(
        "add address", "INSERT INTO addresses (address) VALUES (?) ON CONFLICT DO NOTHING")
    static let removeAddress = SQL("remove address", "DELETE FROM addresses WHERE address = ?")
}
