import Delivery
import Testing

@Suite struct RetryScheduleTests {
    @Test func theTable() {
        let waits = (1...9).map { RetrySchedule.wait(afterAttempt: $0, jitter: 1) }
        #expect(
            waits == [
                .seconds(1), .seconds(5), .seconds(15), .seconds(60), .seconds(300), .seconds(900),
                .seconds(3600), .seconds(3600), .seconds(3600),
            ])
        #expect(RetrySchedule.wait(afterAttempt: .max, jitter: 1) == .seconds(3600))
        #expect(RetrySchedule.wait(afterAttempt: 0, jitter: 1) == .seconds(1))
        #expect(RetrySchedule.wait(afterAttempt: .min, jitter: 1) == .seconds(1))
    }

    @Test(
        arguments: [
            (0.8, 4000), (1.2, 6000), (1.1, 5500), (0.0, 4000), (7.0, 6000), (-1.0, 4000), (.nan, 4000),
            (.infinity, 6000),
        ] as [(Double, Int)])
    func jitterStaysInItsRange(jitter: Double, milliseconds: Int) {
        #expect(RetrySchedule.wait(afterAttempt: 2, jitter: jitter) == .milliseconds(milliseconds))
    }

    @Test(
        arguments: [
            (100, 0.8, 100_000), (100, 1.2, 110_000), (100, 1.0, 105_000), (.max, 0.8, 86_400_000),
            (.max, 1.2, 95_040_000), (0, 1.2, 0), (.min, 1.2, 0), (-5, 1.0, 0),
        ] as [(Int64, Double, Int)])
    func retryAfterIsHonouredUpToADay(seconds: Int64, jitter: Double, milliseconds: Int) {
        let wait = RetrySchedule.wait(retryAfter: seconds, limit: .seconds(86_400), jitter: jitter)
        #expect(wait == .milliseconds(milliseconds))
    }
}
