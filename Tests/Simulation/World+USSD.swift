package import Daemon
import Events
import Phone
import Store
import Synchronization
import VirtualPhone

/// A USSD run that somebody asked for.
package final class USSDRun: Sendable {
    let result = Mutex<PhoneAnswer?>(nil)

    /// What came of it; nil while nothing has.
    package var answer: PhoneAnswer? { result.withLock { $0 } }
}

extension World {
    /// Asks a phone to dial `code` on `slot` (1-based).
    package func dial(
        _ code: String, phone index: Int, slot: Int, answers: [String] = []
    ) -> USSDRun {
        let run = USSDRun()
        let id = phones[index].setup.androidID
        runs += 1
        let digits = String(runs, radix: 16)
        let request = USSDRequest(
            token: String(repeating: "0", count: 16 - digits.count) + digits, code: code, slot: slot,
            answers: answers)
        guard let online, let store else { return run }
        let task = Task(executorPreference: executor) {
            guard let device = try await store.devices().first(where: { $0.identity.androidID == id }) else {
                return
            }
            let answer = await online.ask(device.key, .ussd, .ussd(request))
            run.result.withLock { $0 = answer }
        }
        _ = task
        return run
    }
}
