import Base
import Testing

@testable import Daemon

/// The phone's date between two looks at it.
@Suite struct PhoneClockTests {
    private let start = Instant(nanoseconds: 5_000_000_000)
    private let ours = WallTime(milliseconds: 1_760_000_000_000)

    @Test func itGoesOnWithTheMonotonicClock() {
        let clock = PhoneClock(seconds: 1_000, now: start, ours: ours)
        #expect(clock.time(at: start) == WallTime(milliseconds: 1_000_000))
        #expect(clock.time(at: start.advanced(by: .seconds(90))) == WallTime(milliseconds: 1_090_000))
    }

    @Test(arguments: [nil, Int64.min, .max, 1 << 40, -(1 << 40)] as [Int64?])
    func whatNobodyCanBelieveIsOurDate(seconds: Int64?) {
        #expect(PhoneClock(seconds: seconds, now: start, ours: ours).time(at: start) == ours)
    }
}
