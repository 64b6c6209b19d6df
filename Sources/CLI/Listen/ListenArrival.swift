import Base
import Control
import Receiver

/// A request that `listen` has received, and what it thinks of it.
struct Arrival: Sendable {
    /// What became of the secret.
    enum Secret: String, Sendable, Encodable {
        case right
        case wrong
        /// No secret was given to compare with.
        case unchecked
    }

    /// Header fields that are shown.
    static let shownFields = ["user-agent", "webhook-id", "webhook-timestamp", "webhook-signature"]

    let request: ReceivedRequest
    let message: Result<SmsNotifMessage, SmsNotifError>
    let secret: Secret
    /// The status it was answered with.
    var status = 200

    init(_ request: ReceivedRequest, secret expected: String?) {
        self.request = request
        do throws(SmsNotifError) {
            message = .success(try SmsNotifDecoder.decode(request))
        } catch {
            message = .failure(error)
        }
        if let expected {
            secret = (try? message.get().secret) == expected ? .right : .wrong
        } else {
            secret = .unchecked
        }
    }

    /// What `--json` prints, one line a request.
    var report: Report {
        var fields: [String: String] = [:]
        for name in Self.shownFields { fields[name] = request.value(name) }
        return Report(
            number: request.number, receivedAt: Timestamp(milliseconds: request.arrivedMicroseconds / 1000),
            method: request.method, path: request.target, headers: fields,
            contentType: request.value("content-type"), type: try? message.get().type,
            data: (try? message.get().fields)?.mapValues { Report.Value($0) }, secret: secret,
            error: errorText,
            body: LossyText.decode(shownBody), status: status)
    }

    /// What people see. The secret is not shown.
    func lines(_ output: Output) -> [String] {
        let when = output.localTime(Timestamp(milliseconds: request.arrivedMicroseconds / 1000))
        var lines = [
            output.styled("#\(request.number)", .bold) + "  " + when + "  " + Output.clean(request.method)
                + " "
                + Output.clean(request.target) + "  \(request.body.count) bytes, answered "
                + output.styled(String(status), status < 300 ? .green : .red)
        ]
        for name in ["content-type"] + Self.shownFields {
            if let value = request.value(name) { lines.append("  \(name): " + Output.clean(value)) }
        }
        switch secret {
        case .right: lines.append("  secret: " + output.styled("right", .green))
        case .wrong: lines.append("  secret: " + output.styled("WRONG", .red))
        case .unchecked: break
        }
        switch message {
        case .success(let message):
            lines.append("  type: " + Output.clean(message.type))
            for name in message.fields.keys.sorted() {
                lines.append("  data.\(Output.clean(name)): " + Output.clean(message.text(name) ?? "null"))
            }
        case .failure:
            lines.append(
                "  " + output.styled("not an SmsNotif event: ", .yellow) + Output.clean(errorText ?? ""))
            lines.append("  " + Output.clean(LossyText.decode(shownBody.prefix(2000))))
        }
        return lines
    }

    /// The body without the secret, where it is a form or JSON; anything else as it came.
    private var shownBody: [UInt8] {
        let shown = SecretField.masked(request.body, contentType: request.value("content-type") ?? "")
        // JSON in UTF-16 is read all the same.
        if let message = try? message.get(), !message.secret.isEmpty, shown == request.body {
            return Array("(not shown: the secret in it could not be masked)".utf8)
        }
        return shown
    }

    private var errorText: String? {
        guard case .failure(let error) = message else { return nil }
        switch error {
        case .contentType(let type):
            return type.isEmpty ? "it has no content type" : "content type \(type) is neither a form nor JSON"
        case .malformed(let text): return text
        case .missing(let name): return "\(name) is missing"
        }
    }

    /// A line of `listen --json`.
    struct Report: Encodable {
        let number: Int
        let receivedAt: Timestamp
        let method: String
        let path: String
        let headers: [String: String]
        let contentType: String?
        let type: String?
        let data: [String: Value]?
        let secret: Secret
        let error: String?
        let body: String
        let status: Int

        /// A field of `data` with its type: a form knows only text.
        struct Value: Encodable {
            private let value: SmsNotifMessage.Value

            init(_ value: SmsNotifMessage.Value) { self.value = value }

            func encode(to encoder: any Encoder) throws {
                var container = encoder.singleValueContainer()
                switch value {
                case .text(let text): try container.encode(text)
                case .integer(let number): try container.encode(number)
                case .boolean(let flag): try container.encode(flag)
                case .null: try container.encodeNil()
                }
            }
        }
    }
}
