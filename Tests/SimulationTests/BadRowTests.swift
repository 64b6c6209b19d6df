import Base
import Simulation
import Testing
import VirtualPhone

/// Rows that no phone should have, and clocks that died: nothing stops, nothing is lost, nothing is said a thousand times.
@Suite(.serialized, .apartFromPool) struct BadRowTests {
    /// Enrolled with an empty inbox; restarts with a dead clock; 25 messages come while the cable is out; the clock is set.
    @Test func messagesOfADeadClockAreDelivered() throws {
        try World.with(seed: 91) { world in
            try world.startWithPhones()
            world.links.unplug(world.phones[0])
            world.phones[0].reboot()
            world.setClock(phone: 0, ahead: -1_750_000_000_000)
            world.pass(.seconds(600))
            for number in 0..<25 {
                world.receive(phone: 0, slot: number % 2, from: "Shop", body: "dead \(number)")
                world.pass(.seconds(7))
            }
            world.setClockRight(phone: 0)
            world.receive(phone: 0, slot: 0, from: "Shop", body: "alive")
            world.links.plug(world.phones[0])
            world.pass(.seconds(400))
            #expect(Set(try world.received().map(\.message)) == world.sent)
            #expect(try world.received().count == 26)
        }
    }

    /// Rows that were deleted are put back, with new ids and whatever their maker writes for the card.
    @Test func rowsThatArePutBackAreNotForwardedAgain() throws {
        for card in VirtualCardColumn.allCases {
            let maker = card == .slotInSubID ? "HUAWEI" : card == .subscriptionBeside ? "Xiaomi" : "Google"
            try World.with(
                seed: 92, androidRelease: 12,
                change: {
                    $0.cardColumn = card
                    $0.manufacturer = maker
                }
            ) { world in
                for number in 0..<20 {
                    world.phones[0].receiveSMS(from: "Old", body: "before \(number)", slot: number % 2)
                }
                try world.startWithPhones()
                world.pass(.seconds(7200))
                for number in 0..<20 {
                    world.receive(phone: 0, slot: number % 2, from: "Shop", body: "known \(number)")
                    world.pass(.seconds(5))
                }
                world.pass(.seconds(7200))
                world.receive(phone: 0, slot: 0, from: "Shop", body: "last")
                world.pass(.seconds(100))
                let rows = world.phones[0].allMessages()
                for row in rows where row.body != Array("last".utf8) {
                    _ = world.phones[0].deleteSMS(row.id ?? 0)
                }
                world.pass(.seconds(100))
                for var row in rows where row.body != Array("last".utf8) {
                    row.id = nil
                    world.phones[0].insertSMS(row)
                }
                world.pass(.seconds(200))
                world.receive(phone: 0, slot: 1, from: "Shop", body: "new")
                world.pass(.seconds(200))
                let texts = try world.receivedTexts()
                #expect(Set(texts) == Set((0..<20).map { "known \($0)" } + ["last", "new"]))
                #expect(texts.count == 22)
                #expect(world.problems().filter { $0.contains("put back") }.count == 1)
            }
        }
    }

    /// Only an app can write three megabytes of control characters. It comes cut, and what is behind it comes too.
    @Test func aRowThatNoNetworkCarriesStopsNothing() throws {
        for style in VirtualProviderStyle.allCases {
            try World.with(seed: 93, androidRelease: 12, change: { $0.providerStyle = style }) { world in
                try world.startWithPhones()
                world.phones[0].receiveSMS(
                    from: Array("App".utf8), bodyBytes: [UInt8](repeating: 1, count: 3_000_000), slot: 0)
                world.receive(phone: 0, slot: 0, from: "Shop", body: "behind")
                world.pass(.seconds(300))
                world.receive(phone: 0, slot: 1, from: "Shop", body: "later")
                world.pass(.seconds(300))
                let texts = try world.receivedTexts()
                #expect(texts.filter { $0.utf8.count < 100 }.sorted() == ["behind", "later"])
                #expect(texts.count == 3)
                #expect(world.problems().contains { $0.contains("longer than any network carries") })
            }
        }
    }

    /// An app has put words in the place of dates. Where expressions are run they are read as no date; elsewhere each row is passed
    /// over, and the phone says so a few times, not two hundred times a second.
    @Test func rowsWithoutDatesStopNothingAndFloodNothing() throws {
        for style in VirtualProviderStyle.allCases {
            try World.with(seed: 94, androidRelease: 12, change: { $0.providerStyle = style }) { world in
                try world.startWithPhones()
                for number in 0..<300 {
                    world.phones[0].insertSMS(
                        VirtualSMS(
                            address: "Shop", date: 1_760_000_000_000, body: "bad \(number)", subscriptionID: 2
                        ))
                }
                world.phones[0].spoilDates()
                world.pass(.seconds(900))
                world.receive(phone: 0, slot: 0, from: "Shop", body: "good")
                world.pass(.seconds(900))
                let texts = try world.receivedTexts()
                #expect(texts.filter { $0 == "good" }.count == 1)
                #expect(texts.count == (style == .open ? 301 : 1))
                let problems = world.problems()
                #expect(problems.count < 30)
                #expect(problems.contains { $0.contains("cannot be read") } == (style != .open))
            }
        }
    }

    /// An SMS app that cuts its dates to seconds stores the same alarm twice in one: two rows are two messages. A row that was deleted and
    /// comes back is one.
    @Test func equalMessagesOfOneSecondAreTwo() throws {
        try World.with(seed: 95) { world in
            try world.startWithPhones()
            let second = world.clock.wallNow().milliseconds / 1000 * 1000
            let row = VirtualSMS(
                address: "Alarm", date: second, dateSent: second - 2000, body: "ALARM", subscriptionID: 2)
            let first = world.phones[0].insertSMS(row)
            world.pass(.seconds(100))
            world.phones[0].insertSMS(row)
            world.pass(.seconds(100))
            #expect(try world.receivedTexts() == ["ALARM", "ALARM"])
            #expect(try Set(world.received().map(\.id)).count == 2)
            #expect(world.phones[0].deleteSMS(first))
            world.pass(.seconds(100))
            #expect(world.phones[0].deleteSMS(first + 1))
            world.pass(.seconds(100))
            world.phones[0].insertSMS(row)
            world.pass(.seconds(100))
            #expect(try world.receivedTexts().count == 2)
        }
    }

    /// A row from before enrolment that no build can print as a number is passed over; what comes after it is read.
    @Test func anOddRowAtEnrolmentStopsNothing() throws {
        for style in VirtualProviderStyle.allCases {
            try World.with(seed: 96, androidRelease: 12, change: { $0.providerStyle = style }) { world in
                for number in 0..<3 {
                    world.phones[0].receiveSMS(from: "Old", body: "odd \(number)", slot: 0)
                }
                world.phones[0].spoilDates()
                for number in 0..<20 {
                    world.phones[0].receiveSMS(from: "Old", body: "before \(number)", slot: 0)
                }
                try world.startWithPhones()
                world.pass(.seconds(300))
                world.receive(phone: 0, slot: 0, from: "Shop", body: "good")
                world.pass(.seconds(300))
                #expect(try world.receivedTexts() == ["good"])
            }
        }
    }
}
