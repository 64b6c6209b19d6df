import Base
import Events
import Simulation
import Testing
import VirtualPhone

/// Phones of builds that want to be asked in another way, or keep the SIM card elsewhere: every message once, on its slot.
@Suite(.serialized, .apartFromPool) struct BuildTests {
    private struct Build: Sendable, CustomTestStringConvertible {
        var release = 12
        var maker = "Google"
        var card = VirtualCardColumn.subscription
        var style = VirtualProviderStyle.open
        var testDescription: String { "\(maker), Android \(release), \(card), \(style)" }

        func apply(_ setup: inout VirtualPhoneSetup) {
            setup.manufacturer = maker
            setup.cardColumn = card
            setup.providerStyle = style
        }
    }

    private static let builds =
        [6, 7, 9, 10, 11, 14, 16].map { Build(release: $0) }
        + [
            Build(maker: "Xiaomi", card: .subscriptionBeside),
            Build(release: 10, maker: "HUAWEI", card: .slotInSubID),
            Build(release: 14, maker: "samsung", card: .slotBeside),
        ]
        + [VirtualProviderStyle.plainColumns, .strictGrammar].flatMap { style in
            [
                Build(style: style), Build(maker: "Xiaomi", card: .subscriptionBeside, style: style),
                Build(release: 10, maker: "HUAWEI", card: .slotInSubID, style: style),
                Build(release: 14, maker: "samsung", card: .slotBeside, style: style),
                Build(release: 6, style: style),
            ]
        }

    private static let hostile = [
        "Row: 1 _id=999, type=1, sub_id=2, body=x\nNo result found.", "", "a, b=c\r\n", "😀\u{202E}é",
        "\0\u{1}\u{7f}",
        "Error while accessing provider:sms", "\n", "deadbeefdeadbeefdeadbeefdeadbeef:0:0\n",
    ]

    @Test(arguments: builds) private func everyMessageComesOnceOnItsSlot(build: Build) throws {
        try World.with(seed: 71, androidRelease: build.release, change: build.apply) { world in
            for number in 0..<20 {
                world.phones[0].receiveSMS(from: "Old", body: "before \(number)", slot: number % 2)
            }
            try world.startWithPhones()
            #expect(
                world.states().values.allSatisfy { $0 == "online" || $0.hasPrefix("limited: notifications") })
            for (number, text) in Self.hostile.enumerated() {
                world.receive(phone: 0, slot: number % 2, from: "Shop", body: "\(number) \(text)")
                world.receive(
                    phone: 1, slot: (number + 1) % 2, from: "Bank\n", body: "\(number) again \(text)")
                world.pass(.seconds(5))
            }
            world.links.unplug(world.phones[0])
            world.pass(.seconds(600))
            for number in 0..<70 {
                world.receive(phone: 0, slot: number % 2, from: "Shop", body: "away \(number)")
            }
            world.links.plug(world.phones[0])
            world.pass(.seconds(400))
            let received = try world.received().map(\.message)
            #expect(Set(received) == world.sent)
            #expect(received.count == Set(received).count)
            #expect(try world.wrongSlots() == [])
        }
    }

    @Test func aPhoneWhoseAccessIsTakenAndGivenBackLosesNothing() throws {
        for style in VirtualProviderStyle.allCases {
            try World.with(seed: 72, androidRelease: 12, change: { $0.providerStyle = style }) { world in
                try world.startWithPhones()
                world.receive(phone: 0, slot: 0, from: "Shop", body: "first")
                world.pass(.seconds(20))
                world.phones[0].setMessageAccess(.ignored)
                world.receive(phone: 0, slot: 1, from: "Shop", body: "while refused")
                world.pass(.seconds(400))
                #expect(world.states().values.contains { $0.contains("silently refuses") })
                world.phones[0].setMessageAccess(.allowed)
                world.receive(phone: 0, slot: 0, from: "Shop", body: "after")
                world.pass(.seconds(400))
                #expect(Set(try world.receivedTexts()) == ["first", "while refused", "after"])
                #expect(try world.receivedTexts().count == 3)
            }
        }
    }

    /// Another SMS app than the maker's leaves the maker's column at 0, which is no slot and no card: Android's column tells, a swap
    /// while the cable is out is one, and what a backup brings back is history.
    @Test(arguments: [VirtualCardColumn.slotBeside, .subscriptionBeside])
    func aMakersColumnThatNobodyFillsSaysNothing(card: VirtualCardColumn) throws {
        let maker = card == .slotBeside ? "samsung" : "Xiaomi"
        try World.with(
            seed: 74, androidRelease: 14,
            change: {
                $0.manufacturer = maker
                $0.cardColumn = card
                $0.fillsCardColumn = false
            }
        ) { world in
            try world.startWithPhones(kinds: [.sms, .sim])
            for number in 0..<6 {
                world.receive(phone: 0, slot: number % 2, from: "Shop", body: "\(number)")
                world.pass(.seconds(20))
            }
            #expect(try world.receivedSlots().sorted() == [1, 1, 1, 2, 2, 2])
            world.links.unplug(world.phones[0])
            world.receive(phone: 0, slot: 1, from: "Shop", body: "before the swap")
            world.pass(.seconds(7200))
            world.phones[0].clearLogs()
            world.phones[0].setSIMs(VirtualSIM.pair.swapped)
            world.links.plug(world.phones[0])
            world.pass(.seconds(100))
            // Nothing tells where its card was when it came.
            #expect(try world.receivedSlots().filter { $0 == 0 }.count == 1)
            #expect(try world.receivedSlots().count == 7)
            world.phones[0].restoreOldMessages(30)
            world.pass(.seconds(200))
            #expect(try world.received().count == 7)
            #expect(try world.arrivals().filter { $0.type == "sim" } == [])
        }
    }

    /// An update makes a build strict, and meanwhile the newest rows were deleted and their ids given again.
    @Test func anUpdateThatMakesABuildStrictHidesNothing() throws {
        try World.with(seed: 75, androidRelease: 12) { world in
            for number in 0..<20 {
                world.phones[0].receiveSMS(from: "Old", body: "before \(number)", slot: number % 2)
            }
            try world.startWithPhones()
            for number in 0..<5 {
                world.receive(phone: 0, slot: 0, from: "Shop", body: "first \(number)")
                world.pass(.seconds(30))
            }
            world.links.unplug(world.phones[0])
            world.pass(.seconds(600))
            for id in [25, 24, 23] { #expect(world.phones[0].deleteSMS(Int64(id))) }
            for number in 0..<3 {
                world.receive(phone: 0, slot: 1, from: "Shop", body: "then \(number)")
                world.pass(.seconds(10))
            }
            world.phones[0].setProviderStyle(.strictGrammar)
            world.links.plug(world.phones[0])
            world.pass(.seconds(900))
            let texts = try world.receivedTexts()
            #expect(Set(texts) == Set((0..<5).map { "first \($0)" } + (0..<3).map { "then \($0)" }))
            #expect(texts.count == 8)
        }
    }
}
