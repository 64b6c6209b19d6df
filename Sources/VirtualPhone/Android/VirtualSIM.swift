/// A SIM card, and the subscription row Android keeps for it.
package struct VirtualSIM: Sendable, Equatable {
    /// Android's subscription id (`sub_id`), 1 or more; stays with the card when it is moved or removed.
    package var subscriptionID: Int
    /// Slot index, 0-based; nil for a card that is known but not inserted.
    package var slot: Int?
    /// The card's own number, up to 20 digits.
    package var iccid: String
    /// The name the user or the card gave. Printed as it is: it may hold newlines and forge fields.
    package var displayName: String
    /// The network's name. Printed as it is.
    package var carrierName: String
    /// Mobile country code, three digits.
    package var mcc: String
    /// Mobile network code, two or three digits.
    package var mnc: String
    /// Own number; empty where the card does not know it.
    package var number: String
    /// Country of the network, two lower-case letters.
    package var country: String
    /// Whether it is an eSIM profile.
    package var isEmbedded: Bool

    package init(
        subscriptionID: Int, slot: Int?, iccid: String, displayName: String, carrierName: String,
        mcc: String = "234", mnc: String = "30", number: String = "", country: String = "gb",
        isEmbedded: Bool = false
    ) {
        self.subscriptionID = subscriptionID
        self.slot = slot
        self.iccid = iccid
        self.displayName = displayName
        self.carrierName = carrierName
        self.mcc = mcc
        self.mnc = mnc
        self.number = number
        self.country = country
        self.isEmbedded = isEmbedded
    }

    /// Two inserted cards, subscriptions 2 and 3 (invented numbers).
    package static let pair: [VirtualSIM] = [
        VirtualSIM(
            subscriptionID: 2, slot: 0, iccid: "8944200000000000002", displayName: "Work", carrierName: "EE",
            mcc: "234", mnc: "30", number: "+447700900200"),
        VirtualSIM(
            subscriptionID: 3, slot: 1, iccid: "8944300000000000003", displayName: "Home",
            carrierName: "vodafone UK", mcc: "234", mnc: "15", number: "+447700900300"),
    ]

    /// The first nine characters, as builds for users print ICCID and IMSI.
    var maskedICCID: String { iccid.prefix(9) + "[****]" }
}
