import Base
import Delivery
import Events
import Testing

/// Texts that strangers can send, in the kinds that carry them whole: nothing of them becomes another field.
@Suite struct HostileTextTests {
    /// As a phone might hand it over: line ends, quotes, separators of both formats, what looks like an escape, an emoji,
    /// a NUL, a byte that is not UTF-8, a lone surrogate and a cut-off sequence at the end.
    private static let bytes: [UInt8] =
        Array("a\r\n\"'\\&data[title]=x&=%26+😀".utf8) + [0x00, 0xFF] + Array("b".utf8) + [0xED, 0xA0, 0x80]
        + Array("\u{2028}".utf8) + [0xE2, 0x82]
    private static let form =
        "a%0D%0A%22%27%5C%26data%5Btitle%5D%3Dx%26%3D%2526%2B%F0%9F%98%80%EF%BF%BDb%EF%BF%BD%E2%80%A8%EF%BF%BD"
    private static let json = #"a\r\n\"'\\&data[title]=x&=%26+😀"# + "\u{FFFD}b\u{FFFD}\u{2028}\u{FFFD}"
    private static let hostile = LossyText.decode(bytes)

    @Test func inANotification() {
        let posted = event(
            7,
            EventContent(
                PostedNotification(package: Self.hostile, title: Self.hostile, content: Self.hostile)))
        expect(
            posted,
            form:
                "secret=&type=notification&data%5Bid%5D=7&data%5Bdevice%5D=00000000-0000-0000-d57d-f30cb6a89289"
                + "&data%5Bpackage%5D=\(Self.form)&data%5Btitle%5D=\(Self.form)&data%5Bcontent%5D=\(Self.form)"
                + "&data%5Btimestamp%5D=1645684231",
            json: #"{"secret":"","type":"notification","data":{"id":7,"device":"00000000-0000-0000-d57d-"#
                + #"f30cb6a89289","package":"\#(Self.json)","title":"\#(Self.json)","content":"\#(Self.json)","#
                + #""timestamp":1645684231}}"#)
    }

    @Test func inAnAnswerToACode() {
        expect(
            event(8, EventContent(USSDAnswer(code: Self.hostile, response: Self.hostile)), slot: 2),
            form: "secret=&type=ussd&data%5Bid%5D=8&data%5Bsim%5D=2&data%5Bdevice%5D=00000000-0000-0000-d57d-"
                + "f30cb6a89289&data%5Bcode%5D=\(Self.form)&data%5Bresponse%5D=\(Self.form)"
                + "&data%5Btimestamp%5D=1645684231",
            json: #"{"secret":"","type":"ussd","data":{"id":8,"sim":2,"device":"00000000-0000-0000-d57d-"#
                + #"f30cb6a89289","code":"\#(Self.json)","response":"\#(Self.json)","timestamp":1645684231}}"#
        )
    }

    @Test func inAChat() {
        let chat = ChatMessage(account: "", sender: Self.hostile, group: Self.hostile, text: Self.hostile)
        expect(
            event(9, EventContent(chat)),
            form: "secret=&type=whatsapp&data%5Bid%5D=9&data%5Bwid%5D=&data%5Bphone%5D=\(Self.form)"
                + "&data%5Bmessage%5D=\(Self.form)&data%5Btimestamp%5D=1645684231",
            json: #"{"secret":"","type":"whatsapp","data":{"id":9,"wid":"","phone":"\#(Self.json)","#
                + #""message":"\#(Self.json)","timestamp":1645684231}}"#)
    }

    private func expect(_ event: Event, form: String, json: String) {
        let encoded = BodyFormat.smsnotif.body(of: event).bytes
        #expect(text(encoded) == form)
        #expect(encoded.allSatisfy { (0x21...0x7E).contains($0) })
        let object = BodyFormat.smsnotifJSON.body(of: event).bytes
        #expect(object == Array(json.utf8))
        #expect(object.allSatisfy { $0 >= 0x20 })
    }
}
