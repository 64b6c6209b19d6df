import Delivery
import HTTP
import Testing

/// A server with `script`, a client, and what the client says of one request to it.
func exchange(
    limits: CurlLimits = CurlLimits(), request: (inout HTTPRequest) -> Void = { _ in },
    _ script: @escaping @Sendable (_ request: Int) -> [ScriptedServer.Step]
) async throws -> (result: HTTPResult, seen: ScriptedServer.Seen) {
    let server = try ScriptedServer(script)
    defer { server.stop() }
    let client = try CurlClient(limits: limits)
    var asked = post(to: server)
    request(&asked)
    let result = await client.send(asked)
    await client.close()
    return (result, server.counts)
}

extension CurlLimits {
    /// Connections are kept however long the machine is busy with other tests.
    static var patient: CurlLimits {
        var limits = CurlLimits()
        limits.idleSeconds = 3600
        return limits
    }
}

func post(to server: ScriptedServer, _ body: String = "a=1") -> HTTPRequest {
    HTTPRequest(
        url: "http://127.0.0.1:\(server.port)/hook",
        headers: [HTTPField("Content-Type", "text/plain"), HTTPField("x-test", "1")], body: Array(body.utf8))
}

extension HTTPResult {
    var answer: HTTPAnswer? {
        if case .answered(let answer) = self { answer } else { nil }
    }

    var failure: HTTPFailure? {
        if case .failed(let failure) = self { failure } else { nil }
    }
}
