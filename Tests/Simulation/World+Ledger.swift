import Base
import Daemon
import Events
package import Phone
import Store
import Synchronization
import VirtualPhone

extension World {
    /// The ledger of a phone's SMS, and how many events the store has of them: all, and those of a backup. Nil for a phone that was never
    /// read.
    package func smsLedger(phone index: Int) -> (ledger: PhoneLedger, events: (all: Int, history: Int))? {
        let id = phones[index].setup.androidID
        let found = ask { store, _ -> (PhoneLedger, Int, Int)? in
            guard let device = try await store.devices().first(where: { $0.identity.androidID == id }),
                let ledger = SMSSource.ledger(try await store.cursor(device.key, .sms) ?? [])
            else { return nil }
            let tallies = try await store.tallyNow(of: device.key, .sms)
            return (ledger, tallies.reduce(0) { $0 + $1.events }, tallies.reduce(0) { $0 + $1.history })
        }
        return (found ?? nil).map { ($0.0, (all: $0.1, history: $0.2)) }
    }

    /// Has everything on a phone checked; false where that was not done within some minutes.
    package func checkAllSMS(phone index: Int) -> Bool {
        let id = phones[index].setup.androidID
        guard let online else { return false }
        let devices = ask { store, _ in try await store.devices() } ?? []
        guard let device = devices.first(where: { $0.identity.androidID == id })?.key else { return false }
        let done = Mutex<Bool?>(nil)
        let check = Task(executorPreference: executor) {
            let answer = await online.checkAll(device, .sms)
            done.withLock { $0 = answer }
        }
        for _ in 0..<30 where done.withLock({ $0 }) == nil { pass(.seconds(10)) }
        _ = check
        return done.withLock { $0 } ?? false
    }

    /// Has everything on a phone read again and forwarded; false where that was not done within some hours.
    package func backfillAllSMS(phone index: Int) -> Bool {
        let id = phones[index].setup.androidID
        guard let online else { return false }
        let devices = ask { store, _ in try await store.devices() } ?? []
        guard let device = devices.first(where: { $0.identity.androidID == id })?.key else { return false }
        let request = BackfillRequest(since: WallTime(milliseconds: 0), target: Backfill(webhook: nil))
        guard ask({ _, _ in await online.backfill(device, .sms, request) }) == true else { return false }
        for _ in 0..<360 {
            pass(.seconds(30))
            let progress = ask { _, _ in await online.backfillProgress(device, .sms) } ?? nil
            if progress?.isDone == true { return true }
        }
        return false
    }
}
