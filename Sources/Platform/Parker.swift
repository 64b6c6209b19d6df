import CLinux
import Glibc

/// Where a thread waits when it has nothing to do, and how it is woken.
///
/// A library with an event loop of its own (libusb, libcurl) parks in that loop, so that its callbacks run on the
/// thread whose executor parks here.
package protocol Parker: Sendable {
    /// Waits until `unpark` was called, something of the library's happened, or `timeout` has passed (nil: for
    /// ever). May return early for no reason. Called by one thread only.
    func park(timeout: Duration?)
    /// Makes the current or the next `park` return soon. Called from any thread.
    func unpark()
}

/// A parker for threads that wait for nothing but work: an eventfd.
package final class EventParker: Parker {
    private let wake: EventWake

    /// A parker with an eventfd of its own. Fails when the process has no descriptor left.
    package init() throws(SystemError) { wake = try EventWake() }

    package func park(timeout: Duration?) {
        var entry = pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)
        if unsafe poll(&entry, 1, pollTimeout(timeout)) > 0 { wake.drain() }
    }

    package func unpark() { wake.wakeUp() }
}

/// An eventfd that wakes a thread out of poll(2).
package final class EventWake: Sendable {
    private let file: FileDescriptor

    /// A wake-up with a descriptor of its own. Fails when the process has none left.
    package init() throws(SystemError) {
        let raw = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        guard raw >= 0 else { throw SystemError("eventfd", detail: "a wake-up descriptor") }
        file = FileDescriptor(owning: raw)
    }

    /// What to poll for reading.
    package var descriptor: Int32 { file.raw }

    /// Makes the descriptor readable; a full counter already is.
    package func wakeUp() {
        var one: UInt64 = 1
        _ = unsafe write(file.raw, &one, 8)
    }

    /// Makes it unreadable again.
    package func drain() {
        var count: UInt64 = 0
        _ = unsafe read(file.raw, &count, 8)
    }
}

/// `timeout` in whole milliseconds for poll(2), rounded up; -1 for none.
package func pollTimeout(_ timeout: Duration?) -> Int32 {
    guard let timeout else { return -1 }
    let milliseconds = (max(timeout.nanoseconds, 0) + 999_999) / 1_000_000
    return Int32(clamping: milliseconds)
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        if seconds > 1_000_000_000 { return 1_000_000_000 * 1_000_000_000 }
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
