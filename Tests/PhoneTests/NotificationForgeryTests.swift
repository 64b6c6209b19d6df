import Events
import Testing

@testable import Phone

/// Texts made of the dump's own grammar, cut dumps, dumps of different moments: a right text or none.
@Suite struct NotificationForgeryTests {
    private func read(_ samples: [Sample]) throws -> NotificationDump {
        try NotificationDump(
            redacted: Sample.dump(samples, redacted: true), values: Sample.dump(samples, redacted: false))
    }

    /// A record of the bank, whole, as a phone prints it with its texts; and the same as a redacted phone prints it.
    private static func forged(redacted: Bool) -> String {
        var sample = Sample()
        (sample.id, sample.hash, sample.text) = (5, 0x0dea_dbee, "Transfer of 9,999 EUR approved")
        return "x\n" + sample.print(redacted: redacted)
    }

    private static let later = """
        ok)
                        android.title=String (Example Bank)
                        android.showWhen=Boolean (true)
                          [1] Bundle[{extras=Bundle[{}], sender_person=android.app.Person@1, sender=Ana, text=I, time=1}]
                    }
              publicNotification=
        """

    private static let hostile: [String] = [
        forged(redacted: false), forged(redacted: true), later, "\n  \n", "\n  Notification List:\n", ")",
        "))\n", "\r\n",
        "\u{2028}x\u{85}", ")\u{301}=\u{200D}", "👨‍👩‍👧 𐐷", "", "String [length=3]", "null", "            }\n",
        "\n            extras={\n                android.title=String (Example Bank)\n",
        "a)\n                android.text=null\n                android.bigText=String (b",
        ", text=x, time=1, type=y}]", "}]\n                  [0] Bundle[{text=z, time=1}]",
    ]

    @Test(
        "A title, text or long text is what the app gave, and the other records are too", arguments: hostile)
    func hidden(text: String) throws {
        var bank = Sample()
        (bank.id, bank.hash) = (3, 5)
        for place in 0..<4 {
            var sample = Sample.chat("Mallory", "4917012345", [])
            sample.messages = nil
            switch place {
            case 0: sample.title = text
            case 1: sample.text = text
            case 2: sample.bigText = text
            default: sample.selfName = text
            }
            let dump = try read([sample, bank])
            #expect(dump.unreadable == [])
            #expect(dump.records.count == 2)
            #expect(dump.records.first?.title == sample.title)
            #expect(dump.records.first?.text == sample.text)
            #expect(dump.records.first?.bigText == sample.bigText)
            #expect(dump.records.first?.package == "com.whatsapp")
            #expect(dump.records.last?.text == bank.text)
            #expect(!dump.hasStrangers)
        }
    }

    @Test("What an app prints into both dumps alike never becomes a record with a text", arguments: hostile)
    func shown(text: String) throws {
        var bank = Sample()
        (bank.id, bank.hash, bank.text) = (3, 5, "real")
        for place in 0..<5 {
            var sample = Sample.chat("Mallory", "4917012345", [])
            sample.messages = nil
            switch place {
            case 0: sample.tag = text
            case 1: sample.list = text
            case 2: sample.action = text
            case 3: sample.group = text
            default: sample.ticker = text
            }
            // The same forgery, with its text, where only the dump with texts shows it.
            sample.bigText = Self.forged(redacted: false)
            let dump = try read([sample, bank])
            let texts = dump.records.filter { $0.package == "com.example.bank" }.map(\.text)
            #expect(texts.filter { $0 != nil } == ["real"], "place \(place)")
            for record in dump.records where record.package == "com.whatsapp" {
                #expect(record.title == "Mallory")
                #expect(record.bigText == sample.bigText)
            }
        }
    }

    @Test("Two texts, one in both dumps and one where only one shows it, make no record")
    func together() throws {
        var hidden = Sample.chat("Mallory", "4917012345", [])
        hidden.bigText = Self.forged(redacted: false)
        var shown = Sample.chat("Mallory", "4917012346", [])
        (shown.tag, shown.hash, shown.list) = ("2", 6, Self.forged(redacted: true))
        for samples in [[hidden, shown], [shown, hidden]] {
            let dump = try read(samples)
            #expect(dump.records.allSatisfy { $0.package == "com.whatsapp" })
            #expect(dump.unreadable.contains { $0.package == "com.example.bank" && $0.trouble == .ambiguous })
            #expect(dump.records.first { $0.tag == hidden.tag }?.bigText == hidden.bigText)
        }
    }

    /// A notification whose ticker repeats its own record, with another text, from the line that begins with `line` on.
    private func withTicker(from line: String, characters: Int) throws -> Sample {
        var sample = Sample()
        var forged = sample
        forged.text = sample.text?.replacing("12.50", with: "99.99")
        let record = forged.print(redacted: false)
        let start = try #require(record.firstRange(of: "\n            \(line)")?.lowerBound)
        sample.ticker = "x" + record[start...].prefix(characters)
        return sample
    }

    @Test("A ticker that repeats the record's own extras with another text changes nothing")
    func repeatedExtras() throws {
        let sample = try withTicker(from: "extras={", characters: 600)
        let dump = try read([sample])
        #expect(dump.records.map(\.text) == [Sample().text])
        #expect(dump.unreadable == [])
    }

    @Test("One that repeats all that stands before them too makes the record unreadable, not another")
    func repeated() throws {
        let sample = try withTicker(from: "contentView=", characters: 700)
        var other = Sample()
        (other.id, other.hash) = (9, 7)
        let dump = try read([sample, other])
        #expect(dump.records.map(\.id) == [9])
        #expect(dump.unreadable.map(\.trouble) == [.ambiguous])
    }

    @Test func parcelledMessagesAreNone() throws {
        var sample = Sample.chat("Ana", "4917012345", [.init(sender: "Ana", text: "x", time: 1)])
        sample.messages?.append(.init(sender: "Ana", text: "y", time: 2))
        let values = String(decoding: Sample.dump([sample], redacted: false), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.contains("] Bundle[{") ? $0.prefix(22) + "Bundle[mParcelledData.dataSize=404]" : $0 }
            .joined(separator: "\n")
        let dump = try NotificationDump(
            redacted: Sample.dump([sample], redacted: true), values: Array(values.utf8))
        #expect(dump.records.first?.messages == [])
        #expect(dump.records.first?.unreadableMessages == 0)
        #expect(dump.records.first?.content == "x", "the text that the record has")
    }

    @Test func aMessageThatHoldsAnotherIsNotTaken() throws {
        // Mallory writes the second of three messages and makes up one of Ana's in it.
        let forged =
            "ok, time=5}]\n                  [2] Bundle[{extras=Bundle[{}], "
            + "sender_person=android.app.Person@3f1c2a9b, sender=Ana, text=I sent the money"
        let messages: [Sample.Message] = [
            .init(sender: "Bob", text: "first", time: 1), .init(sender: "Mallory", text: forged, time: 2),
            .init(sender: "Bob", text: "third", time: 3),
        ]
        let record = try #require(try read([Sample.group("Team", messages)]).records.first)
        #expect(record.messages.map(\.text) == ["first"])
        #expect(record.unreadableMessages == 2)
        #expect(record.content == "third", "the text has a length")
        #expect(ChatRecord(record)?.messages.map(\.content.sender) == ["Bob"])
    }

    @Test func aNameThatHoldsATextIsNotSplitAnywhere() throws {
        let name = "Ana, text=I sent the money, time=1"
        // In a chat of two the title says who it is.
        let two = try read([
            Sample.chat(name, "4917012345", [.init(sender: name, text: "a, text=b", time: 2)])
        ])
        #expect(
            two.records.first?.messages == [
                NotificationRecord.Message(sender: name, text: "a, text=b", time: 2, type: nil)
            ])
        // In a group only the last sender is known.
        let group = try read([
            Sample.group(
                "Team",
                [.init(sender: name, text: "x", time: 1), .init(sender: "Ana", text: "y, text=z", time: 2)])
        ])
        #expect(
            group.records.first?.messages == [
                NotificationRecord.Message(sender: "Ana", text: "y, text=z", time: 2, type: nil)
            ])
        #expect(group.records.first?.unreadableMessages == 1)
    }

    @Test func linesOfAnInboxThatCannotBeToldApartAreOneText() throws {
        var sample = Sample()
        sample.textLines = ["one", "two\n                  [1] three"]
        let record = try #require(try read([sample]).records.first)
        #expect(record.textLines.count == 1)
        #expect(record.content?.contains("two") == true)
        sample.textLines = ["one", "two\nthree", ""]
        #expect(try read([sample]).records.first?.textLines == ["one", "two\nthree", ""])
    }

    // MARK: Cut and changed

    @Test(
        "Cut at any byte, either dump gives an error or right texts",
        arguments: NotificationDumpTests.fixtures)
    func cut(name: String) throws {
        let (redacted, values) = try NotificationDumpTests.dumps(name)
        let whole = try NotificationDump(redacted: redacted, values: values)
        // Every byte of a dump of one record; whole dumps at places that do not repeat.
        let one = try oneRecord(redacted, values)
        let small = try NotificationDump(redacted: one.redacted, values: one.values)
        #expect(small.records.count == 1)
        for end in 0..<one.redacted.count {
            #expect(throws: PhoneParseError.self, "\(end)") {
                guard end > 0 else { throw PhoneParseError("", row: 0, offset: 0) }
                return try NotificationDump(redacted: Array(one.redacted[..<end]), values: one.values)
            }
        }
        for end in 0..<one.values.count { try expect(one.redacted, Array(one.values[..<end]), small) }
        for end in stride(from: 1, to: values.count, by: 997) {
            try expect(redacted, Array(values[..<end]), whole)
            try expect(Array(redacted[..<min(end, redacted.count)]), values, whole)
        }
    }

    /// The list with the last record alone, in both dumps.
    private func oneRecord(_ redacted: [UInt8], _ values: [UInt8]) throws -> (
        redacted: [UInt8], values: [UInt8]
    ) {
        let dump = try NotificationDumpTests.listAlone(redacted)
        let text = DumpText(dump)
        var starts: [Int] = []
        while let found = text.find(
            NotificationSkeleton.opening, from: (starts.last ?? -1) + 1, below: dump.count)
        {
            starts.append(found)
        }
        let start = try #require(starts.last)
        let head = Array(dump[start..<start + 40])
        let all = DumpText(values)
        let place = try #require(all.find(head, from: 0, below: all.count))
        let end = try #require(all.find(Array("\n  \n".utf8), from: place, below: all.count)) + 4
        let begin = Array("  Notification List:".utf8)
        return (begin + dump[start...], begin + values[place..<end])
    }

    /// An error, or only records that the whole dump has, just the same.
    private func expect(_ redacted: [UInt8], _ values: [UInt8], _ whole: NotificationDump) throws {
        guard let dump = try? NotificationDump(redacted: redacted, values: values) else { return }
        for record in dump.records {
            var wanted = whole.records.first { $0.key == record.key }
            // Which members of its group are there decides whether a summary is one.
            wanted?.ignored = record.ignored
            #expect(record == wanted, "\(redacted.count) \(values.count)")
        }
    }

    @Test(
        "A redacted dump has no text, nor has one with texts in the place of the redacted one",
        arguments: NotificationDumpTests.fixtures)
    func redacted(name: String) throws {
        let (redacted, values) = try NotificationDumpTests.dumps(name)
        let none = try NotificationDump(redacted: redacted, values: redacted)
        let hasText = { (record: NotificationRecord) in record.title != nil || record.content != nil }
        #expect(none.records.filter(hasText) == [])
        #expect(none.unreadable.allSatisfy { $0.trouble == .redacted })
        #expect(none.unreadable.count > 2)
        #expect(try NotificationDump(redacted: values, values: values).records.filter(hasText) == [])
        #expect(
            (try? NotificationDump(redacted: values, values: redacted))?.records.filter(hasText) ?? [] == [])
    }

    @Test func recordsOfAnotherMomentAreUnreadableAndStopNoOther() throws {
        var other = Sample()
        (other.id, other.hash) = (9, 7)
        let redacted = Sample.dump([Sample(), other], redacted: true)
        let replaced = Sample.dump([Sample().again(at: 1), other], redacted: false)
        let dump = try NotificationDump(redacted: redacted, values: replaced)
        #expect(dump.records.map(\.id) == [9])
        #expect(dump.unreadable.map(\.trouble) == [.changed])
        #expect(dump.unreadable.map(\.key) == [Sample().key])
        #expect(dump.hasStrangers)
        // The phone may give a new object the number of an old one: then the key tells.
        var reused = Sample()
        reused.id = 77
        let mixed = try NotificationDump(
            redacted: redacted, values: Sample.dump([reused, other], redacted: false))
        #expect(mixed.records.map(\.id) == [9])
        #expect(mixed.unreadable.map(\.trouble) == [.changed])
        // In another order they are the same records.
        let turned = try NotificationDump(
            redacted: redacted, values: Sample.dump([other, Sample()], redacted: false))
        #expect(turned.records.map(\.id) == [4, 9])
        let gone = try NotificationDump(redacted: redacted, values: Sample.dump([other], redacted: false))
        #expect(gone.unreadable.map(\.trouble) == [.changed])
        #expect(!gone.hasStrangers)
    }

    @Test func textsOfMegabytesMadeOfTheGrammarCostNoMoreThanTheirLength() throws {
        let piece = "\n            extras={\n                android.title=String (Mallory)\n"
        let tangled = [
            String(repeating: piece, count: 20_000),
            String(repeating: "\n    NotificationRecord(0x", count: 40_000),
            String(repeating: "\n                  [0] ", count: 40_000),
            String(repeating: "\n                android.conversationTitle=String (", count: 20_000),
        ]
        for text in tangled {
            var sample = Sample.group("Team", [.init(sender: "Mallory", text: text, time: 1)])
            sample.textLines = [text]
            sample.ticker = text
            // Either way is right; that it ends is the point.
            _ = try read([sample, Sample()])
        }
    }

    @Test func digitsOfOtherScriptsAreDigits() throws {
        var sample = Sample()
        sample.textLines = ["one", "two"]
        func arabic(_ text: String) -> String {
            var text = text
            for (western, eastern) in zip("0123456789", "٠١٢٣٤٥٦٧٨٩") {
                text = text.replacing("length=\(western)", with: "length=\(eastern)")
                text = text.replacing("  [\(western)] ", with: "  [\(eastern)] ")
            }
            return text.replacing("=١2]", with: "=١٢]").replacing("=٣7]", with: "=٣٧]")
        }
        let redacted = arabic(String(decoding: Sample.dump([sample], redacted: true), as: UTF8.self))
        let values = arabic(String(decoding: Sample.dump([sample], redacted: false), as: UTF8.self))
        #expect(redacted.contains("[length=١٢]"))
        let dump = try NotificationDump(redacted: Array(redacted.utf8), values: Array(values.utf8))
        #expect(dump.records.first?.title == sample.title)
        #expect(dump.records.first?.textLines == ["one", "two"])
    }
}
