package import Daemon
import Events
package import Phone
import Store
import Synchronization
import VirtualPhone

/// A USSD run that somebody asked for.
package final class USSDRun: Sendable {
    let result = Mutex<TaskAnswer<USSDOutcome>?>(nil)
    let asking = Mutex<Task<Void, any Error>?>(nil)

    /// What came of it; nil while nothing has.
    package var answer: TaskAnswer<USSDOutcome>? { result.withLock { $0 } }

    /// The task's reply; nil while there is none, or where something else came of it.
    package var outcome: USSDOutcome? {
        if case .replied(let outcome, _) = answer { outcome } else { nil }
    }

    /// The ids of the events that came with the reply.
    package var events: [Int64] {
        if case .replied(_, let events) = answer { events.map(\.rawValue) } else { [] }
    }

    /// Who asked leaves.
    package func leave() { asking.withLock { $0?.cancel() } }
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
            let answer = await online.ask(device.key, USSDTask.self, request)
            run.result.withLock { $0 = answer }
        }
        run.asking.withLock { $0 = task }
        return run
    }

    /// What the tasks of a phone are doing, by their words: progress, and what is to be put back, `-` for none.
    package func tasks(phone index: Int) -> [String] {
        let id = phones[index].setup.androidID
        guard let online else { return [] }
        let states = ask { store, _ in
            guard let device = try await store.devices().first(where: { $0.identity.androidID == id }) else {
                return [TaskState]()
            }
            return await online.tasks(of: device.key)
        }
        return (states ?? []).map { "\($0.name.rawValue) | \($0.progress ?? "-") | \($0.toPutBack ?? "-")" }
    }
}
