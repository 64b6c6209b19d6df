import Base
import FoundationEssentials
import Testing

@testable import Phone

/// Every sample of the tools' outputs, and what our readers make of it. A sample without a line here fails.
@Suite struct SMSFixtureTests {
    /// What a sample is to us.
    private enum Meaning {
        /// The canary's answer.
        case canary(SMSCanary)
        /// Rows of `expected_rows.json`, by their ids: hex mode.
        case hexRows([Int64])
        /// The same, texts between marks.
        case nonceRows([Int64])
        /// Rows of these columns; what they hold.
        case table([ContentColumn], [[String]])
        /// Plain columns with texts: no reader of ours takes them, in either mode.
        case refusedRows
        case nothing
        case failure(ContentFailure)
        /// Subscription of each slot.
        case slots([Int: Int], subscriptions: [Int])
        /// Hints of a radio log, and the slot of each hand-over where its lines have moments.
        case radio([SMSHint], slots: [Int?])
        case notification(package: String, id: Int64)
        /// The answer to a change of the SIM card for calls.
        case serviceCall(isDone: Bool)
        /// The text of a parcel.
        case parcel(String?)
        /// What the other samples are compared with.
        case expectation
        /// No reader, and why.
        case notRead(String)
    }

    private static let notReadYet = [
        "battery_a9.txt": "the battery of a phone is not read",
        "getprop_dual_a9_xiaomi.txt": "properties are asked for one by one, the whole list never",
        "getprop_multiline_and_forged.txt": "the same: in the whole list a value forges a property",
        "raw_table_a13.txt": "plain addresses: the raw table is asked for hex()",
        "siminfo_a10_dual.txt":
            "card numbers stand there plainly; they are asked for as hex() (`SIMDetailsTests`)",
        "siminfo_a10_dual_raw.txt": "every text of cards is asked for as hex(): here a name forges a row",
        "siminfo_a6_dual.txt": "the same",
    ]

    private static let read: [String: Meaning] = [
        "canary_ok.txt": .canary(SMSCanary(count: 10, maxID: 110, maxDate: 1_760_000_540_007)),
        "canary_ok_a6_truncated.txt": .canary(SMSCanary(count: 10, maxID: 110, maxDate: 1_760_000_540_007)),
        "canary_ok_empty_db.txt": .canary(SMSCanary(count: 0, maxID: nil, maxDate: nil)),
        "content_a6_cast_dates.txt": .table(
            [
                .integer("_id"), .integer("d"), .integer("ds"), .integer("type"), .integer("sub_id"),
                .hex("hb"),
            ],
            [
                ["41", "1451606400123", "1451606398000", "1", "1", "Happy new year"],
                ["42", "1760000000123", "1759999998000", "1", "2", "Your code is 482913"],
            ]),
        "content_a6_pty_crlf.txt": .refusedRows,
        "content_a6_truncated_dates.txt": .refusedRows,
        "content_all_columns_a14.txt": .refusedRows,
        "content_basic_a13.txt": .refusedRows,
        "content_emoji_rtl_a13.txt": .refusedRows,
        "content_multiline_forged_rows_a13.txt": .refusedRows,
        "content_nulls_empty_a13.txt": .refusedRows,
        "content_types_probe.txt": .refusedRows,
        "vendor_huawei_emui_row_a10.txt": .refusedRows,
        "vendor_samsung_row_a14.txt": .refusedRows,
        "vendor_xiaomi_miui_row_a12.txt": .refusedRows,
        "content_hex_mode_a14.txt": .hexRows((101...110).map { Int64($0) }),
        "content_two_phase_nonce_a11.txt": .nonceRows([101, 102, 105, 106, 109, 110]),
        "content_no_result.txt": .nothing,
        "error_call_log_denied_a11.txt": .failure(.denied),
        "error_no_telephony_provider.txt": .failure(.noProvider),
        "error_read_sms_denied_a9.txt": .failure(.denied),
        "error_unknown_column_sim_slot_a13.txt": .failure(.noColumn),
        "error_user_locked_a12.txt": .failure(.locked),
        "siminfo_denied_a11.txt": .failure(.denied),
        "siminfo_denied_a13.txt": .failure(.denied),
        "events_notification_enqueue_a8.txt": .notification(package: "com.android.mms", id: 114),
        "isub_a8_dual.txt": .slots([0: 1, 1: 2], subscriptions: [1, 2]),
        "isub_a11_single.txt": .slots([0: 9], subscriptions: [9]),
        "isub_a14_dual.txt": .slots([0: 2, 1: 3], subscriptions: [1, 2, 3]),
        "isub_a14_second_sim_removed.txt": .slots([0: 2], subscriptions: [1, 2, 3]),
        "logcat_radio_a14_epoch.txt": .radio([.delivering, .delivered], slots: [1]),
        "logcat_radio_a6_threadtime.txt": .radio([.delivering, .delivered], slots: []),
        "logcat_radio_a7_real_threadtime.txt": .radio([.delivered], slots: []),
        "service_call_iccid_a12.txt": .parcel("89860000000000000002"),
        "service_call_iccid_a15.txt": .parcel("89860000000000000002"),
        "service_call_null_string_a15.txt": .parcel(nil),
        "service_call_ok_a13.txt": .serviceCall(isDone: true),
        // A TAB from 14 on, where the call is not made (`PhoneTraits`).
        "service_call_ok_a14.txt": .serviceCall(isDone: false),
        "service_call_security_exception_a12.txt": .serviceCall(isDone: false),
        "service_call_unknown_code.txt": .serviceCall(isDone: false),
        "expected_rows.json": .expectation,
    ]

    private static var all: [String: Meaning] {
        read.merging(notReadYet.mapValues { .notRead($0) }) { first, _ in first }
    }

    @Test func everySampleHasItsLine() throws {
        let files = try Corpus.names(in: "sms")
        #expect(Set(files) == Set(Self.all.keys))
        #expect(Set(Self.read.keys).isDisjoint(with: Self.notReadYet.keys))
    }

    @Test(arguments: read.keys.sorted() + notReadYet.keys.sorted())
    func isReadAsItsLineSays(name: String) throws {
        let bytes = try Corpus.bytes("sms/\(name)")
        switch try #require(Self.all[name]) {
        case .canary(let canary): #expect(try SMSCanary(parsing: bytes) == canary)
        case .hexRows(let ids): try expectHexRows(bytes, ids)
        case .nonceRows(let ids): try expectNonceRows(bytes, ids)
        case .table(let columns, let wanted):
            let rows = try ContentTable.parse(bytes, columns, what: "row")
            let texts = rows.map { row in
                row.map { $0.number.map(String.init) ?? LossyText.decode($0.bytes) }
            }
            #expect(texts == wanted)
        case .refusedRows:
            guard case .rows = ContentAnswer(output: bytes, errorOutput: []) else {
                Issue.record("not taken for rows")
                return
            }
            try expectRefused(bytes)
        case .nothing: #expect(ContentAnswer(output: bytes, errorOutput: []) == .nothing)
        case .failure(let failure):
            #expect(ContentAnswer(output: [], errorOutput: bytes) == .failure(failure))
            // Where both streams come as one, rows before it or none.
            #expect(ContentAnswer(output: bytes, errorOutput: []) == .failure(failure))
            let (rows, error) = ContentAnswer.apart(Array("Row: 0 _id=1\n".utf8) + bytes)
            #expect(rows == Array("Row: 0 _id=1\n".utf8) && error == bytes)
        case .slots(let slots, let subscriptions):
            let dump = try SubscriptionDump(parsing: bytes)
            #expect(dump.slots == slots && dump.isLoaded)
            #expect(dump.subscriptions.map(\.id) == subscriptions)
        case .radio(let hints, let slots):
            var splitter = LineSplitter()
            let lines = splitter.bytesReceived(bytes).compactMap { LogLine($0[...]) }
            #expect(lines.compactMap { SMSHint($0) } == hints)
            #expect(SMSRadioLog(bytes).deliveries.map(\.slot) == slots)
        case .notification(let package, let id):
            var splitter = LineSplitter()
            let found = NotificationHint.read(
                splitter.bytesReceived(bytes).compactMap { LogLine($0[...]) })
            guard found.count == 1, case .enqueue(let posted) = found[0].hint else {
                Issue.record("not one notification")
                return
            }
            #expect(LossyText.decode(posted.package) == package && posted.id == id)
        case .serviceCall(let isDone): #expect((VoiceSIMChange(serviceCall: bytes) == .done) == isDone)
        case .parcel(let text): #expect(try ParcelText.parse(bytes) == text)
        case .expectation: #expect(try expected().count == 10)
        case .notRead(let why):
            #expect(!why.isEmpty)
            // No reader of rows may take it for its own.
            try expectRefused(bytes)
            #expect(throws: PhoneParseError.self) { try SIMInfoRow.parse(bytes) }
        }
    }

    private func expectRefused(_ bytes: [UInt8]) throws {
        for reading in SMSDialect.Reading.allCases {
            for card in SMSDialect.Card.allCases {
                let query = SMSQuery(dialect: SMSDialect(reading: reading, card: card), isWide: true)
                #expect(throws: PhoneParseError.self) { try query.rows(bytes) }
                #expect(throws: PhoneParseError.self) { try query.marks(bytes) }
            }
        }
        #expect(throws: PhoneParseError.self) { try SMSCanary(parsing: bytes) }
        for reading in SMSDialect.Reading.allCases {
            #expect((try? SMSRawPart.parse(bytes, reading)) ?? [] == [])
        }
    }

    // MARK: Rows

    private struct Row: Decodable {
        let id, date, date_sent, type, sub_id: Int64
        let address, body: String?

        enum CodingKeys: String, CodingKey {
            case date, date_sent, type, sub_id, address, body
            case id = "_id"
        }
    }

    private func expected() throws -> [Row] {
        struct File: Decodable { let rows: [Row] }
        return try JSONDecoder().decode(File.self, from: Data(try Corpus.bytes("sms/expected_rows.json")))
            .rows
    }

    private func expectHexRows(_ bytes: [UInt8], _ ids: [Int64]) throws {
        let columns: [ContentColumn] = [
            .integer("_id"), .integer("type"), .integer("status"), .integer("error_code"),
            .integer("sub_id"), .integer("read"), .integer("d"), .integer("ds"), .hex("ha"), .integer("na"),
            .hex("hb"), .integer("nb"), .hex("hc"),
        ]
        let rows = try ContentTable.parse(bytes, columns, what: "row")
        #expect(rows.map { $0[0].number } == ids)
        for (row, wanted) in zip(rows, try expected().filter { ids.contains($0.id) }) {
            #expect(
                [0, 1, 4, 6, 7].map { row[$0].number }
                    == [wanted.id, wanted.type, wanted.sub_id, wanted.date, wanted.date_sent])
            #expect((row[9].number == 1 ? nil : LossyText.decode(row[8].bytes)) == wanted.address)
            #expect((row[11].number == 1 ? nil : LossyText.decode(row[10].bytes)) == wanted.body)
        }
    }

    private func expectNonceRows(_ bytes: [UInt8], _ ids: [Int64]) throws {
        let nonce = "9b1f0c7ae2d84c53a6f0417be83d25c1"
        let parts = try #require(MarkedOutput.split(bytes, nonce: nonce, count: 1 + ids.count * 2))
        // This sample was asked without the query that proves that the row was still there.
        let answers = ids.indices.flatMap { row in
            [Array(parts[1 + row * 2].output), Array(parts[2 + row * 2].output)]
                + [Array("Row: 0 _id=\(ids[row])\n".utf8)]
        }
        let read = try SMSQuery.adding(answers, to: ids.map { SMSRow(id: $0, type: 1) })
        for (row, wanted) in zip(read, try expected().filter { ids.contains($0.id) }) {
            #expect(row?.id == wanted.id)
            #expect(row?.address.map { LossyText.decode($0) } == wanted.address)
            #expect(row?.body.map { LossyText.decode($0) } == wanted.body)
        }
        #expect(read.count == ids.count)
    }
}
