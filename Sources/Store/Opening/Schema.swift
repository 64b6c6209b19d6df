/// The schema's history: which step made what. Each table's file holds the SQL; a step that was ever released never changes.
enum Schema {
    static let migrations: [Migration] = [
        Migration(
            name: "1 events and deliveries",
            statements: [
                DevicesTable.creation, TrustedSerialsTable.creation, AddressesTable.creation,
                SIMsTable.creation, CursorsTable.creation, SightingsTable.creation, EventsTable.creation,
                WebhooksTable.creation, DeliveriesTable.creation, AttemptsTable.creation,
                Migrator.creation, CountersTable.creation, FactsTable.creation, ProblemsTable.creation,
            ].flatMap { $0 }),
        Migration(name: "2 packages of webhooks", statements: WebhooksTable.packagesColumn),
        Migration(
            name: "3 filters of webhooks, headers of deliveries",
            statements: WebhooksTable.filterColumn + DeliveriesTable.headersColumn),
        Migration(name: "4 history among the events", statements: EventsTable.historyColumn),
        Migration(
            name: "5 events of keys, cards of events, settings of cards",
            statements: SightingsTable.eventColumn + EventsTable.cardColumns + SIMsTable.numberColumn
                + CardsTable.creation),
    ]
}
