package import Events
package import Phone

/// The phones whose collectors run now: the way from a person's request to the phone.
package actor OnlinePhones {
    private var hosts: [DeviceKey: [CollectorHost]] = [:]

    package init() {}

    func opened(_ device: DeviceKey, _ hosts: [CollectorHost]) { self.hosts[device] = hosts }

    func closed(_ device: DeviceKey) { hosts[device] = nil }

    /// Asks a source of a phone; returns when it has replied, which may take minutes.
    package func ask(_ device: DeviceKey, _ source: Source, _ request: SourceRequest) async -> PhoneAnswer {
        guard let host = hosts[device]?.first(where: { $0.source == source }) else { return .notOnline }
        return await host.ask(request)
    }
}
