import Base
import Simulation
import Testing
import VirtualPhone

/// Everything that is not SMS, with the cable pulled or the daemon killed at any moment.
@Suite(.serialized, .apartFromPool) struct CutOffTests {
    private func prepare(_ world: World, setting: Int?) throws {
        try world.startWithPhones()
        let phone = world.phones[0]
        phone.setVoiceSubscription(setting)
        phone.setUSSDNetwork { slot, code in .final("SIM \(slot + 1): \(code)", afterMilliseconds: 1500) }
    }

    /// After whatever happened: dialled once at most, told once at most, the setting as the user had it.
    private func check(_ world: World, setting: Int?, _ note: String) throws {
        let phone = world.phones[0]
        #expect(phone.voiceSubscription == setting, "\(note): the user's SIM setting")
        #expect(phone.dialled.count <= 1, "\(note): dialled \(phone.dialled.count) times")
        let told = try world.receivedOthers()
        #expect(told.count <= 1, "\(note): \(told)")
        #expect(told.allSatisfy { $0 == "ussd | 2 | *143# | SIM 2: *143#" }, "\(note): \(told)")
        if phone.dialled.count == 1, told.isEmpty {
            #expect(!world.problems().isEmpty, "\(note): dialled, and nobody was told anything")
        }
    }

    /// Subscription 2 is in slot 1, so slot 2 has to be chosen.
    @Test(arguments: [nil, 2] as [Int?]) func theCableIsPulledAtAnyMomentOfARun(setting: Int?) throws {
        var answered = 0
        for moment in stride(from: 0, through: 6000, by: 200) {
            try World.with(seed: 51) { world in
                try prepare(world, setting: setting)
                _ = world.dial("*143#", phone: 0, slot: 2)
                world.pass(.milliseconds(moment))
                world.links.unplug(world.phones[0])
                world.pass(.seconds(20))
                world.links.plug(world.phones[0])
                world.pass(.seconds(240))
                try check(world, setting: setting, "pulled at \(moment) ms")
                answered += try world.receivedOthers().count
            }
        }
        // The others were cut off before they were dialled: those after it find their answer at the next contact.
        #expect(answered > 15)
    }

    @Test(arguments: [nil, 2] as [Int?]) func theDaemonIsKilledAroundAnyCommitOfARun(setting: Int?) throws {
        var first = 0
        var last = 0
        try World.with(seed: 52) { world in
            try prepare(world, setting: setting)
            first = world.commits + 1
            _ = world.dial("*143#", phone: 0, slot: 2)
            world.pass(.seconds(30))
            last = world.commits
            #expect(world.phones[0].dialled.count == 1)
        }
        #expect(last > first)
        for commit in first...last {
            for crash in [World.Crash.before(commit: commit), .after(commit: commit)] {
                try World.with(seed: 52) { world in
                    try prepare(world, setting: setting)
                    world.plan(crash)
                    _ = world.dial("*143#", phone: 0, slot: 2)
                    world.pass(.seconds(30))
                    #expect(world.isDead, "\(crash) never came")
                    try world.revive()
                    world.pass(.seconds(240))
                    try check(world, setting: setting, "\(crash)")
                }
            }
        }
    }

    @Test(arguments: [nil, 2] as [Int?]) func theDaemonIsKilledAtAnyMomentOfARun(setting: Int?) throws {
        for moment in stride(from: 50, through: 6000, by: 350) {
            try World.with(seed: 53) { world in
                try prepare(world, setting: setting)
                _ = world.dial("*143#", phone: 0, slot: 2)
                world.pass(.milliseconds(moment))
                try world.revive()
                world.pass(.seconds(240))
                try check(world, setting: setting, "killed at \(moment) ms")
            }
        }
    }

    /// What apps show while the daemon dies at some commit is told once, all of it that is still shown.
    @Test func notificationsSurviveACrashAtAnyCommit() throws {
        func bank(_ id: Int32, _ text: String) -> VirtualNotification {
            VirtualNotification(package: "com.acmebank.app", id: id, title: "Bank", text: text)
        }
        func family(_ sender: String, _ text: String) -> VirtualChatMessage {
            VirtualChatMessage(
                chat: "120363041234567890@g.us", name: "Family", group: true, sender: sender, text: text)
        }
        let steps: [(World) -> Void] = [
            { $0.phones[0].post(bank(1, "one")) }, { $0.phones[0].receiveWhatsApp(family("Marta", "two")) },
            { $0.phones[0].post(bank(2, "three")) }, { $0.phones[0].receiveWhatsApp(family("Ana", "four")) },
        ]
        func act(_ world: World) throws {
            try world.play(steps, pause: .seconds(5), rest: .seconds(900))
        }
        let expected = [
            "notification | com.acmebank.app | Bank | one", "notification | com.acmebank.app | Bank | three",
            "whatsapp | Ana | four", "whatsapp | Marta | two",
        ]
        var first = 0
        var last = 0
        try World.with(seed: 54) { world in
            try world.startWithPhones()
            first = world.commits + 1
            try act(world)
            last = world.commits
            #expect(try world.receivedOthers() == expected)
        }
        #expect(last > first + 3)
        for commit in first...last {
            for crash in [World.Crash.before(commit: commit), .after(commit: commit)] {
                try World.with(seed: 54) { world in
                    try world.startWithPhones()
                    world.plan(crash)
                    try act(world)
                    #expect(world.starts == 2, "\(crash) never came")
                    #expect(try world.receivedOthers() == expected, "\(crash)")
                    #expect(try world.idsWithTwoBodies() == [], "\(crash)")
                }
            }
        }
    }
}
