/// How much a record matters; the raw value is the priority that journald reads from `<N>` at a line's start.
package enum LogLevel: Int, Sendable, Comparable {
    case error = 3
    case warning = 4
    case notice = 5
    case info = 6
    case debug = 7

    package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}

/// One line of the log: a sentence for people and fields for machines. Never a message text, number or secret.
package struct LogRecord: Sendable, Equatable {
    /// How much it matters.
    package let level: LogLevel
    /// What happened, in one line.
    package let message: String
    /// Name and value pairs, in order; values are escaped by the sink.
    package let fields: [(name: String, value: String)]

    package static func == (left: LogRecord, right: LogRecord) -> Bool {
        left.level == right.level && left.message == right.message
            && left.fields.map(\.name) == right.fields.map(\.name)
            && left.fields.map(\.value) == right.fields.map(\.value)
    }
}

/// Hands records to a sink. Drivers get one passed in; cores never log.
package struct Logger: Sendable {
    private let sink: @Sendable (LogRecord) -> Void

    /// A logger that gives every record to `sink`.
    package init(_ sink: @escaping @Sendable (LogRecord) -> Void) { self.sink = sink }

    /// A logger that drops everything.
    package static let none = Logger { _ in }

    /// Gives one record to the sink.
    package func log(_ level: LogLevel, _ message: String, _ fields: (name: String, value: String)...) {
        sink(LogRecord(level: level, message: message, fields: fields))
    }
}
