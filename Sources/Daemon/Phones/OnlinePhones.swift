package import Events
package import Phone

/// The port through which a person's request comes to a phone.
package protocol PhoneTasks: Sendable {
    /// Asks a phone for something; returns when it has replied, which may take minutes. When the asking task is cancelled,
    /// what has not begun for real is not begun.
    func ask<Job: PhoneTask>(
        _ device: DeviceKey, _ task: Job.Type, _ request: Job.Request
    ) async -> TaskAnswer<Job.Reply>
    /// Checks everything that `source` watches on a phone; true when it was done to its end, or begun where nobody
    /// waits; nil for a phone that is not online.
    func checkAll(_ device: DeviceKey, _ source: SourceName, waits: Bool) async -> Bool?
    /// Begins a backfill of what `source` reads, or stops the one under way (nil): false where it cannot, nil for a phone that is not
    /// online.
    func backfill(_ device: DeviceKey, _ source: SourceName, _ request: BackfillRequest?) async -> Bool?
    /// How far that is; nil where there was none since the phone came, or it is not online.
    func backfillProgress(_ device: DeviceKey, _ source: SourceName) async -> BackfillProgress?
    /// What each task of a phone is doing; none for a phone that is not online.
    func tasks(of device: DeviceKey) async -> [TaskState]
}

/// The phones that are served now.
package actor OnlinePhones: PhoneTasks {
    private var hosts: [DeviceKey: [any PhoneHost]] = [:]

    package init() {}

    func opened(_ device: DeviceKey, _ hosts: [any PhoneHost]) { self.hosts[device] = hosts }

    func closed(_ device: DeviceKey) { hosts[device] = nil }

    package func ask<Job: PhoneTask>(
        _ device: DeviceKey, _ task: Job.Type, _ request: Job.Request
    ) async -> TaskAnswer<Job.Reply> {
        let host = hosts[device]?.lazy.compactMap { $0 as? TaskHost<Job> }.first
        guard let host else { return .notOnline }
        return await host.ask(request)
    }

    package func checkAll(
        _ device: DeviceKey, _ source: SourceName, waits: Bool = true
    ) async -> Bool? {
        guard let host = hosts[device]?.first(where: { $0.name == source }) else { return nil }
        return await host.checkAll(waits: waits)
    }

    package func backfill(
        _ device: DeviceKey, _ source: SourceName, _ request: BackfillRequest?
    ) async -> Bool? {
        guard let host = hosts[device]?.first(where: { $0.name == source }) else { return nil }
        return await host.backfill(request)
    }

    package func backfillProgress(_ device: DeviceKey, _ source: SourceName) async -> BackfillProgress? {
        guard let host = hosts[device]?.first(where: { $0.name == source }) else { return nil }
        return await host.backfillProgress()
    }

    package func tasks(of device: DeviceKey) async -> [TaskState] {
        var states: [TaskState] = []
        for host in hosts[device] ?? [] {
            if let state = await host.taskState() { states.append(state) }
        }
        return states
    }
}
