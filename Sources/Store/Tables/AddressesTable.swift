/// The table `addresses`: phones on the network, `host:port`.
struct AddressesTable {
    /// As version 1 of the schema made it.
    static let creation = ["CREATE TABLE addresses (address TEXT PRIMARY KEY) STRICT, WITHOUT ROWID"]

    let database: Connection

    /// Every address, sorted.
    func all() throws(StoreError) -> [String] {
        try database.all(.readAddresses) { row throws(StoreError) in try row.text(.address) }
    }

    func add(_ address: String) throws(StoreError) {
        try database.run(.addAddress, [.address: .text(address)])
    }

    func remove(_ address: String) throws(StoreError) {
        try database.run(.removeAddress, [.address: .text(address)])
    }
}

extension SQLName {
    fileprivate static let address: SQLName = "address"
}

extension SQL {
    fileprivate static let readAddresses = SQL(
        "read addresses", "SELECT address FROM addresses ORDER BY address")
    fileprivate static let addAddress = insertion(
        "add address", into: "addresses", [.address], ending: "ON CONFLICT DO NOTHING")
    fileprivate static let removeAddress = SQL(
        "remove address", "DELETE FROM addresses WHERE address = :address")
}

extension EventStore {
    /// Addresses of phones that are reached over TCP, `host:port`, sorted.
    package func addresses() throws(StoreError) -> [String] {
        try AddressesTable(database: database()).all()
    }

    /// Adds an address; one that is there stays. Refused when it is too long or when there are
    /// `StoreLimits.addressesMax` already.
    package func addAddress(_ address: String) throws(StoreError) {
        let database = try database()
        guard (1...StoreLimits.identityScalarsMax).contains(address.utf8.count) else {
            throw database.refusal(
                "add address", "the address must have 1 to \(StoreLimits.identityScalarsMax) bytes")
        }
        let known = try addresses()
        if known.contains(address) { return }
        guard known.count < StoreLimits.addressesMax else {
            throw database.refusal(
                "add address", "there are \(known.count) addresses, the most there can be")
        }
        try write { (database) throws(StoreError) in try AddressesTable(database: database).add(address) }
    }

    /// Removes an address; one that is not there is no error.
    package func removeAddress(_ address: String) throws(StoreError) {
        try write { (database) throws(StoreError) in try AddressesTable(database: database).remove(address) }
    }
}
