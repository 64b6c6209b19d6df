package import Events

/// What a source or a task is told of its phone when it begins.
package struct PhoneContext: Sendable, Equatable {
    /// What the phone can do.
    package let traits: PhoneTraits
    /// The SIM cards in it.
    package let sims: [SIMCard]

    /// A phone with these cards.
    package init(traits: PhoneTraits, sims: [SIMCard]) {
        self.traits = traits
        self.sims = sims
    }
}
