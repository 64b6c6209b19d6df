package import Events
package import Time

/// What one completed read of a phone has shown, to be stored as a whole.
package struct RecordBatch: Sendable {
    /// The phone.
    package var device: DeviceKey
    /// What was read.
    package var source: Source
    /// Everything seen, known or not, oldest first; at most `StoreLimits.observationsPerBatchMax`.
    package var observations: [Observation]
    /// Where the next read goes on; opaque to the store.
    package var cursor: [UInt8]
    /// When the daemon saw it.
    package var seenAt: WallTime

    /// One completed read.
    package init(
        device: DeviceKey, source: Source, observations: [Observation], cursor: [UInt8], seenAt: WallTime
    ) {
        self.device = device
        self.source = source
        self.observations = observations
        self.cursor = cursor
        self.seenAt = seenAt
    }
}

/// What came of a `RecordBatch`.
package struct RecordResult: Sendable, Equatable {
    /// The ids of the new events, in the order of the observations.
    package var events: [EventID]
    /// How many observations had been seen before.
    package var repeats: Int

    /// The new events and the number of repeats.
    package init(events: [EventID], repeats: Int) {
        self.events = events
        self.repeats = repeats
    }
}
