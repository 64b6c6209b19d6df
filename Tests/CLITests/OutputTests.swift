import Control
import Testing

@testable import CLI
@testable import Daemon

@Suite struct OutputTests {
    @Test func columnsLineUpAlsoWithWideText() {
        var table = Table(["ID", "NAME", "N"], right: [0, 2])
        table.add([.init("1"), .init("ab"), .init("10")])
        table.add([.init("22"), .init("日本"), .init("5")])
        table.add([.init("3"), .init("e\u{301}"), .init("")])
        #expect(
            table.lines(Captured().output()) == [
                "ID  NAME   N", " 1  ab    10", "22  日本   5", " 3  e\u{301}",
            ])
    }

    @Test func coloursStandOnlyWhereTheyAreWanted() {
        #expect(Captured().output(colour: true).styled("x", .red) == "\u{1B}[31mx\u{1B}[0m")
        #expect(Captured().output().styled("x", .red) == "x")
    }

    @Test func outsideTextCannotDriveTheTerminal() throws {
        let event = EventReport(
            id: 1, type: "sms", device: "a\u{1B}[2J", deviceID: "d", slot: 1, iccid: nil, sentAt: nil,
            receivedAt: nil, seenAt: Timestamp(milliseconds: 0),
            data: EventData(values: [:]), from: "+1\nforged: row", line: "\u{202E}evil\r\n\u{9B}31m",
            textCut: false)
        let captured = Captured()
        let output = captured.output()
        try output.lines(EventText.table([event], output).lines(output))
        try output.line(EventText.line(event, output))
        #expect(captured.out.split(separator: "\n").count == 3)
        let controls = captured.out.unicodeScalars.filter {
            $0.value < 0x20 && $0 != "\n" || 0x7F..<0xA0 ~= $0.value
        }
        #expect(controls.isEmpty)
        #expect(!captured.out.unicodeScalars.contains("\u{202E}"))
    }

    @Test func aReaderThatLeftIsNoFailure() throws {
        let output = Output(
            out: { (_) throws(CommandFailure) in throw .outputClosed }, err: { _ in }, colourOut: false,
            colourErr: false, isTerminal: false, json: false, localTime: { $0.text })
        let invocation = try ArgumentParser(table: CommandTable.all).parse(["version"])
        let plan = Program.start(
            Context(invocation: invocation, output: output, uid: 0, environment: { _ in nil }))
        guard case .exit(let code) = plan else {
            Issue.record("a service")
            return
        }
        #expect(code == 0)
    }

    @Test(arguments: [
        (0, "0 ms"), (999, "999 ms"), (1200, "1.2 s"), (59_999, "59.9 s"), (60_000, "1 min"),
        (185_000, "3 min 5 s"), (7_800_000, "2 h 10 min"), (273_600_000, "3 d 4 h"), (-1200, "-1.2 s"),
    ])
    func durations(milliseconds: Int64, text: String) {
        #expect(Quantity.duration(milliseconds: milliseconds) == text)
    }

    @Test(arguments: [
        (0, "0.0 ms"), (412, "0.4 ms"), (9999, "9.9 ms"), (12_500, "12 ms"), (1_250_000, "1.2 s"),
    ])
    func shortDurations(microseconds: Int64, text: String) {
        #expect(Quantity.duration(microseconds: microseconds) == text)
    }

    @Test(arguments: [
        (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1_572_864, "1.5 MiB"), (2_147_483_648, "2.0 GiB"),
    ])
    func sizes(bytes: Int64, text: String) {
        #expect(Quantity.bytes(bytes) == text)
    }

    @Test func everyErrorClassHasAnExitCode() {
        let expected: [(ControlError.Code, Int32)] = [
            (.badRequest, 1), (.versionMismatch, 1), (.notPermitted, 4), (.notFound, 5), (.refused, 6),
            (.temporary, 75), (.failed, 1),
        ]
        #expect(expected.count == ControlError.Code.allCases.count)
        for (code, number) in expected { #expect(ExitCode(code).rawValue == number) }
    }
}
