import Testing

@testable import Store

@Suite("Statements: columns and parameters by name")
struct StatementTests {
    private static let insertion = SQL(
        "insert fruit", "INSERT INTO fruit (name, colour) VALUES (:name, :colour)")

    /// A database with one table, `fruit`.
    private func withFruit(_ body: (Connection) throws -> Void) throws {
        let folder = try TestFolder()
        try folder.write("phonewire.db", [])
        let database = try otherProgram(folder)
        try database.test("CREATE TABLE fruit (name TEXT, colour TEXT)")
        try body(database)
        try database.close()
    }

    private func error(_ body: () throws(StoreError) -> Void) -> StoreError? {
        do throws(StoreError) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test("values are bound by name, in whatever order they are given")
    func anyOrder() throws {
        try withFruit { database in
            try database.run(Self.insertion, ["colour": .text("red"), "name": .text("apple")])
            let read = SQL("read fruit", "SELECT colour, name AS called FROM fruit")
            let found = try database.first(read) { row throws(StoreError) in
                [try row.text("called"), try row.text("colour")]
            }
            #expect(found == ["apple", "red"])
        }
    }

    @Test("a missing, an unknown or a repeated parameter is a mistake of ours, and nothing is written")
    func wrongParameters() throws {
        try withFruit { database in
            let missing = error { () throws(StoreError) in
                try database.run(Self.insertion, ["name": .text("apple")])
            }
            #expect(missing?.cause == .bug)
            #expect(missing?.message == "no value for the parameters :colour")
            let unknown = error { () throws(StoreError) in
                try database.run(
                    Self.insertion, ["name": .text("apple"), "colour": .null, "taste": .text("sweet secret")])
            }
            #expect(unknown?.cause == .bug)
            #expect(unknown?.operation == "insert fruit")
            #expect(unknown?.message == "there is no parameter :taste")
            let twice = error { () throws(StoreError) in
                try database.run(Self.insertion, ["name": .text("apple"), "name": .text("pear")])
            }
            #expect(twice?.message == "the parameter :name has two values")
            #expect(try database.number("SELECT count(*) FROM fruit") == 0)
            // The statement is fit for use afterwards.
            try database.run(Self.insertion, ["name": .text("apple"), "colour": .null])
            #expect(try database.number("SELECT count(*) FROM fruit") == 1)
        }
    }

    @Test("a column that the result does not have, or has twice, is a mistake of ours")
    func wrongColumns() throws {
        try withFruit { database in
            try database.run(Self.insertion, ["name": .text("apple"), "colour": .text("red")])
            let read = SQL("read fruit", "SELECT name FROM fruit")
            let unknown = error { () throws(StoreError) in
                _ = try database.first(read) { row throws(StoreError) in try row.text("colour") }
            }
            #expect(unknown?.cause == .bug)
            #expect(unknown?.message == "the result has no column colour")
            let twice = error { () throws(StoreError) in
                try database.run(SQL("pairs", "SELECT a.name, b.name FROM fruit AS a, fruit AS b"))
            }
            #expect(twice?.cause == .bug)
        }
    }

    @Test("a parameter needs a name", arguments: ["?", "?1"])
    func namelessParameter(parameter: String) throws {
        try withFruit { database in
            let found = error { () throws(StoreError) in
                try database.run(SQL("nameless", "SELECT name FROM fruit WHERE name = \(parameter)"))
            }
            #expect(found?.cause == .bug)
        }
    }
}
