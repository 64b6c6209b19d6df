import CLinux

/// How the process uses the machine's memory.
package enum Memory {
    /// Heaps that threads may have.
    private static let arenasMax: Int32 = 2

    /// Lets all threads share two heaps. glibc gives each thread a heap of its own (`mallopt(3)`, `M_ARENA_MAX`), of which our few
    /// threads fill little. Call it before the first thread exists.
    package static func limitArenas() { _ = mallopt(M_ARENA_MAX, arenasMax) }
}
