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

    @Test func hexModeGivesEveryRowBack() throws {
        let data = Data(try Corpus.bytes("sms/expected_rows.json"))
        let expected = try JSONDecoder().decode(Expected.self, from: data).rows
        let rows = try SMSRow.parse(try Corpus.bytes("sms/content_hex_mode_a14.txt"))
        #expect(rows.count == expected.count)
        for (row, wanted) in zip(rows, expected) {
            #expect(row.id == wanted.id)
            #expect(row.address.map { LossyText.decode($0) } == wanted.address)
            #expect(row.body.map { LossyText.decode($0) } == wanted.body)
            #expect(LossyText.decode(row.creator) == wanted.creator ?? "")
            #expect(row.date == wanted.date)
            #expect(row.dateSent == wanted.date_sent)
            #expect(row.type == wanted.type)
            #expect(row.status == wanted.status)
            #expect(row.errorCode == wanted.error_code)
            #expect(row.subscription == wanted.sub_id)
            #expect(row.read == wanted.read)
        }
    }

    @Test func aTerminalsLineEndsAreNoDifference() throws {
        let plain = try Corpus.bytes("sms/content_hex_mode_a14.txt")
        let terminal = plain.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
        #expect(try SMSRow.parse(terminal) == SMSRow.parse(plain))
    }

    private static let good =
        "Row: 0 _id=1, type=1, status=-1, error_code=-1, sub_id=2, read=0, d=5, ds=4, ha=41, na=0, hb=42, nb=0, hc="

    /// Each of these is one change away from a good row, and none is believed.
    @Test(arguments: [
        good + " ", good + ", x=1", " " + good, good.replacing("Row: 0", with: "Row: 1"),
        good.replacing("ha=41", with: "ha=4"), good.replacing("hb=42", with: "hb=4g"),
        good.replacing("hb=42", with: "hb=4a"), good.replacing("na=0", with: "na=2"),
        good.replacing("na=0", with: "na=1"), good.replacing("d=5", with: "d=5.0"),
        good.replacing("d=5", with: "d=99999999999999999999"), good.replacing("_id=1", with: "_id=NULL"),
        good.replacing("_id=1", with: "_id=-1"), good.replacing(", read=0", with: ""), good + "\n\n",
        good + "\nNo result found.", good + "\n" + good, "Row: 0", "",
        good.replacing("sub_id=2", with: "sub_id=2\nRow: 1 _id=9"),
    ])
    func anythingElseIsRefused(text: String) throws {
        guard !text.isEmpty else {
            #expect(try SMSRow.parse([]) == [])
            return
        }
        #expect(throws: PhoneParseError.self) { try SMSRow.parse(Array(text.utf8)) }
    }

    @Test func plainOutputIsRefusedWhateverItHolds() throws {
        for name in ["content_basic_a13", "content_multiline_forged_rows_a13", "content_emoji_rtl_a13"] {
            #expect(throws: PhoneParseError.self) { try SMSRow.parse(try Corpus.bytes("sms/\(name).txt")) }
        }
    }

    @Test func cutAnywhereItIsRefusedOrTheRowsBeforeTheCut() throws {
        let all = try Corpus.bytes("sms/content_hex_mode_a14.txt")
        let rows = try SMSRow.parse(all)
        for end in 0..<all.count {
            guard let part = try? SMSRow.parse(Array(all[..<end])) else { continue }
            #expect(part.dropLast().elementsEqual(rows.prefix(max(part.count - 1, 0))))
        }
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
