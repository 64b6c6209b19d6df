import Base
import Testing

@Suite struct BackoffTests {
    @Test func pausesGrowAndStayAtTheLast() {
        var backoff = Backoff(.seconds(1), .seconds(5), .seconds(15))
        #expect(backoff.pause == .seconds(1))
        #expect((0..<5).map { _ in backoff.failed() } == [1, 5, 15, 15, 15].map { Duration.seconds($0) })
        #expect(backoff.failures == 5)
        backoff.succeeded()
        #expect(backoff.failures == 0)
        #expect(backoff.failed() == .seconds(1))
    }

    @Test func doublingEndsAtTheLongest() {
        var backoff = Backoff(doubling: .seconds(1), until: .seconds(30))
        #expect(
            (0..<7).map { _ in backoff.failed() } == [1, 2, 4, 8, 16, 30, 30].map { Duration.seconds($0) })
        var single = Backoff(doubling: .seconds(2), until: .seconds(2))
        #expect(single.failed() == .seconds(2) && single.failed() == .seconds(2))
    }
}
