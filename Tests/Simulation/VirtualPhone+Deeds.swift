package import VirtualPhone

extension VirtualPhone {
    /// `count` messages of long before today come back from a backup: without a card, `old 0` and so on.
    package func restoreOldMessages(_ count: Int) {
        restoreMessages(
            (0..<count).map {
                VirtualSMS(
                    address: "Old", date: 1_500_000_000_000 + Int64($0), dateSent: 1_500_000_000_000,
                    body: "old \($0)")
            })
    }
}

extension [VirtualSIM] {
    /// The same cards, those of the first two slots in each other's place.
    package var swapped: [VirtualSIM] {
        map { sim in
            var sim = sim
            sim.slot = sim.slot.map { 1 - $0 }
            return sim
        }
    }
}
