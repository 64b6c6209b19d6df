import Base
import Testing

@Suite struct HexTests {
    @Test func everyByteComesBack() {
        let all = (0...255).map { UInt8($0) }
        #expect(Hex.encode([0x00, 0x0F, 0xA5, 0xFF]) == "000fa5ff")
        #expect(Hex.encode([]).isEmpty)
        #expect(Hex.decode(Hex.encode(all).utf8) == all)
        #expect(Hex.decode(Hex.encode(all).uppercased().utf8) == all)
        #expect(Hex.decode("".utf8) == [])
    }

    @Test(arguments: ["0", "abc", "0g", "g0", " 0", "0x", "é", "00\n0", "/0", ":0", "@0", "`0"])
    func anythingElseIsRefused(text: String) {
        #expect(Hex.decode(text.utf8) == nil)
    }
}

@Suite struct LittleEndianTests {
    private let bytes: [UInt8] = [0x78, 0x56, 0x34, 0x12, 0xFF, 0xFF, 0xFF, 0xFF]

    @Test func wordsAreReadAtAnyOffset() {
        #expect(LittleEndian.word(bytes, at: 0) == 0x1234_5678)
        #expect(LittleEndian.word(bytes, at: 1) == 0xFF12_3456)
        #expect(LittleEndian.word(bytes, at: 4) == .max)
        // Offsets count from a slice's own start.
        #expect(LittleEndian.word(bytes[1...], at: 3) == .max)
    }

    @Test(arguments: [-1, 5, 8, 100, Int.max, Int.min])
    func outsideIsNil(offset: Int) {
        #expect(LittleEndian.word(bytes, at: offset) == nil)
    }

    @Test func wordsAreAppended() {
        var out: [UInt8] = [1]
        LittleEndian.append(0x1234_5678, to: &out)
        LittleEndian.append(0, to: &out)
        #expect(out == [1, 0x78, 0x56, 0x34, 0x12, 0, 0, 0, 0])
    }
}
