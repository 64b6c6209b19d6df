import Base
import FoundationEssentials
import Testing

@testable import Phone

@Suite struct SMSRowTests {
    private struct Expected: Decodable {
        struct Row: Decodable {
            let id: Int64
            let address: String?
            let body: String?
            let creator: String?
            let date: Int64
            let date_sent: Int64
            let type: Int64
            let status: Int64
            let error_code: Int64
            let sub_id: Int64
            let read: Int64

            enum CodingKeys: String, CodingKey {
                case address, body, creator, date, date_sent, type, status, error_code, sub_id, read
                case id = "_id"
            }
        }
        let rows: [Row]
    }

    private static let fixtureColumns: [ContentColumn] = [
        .integer("_id"), .integer("type"), .integer("status"), .integer("error_code"), .integer("sub_id"),
        .integer("read"), .integer("d"), .integer("ds"), .hex("ha"), .integer("na"), .hex("hb"),
        .integer("nb"),
        .hex("hc"),
    ]

    private func expected() throws -> [Expected.Row] {
        let data = Data(try Corpus.bytes("sms/expected_rows.json"))
        return try JSONDecoder().decode(Expected.self, from: data).rows
    }

    @Test func hexModeGivesEveryRowBack() throws {
        let expected = try expected()
        let rows = try ContentTable.parse(
            try Corpus.bytes("sms/content_hex_mode_a14.txt"), Self.fixtureColumns, what: "row")
        #expect(rows.count == expected.count)
        for (row, wanted) in zip(rows, expected) {
            #expect(
                [0, 1, 2, 3, 4, 5, 6, 7].map { row[$0].number } == [
                    wanted.id, wanted.type, wanted.status, wanted.error_code, wanted.sub_id, wanted.read,
                    wanted.date,
                    wanted.date_sent,
                ])
            #expect(row[9].number == (wanted.address == nil ? 1 : 0))
            #expect(LossyText.decode(row[8].bytes) == wanted.address ?? "")
            #expect(row[11].number == (wanted.body == nil ? 1 : 0))
            #expect(LossyText.decode(row[10].bytes) == wanted.body ?? "")
            #expect(LossyText.decode(row[12].bytes) == wanted.creator ?? "")
        }
    }

    /// Numbers first, then each text between two marks that nobody could know when the message was written.
    @Test func nonceModeGivesEveryRowBack() throws {
        let nonce = "9b1f0c7ae2d84c53a6f0417be83d25c1"
        let parts = try #require(
            MarkedOutput.split(
                try Corpus.bytes("sms/content_two_phase_nonce_a11.txt"), nonce: nonce, count: 13)
        ).map { Array($0.output) }
        let columns = ["_id", "date", "date_sent", "read", "type", "status", "sub_id", "error_code"]
        let numbers = try ContentTable.parse(parts[0], columns.map { .integer($0) }, what: "row")
        #expect(numbers.map { $0[0].number } == (101...110).map { Int64($0) })
        let ids: [Int64] = [101, 102, 105, 106, 109, 110]
        let rows = ids.map { SMSRow(id: $0, type: 1) }
        let there = ids.map { Array("Row: 0 _id=\($0)\n".utf8) }
        let answers = ids.indices.flatMap { [parts[1 + $0 * 2], parts[2 + $0 * 2], there[$0]] }
        let read = try SMSQuery.adding(answers, to: rows)
        let expected = try expected().filter { ids.contains($0.id) }
        #expect(read.count == expected.count)
        for (row, wanted) in zip(read, expected) {
            #expect(row?.address.map { LossyText.decode($0) } == wanted.address)
            #expect(row?.body.map { LossyText.decode($0) } == wanted.body)
        }
    }

    @Test func aTextThatIsNotWholeIsRefused() throws {
        let row = SMSRow(id: 7, type: 1)
        func body(_ text: String, there: String = "Row: 0 _id=7\n") throws -> SMSRow?? {
            let parts = ["Row: 0 address=A\n", text, there].map { Array($0.utf8) }
            return try SMSQuery.adding(parts, to: [row]).first
        }
        #expect(try body("Row: 0 body=No result found.\n")??.body == Array("No result found.".utf8))
        #expect(try body("Row: 0 body=Row: 1 body=x\n\n")??.body == Array("Row: 1 body=x\n".utf8))
        let null = try body("No result found.\n")
        #expect(null??.id == 7 && null??.body == nil)
        // Gone meanwhile: neither text nor a guess.
        let gone = try body("No result found.\n", there: "No result found.\n")
        #expect(gone??.id == nil)
        for bad in ["", "Row: 0 body=cut", "Row: 1 body=x\n", "Row: 0 address=x\n", "No result found.\n\n"] {
            #expect(throws: PhoneParseError.self) { _ = try body(bad) }
        }
        #expect(throws: PhoneParseError.self) { _ = try body("Row: 0 body=x\n", there: "Row: 0 _id=8\n") }
    }

    private let hex = SMSQuery(dialect: SMSDialect(), isWide: true)

    @Test func aTerminalsLineEndsAreNoDifference() throws {
        let plain = Array((Self.good + "\n").utf8)
        let terminal = plain.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
        #expect(try hex.rows(terminal) == hex.rows(plain))
    }

    private static let good =
        "Row: 0 _id=1, t=1, s=2, d=5, ds=4, ha=41, na=0, hb=42, lb=1"

    @Test func aGoodRowIsRead() throws {
        let row = try #require(try hex.rows(Array((Self.good + "\n").utf8)).first)
        #expect(row.id == 1 && row.type == 1 && row.subID == 2 && row.date == 5 && row.dateSent == 4)
        #expect(row.address == [0x41] && row.body == [0x42] && !row.isCut)
        let long = Self.good.replacing(
            "hb=42, lb=1", with: "hb=\(String(repeating: "42", count: SMSRow.bodyBytesMax)), lb=3000000")
        #expect(try hex.rows(Array(long.utf8)).first?.isCut == true)
    }

    /// Each of these is one change away from a good row, and none is believed.
    @Test(arguments: [
        good + " ", good + ", x=1", " " + good, good.replacing("Row: 0", with: "Row: 1"),
        good.replacing("ha=41", with: "ha=4"), good.replacing("hb=42", with: "hb=4g"),
        good.replacing("hb=42", with: "hb=4a"), good.replacing("na=0", with: "na=2"),
        good.replacing("na=0", with: "na=1"), good.replacing("d=5", with: "d=5.0"),
        good.replacing("d=5", with: "d=99999999999999999999"), good.replacing("_id=1", with: "_id=NULL"),
        good.replacing("_id=1", with: "_id=-1"), good.replacing(", ds=4", with: ""), good + "\n\n",
        good + "\nNo result found.", good + "\n" + good, "Row: 0", good.replacing("lb=1", with: "lb=2"),
        good.replacing("lb=1", with: "lb=NULL"), good.replacing("lb=1", with: "lb=-1"),
        good.replacing("s=2", with: "s=2\nRow: 1 _id=9"),
    ])
    func anythingElseIsRefused(text: String) throws {
        #expect(throws: PhoneParseError.self) { try hex.rows(Array(text.utf8)) }
    }

    @Test func plainOutputIsRefusedWhateverItHolds() throws {
        for name in ["content_basic_a13", "content_multiline_forged_rows_a13", "content_emoji_rtl_a13"] {
            for reading in SMSDialect.Reading.allCases {
                let query = SMSQuery(dialect: SMSDialect(reading: reading), isWide: true)
                #expect(throws: PhoneParseError.self) { try query.rows(try Corpus.bytes("sms/\(name).txt")) }
            }
        }
    }

    @Test func cutAnywhereItIsRefusedOrTheRowsBeforeTheCut() throws {
        let all = try Corpus.bytes("sms/content_hex_mode_a14.txt")
        func parse(_ bytes: [UInt8]) throws -> [[ContentValue]] {
            try ContentTable.parse(bytes, Self.fixtureColumns, what: "row")
        }
        let rows = try parse(all)
        for end in 0..<all.count {
            guard let part = try? parse(Array(all[..<end])) else { continue }
            #expect(part.dropLast().elementsEqual(rows.prefix(max(part.count - 1, 0))))
        }
    }

    /// Where a row names its card is the maker's word; what contradicts itself names none.
    @Test func theCardOfARow() {
        func mark(_ card: SMSDialect.Card, _ subID: Int64?, _ own: Int64? = nil) -> SMSCardMark {
            SMSCardMark(SMSDialect(card: card), subID: subID, own: own)
        }
        #expect(mark(.subscription, 3) == .subscription(3))
        #expect(mark(.subscription, -1) == .none)
        #expect(mark(.subscription, nil) == .none)
        #expect(mark(.subscription, .max) == .none)
        #expect(mark(.slotInSubID, 1) == .slot(1))
        #expect(mark(.slotInSubID, -1) == .none)
        #expect(mark(.slotInSubID, 1 << 40) == .none)
        #expect(mark(.simSlot, 2, 1) == .both(slot: 1, subscription: 2))
        #expect(mark(.simSlot, -1, 1) == .slot(1))
        // 0 stands there too where the SMS app writes nothing.
        #expect(mark(.simSlot, 2, 0) == .subscription(2))
        #expect(mark(.simSlot, -1, 0) == .none)
        #expect(mark(.simSlot, 2, -1) == .subscription(2))
        #expect(mark(.simID, -1, 2) == .subscription(2))
        #expect(mark(.simID, 2, 2) == .subscription(2))
        #expect(mark(.simID, 2, -1) == .subscription(2))
        #expect(mark(.simID, 2, 1) == .subscription(2))
        #expect(mark(.simID, 2, 0) == .subscription(2))
        #expect(mark(.simID, -1, 0) == .none)
        #expect(mark(.simID, -1, -1) == .none)
    }

    @Test func canaries() throws {
        #expect(
            try SMSCanary(parsing: Corpus.bytes("sms/canary_ok.txt"))
                == SMSCanary(count: 10, maxID: 110, maxDate: 1_760_000_540_007))
        #expect(
            try SMSCanary(parsing: Corpus.bytes("sms/canary_ok_empty_db.txt"))
                == SMSCanary(count: 0, maxID: nil, maxDate: nil))
        #expect(
            try SMSCanary(parsing: Corpus.bytes("sms/canary_ok_a6_truncated.txt"))
                == SMSCanary(count: 10, maxID: 110, maxDate: 1_760_000_540_007))
        for text in [
            "", "No result found.\n", "Row: 0 c=1, m=2\n", "Row: 0 c=1, m=2, d=3\nRow: 1 c=1, m=2, d=3\n",
        ] {
            #expect(throws: PhoneParseError.self) { try SMSCanary(parsing: Array(text.utf8)) }
        }
    }

    @Test(arguments: [
        ("error_read_sms_denied_a9", ContentFailure.denied), ("error_call_log_denied_a11", .denied),
        ("siminfo_denied_a11", .denied), ("siminfo_denied_a13", .denied),
        ("error_unknown_column_sim_slot_a13", .noColumn), ("error_user_locked_a12", .locked),
        ("error_no_telephony_provider", .noProvider),
    ])
    func errorsAreSortedByTheirText(name: String, failure: ContentFailure) throws {
        let bytes = try Corpus.bytes("sms/\(name).txt")
        #expect(ContentAnswer(output: [], errorOutput: bytes) == .failure(failure))
        #expect(ContentAnswer(output: bytes, errorOutput: []) == .failure(failure))
    }

    @Test(arguments: [
        "java.lang.IllegalArgumentException: Invalid column count(*) AS c",
        "java.lang.IllegalArgumentException: Invalid token LIMIT",
        "android.database.sqlite.SQLiteException: no such function: likelihood (code 1 SQLITE_ERROR): , while compiling: SELECT",
        "android.database.sqlite.SQLiteException: near \"AS\": syntax error (code 1 SQLITE_ERROR): , while compiling: SELECT",
    ])
    func refusedQueriesAreToldFromOtherErrors(line: String) {
        let bytes = Array("Error while accessing provider:sms\n\(line)\n\tat android.os.Parcel\n".utf8)
        #expect(ContentAnswer(output: [], errorOutput: bytes) == .failure(.badQuery))
    }

    @Test func theRestOfTheToolsAnswers() throws {
        let nothing = try Corpus.bytes("sms/content_no_result.txt")
        #expect(ContentAnswer(output: nothing, errorOutput: []) == .nothing)
        let rows = try Corpus.bytes("sms/canary_ok.txt")
        #expect(ContentAnswer(output: rows, errorOutput: []) == .rows(rows))
        let shell = Array("/system/bin/sh: content: not found\n".utf8)
        #expect(ContentAnswer(output: [], errorOutput: shell) == .failure(.noTool))
        #expect(ContentAnswer(output: [], errorOutput: []) == .failure(.unreadable(bytes: 0, begin: "")))
    }
}
