import Delivery
import Testing

@Suite struct PackageRuleTests {
    @Test(arguments: [
        "com.example", "com.example.bank", "org.other", "a.b", "A.B_2.c3_", "android", "com.whatsapp.w4b",
    ])
    func namesOfAppsPass(name: String) throws {
        try PackageRule.check([name])
    }

    @Test(arguments: [
        "", ".", "a", "com", "system", "Android", ".com.a", "com.a.", "com..a", "com.1a", "1com.a", "_com.a",
        "com.a-b", "com.a b", " com.a", "com.a\n", "com.a,org.b", "com.a;reboot", "com.\u{E4}", "com.a\u{0}",
        "com.*",
    ])
    func otherTextDoesNot(name: String) {
        #expect(throws: PackageRefusal.noName(name)) { try PackageRule.check(["com.fine", name]) }
    }

    @Test func aListHasItsLimits() throws {
        try PackageRule.check([])
        try PackageRule.check(Set((1...64).map { "com.a\($0)" }))
        #expect(throws: PackageRefusal.tooMany(65)) {
            try PackageRule.check(Set((1...65).map { "com.a\($0)" }))
        }
        let longest = "com." + String(repeating: "a", count: 251)
        try PackageRule.check([longest])
        #expect(throws: PackageRefusal.tooLong(bytes: 256)) { try PackageRule.check([longest + "a"]) }
        #expect(PackageRefusal.tooMany(65).sentence.contains("at most 64"))
        #expect(PackageRefusal.tooLong(bytes: 256).sentence.contains("at most 255"))
    }
}
