import Base
import Delivery
import Testing

/// Webhooks that are wrong or gone: paused with their queue kept, probed, resumed.
@Suite struct PauseTests {
    @Test(arguments: [401, 403, 404, 405, 501])
    func aBrokenEndpointIsPausedAndItsEventsWait(status: Int) {
        var table = MachineTable()
        table.record([1, 2])
        #expect(table.sent() == [1])
        #expect(table.answer(1, answered(status)) == .retry(at: table.wall))
        #expect(table.changes == [.pause(MachineTable.hook, reason: ResultWords.status(status))])
        table.record([3])
        #expect(table.sent() == [])
        table.pass(.seconds(899))
        #expect(table.sent() == [])
        #expect(table.pending == [1, 2, 3])
    }

    @Test func oneEventProbesAtGrowingDistances() {
        var table = MachineTable()
        table.record([1, 2, 3], lane: 1)
        table.record([4], lane: 2)
        #expect(table.sent() == [1, 4])
        table.answer(1, answered(401))
        // The other answer to the same wrong secret changes nothing more.
        table.answer(4, answered(401))
        #expect(table.changes.count == 1)
        for minutes in [15, 30, 60, 60] {
            let wait = Duration.seconds(minutes * 60)
            #expect(table.machine.deadline(now: table.now) == table.now.advanced(by: wait))
            table.pass(wait - .milliseconds(1))
            #expect(table.sent() == [])
            table.pass(.milliseconds(1))
            let probe = table.sent()
            #expect(probe.count == 1)
            #expect(table.sent() == [])
            for event in probe { table.answer(event, answered(401)) }
        }
        #expect(table.changes.allSatisfy { $0 == .pause(MachineTable.hook, reason: "401 Unauthorized") })
        table.pass(.seconds(3600))
        for event in table.sent() { table.answer(event, answered(200)) }
        #expect(table.changes.last == .resume(MachineTable.hook))
        table.readWebhooks()
        // All that waited goes on.
        for _ in 1...3 { for event in table.sent() { table.answer(event, answered(200)) } }
        #expect(table.pending == [])
    }

    @Test func aProbeWithoutAnAnswerProvesNothing() {
        var table = MachineTable()
        table.record([1])
        #expect(table.sent() == [1])
        table.answer(1, answered(404))
        table.pass(.seconds(900))
        #expect(table.sent() == [1])
        table.answer(1, failed(.connect))
        #expect(table.changes.count == 1)
        table.pass(.seconds(1799))
        #expect(table.sent() == [])
        table.pass(.seconds(1))
        #expect(table.sent() == [1])
        // Another failure than the one that broke it: the endpoint is there again.
        table.answer(1, answered(500))
        #expect(table.changes.last == .resume(MachineTable.hook))
    }

    @Test func a410IsNotProbed() {
        var table = MachineTable()
        table.record([1, 2])
        #expect(table.sent() == [1])
        table.answer(1, answered(410))
        #expect(table.changes == [.pause(MachineTable.hook, reason: "410 Gone")])
        #expect(table.machine.deadline(now: table.now) == nil)
        table.pass(.seconds(30 * 86_400))
        #expect(table.sent() == [])
        // A restart with the reason on record: the same.
        table.machine = DeliveryMachine()
        table.readWebhooks()
        table.pass(.seconds(30 * 86_400))
        #expect(table.sent() == [])
        // `webhooks enable`.
        table.webhooks[0].pausedReason = nil
        table.readWebhooks()
        #expect(table.sent().sorted() == [1, 2])
    }

    @Test func a410AfterA401IsTheLastWord() {
        var table = MachineTable()
        table.record([1], lane: 1)
        table.record([2], lane: 2)
        #expect(table.sent() == [1, 2])
        table.answer(1, answered(401))
        table.answer(2, answered(410))
        #expect(table.changes.last == .pause(MachineTable.hook, reason: "410 Gone"))
        table.pass(.seconds(86_400))
        #expect(table.sent() == [])
    }

    @Test func aPauseOutlivesARestart() {
        var table = MachineTable()
        table.webhooks[0].pausedReason = "401 Unauthorized"
        table.machine = DeliveryMachine()
        table.readWebhooks()
        table.record([1])
        #expect(table.sent() == [])
        table.pass(.seconds(900))
        #expect(table.sent() == [1])
    }

    @Test func nothingToProbeWithIsNoSpinning() {
        var table = MachineTable()
        table.webhooks[0].pausedReason = "403 Forbidden"
        table.machine = DeliveryMachine()
        table.readWebhooks()
        table.now = table.now.advanced(by: .seconds(900))
        #expect(table.sent() == [])
        #expect(table.machine.wants(now: table.now) == [])
        #expect(table.machine.deadline(now: table.now) == nil)
        table.record([1])
        #expect(table.sent() == [1])
    }

    @Test func nothingDiesOfAgeInAPause() {
        var table = MachineTable()
        table.record([1])
        #expect(table.sent() == [1])
        table.answer(1, answered(401))
        for _ in 1...300 {
            table.pass(.seconds(3600))
            for event in table.sent() {
                #expect(table.answer(event, answered(401)) == .retry(at: table.wall))
            }
        }
        #expect(table.pending == [1])
    }

    @Test func aWebhookThatIsSwitchedOffSendsNothing() {
        var table = MachineTable()
        table.record([1, 2, 3])
        #expect(table.sent() == [1])
        table.webhooks[0].enabled = false
        table.readWebhooks()
        #expect(table.answer(1, answered(200)) == .delivered)
        table.pass(.seconds(60))
        #expect(table.sent() == [])
        table.webhooks[0].enabled = true
        table.readWebhooks()
        #expect(table.sent() == [2])
    }

    @Test func aWebhookThatIsRemovedStillGetsItsVerdict() {
        var table = MachineTable()
        table.record([1, 2])
        #expect(table.sent() == [1])
        table.webhooks = []
        table.readWebhooks()
        #expect(table.answer(1, answered(200)) == .delivered)
        #expect(table.sent() == [])
        table.readWebhooks()
        #expect(table.machine.known == [])
    }
}
