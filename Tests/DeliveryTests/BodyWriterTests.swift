import Delivery
import Events
import Testing
import Time

@Suite struct BodyWriterTests {
    @Test func withoutExtendedThereIsNoAttachment() {
        let chat = event(
            2,
            .whatsapp(
                ChatMessage(account: "", sender: "Ann", group: nil, text: "hi", attachment: "http://x/y")))
        let form = text(BodyWriter.body(for: chat, format: .smsnotif).bytes)
        #expect(
            form == "secret=&type=whatsapp&data%5Bid%5D=2&data%5Bwid%5D=&data%5Bphone%5D=Ann"
                + "&data%5Bmessage%5D=hi&data%5Btimestamp%5D=1645684231")
        let json = text(BodyWriter.body(for: chat, format: .smsnotifJSON).bytes)
        #expect(
            json == #"{"secret":"","type":"whatsapp","data":{"id":2,"wid":"","phone":"Ann","message":"hi","#
                + #""timestamp":1645684231}}"#)
    }

    @Test func anUnknownSlotIsZero() {
        let body = BodyWriter.body(
            for: event(2, .ussd(USSDAnswer(code: "*1#", response: "")), slot: nil), format: .smsnotifJSON)
        #expect(text(body.bytes).contains(#""sim":0,"#))
    }

    @Test func withoutAPhoneTimeTheMomentWeSawItCounts() {
        let body = BodyWriter.body(
            for: event(2, .sms(SMSMessage(rowID: 1, sender: "", body: "")), receivedAt: nil),
            format: .smsnotif)
        #expect(text(body.bytes).hasSuffix("data%5Btimestamp%5D=1645684300"))
    }

    @Test func aTimeBefore1970IsRoundedDown() {
        let body = BodyWriter.body(
            for: event(
                2, .sms(SMSMessage(rowID: 1, sender: "", body: "")), receivedAt: WallTime(milliseconds: -1)),
            format: .smsnotif)
        #expect(text(body.bytes).hasSuffix("data%5Btimestamp%5D=-1"))
    }

    @Test(arguments: [
        (Int64.min, "-9223372036854776"), (Int64.min + 807, "-9223372036854776"), (-1001, "-2"),
        (-1000, "-1"),
        (999, "0"), (Int64.max, "9223372036854775"),
    ])
    func anyDateOfAPhoneGivesABody(milliseconds: Int64, seconds: String) {
        let extreme = event(
            2, .sms(SMSMessage(rowID: 1, sender: "", body: "")),
            receivedAt: WallTime(milliseconds: milliseconds))
        #expect(
            text(BodyWriter.body(for: extreme, format: .smsnotif).bytes)
                .hasSuffix("data%5Btimestamp%5D=\(seconds)"))
        #expect(
            text(BodyWriter.body(for: extreme, format: .smsnotifJSON).bytes)
                .hasSuffix(#""timestamp":\#(seconds)}}"#))
    }

    @Test func deviceNotice() {
        let notice = event(5, .device(DeviceNotice(event: "offline", detail: "unplugged, 3 min")))
        #expect(
            text(BodyWriter.body(for: notice, format: .smsnotif).bytes)
                == "secret=&type=device&data%5Bid%5D=5&data%5Bdevice%5D=00000000-0000-0000-d57d-f30cb6a89289"
                + "&data%5Bevent%5D=offline&data%5Bdetail%5D=unplugged%2C+3+min&data%5Btimestamp%5D=1645684231"
        )
        #expect(
            text(BodyWriter.body(for: notice, format: .smsnotifJSON).bytes)
                == #"{"secret":"","type":"device","data":{"id":5,"device":"00000000-0000-0000-d57d-"#
                + #"f30cb6a89289","event":"offline","detail":"unplugged, 3 min","timestamp":1645684231}}"#)
    }

    @Test func pingCarriesNoPhone() {
        let ping = event(6, .ping(Ping(reason: "test")))
        #expect(
            text(BodyWriter.body(for: ping, format: .smsnotif).bytes)
                == "secret=&type=ping&data%5Bid%5D=6&data%5Bdevice%5D=&data%5Bevent%5D=test&data%5Bdetail%5D="
                + "&data%5Btimestamp%5D=1645684231")
        #expect(
            text(BodyWriter.body(for: ping, format: .smsnotifJSON).bytes)
                == #"{"secret":"","type":"ping","data":{"id":6,"device":"","event":"test","detail":"","#
                + #""timestamp":1645684231}}"#)
    }

    @Test func aTextCannotBecomeAnotherField() {
        let forged = SMSMessage(
            rowID: 1, sender: "&secret=x&data[sim]=9",
            body: "\",\"sim\":9,\"x\":\"\r\nRow: 1 _id=2\\\u{0}&data%5Bsim%5D=9\u{2028}")
        let form = text(BodyWriter.body(for: event(2, .sms(forged)), format: .smsnotif).bytes)
        #expect(form.split(separator: "&").count == 9)
        #expect(form.contains("data%5Bphone%5D=%26secret%3Dx%26data%5Bsim%5D%3D9&"))
        #expect(!form.contains("%00"))
        let json = text(BodyWriter.body(for: event(2, .sms(forged)), format: .smsnotifJSON).bytes)
        #expect(
            json.contains(
                #""message":"\",\"sim\":9,\"x\":\"\r\nRow: 1 _id=2\\&data%5Bsim%5D=9"# + "\u{2028}\""))
    }

    @Test func theSecretIsEncodedWhereItStands() {
        let frozen = BodyWriter.body(for: event(6, .ping(Ping(reason: "test"))), format: .smsnotif)
        #expect(frozen.secretOffset == 7)
        #expect(
            text(frozen.filled(secret: "a b&c=é", format: .smsnotif)).hasPrefix(
                "secret=a+b%26c%3D%C3%A9&type="))
        let json = BodyWriter.body(for: event(6, .ping(Ping(reason: "test"))), format: .smsnotifJSON)
        #expect(json.secretOffset == 11)
        #expect(
            text(json.filled(secret: #"a"b\"#, format: .smsnotifJSON)).hasPrefix(#"{"secret":"a\"b\\","type"#)
        )
        #expect(frozen.filled(secret: "", format: .smsnotif) == frozen.bytes)
    }

    @Test(arguments: [nil, -1, 4, Int.max] as [Int?])
    func anOffsetFromADamagedStoreChangesNothing(offset: Int?) {
        let body = FrozenBody(contentType: "text/plain", bytes: [1, 2, 3], secretOffset: offset)
        #expect(body.filled(secret: "s", format: .smsnotif) == [1, 2, 3])
    }
}
