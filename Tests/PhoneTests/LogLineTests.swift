import Testing

@testable import Phone

@Suite struct LogLineTests {
    private func hints(_ name: String) throws -> [SMSHint] {
        var splitter = LineSplitter()
        return splitter.bytesReceived(try Corpus.bytes("sms/\(name).txt"))
            .compactMap { LogLine($0[...]) }
            .compactMap { SMSHint($0) }
    }

    @Test func oneMessageIsOneDeliveringAndOneDelivered() throws {
        #expect(try hints("logcat_radio_a14_epoch") == [.delivering, .delivered])
        #expect(try hints("logcat_radio_a6_threadtime") == [.delivering, .delivered])
    }

    @Test func aRealLogOfAndroid7() throws {
        #expect(try hints("logcat_radio_a7_real_threadtime") == [.delivered])
        let first = Array(
            "10-30 19:08:58.746 2120 2288 D GsmInboundSmsHandler: dispatchWapPdu() returned -1".utf8)
        let line = try #require(LogLine(first[...]))
        #expect(line.tag == Array("GsmInboundSmsHandler".utf8))
        #expect(line.message == Array("dispatchWapPdu() returned -1".utf8))
        #expect(line.process == 2120)
        #expect(line.milliseconds == nil, "this format has no year")
    }

    @Test func secondsAndMillisecondsAreATime() throws {
        let text = Array("         1622127449.012  1508  1510 I notification_enqueue: [1]".utf8)
        let line = try #require(LogLine(text[...]))
        #expect(line.milliseconds == 1_622_127_449_012)
        #expect(line.process == 1508)
        let odd = try #require(LogLine(Array("9999999999999999.012 1 1 I a: b".utf8)[...]))
        #expect(odd.milliseconds == nil)
    }

    /// A stream that goes on where another was heard to repeats the lines of its first moment: those that were heard are dropped.
    @Test func nothingIsMissedAndNothingComesTwiceAfterAGap() throws {
        var resume = LogResume()
        func heard(_ lines: [String]) -> [String] {
            lines.filter { text in LogLine(Array(text.utf8)[...]).map { resume.isNew($0) } ?? false }
        }
        let one = "1.000 1 1 I a: one"
        let same = "1.000 1 1 I a: same moment"
        let two = "2.000 1 1 I a: two"
        #expect(heard([one, same]) == [one, same])
        resume.streamBegins()
        #expect(resume.newest == 1000)
        let unheard = "1.000 1 1 I a: unheard"
        #expect(heard([one, same, unheard, two]) == [unheard, two])
        // The same line again in one stream is another line.
        #expect(heard([two, two]) == [two, two])
        resume.streamBegins()
        #expect(heard([two, two, two, two]) == [two])
        // A little out of order, and a clock that was set back.
        #expect(heard(["1.900 1 1 I a: late"]) == ["1.900 1 1 I a: late"])
        #expect(resume.newest == 2000)
        let far = "1760000000.000 1 1 I a: far"
        #expect(heard([far, two]) == [far, two])
        #expect(resume.newest == 2000)
    }

    @Test func allFiltersShareOneStream() throws {
        let events = LogFilter(buffers: ["events"], tags: ["notification_enqueue"])
        #expect(
            LogFilter.stream([SMSHint.log, events, .nothing], hasMoments: true, since: nil)
                == "logcat -b radio -b events -v epoch -T 1 -s GsmInboundSmsHandler:D CdmaInboundSmsHandler:D "
                + "notification_enqueue:D")
        #expect(LogFilter.stream([.nothing], hasMoments: true, since: 5) == nil)
        #expect(
            LogFilter.stream([events], hasMoments: true, since: 1_760_000_000_007)?.contains(
                "-T 1760000000.007 ") == true)
        #expect(LogFilter.stream([events], hasMoments: true, since: -5)?.contains("-T 1 ") == true)
        // Android 6 has no dates with a year.
        #expect(
            LogFilter.stream([events], hasMoments: false, since: 5)?.contains("-v threadtime -T 1 ") == true)
        let line = try #require(LogLine(Array("1.000 1 1 I notification_enqueue: [1]".utf8)[...]))
        #expect(events.matches(line))
        #expect(!SMSHint.log.matches(line))
    }

    @Test(arguments: [
        "--------- beginning of radio", "", " ", "1760000000.121", "1760000000.121 1 2", "x.1 1 2 D T: m",
        "1760000000.121 1 2 Q T: m", "1760000000.121 1 2 D no colon",
    ])
    func otherLinesAreNothing(text: String) { #expect(LogLine(Array(text.utf8)[...]) == nil) }

    @Test func aTagWithBlanksEndsAtItsColon() throws {
        let text = Array("  1.5   1   2 D ImsSmsDispatcher [0]: SMS received.".utf8)
        let line = try #require(LogLine(text[...]))
        #expect(line.tag == Array("ImsSmsDispatcher [0]".utf8))
    }

    @Test func linesComeWholeHoweverTheStreamIsCut() {
        let text = Array("one\r\ntwo\n\nthree".utf8)
        for size in 1...text.count {
            var splitter = LineSplitter()
            var lines: [[UInt8]] = []
            for start in stride(from: 0, to: text.count, by: size) {
                lines += splitter.bytesReceived(Array(text[start..<min(start + size, text.count)]))
            }
            #expect(lines == [Array("one".utf8), Array("two".utf8), []])
        }
    }

    @Test func anEndlessLineCostsNoMemoryAndHidesNoOther() {
        var splitter = LineSplitter()
        for _ in 0..<64 { #expect(splitter.bytesReceived([UInt8](repeating: 0x41, count: 4096)) == []) }
        #expect(splitter.bytesReceived(Array("\nnext\n".utf8)) == [Array("next".utf8)])
    }
}
