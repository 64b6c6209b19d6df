import Testing

@testable import Phone
@testable import VirtualPhone

/// What the queries of messages cost on a store with Android's tables and indexes, in steps of SQLite's machine, and that what makes
/// them cheap changes no answer.
@Suite struct SMSQueryCostTests {
    private static let query = SMSQuery(dialect: SMSDialect(), isWide: true)

    /// A phone with `count` messages, every fifth of them sent.
    private func user(_ count: Int, release: Int) throws -> PhoneUser {
        let user = try PhoneUser(release: release)
        user.phone.insertSMS(count: count) { number in
            VirtualSMS(
                thread: Int64(number % 40), address: "Shop \(number % 40)",
                date: 1_600_000_000_000 + Int64(number) * 60_000,
                type: number % 5 == 4 ? 2 : 1, body: "Your code is \(number).", subscriptionID: 2)
        }
        return user
    }

    /// Steps that `command` takes.
    private func steps(_ user: PhoneUser, _ command: PhoneCommand, rows: Int) throws -> Int {
        let before = user.phone.counters.querySteps
        let out = try user.out(command.text)
        #expect(out.split(separator: "\n").count == rows, "\(command.text)")
        return user.phone.counters.querySteps - before
    }

    private func cost(of size: Int, release: Int) throws -> [String: Int] {
        let user = try user(size, release: release)
        let last = Int64(size)
        let query = Self.query
        return [
            "new": try steps(user, query.rows(above: last - 10, limit: 50), rows: 10),
            "nothing new": try steps(user, query.rows(above: last, limit: 50), rows: 1),
            "a full page": try steps(user, query.rows(above: last - 100, limit: 50), rows: 50),
            "some": try steps(user, query.rows((last - 49...last).map { $0 }), rows: 50),
            "far apart": try steps(user, query.rows([1, last / 2, last]), rows: 3),
            "next id": try steps(user, query.nextID(above: last - 10), rows: 1),
            "page of the baseline": try steps(
                user, query.marks(after: 100, through: last, limit: 500), rows: 500),
            "page of a whole sweep": try steps(
                user, query.marks(after: 100, id: -100, date: -1, limit: 500), rows: 500),
        ]
    }

    @Test(arguments: [6, 11, 14]) func readingNewMessagesDoesNotGrowWithTheStore(release: Int) throws {
        let small = try cost(of: 1000, release: release)
        let large = try cost(of: 20_000, release: release)
        for (name, steps) in small {
            // A tree that is a level higher takes no more steps; the ids have more digits, which takes none either.
            #expect(large[name] == steps, "\(name)")
        }
    }

    @Test func whatLooksAtEverythingGrowsWithItAndNotFaster() throws {
        func cost(of size: Int) throws -> [Int] {
            let user = try user(size, release: 14)
            let canary = try steps(user, SMSQuery.canary, rows: 1)
            var sweep = 0
            for page in 0..<(size / 500) {
                sweep += try steps(
                    user,
                    Self.query.marks(after: Int64(page * 500), id: -100, date: -1, limit: 400), rows: 400)
            }
            return [canary, sweep]
        }
        for (small, large) in zip(try cost(of: 1000), try cost(of: 10_000)) { #expect(large <= small * 11) }
    }

    /// Queries of random stretches over a store with holes and hidden rows, against a plain filter.
    @Test(arguments: 1...20) func answersAreThoseOfTheConditionsAlone(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let user = try PhoneUser(release: [6, 9, 13, 14][Int(seed % 4)])
        var stored: [VirtualSMS] = []
        var id: Int64 = 0
        for _ in 0..<Int.random(in: 0...300, using: &random) {
            id += Int64.random(in: 1...3, using: &random)
            if Int.random(in: 0..<60, using: &random) == 0 { id += 20_000 }
            var row = VirtualSMS(
                id: id, address: "A", date: Int64.random(in: 0...1000, using: &random),
                type: Int.random(in: 1...6, using: &random), body: "b", subscriptionID: 2)
            row.thread = Int64.random(in: 1...4, using: &random)
            stored.append(row)
            user.phone.insertSMS(row)
        }
        let shown = stored.filter { $0.type <= 2 }
        func ids(_ command: PhoneCommand) throws -> [Int64] {
            let out = try user.out(command.text)
            guard out != "No result found.\n" else { return [] }
            return out.split(separator: "\n").compactMap { line in
                line.split(separator: "_id=").last?.split(separator: ",").first.flatMap { Int64($0) }
            }
        }
        for _ in 0..<20 {
            let low = Int64.random(in: -5...(id + 5), using: &random)
            let high = Int64.random(in: -5...(id + 5), using: &random)
            let date = Int64.random(in: -5...1005, using: &random)
            let limit = Int.random(in: 1...60, using: &random)
            func first(_ limit: Int, _ condition: (VirtualSMS) -> Bool) -> [Int64] {
                shown.filter(condition).prefix(limit).compactMap(\.id)
            }
            func above(_ row: VirtualSMS, _ id: Int64) -> Bool { (row.id ?? 0) > id }
            #expect(try ids(Self.query.rows(above: low, limit: limit)) == first(limit) { above($0, low) })
            #expect(try ids(Self.query.nextID(above: low)) == first(1) { above($0, low) })
            #expect(
                try ids(Self.query.marks(after: low, through: high, limit: limit))
                    == first(limit) { $0.type == 1 && above($0, low) && !above($0, high) })
            #expect(
                try ids(Self.query.marks(after: low, id: high, date: date, limit: limit))
                    == first(limit) { $0.type == 1 && above($0, low) && (above($0, high) || $0.date > date) })
            let wanted = stored.shuffled(using: &random).prefix(limit).compactMap(\.id) + [low]
            #expect(try ids(Self.query.rows(wanted)) == first(.max) { wanted.contains($0.id ?? 0) })
        }
        let canary = try SMSCanary(parsing: Array(try user.out(SMSQuery.canary.text).utf8))
        #expect(
            canary
                == SMSCanary(
                    count: Int64(shown.count), maxID: shown.compactMap(\.id).max(),
                    maxDate: shown.map(\.date).max(),
                    dateSum: shown.isEmpty ? nil : shown.map(\.date).reduce(0, +)))
    }
}
