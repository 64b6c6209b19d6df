import Events

@testable import Phone

extension PhoneContext {
    /// A phone of a maker that needs nothing special.
    init(apiLevel: Int = 34, sims: [SIMCard] = []) {
        let identity = PhoneIdentity(
            serial: "TEST", androidID: nil, manufacturer: "Google", model: "Pixel", androidVersion: "",
            apiLevel: apiLevel, fingerprint: "")
        self.init(traits: PhoneTraits(identity), sims: sims)
    }
}
