package import ADB
package import Control
package import Events

/// How a phone's session ended.
package enum SessionEnd: Sendable, Equatable {
    /// The link, or what the phone said on it.
    case failed(ADBError)
    /// The phone took none of our keys; one sentence that says what to do.
    case unauthorized(String)
    /// The phone is well but cannot be served now; it is asked again after a short pause.
    case waits(PhoneState, String, DeviceKey)
}
