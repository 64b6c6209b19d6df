import ADB
import Events

/// How a phone's session ended.
enum SessionEnd: Sendable, Equatable {
    /// The link, or what the phone said on it.
    case failed(ADBError)
    /// The phone took none of our keys; one sentence that says what to do.
    case unauthorized(String)
    /// The phone is well but cannot be served now; it is asked again after a short pause, or when it is switched on.
    case waits(PhoneState, String, DeviceKey)
}
