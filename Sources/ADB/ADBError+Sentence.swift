extension ADBError {
    /// What happened and, where something can be done, what to do; one sentence without the phone's name.
    package var sentence: String {
        switch self {
        case .payloadTooLong(let announced, let limit):
            "it announced a message of \(announced) bytes, the limit is \(limit): not a working adbd"
        case .framingLost(let got, let wanted):
            "its messages lost their framing (\(got) bytes where \(wanted) were due)"
        case .onlyJunk(let bytes): "it sent \(bytes) bytes that are no ADB messages"
        case .handshakeTimedOut:
            "it did not answer the ADB greeting: switch USB debugging off and on again, or plug it in again"
        case .peerPayloadTooSmall(let bytes): "it takes messages of \(bytes) bytes only: not a working adbd"
        case .tlsRequired:
            "it wants TLS (wireless debugging), which is not supported: use USB, or `adb tcpip 5555`"
        case .tooManyTokens: "it asks for signatures again and again: revoke its USB debugging authorisations"
        case .tooManySessions: "it started its session over and over"
        case .tooManyViolations(let last): "it sent too many senseless messages (last: \(last))"
        case .badToken(let bytes):
            "it sent a token of \(bytes) bytes to sign; 20 are right, nothing was signed"
        case .silent: "it gave no sign of life for 5 seconds when asked"
        case .refused(let service): "it refused the service \(service.prefix(while: { $0 != ":" }))"
        case .openTimedOut: "it did not answer a command in 10 seconds"
        case .streamTimedOut: "a command took too long"
        case .flooded(let bytes): "it sent \(bytes) bytes that were not asked for"
        case .notTaking(let messages, let bytes):
            "it does not take what is sent to it (\(messages) messages, \(bytes) bytes wait): plug it in again"
        case .tooManyStreams(let limit): "more than \(limit) commands at once"
        case .sessionEnded: "the session ended"
        case .outputTooLong(let limit): "a command said more than \(limit) bytes"
        case .badShellPacket(let id, let length): "it sent a shell packet \(id) of \(length) bytes"
        case .noExitCode: "a command was cut off"
        case .transport(let error): error.sentence
        case .serviceTooLong(let bytes, let limit):
            "a command of \(bytes) bytes is too long for it (\(limit))"
        case .cancelled: "stopped"
        }
    }
}
