/// The telephone in the small Android: who routes calls, what was dialled, what waits for the network.
struct Telephony: Sendable {
    /// Most entries kept of what was dialled, typed and so on; the oldest go first.
    static let historyMax = 4096
    /// Most stored settings; further keys are not stored.
    static let settingsMax = 1024

    /// Most requests without a reply, and most replies on their way; the oldest go first.
    static let waitingMax = 256
    /// Longest delay of a reply, in milliseconds (a day).
    static let delayMillisecondsMax: Int64 = 86_400_000

    /// A code or an answer that has no reply yet.
    struct Pending: Sendable {
        var number: Int
        var slot: Int
        /// Its text in log lines, without the state; nil for an answer typed into a menu.
        var code: DialString?
    }

    /// What comes from the modem later.
    enum Arrival: Sendable {
        case ussd(slot: Int, mode: Int, text: String)
        case refused(number: Int, serial: Int)
    }

    /// Phonewire's default network: it knows no code.
    var network: VirtualUSSDNetwork = { _, _ in .error() }
    /// `settings` values, by `namespace/key`.
    var settings: [String: String] = [:]
    /// The telephony service's default subscription for calls; nil asks.
    var voiceSubscription: Int?
    /// Telecom's default account for calls, by subscription; nil asks.
    var outgoingSubscription: Int?
    /// `mCallState` of each slot that is not idle.
    var callStates: [Int: Int] = [:]
    var screen = PhoneScreen()
    /// Process id of com.android.phone, new at each boot.
    var processID = 0
    /// Number of the last RIL request, 0 to 9999.
    var serial = 0
    var pending: [Pending] = []
    var arrivals: [(due: Int64, what: Arrival)] = []
    var faults: Set<VirtualFault> = []
    /// The telephone's own random numbers, so that others come out the same with and without it.
    var random: SeededRandom
    private var lastPending = 0

    // History, for those who test.
    var dialled: [VirtualDial] = []
    var voiceCalls: [VirtualDial] = []
    var serviceCodes: [VirtualDial] = []
    var typed: [String] = []
    var typedElsewhere: [String] = []
    var typedAtKeyguard: [String] = []

    static let voiceSetting = "global/multi_sim_voice_call"

    init(setup: VirtualPhoneSetup) {
        random = SeededRandom(seed: setup.seed ^ 0x5553_5344)
        let first = setup.sims.compactMap { sim in sim.slot.map { ($0, sim.subscriptionID) } }.min {
            $0.0 < $1.0
        }
        setVoiceSubscription(first?.1)
        outgoingSubscription = first?.1
        screen.keyguard = setup.locked
        newProcess()
    }

    /// A boot: sessions and windows are gone, settings stay.
    mutating func boot(locked: Bool) {
        pending = []
        arrivals = []
        callStates = [:]
        screen.closeAll()
        screen.keyguard = locked || screen.keyguard
        newProcess()
    }

    private mutating func newProcess() {
        processID = 1200 + Int(random.next() % 1800)
        serial = Int(random.next() % 10_000)
    }

    /// What the telephony service does when its default for calls changes: it is stored as a setting.
    mutating func setVoiceSubscription(_ id: Int?) {
        voiceSubscription = id
        settings[Self.voiceSetting] = String(id ?? -1)
    }

    mutating func store(_ value: String, for key: String) {
        guard settings[key] != nil || settings.count < Self.settingsMax else { return }
        settings[key] = value
    }

    mutating func nextSerial() -> Int {
        serial = (serial + 1) % 10_000
        return serial
    }

    mutating func add(slot: Int, code: DialString?) -> Int {
        lastPending += 1
        if pending.count >= Self.waitingMax { pending.removeFirst() }
        pending.append(Pending(number: lastPending, slot: slot, code: code))
        return lastPending
    }

    /// Puts something from the modem on its way.
    mutating func expect(_ what: Arrival, after milliseconds: Int64, at time: Int64) {
        if arrivals.count >= Self.waitingMax { arrivals.removeFirst() }
        arrivals.append((time + min(max(0, milliseconds), Self.delayMillisecondsMax), what))
    }

    /// Seven hex digits, as Java prints an identity hash.
    mutating func newHash() -> String {
        LogFollower.padLeft(String(random.next() & 0xFFF_FFFF, radix: 16), 7, with: "0")
    }

    static func remember<Entry>(_ entry: Entry, in list: inout [Entry]) {
        if list.count >= historyMax { list.removeFirst() }
        list.append(entry)
    }
}
