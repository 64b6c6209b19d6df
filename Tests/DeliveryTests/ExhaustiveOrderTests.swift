import Base
import Delivery
import Events
import Testing

/// Every order of a few inputs, up to four: whatever happens, the rules hold, and in the end everything is delivered.
@Suite struct ExhaustiveOrderTests {
    private enum Input: CaseIterable {
        case newEvent, newEventElsewhere, timePasses, delivered, failed, broken, busy, stopped
    }

    @Test func everyOrder() {
        var checked = 0
        for depth in 1...4 {
            enumerate(depth, []) {
                play($0); checked += 1
            }
        }
        #expect(checked == 8 + 64 + 512 + 4096)
    }

    private func enumerate(_ depth: Int, _ inputs: [Input], _ body: ([Input]) -> Void) {
        if depth == 0 { return body(inputs) }
        for input in Input.allCases { enumerate(depth - 1, inputs + [input], body) }
    }

    private func play(_ inputs: [Input]) {
        var table = MachineTable()
        var firsts: [Int64: [Int64]] = [:]
        var next: Int64 = 1
        table.record([100, 101], lane: 1)
        step(&table, &firsts)
        for input in inputs {
            let oldest = table.flying.keys.min()
            switch input {
            case .newEvent:
                table.record([next], lane: 2)
                next += 1
            case .newEventElsewhere:
                table.record([next], lane: 3)
                next += 1
            case .timePasses: table.pass(.seconds(2))
            case .delivered: if let oldest { table.answer(oldest, answered(200)) }
            case .failed: if let oldest { table.answer(oldest, failed(.connect)) }
            case .broken: if let oldest { table.answer(oldest, answered(401)) }
            case .busy: if let oldest { table.answer(oldest, answered(503, retryAfter: 7)) }
            case .stopped: if let oldest { table.answer(oldest, failed(.cancelled)) }
            }
            step(&table, &firsts)
        }
        // The receiver is well again: everything arrives, once.
        var rounds = 0
        while !table.pending.isEmpty, rounds < 50 {
            for event in table.flying.keys.sorted() { table.answer(event, answered(200)) }
            table.readWebhooks()
            step(&table, &firsts)
            if table.flying.isEmpty { table.pass(.seconds(600)) }
            step(&table, &firsts)
            rounds += 1
        }
        if !table.pending.isEmpty { Issue.record("\(table.pending) never arrived after \(inputs)") }
    }

    private func step(_ table: inout MachineTable, _ firsts: inout [Int64: [Int64]]) {
        let before = Set(table.flying.keys)
        let sent = table.sent()
        if table.flying.count > 4 { Issue.record("\(table.flying.count) at once") }
        if !before.isDisjoint(with: sent) { Issue.record("sent twice at once") }
        for event in sent {
            guard let delivery = table.flying[event], delivery.attempt == 1 else { continue }
            let lane = delivery.device.rawValue
            // A stopped attempt may come again; a new one never before an older one.
            if let last = firsts[lane]?.last, last > event, firsts[lane]?.contains(event) == false {
                Issue.record("\(event) after \(last) in lane \(lane)")
            }
            firsts[lane, default: []].append(event)
        }
        if let deadline = table.machine.deadline(now: table.now), deadline <= table.now {
            Issue.record("a deadline in the past: the driver would spin")
        }
    }
}
