/// Everything that happens when a store is opened, in order; what is wrong is thrown before anything is changed.
struct OpenedStore {
    let folder: StoreFolder
    let connection: Connection
    let installation: String
    let ids: EventIDs
    let notedBound: Int64

    init(directory: String, options: StoreOptions, gate: CommitGate?) throws(StoreError) {
        let folder = StoreFolder(path: directory)
        let isNew = try folder.prepare()
        let uncleanBytes = folder.size(of: folder.writeAheadLog)
        let connection = try Connection(path: folder.database, busyTimeout: options.busyTimeout)
        let migrator = Migrator(migrations: options.migrations)
        let version = try migrator.version(of: connection)
        try connection.apply(options.settings)
        if let pages = options.pagesMax {
            try connection.run(SQL("set max_page_count", "PRAGMA max_page_count = \(pages)"))
        }
        if version > 0, !isNew, uncleanBytes > 0,
            folder.size(of: folder.database) <= StoreLimits.quickCheckBytesMax
        {
            try connection.quickCheck()
        }
        try migrator.migrate(connection, gate: gate)
        try connection.endRemovedDeliveries(gate: gate)

        let noted = try connection.first(.readCounter, .text(CounterName.eventIDs)) {
            row throws(StoreError) in
            try row.integer(0)
        }
        let largest = try connection.first(.largestEventID) { row throws(StoreError) in
            try row.optionalInteger(0)
        }
        let stored = try connection.first(.readFact, .text("installation")) { row throws(StoreError) in
            try row.text(0)
        }
        let floor = max(noted ?? 0, (largest ?? 0) ?? 0)
        let bound = try EventIDs.bound(in: folder)
        // The id is written before event-ids: a crash between them finds nothing known again.
        installation = try InstallationID.load(
            folder: folder, stored: stored, nothingKnown: bound == nil && floor == 0 && stored == nil)
        ids = try EventIDs(folder: folder, floor: floor)
        notedBound = noted ?? 0
        if stored != installation {
            let fact = installation
            try connection.transaction(gate: gate) { () throws(StoreError) in
                try connection.run(.writeFact, .text("installation"), .text(fact))
            }
        }
        // A log that cannot be emptied now (full disk, another reader) is no reason not to start.
        do throws(StoreError) {
            _ = try connection.checkpoint(truncate: true, busyTimeout: options.busyTimeout)
        } catch {
            if error.cause == .damaged { throw error }
        }
        self.folder = folder
        self.connection = connection
    }
}

extension Connection {
    /// Looks for damage in the structure of the whole file. Takes time that grows with the file.
    func quickCheck() throws(StoreError) {
        let words = try first(.quickCheck) { row throws(StoreError) in try row.text(0) }
        if let words, words != "ok" {
            throw .damaged(
                "the check after an unclean stop found: \(words)", path: path, operation: "quick check")
        }
    }
}

extension SQL {
    static let quickCheck = SQL("quick check", "PRAGMA quick_check(1)")
    static let largestEventID = SQL("largest event id", "SELECT max(id) FROM events")
    static let readFact = SQL("read fact", "SELECT value FROM facts WHERE name = ?")
    static let writeFact = SQL(
        "write fact",
        "INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    )
}
