import Base
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

    /// A build that starts to refuse expressions with an update under the same name is asked anew.
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
}
