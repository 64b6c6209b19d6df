import Control
import Testing

@testable import CLI
@testable import Daemon

@Suite struct SinceInputTests {
    private let now = Timestamp(milliseconds: 1_760_000_000_000)

    @Test(arguments: [("90m", 5_400_000), ("24h", 86_400_000), ("7d", 604_800_000), ("0d", 0)])
    func howLongAgo(text: String, milliseconds: Int64) {
        #expect(SinceInput.moment(text, now: now)?.milliseconds == now.milliseconds - milliseconds)
    }

    @Test func dates() {
        #expect(SinceInput.moment("all", now: now)?.milliseconds == 0)
        #expect(SinceInput.moment("2025-10-09T08:53:20Z", now: now) == now)
        for text in ["2025-10-09", "2025-10-09 00:00", "2024-02-29", "2025-10-09 23:59"] {
            let moment = SinceInput.moment(text, now: now)
            #expect(
                moment.map { LocalTime.text($0).hasPrefix(text) || $0.milliseconds % 60_000 == 0 } == true)
            #expect(moment.map { LocalTime.text($0).prefix(10) == text.prefix(10) } == true)
        }
    }

    @Test(arguments: [
        "", "yesterday", "7", "d", "-7d", "7w", "2025-13-01", "2025-02-30", "2025-1-1", "2025-10-09 24:00",
        "2025-10-09 8:00", "2025-10-09T08:00", "1e9d", "99999999999999999999d", "+7d", "2025-10-09  08:00",
    ])
    func whatIsNone(text: String) { #expect(SinceInput.moment(text, now: now) == nil) }

    @Test func aLineTellsHowFarHowFastAndHowLong() {
        var report = BackfillReport(
            device: "a", since: now, webhook: nil, read: 300, total: 1500, isDone: false, waitsForPhone: false
        )
        let start = (at: now, read: Int64(100))
        let later = Timestamp(milliseconds: now.milliseconds + 10_000)
        #expect(
            DevicesCommands.line(report, since: start, now: later)
                == "300 of 1500 messages, 20 a second, 1 min left")
        report.total = nil
        #expect(DevicesCommands.line(report, since: start, now: later) == "300 messages, 20 a second")
        #expect(DevicesCommands.line(report, since: (at: now, read: 300), now: now) == "300 messages")
    }
}
