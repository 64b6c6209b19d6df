import Base
import Events

/// One webhook's side of the scheduler: its lanes, what is in flight, and what holds it up.
struct DeliveryQueue: Sendable {
    /// Why nothing but a probe is sent.
    struct Pause: Sendable, Equatable {
        /// Probes made so far.
        var probes = 0
        /// When the next one is due; nil when only the user resumes it.
        var probeAt: Instant?
        /// True when the store had nothing to probe with.
        var starved = false
    }

    private struct Flight {
        let delivery: DueDelivery
        let isProbe: Bool
    }

    let limits: DeliveryLimits
    var isEnabled: Bool
    private(set) var pause: Pause?
    private(set) var heldUntil: Instant?
    /// True when the store may hold due deliveries that we have not seen.
    var isStale = true
    private var lanes: [DeviceKey: DeliveryLane] = [:]
    /// The lanes in order; they take turns.
    private var order: [DeviceKey] = []
    private var lastLane: DeviceKey?
    private var flights: [DeliveryKey: Flight] = [:]
    private var laneCount = 1
    private var fetchedBytes = 0

    init(limits: DeliveryLimits, isEnabled: Bool) {
        self.limits = limits
        self.isEnabled = isEnabled
    }

    var isIdle: Bool { flights.isEmpty }
    /// What the store need not give again.
    var known: Set<DeliveryKey> {
        Set(flights.keys).union(lanes.values.flatMap { $0.deliveries.map(\.key) })
    }
    private var retriesInFlight: Int { flights.values.count { $0.delivery.attempt > 1 } }

    func isHeld(_ now: Instant) -> Bool {
        guard let heldUntil else { return false }
        return heldUntil > now
    }
}

// MARK: What to fetch

extension DeliveryQueue {
    /// How many deliveries a lane to ask for, and whether it is for a probe; nil when nothing is wanted now.
    func wanted(now: Instant) -> (perLane: Int, isProbe: Bool)? {
        guard isEnabled, !isHeld(now), flights.count < limits.requestsAtOnce else { return nil }
        if let pause {
            guard let probeAt = pause.probeAt, probeAt <= now, !pause.starved, flights.isEmpty else {
                return nil
            }
            return (1, true)
        }
        guard isStale || lanes.values.contains(where: \.isDrained) else { return nil }
        if fetchedBytes > limits.bodyBytesAhead { return (2, false) }
        return (max(2, limits.deliveriesAhead / max(laneCount, 1)), false)
    }

    /// Takes what the store gave for `wanted`; what is known already is ignored.
    mutating func fetched(_ deliveries: [DueDelivery], perLane: Int, isProbe: Bool) {
        if isProbe {
            pause?.starved = deliveries.isEmpty
        } else {
            isStale = false
            fetchedBytes = deliveries.reduce(0) { $0 + $1.body.bytes.count }
            laneCount = Set(deliveries.map(\.device)).count
        }
        let known = known
        // A probe is one request, however many lanes there are.
        let fresh = (isProbe ? deliveries.prefix(1) : deliveries[...]).filter { !known.contains($0.key) }
        let byLane = Dictionary(grouping: fresh, by: \.device)
        for device in Set(byLane.keys).subtracting(order).sorted() {
            order.insert(device, at: order.firstIndex { $0 > device } ?? order.endIndex)
            lanes[device] = DeliveryLane()
        }
        for device in order { lanes[device]?.add(byLane[device] ?? [], asked: perLane) }
    }
}

// MARK: What to send

extension DeliveryQueue {
    /// Everything that may start now; it is in flight from here on.
    mutating func start(now: Instant) -> [DueDelivery] {
        if !isHeld(now) { heldUntil = nil }
        guard isEnabled, !isHeld(now) else { return [] }
        var started: [DueDelivery] = []
        let limit = pause == nil ? limits.requestsAtOnce : (pause?.probeAt.map { $0 <= now } == true ? 1 : 0)
        while flights.count < limit, let delivery = nextToStart(now) {
            flights[delivery.key] = Flight(delivery: delivery, isProbe: pause != nil)
            started.append(delivery)
        }
        return started
    }

    private mutating func nextToStart(_ now: Instant) -> DueDelivery? {
        let retries = pause != nil || retriesInFlight < limits.retriesAtOnce
        let turn = lastLane.flatMap { last in order.firstIndex { $0 > last } } ?? 0
        for device in order[turn...] + order[..<turn] {
            let delivery = lanes[device]?.next(retries: retries, gap: limits.laneGap, now: now)
            guard let delivery else { continue }
            lastLane = device
            return delivery
        }
        return nil
    }

    /// The delivery of a request that has ended, and whether it was a probe; nil for one we do not know.
    mutating func end(_ key: DeliveryKey) -> (delivery: DueDelivery, isProbe: Bool)? {
        guard let flight = flights.removeValue(forKey: key) else { return nil }
        let device = flight.delivery.device
        lanes[device]?.ended(key)
        if let lane = lanes[device], lane.isIdle {
            lanes[device] = nil
            order.removeAll { $0 == device }
        }
        return (flight.delivery, flight.isProbe)
    }

    /// When time alone changes something; nil when nothing does.
    func deadline(now: Instant) -> Instant? {
        guard isEnabled else { return nil }
        if let heldUntil, heldUntil > now { return heldUntil }
        if let pause {
            guard let probeAt = pause.probeAt, probeAt > now else { return nil }
            return probeAt
        }
        guard flights.count < limits.requestsAtOnce else { return nil }
        return lanes.values.compactMap { $0.opensAt(now: now) }.min()
    }
}

// MARK: What holds it up

extension DeliveryQueue {
    /// Nothing more is started before `instant`.
    mutating func hold(until instant: Instant) {
        heldUntil = max(heldUntil ?? instant, instant)
    }

    /// Stops everything but probes. `probes` is false when only the user may resume.
    mutating func stop(probes: Bool, jitter: Double, now: Instant) {
        var next = pause ?? Pause()
        let doubled = limits.probeFirst * (1 << min(next.probes, 8))
        let wait = RetrySchedule.scaled(min(doubled, limits.probeMax), by: jitter)
        next.probeAt = probes ? now.advanced(by: wait) : nil
        next.probes += 1
        next.starved = false
        pause = next
        dropFetched()
    }

    /// Lets everything go on.
    mutating func resume() {
        pause = nil
        isStale = true
    }

    /// The store has something new, or may have.
    mutating func storeChanged() {
        isStale = true
        pause?.starved = false
    }

    /// Forgets what was fetched ahead: it is in the store.
    mutating func dropFetched() {
        for device in order { lanes[device]?.drop() }
        isStale = true
    }
}
