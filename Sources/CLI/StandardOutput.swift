import Glibc
import Platform

extension Output {
    /// The process's own standard output and error.
    ///
    /// Colour only on a terminal (each of the two looked at apart), not when `NO_COLOR` is set and not empty, not
    /// when `TERM` is `dumb`, not after `--no-color` (no-color.org).
    package static func standard(json: Bool, noColor: Bool) -> Output {
        let plain =
            noColor || Environment.value("NO_COLOR") != nil || Environment.value("TERM") == "dumb"
        let terminal = isatty(1) == 1
        return Output(
            out: { (bytes) throws(CommandFailure) in try write(bytes, to: 1) },
            err: { (bytes) throws(CommandFailure) in try write(bytes, to: 2) },
            colourOut: terminal && !plain, colourErr: isatty(2) == 1 && !plain, isTerminal: terminal,
            json: json,
            localTime: { LocalTime.text($0) })
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(CommandFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
                continue
            }
            let code = errno
            switch code {
            case EINTR: continue
            case EAGAIN:
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&entry, 1, -1)
            case EPIPE: throw .outputClosed
            default:
                let error = SystemError("write", code: code, detail: "standard output")
                throw .failed(.failed, message: "\(error)", hint: "")
            }
        }
    }
}
