import Delivery
import Testing

@Suite struct FormWriterTests {
    @Test func printableASCIIAsPHPWritesIt() {
        let all = String(decoding: Array(0x20...0x7E) as [UInt8], as: UTF8.self)
        #expect(
            text(FormWriter.escape(all))
                == "+%21%22%23%24%25%26%27%28%29%2A%2B%2C-.%2F0123456789%3A%3B%3C%3D%3E%3F%40"
                + "ABCDEFGHIJKLMNOPQRSTUVWXYZ%5B%5C%5D%5E_%60abcdefghijklmnopqrstuvwxyz%7B%7C%7D%7E")
    }

    @Test func everyOtherByteIsEscapedAndNULDropped() {
        #expect(text(FormWriter.escape("\u{1}\n\r\u{7F}\u{0}é")) == "%01%0A%0D%7F%C3%A9")
    }

    @Test func valuesAsPHPWritesThem() {
        let body = FormWriter.encode([
            BodyField("a", .integer(.min)), BodyField("b", .flag(true)), BodyField("c", .flag(false)),
            BodyField("d", .null), BodyField("e", .text("")), BodyField("f", .group([])),
            BodyField("g h", .group([BodyField("i[", .group([BodyField("j", .integer(1))]))])),
            BodyField("k", .group([BodyField("l", .null)])),
            BodyField("m", .list([.integer(1), .group([BodyField("n", .text("2"))])])),
            BodyField("o", .list([])),
        ])
        #expect(
            text(body.bytes)
                == "a=-9223372036854775808&b=1&c=0&e=&g+h%5Bi%5B%5D%5Bj%5D=1&m%5B0%5D=1&m%5B1%5D%5Bn%5D=2")
        #expect(body.secretOffset == nil)
    }

    @Test func theSecretMayStandAnywhere() {
        let body = FormWriter.encode([
            BodyField("a", .text("1")),
            BodyField("d", .group([BodyField("s", .secret), BodyField("t", .text("2"))])),
        ])
        #expect(text(body.bytes) == "a=1&d%5Bs%5D=&d%5Bt%5D=2")
        #expect(body.secretOffset == 13)
    }
}

@Suite struct JSONWriterTests {
    @Test func controlCharactersAreEscapedAndNothingElse() {
        #expect(
            text(JSONWriter.escape("\u{0}\u{1}\u{8}\t\n\u{B}\u{C}\r\u{1F}\"\\/\u{7F}é😀\u{2028}"))
                == #"\u0001\b\t\n\u000b\f\r\u001f\"\\/"# + "\u{7F}é😀\u{2028}")
    }

    @Test func values() {
        let body = JSONWriter.encode([
            BodyField("a", .integer(.max)), BodyField("b", .flag(true)), BodyField("c", .flag(false)),
            BodyField("d", .null), BodyField("\"", .text("")), BodyField("f", .group([])),
            BodyField("g", .group([BodyField("h", .secret), BodyField("i", .integer(-1))])),
            BodyField("j", .list([.null, .text("k"), .list([])])),
        ])
        #expect(
            text(body.bytes)
                == #"{"a":9223372036854775807,"b":true,"c":false,"d":null,"\"":"","f":{},"g":{"h":"","i":-1},"j":[null,"k",[]]}"#
        )
        #expect(body.secretOffset == 78)
    }
}
