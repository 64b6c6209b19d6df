/// What the user does about hosts.
extension VirtualPhone {
    /// The fingerprint in the dialog that is shown now; nil when none is.
    package var promptFingerprint: String? { change { $0.core.prompts.first?.key.fingerprint } }

    /// Accepts the dialog that is shown now; false when none is.
    @discardableResult
    package func acceptPrompt(always: Bool = true) -> Bool {
        change { state in
            guard !state.core.prompts.isEmpty else { return false }
            let (link, key) = state.core.prompts.removeFirst()
            if always { state.core.remember(key) }
            state.links[link]?.session.promptAccepted(state.core)
            return true
        }
    }

    /// Cancels the dialog that is shown now; the host hears nothing. False when none is.
    @discardableResult
    package func denyPrompt() -> Bool {
        change { state in
            guard !state.core.prompts.isEmpty else { return false }
            state.core.prompts.removeFirst()
            return true
        }
    }

    /// "Revoke USB debugging authorizations": live sessions go on, the next connection asks.
    package func forgetKeys() { change { $0.core.knownKeys = [] } }

    /// Whether and how hosts must authenticate from the next CNXN on.
    package func setAuthorization(_ authorization: VirtualAuthorization) {
        change { $0.core.authorization = authorization }
    }
}
