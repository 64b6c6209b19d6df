import Events
import Testing

@testable import Phone

@Suite struct SubscriptionDumpTests {
    private func dump(_ name: String) throws -> SubscriptionDump {
        try SubscriptionDump(parsing: try Corpus.bytes("sms/\(name).txt"))
    }

    @Test func dualSIMsOfAndroid14() throws {
        let dump = try dump("isub_a14_dual")
        #expect(dump.slots == [0: 2, 1: 3])
        #expect(dump.isLoaded)
        let inside = dump.subscriptions.filter { $0.slotIndex >= 0 }
        #expect(inside.map(\.id) == [2, 3])
        #expect(inside.map(\.iccid) == ["898600451[****]", "898603152[****]"])
    }

    @Test func aRemovedSIMHasNoSlot() throws {
        let dump = try dump("isub_a14_second_sim_removed")
        #expect(dump.slots == [0: 2])
        #expect(dump.subscriptions.first { $0.id == 3 }?.slotIndex == -1)
    }

    @Test func aSIMNameThatForgesFieldsChangesNothing() throws {
        let dump = try dump("isub_a8_dual")
        #expect(dump.slots == [0: 1, 1: 2])
        #expect(dump.subscriptions.map(\.id) == [1, 2])
        #expect(dump.subscriptions.map(\.slotIndex) == [0, 1])
    }

    @Test func android11() throws {
        let dump = try dump("isub_a11_single")
        #expect(dump.slots == [0: 9])
        #expect(dump.subscriptions == [.init(id: 9, iccid: "891480000[****]", slotIndex: 0)])
    }

    @Test func oldAndLoadingHeads() throws {
        let old =
            "SubscriptionController:\n sSlotIdxToSubId[0]: subId=4\n++++++\n  {id=4, iccId=89 simSlotIndex=0 x}\n"
        #expect(try SubscriptionDump(parsing: Array(old.utf8)).slots == [0: 4])
        let loading = "SubscriptionManagerService:\nareAllSubscriptionsLoaded=false\nActive subscriptions:\n"
        #expect(try SubscriptionDump(parsing: Array(loading.utf8)).isLoaded == false)
    }

    @Test(arguments: [
        "", "Can't find service: isub\n", "Active subscriptions:\n  Logical SIM slot 0: subId=2\n",
        "SubscriptionManagerService:\n  Logical SIM slot 0: subId=2\n  Logical SIM slot 0: subId=3\n",
        "SubscriptionManagerService:\n",
    ])
    func otherTextIsRefused(text: String) {
        #expect(throws: PhoneParseError.self) { try SubscriptionDump(parsing: Array(text.utf8)) }
    }

    @Test func linesBehindTheHeadNeverMap() throws {
        let text =
            "SubscriptionManagerService:\n  Logical SIM slot 0: subId=2\nActive subscriptions:\n"
            + "  [SubscriptionInfoInternal: id=2 iccId=89 simSlotIndex=0 displayName=x\n  Logical SIM slot 1: subId=9\n"
        #expect(try SubscriptionDump(parsing: Array(text.utf8)).slots == [0: 2])
    }
}
