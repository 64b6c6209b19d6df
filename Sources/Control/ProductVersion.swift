/// The version of phonewire that this program and this daemon are.
package enum ProductVersion {
    /// `major.minor.patch`.
    package static let text = "0.1.0"
}
