/// A message on its way from the radio to the store.
struct SMSDelivery: Sendable {
    var row: VirtualSMS
    /// Number of the first part in the raw table.
    var rawID: Int64
    var parts: Int
    /// `x-message-id` of the log lines.
    var messageID: Int64
    var announced: Bool
}

/// When the rows of arriving messages and their log lines appear.
package struct VirtualDelivery: Sendable, Equatable {
    /// Whether the radio log and the events buffer tell of it.
    package var announced: Bool
    /// How long after the log lines the messaging app stores the row, in milliseconds of the phone's clock.
    package var rowDelayMilliseconds: Int64
    /// False for a message that the messaging app takes and does not store.
    package var isStored: Bool
    /// True for a message whose last part never comes: it stays in the raw table.
    package var isPartMissing: Bool

    package init(
        announced: Bool = true, rowDelayMilliseconds: Int64 = 0, isStored: Bool = true,
        isPartMissing: Bool = false
    ) {
        self.announced = announced
        self.rowDelayMilliseconds = rowDelayMilliseconds
        self.isStored = isStored
        self.isPartMissing = isPartMissing
    }

    /// Log lines and row at once.
    package static let normal = VirtualDelivery()
}

extension VirtualAndroid {
    /// Most parts of one message (the header of a long SMS counts them in one byte).
    static let partsMax = 255

    /// A message arrives in `slot`: parts to the raw table, log lines, the row. Returns the row's id.
    func arrive(_ message: VirtualSMS, slot: Int?, delivery: VirtualDelivery) -> Int64 {
        storeDueRows()
        counters.messagesReceived += 1
        let parts = Self.parts(of: message.body ?? [])
        let rawID = lastRawID + 1
        lastRawID += Int64(parts)
        var row = message
        row.id = message.id ?? max(messages.highestID(), delayedRows.compactMap(\.row.id).max() ?? 0) + 1
        messages.insertRaw(
            id: rawID, date: row.dateSent, reference: Int(rawID % 256), parts: parts,
            address: row.address ?? [], body: row.body ?? [],
            subscriptionID: row.subscriptionID)
        if delivery.isPartMissing { messages.dropRaw(id: rawID + Int64(parts) - 1) }
        row.writtenSlot = forgetsCard ? -1 : slot ?? -1
        if forgetsCard { row.subscriptionID = -1 }
        let arriving = SMSDelivery(
            row: row, rawID: rawID, parts: parts, messageID: Int64(bitPattern: random.next()),
            announced: delivery.announced)
        if delivery.announced { logArrival(arriving, slot: slot ?? 0) }
        if delivery.isPartMissing { return 0 }
        if locked {
            heldDeliveries.append(arriving)
        } else {
            messages.markRawHanded(id: rawID, parts: parts)
            if delivery.isStored { store(row, delay: delivery.rowDelayMilliseconds) }
            if delivery.announced { logDelivered(arriving) }
        }
        return row.id ?? 0
    }

    /// The first unlock: what arrived before goes to the messaging app.
    func unlock() {
        locked = false
        telephony.screen.keyguard = false
        let held = heldDeliveries
        heldDeliveries = []
        for delivery in held {
            messages.markRawHanded(id: delivery.rawID, parts: delivery.parts)
            // The SMS app writes its own time, not the message's.
            var row = delivery.row
            row.date = nowMilliseconds
            insertLate(row)
            if delivery.announced { logDelivered(delivery) }
        }
    }

    /// Stores the delayed rows whose time has come.
    func storeDueRows() {
        let now = nowMilliseconds
        for entry in delayedRows where entry.dueMilliseconds <= now { insertLate(entry.row) }
        delayedRows.removeAll { $0.dueMilliseconds <= now }
    }

    /// Stores all delayed rows, due or not.
    func storeDelayedRows() {
        for entry in delayedRows { insertLate(entry.row) }
        delayedRows = []
    }

    /// Stores a row under the id that was foreseen for it, or the next one where that was given away meanwhile.
    private func insertLate(_ row: VirtualSMS) {
        var row = row
        if let id = row.id, messages.has(id) { row.id = nil }
        insert(row)
    }

    private func store(_ row: VirtualSMS, delay: Int64) {
        if delay > 0 {
            delayedRows.append((nowMilliseconds + delay, row))
        } else {
            insert(row)
        }
    }

    /// Writes a row to the store and returns its id.
    @discardableResult
    func insert(_ row: VirtualSMS) -> Int64 {
        counters.rowsStored += 1
        var row = row
        let slot =
            row.writtenSlot ?? sims.first { $0.subscriptionID == row.subscriptionID }?.slot ?? -1
        let subscription = row.subscriptionID
        switch setup.cardColumn {
        case .subscription, .slotBeside: break
        case .slotInSubID: row.subscriptionID = slot
        case .subscriptionBeside: if setup.fillsCardColumn { row.subscriptionID = -1 }
        }
        let id = messages.insert(row)
        if let column = setup.cardColumn.name {
            // Nothing is 0 there (`INTEGER DEFAULT 0`).
            let value =
                setup.fillsCardColumn ? max(0, setup.cardColumn == .slotBeside ? slot : subscription) : 0
            messages.setCard(column, to: Int64(value), id: id)
        }
        return id
    }

    /// Parts a text takes: 160 or 153 septets of 7-bit text, 70 or 67 UTF-16 units of other text. ASCII stands for
    /// the GSM alphabet here.
    static func parts(of body: [UInt8]) -> Int {
        let plain = body.allSatisfy { $0 < 0x80 }
        let units = plain ? body.count : String(decoding: body, as: UTF8.self).utf16.count
        let (single, each) = plain ? (160, 153) : (70, 67)
        return units <= single ? 1 : min(partsMax, (units + each - 1) / each)
    }

    private func radio(_ tag: String, _ message: String, fromModem: Bool = false) {
        logPhone("radio", tag, message, at: nowMilliseconds, fromModem: fromModem)
    }

    /// From the modem to the raw table.
    ///
    /// Texts: LineageOS/android_frameworks_opt_telephony InboundSmsHandler.java (cm-13.0, lineage-16.0, 18.1, 21.0)
    /// and RIL.java for the first line, whose suffix names the slot (SUB up to Android 10, PHONE from 11).
    private func logArrival(_ delivery: SMSDelivery, slot: Int) {
        let inbound = "GsmInboundSmsHandler"
        let new = setup.androidRelease >= 11
        for part in 0..<delivery.parts {
            let suffix = new ? "PHONE\(slot)" : "SUB\(slot)"
            radio("RILJ", "[UNSL]< UNSOL_RESPONSE_NEW_SMS [\(suffix)]", fromModem: true)
            let raw = "content://sms/raw/\(delivery.rawID + Int64(part))"
            if new {
                radio(inbound, "IdleState.processMessage: processing EVENT_NEW_SMS")
                radio(inbound, "addTrackerToRawTable: URI of new row: \(raw)\(idSuffix(delivery))")
            } else {
                radio(inbound, "IdleState.processMessage:1")
                radio(inbound, "Idle state processing message type 1")
                radio(inbound, "URI of new row -> \(raw)")
            }
        }
        if locked { radio(inbound, "processMessagePart: !isUserUnlocked") }
    }

    /// Unverified: that Android 11 prints `, id: N` on the second of the two lines as well.
    private func idSuffix(_ delivery: SMSDelivery) -> String {
        setup.androidRelease == 11 ? ", id: \(delivery.messageID)" : ", {x-message-id:\(delivery.messageID)}"
    }

    /// From the raw table to the messaging app and its notification.
    private func logDelivered(_ delivery: SMSDelivery) {
        let new = setup.androidRelease >= 11
        let app = setup.messagingApp
        let receiver =
            app == "com.google.android.apps.messaging"
            ? "\(app) \(app).shared.receiver.SmsDeliverReceiver"
            : "\(app) \(app).transaction.PrivilegedSmsReceiver"
        let deleted = "Deleted \(delivery.parts) rows from raw table."
        let lines: [String]
        if new {
            let completed =
                setup.androidRelease >= 14
                ? "Ordered broadcast completed for android.provider.Telephony.SMS_DELIVER in: 45 ms"
                : "ordered broadcast completed in: 45 ms"
            lines = [
                "IdleState.exit: acquired wakelock, leaving IdleState",
                "DeliveringState.enter: entering DeliveringState",
                "DeliveringState.processMessage: processing EVENT_BROADCAST_SMS",
                "Delivering SMS to: \(receiver)\(idSuffix(delivery))",
                "DeliveringState.exit: leaving DeliveringState", "WaitingState.enter: entering WaitingState",
                completed, "successful broadcast, deleting from raw table.", deleted,
                "WaitingState.processMessage: processing EVENT_BROADCAST_COMPLETE",
                "WaitingState.exit: leaving WaitingState", "IdleState.enter: entering IdleState",
            ]
        } else {
            lines = [
                "acquired wakelock, leaving Idle state", "entering Delivering state",
                "DeliveringState.processMessage:2", "Delivering SMS to: \(receiver)",
                "leaving Delivering state",
                "WaitingState.processMessage:3", "successful broadcast, deleting from raw table.", deleted,
                "ordered broadcast completed in: 282 ms", "entering Idle state",
            ]
        }
        for line in lines { radio("GsmInboundSmsHandler", line) }
        logs.append(
            to: "events", at: nowMilliseconds, process: 1144, thread: 1144, level: "I",
            tag: "notification_enqueue",
            message:
                "[10021,21272,\(app),\(delivery.rawID),NULL,0,Notification(channel=messages pri=0 contentView=null "
                + "vibrate=null sound=null defaults=0x0 flags=0x10 color=0xff607d8b vis=PRIVATE),0]")
    }
}
