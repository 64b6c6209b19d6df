internal import Synchronization

/// A cancellation on its way to the USB thread: raised by any thread, read by that thread before it waits.
///
/// A task's cancellation handler runs on whatever thread cancels, possibly before the operation has begun, and may
/// neither wait for the actor nor start a task. So it leaves this mark and wakes the USB thread.
final class Interruption: Sendable {
    private let raised = Atomic(false)
    private let parker: USBParker

    init(parker: USBParker) {
        self.parker = parker
    }

    func raise() {
        raised.store(true, ordering: .releasing)
        parker.unpark()
    }

    var isRaised: Bool { raised.load(ordering: .acquiring) }
}
