import Base
import Delivery
import Testing

/// Who goes when: lanes, places, turns.
@Suite struct LaneTests {
    @Test func aLaneSendsOneFirstAttemptAtATimeInOrder() {
        var table = MachineTable()
        table.record([1, 2, 3])
        #expect(table.sent() == [1])
        #expect(table.sent() == [])
        #expect(table.answer(1, answered(200)) == .delivered)
        #expect(table.sent() == [2])
        table.answer(2, answered(500))
        // A failure holds nothing back.
        #expect(table.sent() == [3])
        table.answer(3, answered(200))
        #expect(table.sent() == [])
        #expect(table.pending == [2])
    }

    @Test func aReceiverThatHangsHoldsALaneForTwoSecondsOnly() {
        var table = MachineTable()
        table.record([1, 2, 3, 4, 5, 6])
        #expect(table.sent() == [1])
        #expect(table.machine.deadline(now: table.now) == table.now.advanced(by: .seconds(2)))
        table.pass(.milliseconds(1999))
        #expect(table.sent() == [])
        table.pass(.milliseconds(1))
        #expect(table.sent() == [2])
        table.pass(.seconds(2))
        #expect(table.sent() == [3])
        table.pass(.seconds(2))
        #expect(table.sent() == [4])
        // Four are out: no fifth, and time alone does not change that.
        table.pass(.seconds(2))
        #expect(table.sent() == [])
        #expect(table.machine.deadline(now: table.now) == nil)
        // The first one's end opens a place; the lane is open because the last start is 2 s ago.
        table.answer(1, failed(.timeout))
        #expect(table.sent() == [5])
    }

    @Test func aLateAnswerDoesNotOpenTheLaneForAnother() {
        var table = MachineTable()
        table.record([1, 2, 3])
        #expect(table.sent() == [1])
        table.pass(.seconds(2))
        #expect(table.sent() == [2])
        table.answer(1, answered(200))
        // 2 holds the lane now.
        #expect(table.sent() == [])
        table.answer(2, answered(200))
        #expect(table.sent() == [3])
    }

    @Test func lanesDoNotWaitForEachOtherButForPlaces() {
        var table = MachineTable()
        for lane in 1...6 { table.record([Int64(lane)], lane: Int64(lane)) }
        #expect(table.sent() == [1, 2, 3, 4])
        table.answer(2, answered(200))
        #expect(table.sent() == [5])
        table.answer(1, failed(.connect))
        #expect(table.sent() == [6])
    }

    @Test func lanesTakeTurns() {
        var limits = DeliveryLimits()
        limits.requestsAtOnce = 1
        limits.retriesAtOnce = 1
        var table = MachineTable(limits: limits)
        table.record([1, 2, 3], lane: 1)
        table.record([4, 5], lane: 2)
        table.record([6], lane: 3)
        var order: [Int64] = []
        while let next = table.sent().first {
            order.append(next)
            table.answer(next, answered(200))
        }
        #expect(order == [1, 4, 6, 2, 5, 3])
    }

    @Test func webhooksDoNotWaitForEachOther() {
        var table = MachineTable(hooks: 2)
        table.record([1, 2], hook: WebhookKey(rawValue: 1))
        table.record([3, 4], hook: WebhookKey(rawValue: 2))
        #expect(table.sent() == [1, 3])
        table.answer(3, answered(200))
        #expect(table.sent() == [4])
    }

    @Test func retriesGoBesideTheOrderAndLeaveAPlaceForNewEvents() {
        var table = MachineTable()
        table.record([1, 2, 3, 4])
        for event in 1...4 as ClosedRange<Int64> {
            #expect(table.sent() == [event])
            table.answer(event, failed(.connect))
        }
        table.pass(.seconds(2))
        // All four are due again; three places are theirs.
        #expect(table.sent() == [1, 2, 3])
        table.record([5])
        #expect(table.sent() == [5])
        // Retry and new event in turn.
        table.answer(1, answered(200))
        #expect(table.sent() == [4])
    }

    @Test func whatWasStoppedDoesNotCount() {
        var table = MachineTable()
        table.record([1, 2])
        #expect(table.sent() == [1])
        #expect(table.answer(1, failed(.cancelled)) == nil)
        // Still the first attempt, still first in its lane.
        #expect(table.sent() == [1])
        #expect(table.flying[1]?.attempt == 1)
    }

    @Test func aLongBacklogIsTakenInParts() {
        var table = MachineTable()
        table.record(Array(1...1000))
        var sent: [Int64] = []
        while let next = table.sent().first {
            sent.append(next)
            #expect(table.machine.known.count <= 129)
            table.answer(next, answered(200))
            table.machine.storeChanged()
        }
        #expect(sent == Array(1...1000))
    }

    @Test func aLaneThatStandsStillDoesNotGrow() {
        var table = MachineTable()
        table.record(Array(1...500))
        #expect(table.sent() == [1])
        for event in 501...600 as ClosedRange<Int64> {
            table.record([event])
            #expect(table.sent() == [])
            #expect(table.machine.known.count <= 129)
        }
        // And another lane is served all the same.
        table.record([700], lane: 2)
        #expect(table.sent() == [700])
    }
}
