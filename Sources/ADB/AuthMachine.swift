/// Which keys we use with a phone; decided by the daemon before the handshake, because a hostile phone can relay
/// another phone's token to us: the key signs nothing for a phone it has never served.
package struct AuthPolicy: Sendable, Equatable {
    /// How many keys may sign, tried in their order; 0 for a phone that we have never served.
    package var signingKeys: Int
    /// The public key line of our own key with its closing NUL: sent once every signature was refused, or at
    /// once when nothing may sign. It makes the phone ask its user.
    package var publicKey: [UInt8]

    /// A policy of `signingKeys` keys and the public key line.
    package init(signingKeys: Int, publicKey: [UInt8]) {
        self.signingKeys = signingKeys
        self.publicKey = publicKey
    }
}

/// The AUTH part of a handshake (packages/modules/adb `docs/dev/protocol.md`, `adb_auth.h`): every refused
/// signature brings a new token; after the public key the phone is silent until its user decides, and silent for
/// ever when the user refuses: there is no message for "denied".
///
/// States: trying key n → our key is shown. Called by: ConnectionMachine only.
struct AuthMachine: Sendable, Equatable {
    /// Bytes of a token; adb refuses to sign any other size.
    static let tokenBytes = 20

    enum Kind {
        static let token: UInt32 = 1
        static let signature: UInt32 = 2
        static let publicKey: UInt32 = 3
    }

    enum Action: Equatable {
        case sign(token: [UInt8], key: Int)
        case showKey
        case fail(ADBError)
    }

    private let policy: AuthPolicy
    private var nextKey = 0
    private(set) var hasShownKey = false

    init(policy: AuthPolicy) { self.policy = policy }

    /// The phone sent a token.
    mutating func tokenReceived(_ token: [UInt8]) -> Action {
        guard token.count == Self.tokenBytes else { return .fail(.badToken(bytes: token.count)) }
        if nextKey < policy.signingKeys {
            nextKey += 1
            return .sign(token: token, key: nextKey - 1)
        }
        return showKey()
    }

    /// The key could not or must not sign (a limit of signatures was reached): its turn is over.
    mutating func signatureRefused() -> Action { showKey() }

    private mutating func showKey() -> Action {
        if hasShownKey { return .fail(.tooManyTokens) }
        hasShownKey = true
        nextKey = policy.signingKeys
        return .showKey
    }
}
