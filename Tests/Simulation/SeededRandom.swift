/// SplitMix64 (Sebastiano Vigna, public domain): small, seeded, good enough to choose faults with.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The sequence of `seed`.
    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// A number from 0 up to but without `bound` (1 or more).
    package mutating func next(below bound: Int) -> Int { Int(next() % UInt64(bound)) }

    /// True in `percent` of all calls.
    package mutating func chance(_ percent: Int) -> Bool { next(below: 100) < percent }
}
