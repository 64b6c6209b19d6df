/// What version 2 of the schema changed, as it was released, in plain SQL. Never edit it.
enum VersionTwo {
    static let steps = [
        "ALTER TABLE webhooks ADD COLUMN packages TEXT NOT NULL DEFAULT ''",
        "INSERT INTO migrations VALUES (2, '2 packages of webhooks')",
        "PRAGMA user_version = 2",
    ]

    static let rows = [
        """
        INSERT INTO webhooks VALUES (3, 'wishes', 'http://w/', 'smsnotif-json', '', 'mms,notification,ping', 1, NULL,
            1000, NULL, 'com.bank.app,org.other')
        """,
        "INSERT INTO webhooks VALUES (4, 'gone', 'http://g/', 'smsnotif', '', 'sms', 1, NULL, 1000, 2000, '')",
    ]
}
