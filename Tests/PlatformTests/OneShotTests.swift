import Platform
import Testing

@Suite(.timeLimit(.minutes(5))) struct OneShotTests {
    @Test func aValueMayComeFirst() async {
        let shot = OneShot<Int>()
        #expect(shot.give(7))
        #expect(await shot.value() == 7)
    }

    @Test func aWaiterMayComeFirst() async {
        for value in 0..<100 {
            let shot = OneShot<Int>()
            async let waiter = shot.value()
            await Task.yield()
            #expect(shot.give(value))
            #expect(await waiter == value)
        }
    }

    @Test func onlyTheFirstValueCounts() async {
        let shot = OneShot<Int>()
        #expect(shot.give(1))
        #expect(!shot.give(2))
        #expect(await shot.value() == 1)
        #expect(!shot.give(3))
        #expect(await shot.value() == nil)
    }

    @Test func aCancelledWaiterGetsNil() async {
        let shot = OneShot<Int>()
        await withTaskGroup(of: Int?.self) { group in
            group.addTask { await shot.value() }
            await Task.yield()
            group.cancelAll()
            for await value in group { #expect(value == nil) }
        }
        #expect(!shot.give(1))
    }

    @Test func aTaskThatIsCancelledAlreadyDoesNotWait() async {
        let shot = OneShot<Int>()
        await withTaskGroup(of: Int?.self) { group in
            group.cancelAll()
            group.addTask { await shot.value() }
            for await value in group { #expect(value == nil) }
        }
    }

    @Test func aValueThatIsThereIsTakenEvenWhenCancelled() async {
        let shot = OneShot<Int>()
        shot.give(5)
        await withTaskGroup(of: Int?.self) { group in
            group.cancelAll()
            group.addTask { await shot.value() }
            for await value in group { #expect(value == 5) }
        }
    }
}
