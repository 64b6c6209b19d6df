package import Base
import Glibc

/// Log lines on standard error, one record a line, for a terminal or for journald.
///
/// journald reads `<N>` at the start of a line as its priority (systemd.exec(5), `SyslogLevelPrefix=`). Every
/// byte that is not printable ASCII or part of a longer UTF-8 character is escaped, so no text from outside can
/// make a second line or drive a terminal.
package enum StderrSink {
    /// A logger that writes records of `level` and above; with priority prefixes when stderr is the journal.
    package static func logger(level: LogLevel) -> Logger {
        let journal = unsafe getenv("JOURNAL_STREAM") != nil
        return Logger { record in
            guard record.level <= level else { return }
            let line = text(of: record, journal: journal) + "\n"
            let bytes = Array(line.utf8)
            _ = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
        }
    }

    /// The line of `record`, without its end.
    package static func text(of record: LogRecord, journal: Bool) -> String {
        var line = journal ? "<\(record.level.rawValue)>" : word(record.level) + " "
        line += clean(record.message)
        for field in record.fields {
            let value = clean(field.value)
            let bare =
                !value.isEmpty
                && value.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=") }
            line += " \(field.name)=" + (bare ? value : "\"" + value + "\"")
        }
        return line
    }

    private static func word(_ level: LogLevel) -> String {
        switch level {
        case .error: "error:"
        case .warning: "warning:"
        case .notice, .info: "info:"
        case .debug: "debug:"
        }
    }

    private static func clean(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A: out += "\\n"
            case 0x22: out += "\\\""
            case 0x5C: out += "\\\\"
            case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF:
                out += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
