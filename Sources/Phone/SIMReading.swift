/// The command that tells the SIM cards.
package enum SIMReading {
    /// Works on every Android from 6 on; needs the DUMP permission, which the shell holds.
    package static let command = PhoneCommand(
        "dumpsys isub", timeout: .seconds(20), outputBytesMax: 1024 * 1024)
}
