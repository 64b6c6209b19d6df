/// What all links of one virtual phone share. Touched only under the phone's lock.
final class PhoneCore {
    let setup: VirtualPhoneSetup
    let android: VirtualAndroid
    /// Keys accepted with "Always allow", and those known from the start.
    var knownKeys: [HostKey]
    /// Dialogs that wait for the user, the shown one first.
    var prompts: [(link: Int, key: HostKey)] = []
    /// Whether and how hosts must authenticate, now.
    var authorization: VirtualAuthorization
    var faults: [VirtualFault] = [] {
        didSet {
            android.telephony.faults = Set(faults)
            android.hanging = Set(faults.compactMap { if case .hangs(let name) = $0 { name } else { nil } })
        }
    }
    private var scriptedTokens: [[UInt8]]
    /// The last stream id given out.
    var lastStreamID: UInt32 = 0

    init(setup: VirtualPhoneSetup) {
        self.setup = setup
        android = VirtualAndroid(setup: setup)
        knownKeys = setup.knownKeys.compactMap { HostKey(text: Array($0.utf8)) }
        authorization = setup.authorization
        scriptedTokens = setup.tokens.reversed()
    }

    /// Most keys a phone keeps; the oldest goes first.
    static let keysMax = 128

    /// Remembers a host's key.
    func remember(_ key: HostKey) {
        guard !knownKeys.contains(key) else { return }
        if knownKeys.count >= Self.keysMax { knownKeys.removeFirst() }
        knownKeys.append(key)
    }

    /// A token for a host to sign, 20 bytes.
    func newToken() -> [UInt8] { scriptedTokens.popLast() ?? android.random.bytes(20) }

    /// A stream id: counted over all links and never used again, as adbd does.
    func newStreamID() -> UInt32 {
        lastStreamID += 1
        return lastStreamID
    }

    /// `device::name=value;...`; the old generation has no features and ends with a semicolon.
    var banner: [UInt8] {
        let facts =
            "device::ro.product.name=\(setup.productName);ro.product.model=\(setup.model);"
            + "ro.product.device=\(setup.deviceName);"
        let features = "features=" + setup.features.joined(separator: ",")
        return Array((setup.protocolGeneration == .old ? facts : facts + features).utf8)
    }
}
