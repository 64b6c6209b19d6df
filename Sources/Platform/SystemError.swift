import Glibc

/// A system call that failed: which, on what, and the system's own words.
package struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The call, such as `open`.
    package let operation: String
    /// `errno`.
    package let code: Int32
    /// What it was done to, such as a path.
    package let detail: String

    /// The failure of `operation` with the current `errno`, or with `code`.
    package init(_ operation: String, code: Int32 = errno, detail: String) {
        self.operation = operation
        self.code = code
        self.detail = detail
    }

    package var description: String {
        let words = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        return "\(operation) \(detail): \(words)"
    }
}
