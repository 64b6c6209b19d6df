import Base
import Delivery
import Events
import Testing

@Suite struct BodyWriterTests {
    @Test func withoutExtendedThereIsNoAttachment() {
        let chat = event(
            2,
            EventContent(
                ChatMessage(account: "", sender: "Ann", group: nil, text: "hi", attachment: "http://x/y")))
        let form = text(BodyFormat.smsnotif.body(of: chat).bytes)
        #expect(
            form == "secret=&type=whatsapp&data%5Bid%5D=2&data%5Bwid%5D=&data%5Bphone%5D=Ann"
                + "&data%5Bmessage%5D=hi&data%5Btimestamp%5D=1645684231")
        let json = text(BodyFormat.smsnotifJSON.body(of: chat).bytes)
        #expect(
            json == #"{"secret":"","type":"whatsapp","data":{"id":2,"wid":"","phone":"Ann","message":"hi","#
                + #""timestamp":1645684231}}"#)
    }

    @Test func anUnknownSlotIsZero() {
        let body = BodyFormat.smsnotifJSON.body(
            of: event(2, EventContent(USSDAnswer(code: "*1#", response: "")), slot: nil))
        #expect(text(body.bytes).contains(#""sim":0,"#))
    }

    @Test func withoutAPhoneTimeTheMomentWeSawItCounts() {
        let body = BodyFormat.smsnotif.body(
            of: event(2, EventContent(SMSMessage(rowID: 1, sender: "", body: "")), receivedAt: nil))
        #expect(text(body.bytes).hasSuffix("data%5Btimestamp%5D=1645684300"))
    }

    @Test func aTimeBefore1970IsRoundedDown() {
        let body = BodyFormat.smsnotif.body(
            of: event(
                2, EventContent(SMSMessage(rowID: 1, sender: "", body: "")),
                receivedAt: WallTime(milliseconds: -1)))
        #expect(text(body.bytes).hasSuffix("data%5Btimestamp%5D=-1"))
    }

    @Test(arguments: [
        (Int64.min, "-9223372036854776"), (Int64.min + 807, "-9223372036854776"), (-1001, "-2"),
        (-1000, "-1"),
        (999, "0"), (Int64.max, "9223372036854775"),
    ])
    func anyDateOfAPhoneGivesABody(milliseconds: Int64, seconds: String) {
        let extreme = event(
            2, EventContent(SMSMessage(rowID: 1, sender: "", body: "")),
            receivedAt: WallTime(milliseconds: milliseconds))
        #expect(
            text(BodyFormat.smsnotif.body(of: extreme).bytes)
                .hasSuffix("data%5Btimestamp%5D=\(seconds)"))
        #expect(
            text(BodyFormat.smsnotifJSON.body(of: extreme).bytes)
                .hasSuffix(#""timestamp":\#(seconds)}}"#))
    }

    @Test func aTextCannotBecomeAnotherField() {
        let forged = SMSMessage(
            rowID: 1, sender: "&secret=x&data[sim]=9",
            body: "\",\"sim\":9,\"x\":\"\r\nRow: 1 _id=2\\\u{0}&data%5Bsim%5D=9\u{2028}")
        let form = text(BodyFormat.smsnotif.body(of: event(2, EventContent(forged))).bytes)
        #expect(form.split(separator: "&").count == 9)
        #expect(form.contains("data%5Bphone%5D=%26secret%3Dx%26data%5Bsim%5D%3D9&"))
        #expect(!form.contains("%00"))
        let json = text(BodyFormat.smsnotifJSON.body(of: event(2, EventContent(forged))).bytes)
        #expect(
            json.contains(
                #""message":"\",\"sim\":9,\"x\":\"\r\nRow: 1 _id=2\\&data%5Bsim%5D=9"# + "\u{2028}\""))
    }

    @Test func theSecretIsEncodedWhereItStands() {
        let answer = event(6, EventContent(USSDAnswer(code: "*1#", response: "test")))
        let form = BodyFormat.smsnotif
        let frozen = form.body(of: answer)
        #expect(frozen.secretOffset == 7)
        #expect(text(form.fill(frozen, secret: "a b&c=é")).hasPrefix("secret=a+b%26c%3D%C3%A9&type="))
        let json = BodyFormat.smsnotifJSON.body(of: answer)
        #expect(json.secretOffset == 11)
        #expect(
            text(BodyFormat.smsnotifJSON.fill(json, secret: #"a"b\"#)).hasPrefix(
                #"{"secret":"a\"b\\","type"#))
        #expect(form.fill(frozen, secret: "") == frozen.bytes)
    }

    @Test(arguments: [nil, -1, 4, Int.max] as [Int?])
    func anOffsetFromADamagedStoreChangesNothing(offset: Int?) {
        let body = FrozenBody(contentType: "text/plain", bytes: [1, 2, 3], secretOffset: offset)
        #expect(BodyFormat.smsnotif.fill(body, secret: "s") == [1, 2, 3])
    }

    @Test func everyFormatIsDescribedAndMakesABodyOfEveryKind() {
        #expect(Set(BodyFormat.all.map(\.name)).count == BodyFormat.all.count)
        for format in BodyFormat.all {
            #expect(!format.summary.isEmpty)
            #expect(BodyFormat.named(format.name) == format)
            for kind in EventKind.described {
                let sample = EventContent(kind.sample(text: "sample text"))
                let body = format.body(of: event(1, sample))
                #expect(!body.contentType.isEmpty && !body.bytes.isEmpty)
                #expect(format.body(of: event(1, sample)) == body)
            }
        }
        #expect(BodyFormat.named("xml") == nil)
    }
}
