internal import CLibUSB
internal import Glibc
internal import Platform
internal import Synchronization

/// Parks the USB thread in libusb's event loop, so that libusb's callbacks run on it.
final class USBParker: Parker {
    /// Longest wait in libusb at a time.
    static let waitMax = Duration.seconds(60)
    /// Wait after libusb could not wait, so that a lasting fault does not become a busy loop.
    static let faultWaitMicroseconds: UInt32 = 100_000

    private let library: USBLibrary
    private let beforeWaiting = Mutex<(@Sendable () -> Duration?)?>(nil)

    init(library: USBLibrary) {
        self.library = library
    }

    /// Sets what runs on the USB thread before each wait; it returns how long the wait may be (nil: any time).
    func setBeforeWaiting(_ action: (@Sendable () -> Duration?)?) {
        beforeWaiting.withLock { $0 = action }
    }

    func park(timeout: Duration?) {
        let action = beforeWaiting.withLock { $0 }
        let wait = min(timeout ?? Self.waitMax, action?() ?? Self.waitMax, Self.waitMax)
        let (seconds, attoseconds) = max(wait, .zero).components
        // Rounded up, or the last fraction of a microsecond before a deadline would be spent in a busy loop.
        var limit = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        limit.tv_usec += 1
        let code = unsafe libusb_handle_events_timeout_completed(library.context, &limit, nil)
        if code != 0, code != LIBUSB_ERROR_INTERRUPTED.rawValue { usleep(Self.faultWaitMicroseconds) }
    }

    /// Sticky: libusb remembers the interruption until its next wait.
    func unpark() {
        unsafe libusb_interrupt_event_handler(library.context)
    }
}
