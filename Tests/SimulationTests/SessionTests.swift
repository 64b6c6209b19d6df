import Base
import Simulation
import Testing
import VirtualPhone

/// One phone's session against a phone that is not ready, not wanted, or somewhere else.
@Suite(.serialized, .apartFromPool) struct SessionTests {
    private func address(_ phone: VirtualPhone) -> String { "virtual/\(phone.serial)" }

    private func phone(_ world: World, _ change: (inout VirtualPhoneSetup) -> Void) -> VirtualPhone {
        var setup = world.phones[0].setup
        change(&setup)
        return VirtualPhone(setup: setup)
    }

    @Test func aPhoneThatDoesNotTellItsIDYetIsNoSecondPhone() throws {
        try World.with(seed: 21) { world in
            try world.startWithPhones()
            let before = world.knownPhones()
            #expect(before.count == 2)
            world.links.unplug(world.phones[0])
            let dumb = phone(world) { $0.androidID = "null" }
            world.links.plug(dumb)
            world.pass(.seconds(60))
            #expect(world.knownPhones() == before)
            #expect(world.states()[address(dumb)] == "probing: its ANDROID_ID cannot be read yet")
        }
    }

    @Test func cardsThatAreLoadedLateAreKnownBeforeTheFirstMessage() throws {
        try World.with(seed: 22) { world in
            try world.startWithPhones()
            world.links.unplug(world.phones[0])
            let starting = phone(world) {
                $0.sims = []
                $0.properties["gsm.sim.state"] = "NOT_READY,NOT_READY"
            }
            world.links.plug(starting)
            world.pass(.seconds(3))
            #expect(world.states()[address(starting)] == "probing")
            starting.setSIMs(VirtualSIM.pair)
            world.pass(.seconds(5))
            #expect(world.states()[address(starting)] == "online")
            starting.receiveSMS(from: "AcmeBank", body: "late cards", slot: 1)
            world.pass(.seconds(30))
            #expect(try world.receivedSlots() == [2])
        }
    }

    @Test func aPhoneWhoseCardsNeverComeIsReadAllTheSame() throws {
        try World.with(seed: 23) { world in
            try world.startWithPhones()
            world.links.unplug(world.phones[0])
            let cardless = phone(world) {
                $0.sims = []
                $0.properties["gsm.sim.state"] = "NOT_READY,NOT_READY"
            }
            world.links.plug(cardless)
            world.pass(.seconds(15))
            // Without a card this phone's SMS store says nothing at all: that was read, so it was not waited longer.
            #expect(world.states()[address(cardless)]?.hasPrefix("limited: sms: ") == true)
        }
    }

    @Test func cardsThatChangePlacesAreNoticed() throws {
        try World.with(seed: 24) { world in
            try world.startWithPhones()
            world.phones[0].setSIMs(
                VirtualSIM.pair.map { card in
                    var card = card
                    card.slot = card.slot == 0 ? 1 : 0
                    return card
                })
            world.pass(.seconds(65))
            world.receive(phone: 0, slot: 0, from: "AcmeBank", body: "on the moved card")
            world.pass(.seconds(30))
            #expect(try world.receivedSlots() == [1])
        }
    }

    @Test func aPhoneThatStaysLockedIsOneProblem() throws {
        try World.with(seed: 25) { world in
            try world.startWithPhones()
            world.phones[0].reboot(locked: true)
            world.pass(.seconds(1800))
            #expect(world.states()[address(world.phones[0])]?.hasPrefix("locked: sms: ") == true)
            #expect(world.problems().filter { $0.contains("unlock it once") }.count == 1)
            world.phones[0].unlock()
            world.pass(.seconds(60))
            #expect(world.states()[address(world.phones[0])] == "online")
        }
    }

    @Test func aLinkThatIsTakenAwayIsLeftAtOnceAndTakenBackAtOnce() throws {
        try World.with(seed: 26) { world in
            try world.startWithPhones()
            world.links.withdraw(world.phones[0])
            world.pass(.milliseconds(10))
            #expect(world.states()[address(world.phones[0])] == nil)
            world.receive(phone: 0, slot: 0, from: "AcmeBank", body: "while away")
            world.pass(.seconds(120))
            #expect(try world.received().isEmpty)
            world.links.plug(world.phones[0])
            world.pass(.seconds(5))
            #expect(Set(try world.received().map(\.message)) == world.sent)
        }
    }

    @Test func aReplugDoesNotWaitForTheLastArrival() throws {
        try World.with(seed: 27) { world in
            try world.startWithPhones()
            world.links.withdraw(world.phones[0])
            world.links.plug(world.phones[0])
            world.pass(.seconds(1))
            #expect(world.states()[address(world.phones[0])] == "online")
        }
    }

    @Test func aPhoneIsSwitchedOffAndOnWhileItIsHere() throws {
        try World.with(seed: 28) { world in
            try world.startWithPhones()
            world.setEnabled(phone: 0, false)
            world.pass(.seconds(11))
            #expect(world.states()[address(world.phones[0])] == "disabled: switched off by the user")
            world.receive(phone: 0, slot: 0, from: "AcmeBank", body: "while off")
            world.pass(.seconds(60))
            #expect(world.states()[address(world.phones[0])] == "disabled: switched off by the user")
            #expect(try world.received().isEmpty)
            world.setEnabled(phone: 0, true)
            world.pass(.seconds(15))
            #expect(world.states()[address(world.phones[0])] == "online")
            #expect(Set(try world.received().map(\.message)) == world.sent)
        }
    }

    @Test func theSwitchIsHeardAtOnceAndByThatPhoneAlone() throws {
        try World.with(seed: 32) { world in
            try world.startWithPhones()
            for _ in 0..<3 {
                world.setEnabled(phone: 0, false)
                world.pass(.milliseconds(100))
                #expect(world.states()[address(world.phones[0])] == "disabled: switched off by the user")
                #expect(world.states()[address(world.phones[1])] == "online")
                world.setEnabled(phone: 0, true)
                world.pass(.seconds(3))
                #expect(world.states()[address(world.phones[0])] == "online")
            }
            // Off and on before anybody has looked.
            world.setEnabled(phone: 0, false)
            world.setEnabled(phone: 0, true)
            world.pass(.seconds(3))
            #expect(world.states()[address(world.phones[0])] == "online")
            world.receive(phone: 0, slot: 0, from: "AcmeBank", body: "at last")
            world.pass(.seconds(10))
            #expect(Set(try world.received().map(\.message)) == world.sent)
        }
    }

    @Test func aPhoneThatIsOffIsServedWhenItIsSwitchedOnAfterARestart() throws {
        try World.with(seed: 33) { world in
            try world.startWithPhones()
            world.setEnabled(phone: 0, false)
            world.pass(.seconds(1))
            try world.revive()
            world.pass(.seconds(120))
            #expect(world.states()[address(world.phones[0])] == "disabled: switched off by the user")
            world.setEnabled(phone: 0, true)
            world.pass(.seconds(3))
            #expect(world.states()[address(world.phones[0])] == "online")
        }
    }

    @Test func theOtherLinkOfAPhoneTakesOverWhenTheFirstEnds() throws {
        try World.with(seed: 29) { world in
            try world.startWithPhones()
            let second = phone(world) {
                $0.properties["ro.serialno"] = $0.serial
                $0.serial = "192.0.2.7:5555"
            }
            world.links.plug(second)
            world.pass(.seconds(30))
            #expect(
                world.states()[address(second)] == "limited: this phone is served over another link already")
            world.links.unplug(world.phones[0])
            world.pass(.seconds(15))
            #expect(world.states()[address(second)] == "online")
            #expect(world.knownPhones().count == 2)
        }
    }

    @Test func aPhoneThatTakesNoKeyIsUnauthorized() throws {
        try World.with(seed: 30) { world in
            try world.startWithPhones()
            world.phones[0].setAuthorization(.asks(.waits))
            world.phones[0].setFaults([.endlessTokens])
            world.phones[0].cutLinks()
            world.pass(.seconds(60))
            let state = world.states()[address(world.phones[0])] ?? ""
            #expect(state.hasPrefix("unauthorized: "))
        }
    }

    @Test func aDeviceThatCannotBeUsedIsShown() throws {
        try World.with(seed: 31) { world in
            try world.startWithPhones()
            world.links.setProblem(at: "1-4", "its ADB interface has no endpoints")
            world.pass(.seconds(1))
            #expect(world.states()["1-4"] == "failing: its ADB interface has no endpoints")
            world.links.setProblem(at: "1-4", nil)
            world.pass(.seconds(1))
            #expect(world.states()["1-4"] == nil)
        }
    }
}
