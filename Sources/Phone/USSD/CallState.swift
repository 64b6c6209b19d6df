/// Whether a call is up.
package enum CallState {
    /// Reads `dumpsys telephony.registry`: true when a line `mCallState=N` has another number than 0. Unverified form;
    /// without such a line nothing is known and nothing is said.
    package static func isCallUp(in output: [UInt8]) -> Bool {
        lines(of: output).contains { line in
            var scanner = ByteScanner(line)
            _ = scanner.prefix { $0 == .space }
            guard scanner.accept("mCallState=") else { return false }
            return !scanner.rest.elementsEqual("0".utf8)
        }
    }
}
