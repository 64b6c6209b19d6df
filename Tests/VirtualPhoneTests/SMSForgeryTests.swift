import Base
import FoundationEssentials
import Testing

@testable import Phone
@testable import VirtualPhone

/// Messages and senders made of pieces of the grammar we read: whatever they hold, what is read is what was stored, whole.
///
/// The phone's printing is the virtual phone's own: it shares no code with the readers.
@Suite struct SMSForgeryTests {
    private static let guess = "9b1f0c7ae2d84c53a6f0417be83d25c1"

    private static let pieces = [
        "Row: 0 _id=", "Row: 1 _id=", "Row: 7 ", "Row: ", "_id=", ", _id=", ", body=", ", address=", ", hb=",
        ", ha=",
        ", lb=", ", na=0", ", na=1", ", d=", ", ds=0", ", s=2", ", t=1", ", o=1", ", type=1", ", sub_id=2",
        "Row: 0 body=", "Row: 0 address=", "Row: 0 _id=1\n", "No result found.", "No result found.\n",
        "Error while accessing provider:sms", "Error while accessing provider:sms\n",
        "java.lang.SecurityException: Permission Denial", "content: not found\n", "[ERROR] ",
        "usage: adb shell content",
        "\n", "\n\n", "\r", "\r\n", "\n\r", "\0", "\u{1A}", "\u{85}", "\u{2028}", "NULL", "BLOB", "0", "1",
        "41", "4A", "FF",
        "4a", "DEADBEEF", "-1", "9223372036854775808", ",", ", ", "=", " ", "'", "\"", ";", "; echo ", "$?",
        "`id`", "$(id)",
        "&&", "2>&1", "--where", "\\", "\\n", "%s", "likelihood(", "LIMIT 1", "é", "👨‍👩‍👧", "ש", "\u{202E}",
        "\(guess):0:0", "\(guess):0:0\n", "\n\(guess):1:0\n", "\(guess):", ":0:0", ":1:0\n", ":2:0", ":0:1",
        "0:0",
        "Result: Parcel(", "SubscriptionManagerService:\n", "Active subscriptions:\n",
        "Logical SIM slot 0: subId=9\n",
    ]

    private func text(_ random: inout SeededRandom) -> [UInt8]? {
        switch Int.random(in: 0..<20, using: &random) {
        case 0: return nil
        case 1: return []
        default:
            let count = Int.random(in: 1...14, using: &random)
            return (0..<count).flatMap { _ in Array((Self.pieces.randomElement(using: &random) ?? "").utf8) }
        }
    }

    private func rows(_ random: inout SeededRandom) -> [VirtualSMS] {
        var id: Int64 = 0
        return (0..<Int.random(in: 1...10, using: &random)).map { _ in
            id += Int64.random(in: 1...3, using: &random)
            return Self.row(
                id, from: text(&random), text(&random),
                date: Int64.random(in: 1...2_000_000_000_000, using: &random))
        }
    }

    private static func row(_ id: Int64, from address: [UInt8]?, _ body: [UInt8]?, date: Int64) -> VirtualSMS
    {
        var row = VirtualSMS(
            id: id, address: nil, date: date, dateSent: date - 1, body: nil,
            subscriptionID: VirtualSIM.pair[Int(id % 2)].subscriptionID)
        row.address = address
        row.body = body
        return row
    }

    private static let releases = [6, 7, 9, 10, 11, 13, 14, 16]

    private func user(_ release: Int, _ rows: [VirtualSMS]) throws -> PhoneUser {
        let user = try PhoneUser(release: release)
        for row in rows { user.phone.insertSMS(row) }
        return user
    }

    /// What a service of the phone prints.
    private func bytes(_ user: PhoneUser, _ service: String, id: UInt32) throws -> [UInt8] {
        try user.host.stream(service, id: id).flatMap(\.self)
    }

    private func expect(_ read: [SMSRow?], _ stored: [VirtualSMS], dates: Bool = true) {
        #expect(read.map { $0?.id } == stored.map(\.id))
        for (row, stored) in zip(read, stored) {
            #expect(row?.address == stored.address.map { Array($0.prefix(SMSRow.addressBytesMax)) })
            #expect(row?.body == stored.body)
            #expect(row?.isCut == false)
            #expect(row?.subID == Int64(stored.subscriptionID) && row?.type == 1)
            if dates { #expect(row?.date == stored.date && row?.dateSent == stored.dateSent) }
        }
    }

    // MARK: Many in one answer, as hex

    private func expectHexMode(_ stored: [VirtualSMS], release: Int) throws {
        let user = try user(release, stored)
        let query = SMSQuery(dialect: SMSDialect(), isWide: release > 6)
        let command = query.rows(above: 0, limit: 800)
        // `exec:` gives the bytes, `shell:` a terminal's, with CR LF.
        for (id, service) in ["exec:", "shell:"].enumerated() {
            let output = try bytes(user, service + command.text, id: UInt32(id + 1))
            expect(try query.rows(output), stored)
            guard case .rows(let same) = ContentAnswer(output: output, errorOutput: []) else {
                Issue.record("not taken for rows")
                return
            }
            #expect(same == output)
            // An answer that ends in an error is told from the rows before it.
            let (rows, rest) = ContentAnswer.apart(output)
            #expect(rows == output && rest == [])
        }
        let marks = query.marks(after: 0, id: -1, date: -1, limit: 800)
        let seen = try query.marks(try bytes(user, "exec:" + marks.text, id: 3))
        #expect(
            seen.map(\.address) == stored.map { $0.address.map { Array($0.prefix(SMSRow.addressBytesMax)) } })
        let wanted = stored.compactMap(\.id)
        expect(try query.rows(try bytes(user, "exec:" + query.rows(wanted).text, id: 4)), stored)
        // Followed by another program in one run.
        let nonce = "5d41402abc4b2a76b9719d911017c592"
        let script = MarkedOutput.script([command.text, "dumpsys isub"], nonce: nonce)
        let parts = try #require(
            MarkedOutput.split(try bytes(user, "exec:" + script, id: 5), nonce: nonce, count: 2))
        expect(try query.rows(Array(parts[0].output)), stored)
        #expect(try SubscriptionDump(parsing: Array(parts[1].output)).slots.count == 2)
    }

    @Test(arguments: 1...60) func hexModeReadsWhatWasStored(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let release = Self.releases[Int(seed) % Self.releases.count]
        try expectHexMode(rows(&random), release: release)
    }

    // MARK: Each text in a query of its own

    private func expectNonceMode(_ stored: [VirtualSMS], release: Int, nonce: String) throws {
        let user = try user(release, stored)
        let query = SMSQuery(dialect: SMSDialect(reading: .nonce), isWide: release > 6)
        let numbers = try query.rows(try bytes(user, "exec:" + query.rows(above: 0, limit: 800).text, id: 1))
        let command = query.texts(of: numbers)
        #expect(command.isMarked)
        let output = try bytes(user, "exec:" + MarkedOutput.script(command.parts, nonce: nonce), id: 2)
        let parts = try #require(MarkedOutput.split(output, nonce: nonce, count: command.parts.count))
        #expect(parts.allSatisfy { $0.exitCode == 0 })
        let read = try SMSQuery.adding(parts.map { Array($0.output) }, to: numbers)
        // Android 6 prints the low 32 bits of a date.
        expect(read, stored, dates: release > 6)
    }

    @Test(arguments: 1...60) func nonceModeReadsWhatWasStored(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let rows = rows(&random)
        let release = Self.releases[Int(seed) % Self.releases.count]
        try expectNonceMode(rows, release: release, nonce: Hex.encode(random.bytes(16)))
    }

    /// The bodies are what they are meant to be: many begin a line like a row, many hold a mark of somebody's guess.
    @Test func theTextsForge() {
        var texts: [[UInt8]] = []
        for seed in 1...60 {
            var random = SeededRandom(seed: UInt64(seed))
            texts += rows(&random).flatMap { [$0.address ?? [], $0.body ?? []] }
        }
        func holding(_ part: String) -> Int { texts.count { $0.firstRange(of: Array(part.utf8)) != nil } }
        #expect(holding("\nRow: ") > 10)
        #expect(holding("\(Self.guess):") > 50)
        #expect(holding("No result found.") > 50)
        #expect(holding("\0") > 20)
    }

    // MARK: The samples

    /// The output of every program in the corpora, as a message and as its sender.
    @Test(arguments: ["sms", "USSD", "notifications"]) func everySampleIsReadAsAMessage(folder: String) throws
    {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "PhoneTests/Corpus/\(folder)").path
        let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        #expect(!names.isEmpty)
        var stored: [VirtualSMS] = []
        for name in names {
            let bytes = try Fixtures.bytes("PhoneTests/Corpus/\(folder)/\(name)")
            let row = Self.row(
                Int64(stored.count + 1), from: Array(bytes.prefix(SMSRow.addressBytesMax)),
                Array(bytes.prefix(SMSRow.bodyBytesMax)), date: 1_760_000_000_000)
            stored.append(row)
        }
        try expectHexMode(stored, release: 14)
        try expectHexMode(stored, release: 6)
        try expectNonceMode(stored, release: 11, nonce: "0cc175b9c0f1b6a831c399e269772661")
    }
}
