import Platform
import Testing

/// An actor on a thread of its own that notes what it was asked.
private actor Notebook {
    private let executor: ThreadExecutor
    private(set) var numbers: [Int] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(_ executor: ThreadExecutor) { self.executor = executor }

    func note(_ number: Int) { numbers.append(number) }
    func isOnItsThread() -> Bool? { executor.isIsolatingCurrentContext() }
    nonisolated func assumed() -> Int { assumeIsolated { $0.numbers.count } }
    func countByAssumption() -> Int { assumed() }
}

@Suite(.timeLimit(.minutes(5))) struct ThreadExecutorTests {
    @Test func jobsRunInTheOrderTheyCame() async throws {
        let executor = try ThreadExecutor(name: "test", parker: EventParker())
        defer { executor.stop() }
        let notebook = Notebook(executor)
        for number in 0..<1000 { await notebook.note(number) }
        #expect(await notebook.numbers == Array(0..<1000))
    }

    @Test func nothingIsLostWhenManyAskAtOnce() async throws {
        let executor = try ThreadExecutor(name: "a name far longer than Linux keeps", parker: EventParker())
        defer { executor.stop() }
        let notebook = Notebook(executor)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<500 { group.addTask { await notebook.note(number) } }
        }
        #expect(await notebook.numbers.sorted() == Array(0..<500))
    }

    @Test func itKnowsItsOwnThread() async throws {
        let executor = try ThreadExecutor(name: "test", parker: EventParker())
        defer { executor.stop() }
        let notebook = Notebook(executor)
        #expect(await notebook.isOnItsThread() == true)
        #expect(await notebook.countByAssumption() == 0)
        #expect(executor.isIsolatingCurrentContext() == false)
    }
}
