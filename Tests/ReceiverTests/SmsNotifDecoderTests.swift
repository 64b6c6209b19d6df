import Testing

@testable import Receiver

/// The examples of the format's published description and what a PHP receiver reads in them.
@Suite struct SmsNotifDecoderTests {
    private let hardForm =
        "secret=b7f1d7a2c0e94f3c8a51&type=sms&data%5Bid%5D=2&data%5Brid%5D=10593&data%5Bsim%5D=1&data%5Bdevice%5D="
        + "00000000-0000-0000-d57d-f30cb6a89289&data%5Bphone%5D=GCash&data%5Bmessage%5D=C%C3%B3digo%3A+123456+%F0%9F%98%80"
        + "%0AA%2BB%3DC+%26+100%25+%7Eok%7E+%2Anow%2A+%22x%22+%27y%27+%28z%29+%5Bq%5D+a%2Fb&data%5Btimestamp%5D=1645684231"
    private let hardJSON =
        #"{"secret":"b7f1d7a2c0e94f3c8a51","type":"sms","data":{"id":2,"rid":10593,"sim":1,"device":"00000000-0000-0000-d57d-f30cb6a89289","phone":"GCash","message":"Código: 123456 😀\nA+B=C & 100% ~ok~ *now* \"x\" 'y' (z) [q] a/b","timestamp":1645684231}}"#

    private func request(_ type: String, _ body: String) -> ReceivedRequest {
        ReceivedRequest(
            method: "POST", target: "/", minorVersion: 1, fields: [ReceivedField("Content-Type", type)],
            body: Array(body.utf8))
    }

    @Test func formAndJSONSayTheSame() throws {
        let form = try SmsNotifDecoder.decode(
            request("application/x-www-form-urlencoded; charset=utf-8", hardForm))
        let json = try SmsNotifDecoder.decode(request("application/json", hardJSON))
        for message in [form, json] {
            #expect(message.secret == "b7f1d7a2c0e94f3c8a51")
            #expect(message.type == "sms")
            #expect(
                message.text("message") == "Código: 123456 😀\nA+B=C & 100% ~ok~ *now* \"x\" 'y' (z) [q] a/b")
            #expect(message.integer("rid") == 10593)
            #expect(message.text("phone") == "GCash")
            #expect(message.fields.count == 7)
        }
        #expect(form.fields["id"] == .text("2"))
        #expect(json.fields["id"] == .integer(2))
    }

    @Test func falseAndNull() throws {
        let json = try SmsNotifDecoder.json(
            Array(#"{"secret":"","type":"whatsapp","data":{"attachment":false,"wid":null}}"#.utf8))
        #expect(json.text("attachment") == "0")
        #expect(json.text("wid") == nil)
        let form = try SmsNotifDecoder.form(
            Array("secret=&type=whatsapp&data[attachment]=0&data[attachment]=1".utf8))
        #expect(form.text("attachment") == "1", "the last of two counts")
    }

    @Test(arguments: [
        "", "secret=a&type=sms", "type=sms&data%5Bid%5D=1", "secret=a&data%5Bid%5D=1",
        "secret=a&type=b&data%5Bid=1",
        "secret=a&type=b&data%5B%5D=1", "secret=a&type=b&data%5Ba%5D%5Bb%5D=1",
        "secret=%2&type=b&data%5Ba%5D=1",
        "secret=%zz&type=b&data%5Ba%5D=1", "secret=%FF&type=b&data%5Ba%5D=1",
        "x%5Ba%5D=1&secret=a&type=b&data%5Ba%5D=1",
    ])
    func refusesForms(_ body: String) {
        #expect(throws: SmsNotifError.self) { try SmsNotifDecoder.form(Array(body.utf8)) }
    }

    @Test(arguments: [
        "", "[]", "{", #"{"secret":"a","type":"b"}"#, #"{"secret":"a","type":"b","data":[]}"#,
        #"{"secret":"a","type":"b","data":{"x":{}}}"#, #"{"secret":1,"type":"b","data":{}}"#,
    ])
    func refusesJSON(_ body: String) {
        #expect(throws: SmsNotifError.self) { try SmsNotifDecoder.json(Array(body.utf8)) }
    }

    @Test func refusesOtherTypes() {
        #expect(throws: SmsNotifError.contentType("text/plain")) {
            try SmsNotifDecoder.decode(request("text/plain", hardForm))
        }
    }
}
