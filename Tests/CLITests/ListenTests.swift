import FoundationEssentials
import Glibc
import Platform
import Receiver
import Testing

@testable import CLI

@Suite struct ListenTests {
    private let form = "secret=s3&type=sms&data%5Bid%5D=2&data%5Bsim%5D=1&data%5Bmessage%5D=Hi%0A%1B%5B31m"

    private func request(_ body: String, _ type: String = "application/x-www-form-urlencoded")
        -> ReceivedRequest
    {
        var request = ReceivedRequest(
            method: "POST", target: "/hook", minorVersion: 1,
            fields: [
                .init("Content-Type", type), .init("webhook-id", "x-2"),
                .init("Authorization", "Bearer hush"),
            ],
            body: Array(body.utf8))
        request.number = 1
        request.arrivedMicroseconds = 1_645_684_231_000_500
        return request
    }

    @Test func anEventIsShownWithoutItsSecret() {
        let lines = Arrival(request(form), secret: "s3").lines(Captured().output())
        #expect(
            lines == [
                "#1  2022-02-24 06:30:31  POST /hook  \(form.utf8.count) bytes, answered 200",
                "  content-type: application/x-www-form-urlencoded", "  webhook-id: x-2", "  secret: right",
                "  type: sms", "  data.id: 2", "  data.message: Hi\\n\\u{1b}[31m", "  data.sim: 1",
            ])
        #expect(!lines.joined().contains("hush"))
    }

    @Test func secretsAreCompared() {
        #expect(Arrival(request(form), secret: nil).secret == .unchecked)
        #expect(Arrival(request(form), secret: "s3").secret == .right)
        #expect(Arrival(request(form), secret: "s4").secret == .wrong)
        #expect(Arrival(request("a=b"), secret: "s4").secret == .wrong)
    }

    @Test func theJSONLineKeepsTypes() throws {
        let body =
            #"{"secret":"s3","type":"whatsapp","data":{"id":2,"attachment":false,"wid":null,"phone":"+1"}}"#
        let captured = Captured()
        try captured.output().print(
            json: Arrival(request(body, "application/json"), secret: nil).report, pretty: false)
        let expected =
            #"{"body":"{\"secret\":\"***\",\"type\":\"whatsapp\",\"data\":{\"id\":2,\"attachment\":false,"#
            + #"\"wid\":null,\"phone\":\"+1\"}}","contentType":"application/json","#
            + #""data":{"attachment":false,"id":2,"phone":"+1","wid":null},"headers":{"webhook-id":"x-2"},"#
            + #""method":"POST","number":1,"path":"/hook","receivedAt":"2022-02-24T06:30:31.000Z","#
            + #""secret":"unchecked","status":200,"type":"whatsapp"}"# + "\n"
        #expect(captured.out == expected)
    }

    @Test(arguments: [
        ("application/x-www-form-urlencoded", "secret=s3&type=sms", "secret=***&type=sms"),
        ("application/x-www-form-urlencoded; charset=x", "a=s3&secre%74=s%33", "a=s3&secre%74=***"),
        ("application/x-www-form-urlencoded", "secret=&secret&a%", "secret=&secret&a%"),
        (
            "application/json", #"{ "secret" : "s\"3\\" , "a":["secret"],"b":"s3"}"#,
            #"{ "secret" : "***" , "a":["secret"],"b":"s3"}"#
        ),
        (
            "application/json", #"{"\u0073ecret":"s3","type":"secret","data":{"secret":"s3"}}"#,
            #"{"\u0073ecret":"***","type":"secret","data":{"secret":"***"}}"#
        ),
        ("application/json", #"{"secret":"s3"#, #"{"secret":"***"#),
        ("application/json", #"{"secret":null,"x":"s3"}"#, #"{"secret":null,"x":"s3"}"#),
        ("text/plain", "secret=s3", "secret=s3"),
    ])
    func theSecretFieldIsMaskedInBodies(type: String, body: String, shown: String) throws {
        let arrival = Arrival(request(body, type), secret: nil)
        #expect(arrival.report.body == shown)
        if (try? arrival.message.get()) == nil {
            let lines = arrival.lines(Captured().output())
            #expect(lines.last == "  " + Output.clean(shown))
        }
    }

    @Test func aBodyWhoseSecretCannotBeMaskedIsNotShown() {
        let body = #"{"secret":"s3cr","type":"sms","data":{}}"#
        var wide = request("", "application/json")
        wide.body = body.utf8.flatMap { [$0, 0] }
        let arrival = Arrival(wide, secret: "s3cr")
        #expect(!arrival.report.body.contains("s3cr"))
        #expect(!arrival.lines(Captured().output()).joined().contains("s3cr"))
    }

    @Test(arguments: [
        ("text/plain", "x", "content type text/plain is neither a form nor JSON"),
        ("", "x", "it has no content type"),
        ("application/x-www-form-urlencoded", "secret=a&type=sms", "data is missing"),
        ("application/json", "{", ""),
    ])
    func whatIsNoEventSaysWhy(type: String, body: String, why: String) {
        let report = Arrival(request(body, type), secret: nil).report
        #expect(report.type == nil)
        #expect(why.isEmpty ? report.error != nil : report.error == why)
    }

    @Test func itReceivesCountsAndEnds() async throws {
        let captured = Captured()
        let words = ["listen", "--port", "0", "--count", "2", "--status", "503", "--json"]
        let invocation = try ArgumentParser(table: CommandTable.all).parse(words)
        let context = Context(
            invocation: invocation, output: captured.output(json: true), uid: 0, environment: { _ in nil })
        guard case .service(let body) = Program.start(context) else {
            Issue.record("listen is not a service")
            return
        }
        async let code = body()
        var port: UInt16?
        while port == nil {
            let text = captured.err.split(separator: "127.0.0.1:").last?.prefix { $0.isNumber } ?? ""
            port = UInt16(text)
            try await Task.sleep(for: .milliseconds(5))
        }
        for _ in 0..<2 {
            let answer = try await post(form, port: try #require(port))
            #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        }
        #expect(await code == 0)
        #expect(captured.out.split(separator: "\n").count == 2)
    }

    private func post(_ body: String, port: UInt16) async throws -> String {
        let head =
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Connection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        let socket = FileDescriptor(owning: Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(socket.raw, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(connected == 0)
        try socket.writeAll(Array((head + body).utf8), path: "receiver")
        return await onThread {
            String(decoding: (try? socket.readAll(limit: 65_536, path: "receiver")) ?? [], as: UTF8.self)
        }
    }
}
