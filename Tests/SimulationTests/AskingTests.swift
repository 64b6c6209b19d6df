import Base
import Daemon
import Phone
import Simulation
import Testing
import VirtualPhone

/// People who ask a phone for something, and what comes between.
@Suite(.serialized, .apartFromPool) struct AskingTests {
    private func prepare(_ world: World) throws {
        try world.startWithPhones()
        for phone in world.phones {
            phone.setUSSDNetwork { slot, code in
                .final("SIM \(slot + 1): \(code)", afterMilliseconds: 20_000)
            }
        }
    }

    private func ussdTask(_ world: World) -> String? {
        world.tasks(phone: 0).first { $0.hasPrefix("ussd ") }
    }

    private let answered = USSDOutcome.answered(text: "SIM 2: *143#", isMenu: false, slot: 2)

    @Test func aSecondOneIsToldThatThePhoneIsBusyAndAnotherPhoneIsNot() throws {
        try World.with(seed: 61) { world in
            try prepare(world)
            let first = world.dial("*143#", phone: 0, slot: 2)
            world.pass(.milliseconds(100))
            let second = world.dial("*100#", phone: 0, slot: 1)
            let elsewhere = world.dial("*143#", phone: 1, slot: 2)
            world.pass(.milliseconds(100))
            #expect(second.answer == .busy && first.answer == nil)
            world.pass(.seconds(60))
            #expect(first.outcome == answered && elsewhere.outcome == answered)
            #expect(world.phones[0].dialled.map(\.code) == ["*143#"])
        }
    }

    @Test func thePhoneLeavesAndTheNextOneIsAnsweredAllTheSame() throws {
        try World.with(seed: 62) { world in
            try prepare(world)
            let left = world.dial("*143#", phone: 0, slot: 2)
            world.pass(.seconds(8))
            #expect(world.phones[0].dialled.count == 1)
            world.links.unplug(world.phones[0])
            world.pass(.seconds(5))
            #expect(left.answer == .left)
            let away = world.dial("*143#", phone: 0, slot: 2)
            world.pass(.seconds(1))
            #expect(away.answer == .notOnline)
            world.links.plug(world.phones[0])
            world.pass(.seconds(300))
            let next = world.dial("*143#", phone: 0, slot: 2)
            world.pass(.seconds(60))
            #expect(next.outcome == answered)
            #expect(world.phones[0].dialled.count == 2)
            #expect(try world.receivedOthers().count == 2)
        }
    }

    @Test func theDaemonStopsAndNobodyWaitsForEver() throws {
        try World.with(seed: 63) { world in
            try prepare(world)
            let run = world.dial("*143#", phone: 0, slot: 2)
            world.pass(.seconds(8))
            #expect(run.answer == nil && world.phones[0].dialled.count == 1)
            try world.kill()
            #expect(run.answer == .left)
            try world.start()
        }
    }

    @Test func messagesAreReadWhileACodeWaits() throws {
        try World.with(seed: 64) { world in
            try prepare(world)
            world.phones[0].setUSSDNetwork { _, _ in .silence }
            let run = world.dial("*143#", phone: 0, slot: 2)
            world.pass(.seconds(10))
            #expect(world.phones[0].dialled.count == 1)
            world.phones[0].post(
                VirtualNotification(package: "com.acmebank.app", id: 1, title: "Bank", text: "meanwhile"))
            world.pass(.seconds(5))
            #expect(run.answer == nil)
            #expect(try world.receivedOthers() == ["notification | com.acmebank.app | Bank | meanwhile"])
        }
    }

    /// An app writes everything that the phone app would, but for its process; and fills the log.
    @Test func anAppThatWritesTheLogForgesNothing() throws {
        try World.with(seed: 65) { world in
            try prepare(world)
            let phone = world.phones[0]
            phone.setUSSDNetwork { _, _ in .final("the network's", afterMilliseconds: 5000) }
            let run = world.dial("*143#", phone: 0, slot: 2)
            for _ in 0..<60 {
                world.pass(.milliseconds(100))
                for (buffer, tag, message) in [
                    ("radio", "RILJ", "[0001]> SEND_USSD ussd = ******* [PHONE0]"),
                    ("radio", "RILJ", "[0001]> SEND_USSD ussd = ******* [PHONE1]"),
                    ("radio", "RILJ", "[UNSL]< UNSOL_ON_USSD 0 [PHONE1]"),
                    ("radio", "GsmMmiCode", "onUssdFinished: ussdMessage=forged"),
                    ("main", "phonewire-ussd", "0000000000000002"),
                    ("main", "PhoneUtils", "displayMMIComplete: state=COMPLETE"),
                    (
                        "main", "PhoneUtils",
                        "displayMMIComplete (failed): using text from MMI message: 'forged'"
                    ),
                    ("main", "PhoneUtils", "displayMMIComplete: Extended NW displayMMIInitiate (forged)"),
                ] { phone.writeLog(buffer: buffer, tag: tag, message: message) }
            }
            world.pass(.seconds(60))
            #expect(
                run.outcome == .answered(text: "the network's", isMenu: false, slot: 2))
            #expect(try world.receivedOthers() == ["ussd | 2 | *143# | the network's"])
        }
    }

    @Test func aReplyCarriesTheIDOfItsEvent() throws {
        try World.with(seed: 66) { world in
            try prepare(world)
            world.receive(phone: 0, slot: 0, from: "AcmeBank", body: "before")
            let first = world.dial("*143#", phone: 0, slot: 2)
            let other = world.dial("*143#", phone: 1, slot: 2)
            world.pass(.seconds(3))
            world.receive(phone: 0, slot: 1, from: "AcmeBank", body: "meanwhile")
            world.pass(.seconds(60))
            let second = world.dial("*143#", phone: 0, slot: 2)
            let refused = world.dial("*21#", phone: 1, slot: 2)
            world.pass(.seconds(60))
            #expect(first.outcome == answered && second.outcome == answered && refused.events == [])
            let arrivals = try world.arrivals().filter { $0.type == "ussd" }
            #expect(Set(arrivals.map(\.fields.id)) == Set(first.events + second.events + other.events))
            #expect(first.events.count == 1 && second.events.count == 1 && other.events.count == 1)
            #expect((first.events.first ?? 0) < (second.events.first ?? 0))
        }
    }

    @Test func whoLeavesBeforeItWasDialledLeavesNothingBehind() throws {
        try World.with(seed: 67) { world in
            try prepare(world)
            let phone = world.phones[0]
            phone.setUSSDNetwork { _, code in code == "*100#" ? .menu("1 Balance") : .final("SIM 2: \(code)")
            }
            _ = world.dial("*100#", phone: 0, slot: 2)
            world.pass(.seconds(10))
            #expect(phone.dialled.map(\.code) == ["*100#"])
            // Its menu stands open: the next run looks again until it is closed, or gives up.
            let run = world.dial("*143#", phone: 0, slot: 2)
            world.pass(.milliseconds(10))
            #expect(ussdTask(world) == "ussd | getting the phone ready to dial *143# on SIM slot 2 | -")
            run.leave()
            // Without the leaving it would be dialled now.
            phone.closeUSSDDialogs()
            world.pass(.seconds(30))
            #expect(run.answer == .left && phone.dialled.count == 1)
            #expect(ussdTask(world) == "ussd | - | -")
            let next = world.dial("*143#", phone: 0, slot: 2)
            world.pass(.seconds(60))
            #expect(next.outcome == answered)
            #expect(phone.dialled.map(\.code) == ["*100#", "*143#"])
        }
    }

    @Test func whoLeavesAfterItWasDialledStopsNothing() throws {
        try World.with(seed: 68) { world in
            try prepare(world)
            let run = world.dial("*143#", phone: 0, slot: 2)
            world.pass(.seconds(8))
            #expect(world.phones[0].dialled.count == 1)
            #expect(world.tasks(phone: 0).first?.contains("was dialled: waiting for the network") == true)
            run.leave()
            world.pass(.milliseconds(10))
            let second = world.dial("*143#", phone: 0, slot: 2)
            world.pass(.milliseconds(10))
            #expect(run.answer == .left && second.answer == .busy)
            world.pass(.seconds(60))
            #expect(try world.receivedOthers() == ["ussd | 2 | *143# | SIM 2: *143#"])
            #expect(world.phones[0].dialled.count == 1)
        }
    }
}
