import Base
import Events
import Testing

@testable import Daemon

/// What people are told of a phone's problems, and how often.
@Suite struct ProblemNotesTests {
    private let start = Instant(nanoseconds: 5_000_000_000)
    private let locked = ProblemNotes.Subject(device: DeviceKey(rawValue: 1), name: "sms blocked")
    private let rows = ProblemNotes.Subject(device: DeviceKey(rawValue: 1), name: "sms unreadable row")

    @Test func aStateIsToldOnceUntilItChangesOrIsOver() async {
        let notes = ProblemNotes()
        func note(_ text: String) async -> String? {
            await notes.note(text, of: locked, isState: true, now: start)
        }
        #expect(await note("locked") == "locked")
        #expect(await note("locked") == nil)
        #expect(await note("denied") == "denied")
        await notes.forget(locked)
        #expect(await note("denied") == "denied")
    }

    @Test func aThousandBadRowsAreAFewLinesThatTellHowMany() async {
        let notes = ProblemNotes()
        var told: [String] = []
        for row in 0..<1000 {
            if let text = await notes.note("row \(row)", of: rows, isState: false, now: start) {
                told.append(text)
            }
        }
        #expect(told == ["row 0", "row 1", "row 2", "row 3", "row 4"])
        // Another phone, and another kind of this one, have lines of their own.
        let other = ProblemNotes.Subject(device: DeviceKey(rawValue: 2), name: "sms unreadable row")
        #expect(await notes.note("row 1", of: other, isState: false, now: start) == "row 1")
        #expect(await notes.note("locked", of: locked, isState: true, now: start) == "locked")
        #expect(await notes.overdue(of: rows.device, now: start) == [])
        let later = start.advanced(by: .seconds(60))
        #expect(
            await notes.overdue(of: rows.device, now: later) == [
                "row 999 (and 994 more of this kind before it)"
            ])
        #expect(await notes.overdue(of: rows.device, now: later.advanced(by: .seconds(3600))) == [])
    }

    /// Nothing that happened is swallowed: told, or counted in a later line.
    @Test func pausesGrowAndEndAfterQuiet() async {
        let notes = ProblemNotes()
        var lines = 0
        for second in 0..<(24 * 3600) {
            let now = start.advanced(by: .seconds(second))
            if await notes.note("bad", of: rows, isState: false, now: now) != nil { lines += 1 }
        }
        #expect(lines < 35)
        let quiet = start.advanced(by: .seconds(48 * 3600))
        for number in 0..<5 {
            #expect(
                await notes.note("bad \(number)", of: rows, isState: false, now: quiet) == "bad \(number)")
        }
        #expect(await notes.note("bad 5", of: rows, isState: false, now: quiet) == nil)
    }
}
