/// What the network answered to a USSD code.
package struct USSDReport: Sendable, Equatable, Codable {
    /// The phone's name.
    package var device: String
    /// The slot that it was dialled on, 1-based, as the phone's own log says.
    package var slot: Int
    package var code: String
    /// The network's text; outside text.
    package var response: String
    /// Whether it is a menu that waits for an answer that nobody has given.
    package var isMenu: Bool
    /// The event that it became; nil while it is being recorded.
    package var event: Int64?

    package init(
        device: String, slot: Int, code: String, response: String, isMenu: Bool, event: Int64? = nil
    ) {
        self.device = device
        self.slot = slot
        self.code = code
        self.response = response
        self.isMenu = isMenu
        self.event = event
    }
}
