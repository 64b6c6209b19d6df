import Glibc

/// The process's environment.
package enum Environment {
    /// The value of `name`; nil when it is not set or empty.
    package static func value(_ name: String) -> String? {
        guard let raw = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: raw)
        return text.isEmpty ? nil : text
    }
}
