import Base
import Delivery
import Testing

/// What becomes of an attempt, and of its webhook.
@Suite struct VerdictTests {
    @Test func theScheduleOfADeadReceiver() {
        var table = MachineTable()
        table.record([1])
        var waits: [Int64] = []
        for _ in 1...9 {
            #expect(table.sent() == [1])
            let failedAt = table.wall
            guard case .retry(let date) = table.answer(1, failed(.connect)) else { break }
            let wait = failedAt.duration(to: date)
            waits.append(wait.milliseconds / 1000)
            table.pass(wait - .milliseconds(1))
            #expect(table.sent() == [])
            table.pass(.milliseconds(1))
        }
        #expect(waits == [1, 5, 15, 60, 300, 900, 3600, 3600, 3600])
    }

    @Test func jitterMovesARetry() {
        var table = MachineTable()
        table.record([1])
        #expect(table.sent() == [1])
        #expect(
            table.answer(1, answered(500), jitter: 1.2)
                == .retry(at: table.wall.advanced(by: .milliseconds(1200))))
    }

    @Test func retryAfterMovesOneEvent() {
        var table = MachineTable()
        table.record([1, 2])
        #expect(table.sent() == [1])
        let next = table.answer(1, answered(500, retryAfter: 100), jitter: 0.8)
        #expect(next == .retry(at: table.wall.advanced(by: .seconds(100))))
        // The others go on.
        #expect(table.sent() == [2])
    }

    @Test(arguments: [429, 503])
    func retryAfterOfABusyReceiverHoldsTheWebhook(status: Int) {
        var table = MachineTable()
        table.record([1, 2])
        #expect(table.sent() == [1])
        let next = table.answer(1, answered(status, retryAfter: 100), jitter: 1.2)
        #expect(next == .retry(at: table.wall.advanced(by: .seconds(110))))
        #expect(table.sent() == [])
        #expect(table.machine.deadline(now: table.now) == table.now.advanced(by: .seconds(110)))
        table.pass(.seconds(110) - .milliseconds(1))
        #expect(table.sent() == [])
        table.pass(.milliseconds(1))
        #expect(table.sent().sorted() == [1, 2])
    }

    @Test func aBusyReceiverHoldsTheWebhookAsLongAsItAsksAndNoLonger() {
        for (status, retryAfter, hold) in [(503, 5, 5), (429, 5, 5), (429, nil, 60), (503, nil, 0)]
            as [(Int, Int64?, Int)]
        {
            var table = MachineTable()
            table.record([1])
            // Event 1 has failed so often that its own wait is an hour.
            for _ in 1...7 {
                #expect(table.sent() == [1])
                table.answer(1, answered(500))
                table.pass(.seconds(4400))
            }
            #expect(table.sent() == [1])
            let next = table.answer(1, answered(status, retryAfter: retryAfter), jitter: 0.8)
            #expect(next == .retry(at: table.wall.advanced(by: .seconds(2880))))
            table.record([2])
            if hold > 0 {
                table.pass(.seconds(min(hold, 60)) - .milliseconds(1))
                #expect(table.sent() == [])
                table.pass(.milliseconds(1))
            }
            #expect(table.sent() == [2])
        }
    }

    @Test func anEventThatIsRefusedIsGivenUpAfterThreeTries() {
        for status in [400, 409, 413, 422] {
            var table = MachineTable()
            table.record([1, 2])
            #expect(table.sent() == [1])
            #expect(table.answer(1, answered(status)) == .retry(at: table.wall.advanced(by: .seconds(1))))
            #expect(table.sent() == [2])
            table.answer(2, answered(200))
            table.pass(.seconds(1))
            #expect(table.sent() == [1])
            table.answer(1, answered(status))
            table.pass(.seconds(5))
            #expect(table.sent() == [1])
            let words = ResultWords.status(status)
            #expect(
                table.answer(1, answered(status)) == .dead(reason: "refused 3 times, at last with \(words)"))
            #expect(table.changes == [])
        }
    }

    @Test(arguments: [answered(302), failed(.tls), failed(.invalid)])
    func whatOnlyAPersonCanMendIsTriedSlowly(result: HTTPResult) {
        var table = MachineTable()
        table.record([1])
        #expect(table.sent() == [1])
        #expect(table.answer(1, result, jitter: 0.8) == .retry(at: table.wall.advanced(by: .seconds(720))))
    }

    @Test func givenUpByAge() {
        var table = MachineTable()
        table.record([1])
        for _ in 1...7 {
            #expect(table.sent() == [1])
            table.answer(1, answered(500))
            table.pass(.seconds(3600))
        }
        table.pass(.seconds(7 * 86_400 - 7 * 3600) - .milliseconds(1))
        #expect(table.sent() == [1])
        // One millisecond too young.
        #expect(table.answer(1, answered(500)) == .retry(at: table.wall.advanced(by: .seconds(3600))))
        table.pass(.seconds(3600))
        #expect(table.sent() == [1])
        #expect(
            table.answer(1, answered(500))
                == .dead(reason: "not delivered in 7 days and 9 attempts, at last: 500 Internal Server Error")
        )
    }

    @Test func oldAgeAloneKillsNothing() {
        // A clock that jumped from 1970, or a daemon that was off for a month.
        var table = MachineTable()
        table.record([1])
        table.pass(.seconds(60 * 86_400))
        for attempt in 1...7 {
            #expect(table.sent() == [1])
            guard case .retry = table.answer(1, failed(.timeout)) else {
                Issue.record("given up at attempt \(attempt)")
                return
            }
            table.pass(.seconds(3600))
        }
        #expect(table.sent() == [1])
        guard case .dead = table.answer(1, failed(.timeout)) else {
            Issue.record("not given up at attempt 8")
            return
        }
    }

    @Test func theAttemptOnRecord() {
        var machine = MachineTable()
        machine.record([1])
        #expect(machine.sent() == [1])
        guard let delivery = machine.flying[1] else { return }
        let startedAt = WallTime(milliseconds: 77)
        let long = [UInt8](repeating: 0x61, count: 5000)
        let verdict = machine.machine.ended(
            DeliveryMachine.Ended(
                delivery: delivery, result: .answered(HTTPAnswer(status: 500, body: long)),
                startedAt: startedAt,
                took: .milliseconds(12)), jitter: 1, now: machine.now, wallNow: machine.wall)
        #expect(
            verdict.outcome?.attempt
                == AttemptRecord(
                    number: 1, startedAt: startedAt, microseconds: 12_000, status: 500,
                    error: "500 Internal Server Error", reply: Array(long.prefix(1024))))
    }
}
