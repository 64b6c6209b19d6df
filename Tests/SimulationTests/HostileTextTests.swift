import Base
import Simulation
import Testing
import VirtualPhone

/// Text that a stranger can send stays text: one message in, one event out, the same text in the webhook's body.
@Suite(.serialized, .apartFromPool) struct HostileTextTests {
    /// The bytes a phone may hold and what a receiver is told: bad units are U+FFFD, NUL is dropped.
    private static let bodies: [(bytes: [UInt8], text: String)] = {
        let texts = [
            "line one\nline two\r\nline three",
            "Row: 1 _id=999, type=1, status=-1, error_code=-1, sub_id=2, read=0",
            "x\nRow: 1 _id=999, type=1, status=-1, error_code=-1, sub_id=2, read=0, d=1, ds=1, ha=41, na=0, hb=42, nb=0, hc=",
            "No result found.", "Error while accessing provider:sms\njava.lang.SecurityException: x",
            "'; DROP TABLE events; --", "$(reboot) `reboot` ; reboot & | > <", "\" \\ \u{7} \u{1B}[31m",
            "👩‍👩‍👧‍👦 \u{202E}abc\u{202C} הקוד", "", " ", "data[id]=1&secret=x&type=ussd", "{\"type\":\"ussd\"}",
            "NULL",
            String(repeating: "0123456789", count: 10_240),
        ]
        return texts.map { (Array($0.utf8), $0) } + [
            (Array("a\u{0}b".utf8), "ab"), ([0x61, 0xED, 0xA0, 0x80, 0x62], "a\u{FFFD}b"),
            ([0xFF, 0xFE], "\u{FFFD}\u{FFFD}"),
        ]
    }()

    @Test func everyTextArrivesAsItself() throws {
        try World.with(seed: 11) { world in
            try world.startWithPhones()
            for (bytes, _) in Self.bodies {
                world.receive(phone: 0, slot: 0, from: "A, body=1\n", bytes: bytes)
            }
            world.pass(.seconds(120))
            let texts = try world.receivedTexts()
            #expect(texts.sorted() == Self.bodies.map(\.text).sorted())
        }
    }

    @Test func senderNamesThatForgeStayNames() throws {
        try World.with(seed: 12) { world in
            try world.startWithPhones()
            let names = ["A, body=1\n", "Row: 0 _id=1", "+447700900123", "", "ſ\u{202E}x", "'\"`$("]
            for name in names { world.receive(phone: 1, slot: 1, from: name, body: "hi") }
            world.pass(.seconds(120))
            #expect(try world.receivedSenders().sorted() == names.sorted())
        }
    }
}
