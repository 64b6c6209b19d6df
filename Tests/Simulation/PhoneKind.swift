import Base
package import VirtualPhone

/// The kind of phone that a seed's days are lived with: its version, how its provider wants to be asked, where its rows name their card,
/// what its SMS app does, and how much was on it before it was enrolled. Half of all are AOSP's with an empty store.
package struct PhoneKind: Sendable, CustomStringConvertible {
    private static let releases = [6, 7, 10, 12, 14, 16]
    /// Old messages: none, a few, more than a page of any kind.
    private static let oldMessages = [0, 30, 1200]

    package let androidRelease: Int
    package private(set) var style = VirtualProviderStyle.open
    package private(set) var card = VirtualCardColumn.subscription
    /// Whether the SMS app is the maker's and writes the maker's column.
    package private(set) var fillsCardColumn = true
    /// Whether the SMS app cuts dates to seconds.
    package private(set) var cutsDates = false
    /// Messages that were there before enrolment.
    package private(set) var old = 0

    /// The kind of `seed`.
    package init(seed: Int) {
        androidRelease = Self.releases[seed % Self.releases.count]
        var random = SeededRandom(seed: UInt64(seed) &+ 77)
        guard random.chance(50) else { return }
        style = random.chance(50) ? .open : random.chance(50) ? .plainColumns : .strictGrammar
        card =
            random.chance(40)
            ? .subscription : VirtualCardColumn.allCases[random.next(below: VirtualCardColumn.allCases.count)]
        // Android 14 hides rows whose `sub_id` is no card's: no phone that keeps the slot there can have it.
        if androidRelease >= 14, card == .slotInSubID { card = .slotBeside }
        fillsCardColumn = random.chance(70)
        cutsDates = random.chance(30)
        old = Self.oldMessages[random.next(below: Self.oldMessages.count)]
    }

    /// The type of old message `number`: one in five was sent.
    static func oldType(_ number: Int) -> Int { number % 5 == 4 ? 2 : 1 }

    /// Makes a phone of this kind.
    package func change(_ setup: inout VirtualPhoneSetup) {
        setup.providerStyle = style
        setup.cardColumn = card
        setup.fillsCardColumn = fillsCardColumn
        switch card {
        case .subscription: break
        case .slotInSubID: setup.manufacturer = "HUAWEI"
        case .slotBeside: setup.manufacturer = "samsung"
        case .subscriptionBeside: setup.manufacturer = "Xiaomi"
        }
    }

    /// Whether its provider takes plain columns only: each text is a query of its own, and the table of parts is not asked.
    var isPlain: Bool { style != .open }

    /// Whether its rows name their card as Android's do.
    var hasAndroidsCard: Bool { card == .subscription }

    /// Whether a row's date is printed whole.
    var hasDates: Bool { !isPlain || androidRelease > 6 }

    package var description: String {
        "Android \(androidRelease), \(style), \(card)\(fillsCardColumn ? "" : " not filled")"
            + "\(cutsDates ? ", whole seconds" : "")\(old > 0 ? ", \(old) old" : "")"
    }
}

extension SMSDays {
    /// Runs `body` with the days of `seed`, on a phone of its kind that is enrolled.
    package static func with(seed: Int, _ body: (SMSDays) throws -> Void) throws {
        let kind = PhoneKind(seed: seed)
        try World.with(seed: UInt64(seed), androidRelease: kind.androidRelease, change: kind.change) {
            world in
            let now = world.clock.wallNow().milliseconds
            world.phones[0].insertSMS(count: kind.old) { number in
                VirtualSMS(
                    address: "Old\(number % 7)", date: now - Int64(kind.old - number) * 60_000,
                    dateSent: now - Int64(kind.old - number) * 60_000 - 2000, type: PhoneKind.oldType(number),
                    body: "old \(number)", subscriptionID: 2 + number % 2)
            }
            try world.startWithPhones()
            try body(SMSDays(world, seed: UInt64(seed), kind: kind))
        }
    }
}
