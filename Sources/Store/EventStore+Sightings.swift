package import Events

extension EventStore {
    /// Those of `keys` that no batch of this phone has recorded yet: one index search each.
    package func unseen(_ keys: [SourceKey], of device: DeviceKey) throws(StoreError) -> Set<SourceKey> {
        var unseen: Set<SourceKey> = []
        for key in keys {
            let found = try database().first(
                .findSighting, SQLValue(device), SQLValue(key.source), .blob(key.bytes)
            ) { _ throws(StoreError) in true }
            if found == nil { unseen.insert(key) }
        }
        return unseen
    }
}

extension SQL {
    static let findSighting = SQL(
        "find sighting", "SELECT 1 FROM sightings WHERE device = ? AND source = ? AND key = ?")
}
