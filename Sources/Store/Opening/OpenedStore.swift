import Events

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
        try Self.endRemovedDeliveries(connection, gate: gate)

        let facts = FactsTable(database: connection)
        let noted = try CountersTable(database: connection).value(of: .eventIDs)
        let largest = try EventsTable(database: connection).largestID()
        let stored = try facts.installation()
        let floor = max(noted ?? 0, largest?.rawValue ?? 0)
        let bound = try EventIDs.bound(in: folder)
        // The id is written before event-ids: a crash between them finds nothing known again.
        installation = try InstallationID.load(
            folder: folder, stored: stored, nothingKnown: bound == nil && floor == 0 && stored == nil)
        ids = try EventIDs(folder: folder, floor: floor)
        notedBound = noted ?? 0
        if stored != installation {
            let fact = installation
            try connection.transaction(gate: gate) { () throws(StoreError) in
                try facts.setInstallation(fact)
            }
        }
        // A log that cannot be emptied now (full disk, another reader) is not a reason to refuse the start.
        do throws(StoreError) {
            _ = try connection.checkpoint(truncate: true)
        } catch {
            if error.cause == .damaged { throw error }
        }
        self.folder = folder
        self.connection = connection
    }

    /// Ends what a removed webhook still had pending when the daemon was last stopped.
    private static func endRemovedDeliveries(
        _ database: Connection, gate: CommitGate?
    ) throws(StoreError) {
        let deliveries = DeliveriesTable(database: database)
        for webhook in try WebhooksTable(database: database).removedWithPendingDeliveries() {
            var more = true
            while more {
                more = try database.transaction(gate: gate) { () throws(StoreError) in
                    try deliveries.endSome(to: webhook.key, at: webhook.at)
                }
            }
        }
    }
}

extension Connection {
    /// Looks for damage in the structure of the whole file. Takes time that grows with the file.
    func quickCheck() throws(StoreError) {
        let words = try first(.quickCheck) { row throws(StoreError) in
            try row.text(.quickCheck)
        }
        if let words, words != "ok" {
            throw .damaged(
                "the check after an unclean stop found: \(words)", path: path, operation: "quick check")
        }
    }
}

extension SQLName {
    fileprivate static let quickCheck: SQLName = "quick_check"
}

extension SQL {
    fileprivate static let quickCheck = SQL("quick check", "PRAGMA quick_check(1)")
}
