/// A row of the phone's message store.
package struct VirtualSMS: Sendable, Equatable {
    /// Row id; nil lets the store choose (the highest plus one, as SQLite does).
    package var id: Int64?
    /// Conversation.
    package var thread: Int64
    /// The other party; nil prints as NULL.
    package var address: [UInt8]?
    /// When the phone stored or sent it, in milliseconds since 1970.
    package var date: Int64
    /// The service centre's time, in milliseconds since 1970; 0 for sent messages.
    package var dateSent: Int64
    /// 1 inbox, 2 sent, 3 draft, 4 outbox, 5 failed, 6 queued. The shell sees 1 and 2.
    package var type: Int
    /// -1 no report asked, 0 delivered, 32 pending, 64 failed.
    package var status: Int
    /// The text; may hold anything, also bytes that are no UTF-8. nil prints as NULL.
    package var body: [UInt8]?
    /// Subscription id, -1 unknown.
    package var subscriptionID: Int
    /// The slot that the SMS app writes in a maker's column, counted from 0; nil: where the card is when the row is written; -1: none.
    package var writtenSlot: Int?
    /// 1 once the user has seen it.
    package var read: Int
    /// Service centre; nil for sent ones.
    package var serviceCentre: String?
    /// Package that wrote the row; nil for restored ones.
    package var creator: String?
    /// Set for failures; nil takes the version's default (-1 from Android 11, 0 before).
    package var errorCode: Int?

    package init(
        id: Int64? = nil, thread: Int64 = 1, address: String?, date: Int64, dateSent: Int64 = 0,
        type: Int = 1,
        status: Int = -1, body: String?, subscriptionID: Int = -1, read: Int = 0,
        serviceCentre: String? = nil,
        creator: String? = nil, errorCode: Int? = nil
    ) {
        self.id = id
        self.thread = thread
        self.address = address.map { Array($0.utf8) }
        self.date = date
        self.dateSent = dateSent
        self.type = type
        self.status = status
        self.body = body.map { Array($0.utf8) }
        self.subscriptionID = subscriptionID
        self.read = read
        self.serviceCentre = serviceCentre
        self.creator = creator
        self.errorCode = errorCode
    }
}
