/// What the user and the network do with the phone.
extension VirtualPhone {
    /// A message arrives on `slot` (0-based; nil: the phone does not know which). Returns its row id.
    ///
    /// - Parameters:
    ///   - sentAt: the service centre's time, milliseconds since 1970; nil for two seconds before `date`.
    ///   - date: the phone's time of storing, milliseconds since 1970; nil for its clock.
    @discardableResult
    package func receiveSMS(
        from address: String, body: String, slot: Int?, sentAt: Int64? = nil, date: Int64? = nil,
        delivery: VirtualDelivery = .normal
    ) -> Int64 {
        receiveSMS(
            from: Array(address.utf8), bodyBytes: Array(body.utf8), slot: slot, sentAt: sentAt, date: date,
            delivery: delivery)
    }

    /// The same with an address and a text that may be no UTF-8.
    @discardableResult
    package func receiveSMS(
        from address: [UInt8], bodyBytes: [UInt8], slot: Int?, sentAt: Int64? = nil, date: Int64? = nil,
        delivery: VirtualDelivery = .normal
    ) -> Int64 {
        change { state in
            let android = state.core.android
            let stored = date ?? android.nowMilliseconds
            var row = VirtualSMS(
                address: nil, date: stored, dateSent: sentAt ?? (stored / 1000 - 2) * 1000, body: nil,
                subscriptionID: android.sim(inSlot: slot)?.subscriptionID ?? -1,
                serviceCentre: "+447700900001",
                creator: android.setup.messagingApp)
            row.address = address
            row.body = bodyBytes
            return android.arrive(row, slot: slot, delivery: delivery)
        }
    }

    /// Writes a row as an app does, without log lines: sent, queued, restored messages. Returns its id.
    @discardableResult
    package func insertSMS(_ row: VirtualSMS) -> Int64 { change { $0.core.android.insert(row) } }

    /// Writes `count` rows at once, as `insertSMS` does each: a phone that has been in use for years.
    package func insertSMS(count: Int, _ row: (_ number: Int) -> VirtualSMS) {
        change { state in
            let android = state.core.android
            android.messages.together { for number in 0..<count { android.insert(row(number)) } }
        }
    }

    /// Moves a row to another type, as a queued message is once it is sent; false when there is no such row.
    @discardableResult
    package func setSMSType(_ type: Int, id: Int64) -> Bool {
        change { $0.core.android.messages.setType(type, id: id) }
    }

    /// The user deletes a message; false when there is no such row.
    @discardableResult
    package func deleteSMS(_ id: Int64) -> Bool {
        change { state in
            let deleted = state.core.android.messages.delete(id: id)
            if deleted { state.core.android.counters.rowsDeleted += 1 }
            return deleted
        }
    }

    /// The message store is emptied (factory reset, corruption, "clear data"): ids start at 1 again.
    package func wipeMessages() {
        change { state in
            state.core.android.delayedRows = []
            state.core.android.counters.rowsDeleted += state.core.android.messages.deleteAll()
        }
    }

    /// Rows come back from a backup: new ids, old dates, no subscription, no creator. Returns the new ids.
    @discardableResult
    package func restoreMessages(_ rows: [VirtualSMS]) -> [Int64] {
        change { state in
            rows.map { row in
                var row = row
                row.id = nil
                row.subscriptionID = -1
                row.creator = nil
                return state.core.android.insert(row)
            }
        }
    }

    /// A call that nobody takes comes in on `slot` (0-based); nil `number`: withheld. Returns its id in the call log.
    @discardableResult
    package func missCall(from number: String?, slot: Int, type: Int = 3) -> Int64 {
        change { state in
            let android = state.core.android
            let sim = android.sim(inSlot: slot)
            let account = android.setup.androidRelease >= 13 ? sim.map { "\($0.subscriptionID)" } : sim?.iccid
            android.logs.append(
                to: "events", at: android.nowMilliseconds, process: 1144, thread: 1144, level: "I",
                tag: "notification_enqueue",
                message:
                    "[1001,2100,com.android.server.telecom,1,MissedCall,0,Notification(channel=TelecomMissedCalls),0]"
            )
            return android.messages.insertCall(
                type: type, number: number.map { Array($0.utf8) } ?? [], date: android.nowMilliseconds,
                account: account)
        }
    }

    /// Every row of the store, by id.
    package func allMessages() -> [VirtualSMS] { change { $0.core.android.messages.all() } }

    /// Ids of the rows there that a query has shown to a host. Setting takes back what a host that died has made nothing of.
    package var shownMessages: Set<Int64> {
        get { change { $0.core.android.messages.shown } }
        set { change { $0.core.android.messages.shown = newValue } }
    }

    /// Makes the SMS app write no subscription from now on, or write it again; the radio's table of parts keeps it.
    package func setCardIsForgotten(_ isForgotten: Bool) {
        change { $0.core.android.forgetsCard = isForgotten }
    }

    /// Makes the phone's service tell another card number than its dump does.
    package func setToldICCID(_ iccid: String?) { change { $0.core.android.toldICCID = iccid } }

    /// The cards that the phone knows, those without a slot too.
    package func simsNow() -> [VirtualSIM] { change { $0.core.android.sims } }

    /// Empties the log, as an overrun does.
    package func clearLogs() { change { $0.core.android.logs.clear() } }

    /// Puts a word in the place of each date, as no SMS app does.
    package func spoilDates() { change { $0.core.android.messages.spoilDates() } }

    /// Stores the rows that `VirtualDelivery.rowDelayMilliseconds` still keeps back.
    package func storeDelayedRows() { change { $0.core.android.storeDelayedRows() } }

    /// Cards are put in, taken out or moved. Cards that are gone altogether stay known, without a slot.
    package func setSIMs(_ sims: [VirtualSIM]) {
        change { state in
            let gone = state.core.android.sims.filter { old in
                !sims.contains { $0.subscriptionID == old.subscriptionID }
            }
            let removed = gone.map { old in
                var old = old
                old.slot = nil
                return old
            }
            state.core.android.sims = (sims + removed).sorted { $0.subscriptionID < $1.subscriptionID }
            state.core.android.simsChanged()
        }
    }

    /// Puts the phone back before its first unlock since boot.
    package func lock() { change { $0.core.android.locked = true } }

    /// The first unlock: messages that arrived before go to the messaging app.
    package func unlock() { change { $0.core.android.unlock() } }

    /// Which queries of messages its provider lets through from now on, as after an update.
    package func setProviderStyle(_ style: VirtualProviderStyle) {
        change { $0.core.android.providerStyle = style }
    }

    /// What the shell may read from now on.
    package func setMessageAccess(_ access: VirtualMessageAccess) {
        change { $0.core.android.messageAccess = access }
    }

    /// A reboot: all links end, logs are empty, the boot id is new.
    package func reboot(locked: Bool = false) {
        change { state in
            state.endAllLinks()
            state.core.android.boot(locked: locked)
        }
    }
}
