import Control
import Platform
import Receiver

/// `phonewire listen`.
enum ListenCommand {
    /// The port when none is asked for.
    static let portUsual = 8787
    /// Requests that may wait for the printer; what comes beyond is answered with 503.
    static let waitingMax = 1000

    static let spec = CommandSpec(
        "listen", "receive webhooks on this computer and print them",
        details: [
            "A receiver for trying things out, on 127.0.0.1 alone. It answers each request with 200, or with --status; "
                + "with --secret-file a request without that secret gets 401.",
            "With --json each request is one line; \"body\" is the body as it came, but for the field \"secret\" of a "
                + "form or of JSON, which is masked. Bodies of other types are printed whole: what is secret in them "
                + "is not known.",
        ],
        options: [
            .value("port", "N", "port, \(portUsual) when not said, 0 for any free one"),
            .value(
                "secret-file", "FILE", "check the secret against the first line of this file", kind: .file),
            .value("status", "CODE", "answer with this status, 200 to 599"),
            .value("count", "N", "end after N requests"),
        ],
        examples: [
            ("listen", "prints what webhooks send to http://127.0.0.1:\(portUsual)/"),
            ("listen --status 500 --count 3", "fails three times, to see deliveries being retried"),
        ],
        action: .service { (context) async throws(CommandFailure) in try await run(context) })

    private static func run(_ context: Context) async throws(CommandFailure) -> ExitCode {
        let invocation = context.invocation
        let port = try invocation.number("port", in: 0...65_535, standard: portUsual)
        let status = try invocation.number("status", in: 200...599, standard: 200)
        let count = try invocation.number("count", in: 1...Int.max, standard: Int.max)
        let secret: String? =
            if let file = invocation.value("secret-file") { try SecretInput.firstLine(ofFile: file) } else {
                nil
            }
        let (arrivals, source) = AsyncStream.makeStream(
            of: Arrival.self, bufferingPolicy: .bufferingOldest(waitingMax))
        let server = try server(port: UInt16(port)) { request in
            var arrival = Arrival(request, secret: secret)
            arrival.status = arrival.secret == .wrong ? 401 : status
            guard case .enqueued = source.yield(arrival) else {
                return .status(503, "too many requests at once\n")
            }
            return .status(arrival.status)
        }
        defer { server.stop() }
        context.output.message("listening on \(server.url()); stop with Ctrl-C")
        var left = count
        for await arrival in arrivals {
            if context.output.json {
                try context.output.print(json: arrival.report, pretty: false)
            } else {
                try context.output.lines(arrival.lines(context.output))
            }
            left -= 1
            if left == 0 { break }
        }
        return .ok
    }

    private static func server(
        port: UInt16, handler: @escaping ReceiverServer.Handler
    ) throws(CommandFailure) -> ReceiverServer {
        do throws(SystemError) {
            return try ReceiverServer(port: port, handler: handler)
        } catch {
            throw .failed(
                .failed, message: "cannot listen on 127.0.0.1 port \(port): \(error)",
                hint: "something else uses that port: choose another --port, or 0")
        }
    }
}
