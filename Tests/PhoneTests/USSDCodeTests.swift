import Testing

@testable import Phone

@Suite struct USSDCodeTests {
    private func refusal(_ text: String) -> String? {
        do throws(USSDRefusal) {
            _ = try USSDCode(text)
            return nil
        } catch {
            return error.sentence
        }
    }

    @Test(arguments: [
        "*143#", "*100#", "*111*1#", "#100#", "*#100#", "*1#", "123#", "*1234#", "*145*12345678901234567890#",
        "*10*2#",
    ])
    func aQuestionToTheNetworkMayBeDialled(text: String) throws {
        let code = try USSDCode(text)
        #expect(code.text == text)
        #expect(code.link == "tel:" + text.dropLast().replacing("#", with: "%23") + "%23")
    }

    @Test(arguments: [
        ("", "has only the characters"), ("*143", "does not end in #"), ("*143#1", "does not end in #"),
        ("*1a#", "has only the characters"), ("*143# ", "has only the characters"),
        ("*143#\n", "has only the characters"),
        ("*143#;reboot", "has only the characters"), ("'*143#'", "has only the characters"),
        ("＊143#", "has only the characters"), ("*١#", "has only the characters"),
        ("+143#", "has only the characters"),
        ("*143,1#", "has only the characters"), ("1#", "too short"), ("#", "too short"), ("*#", "too short"),
        ("##", "too short"), ("*" + String(repeating: "1", count: 39) + "#", "41 characters"),
    ])
    func otherFormsAreRefused(text: String, why: String) { #expect(refusal(text)?.contains(why) == true) }

    @Test(arguments: [
        ("**04*1111*2222*2222#", "begin with **"), ("*04*1111*2222*2222#", "PIN"), ("#042#", "PIN"),
        ("*05*12345678*1111*1111#", "PIN"), ("*052#", "PIN"), ("*03*330*1*2*2#", "password"),
        ("*21*123#", "forwarding"), ("#21#", "forwarding"), ("*#21#", "forwarding"), ("##002#", "erase"),
        ("*002*1#", "forwarding"), ("#004#", "forwarding"), ("*62#", "forwarding"), ("*67#", "forwarding"),
        ("*61*1**10#", "two keys"), ("*22*1#", "forwarding"), ("*33*0000#", "barring"), ("#35#", "barring"),
        ("*#330#", "barring"), ("*156*1#", "barring"), ("*43#", "waiting"), ("*#43#", "waiting"),
        ("#31#", "identity"),
        ("*30#", "identity"), ("*77#", "identity"), ("*300#", "identity"),
    ])
    func settingsOfTheNetworkAreRefused(text: String, why: String) {
        #expect(refusal(text)?.contains(why) == true)
    }

    @Test(arguments: [
        ("*#*#4636#*#*", "does not end in #"), ("*#*#4636#", "secret codes"),
        ("*#06#", "belong to the phone"),
        ("*#07#", "belong to the phone"), ("*#0*#", "two keys"),
        ("*#7780#", "belong to the phone"),
        ("*2767*3855#", "erases"), ("#7780#", "erases"), ("***1#", "no USSD code begins"),
        ("#*1#", "no USSD code begins"),
        ("*#31#5551234#", "middle"), ("*100#200#", "middle"), ("*100**#", "two keys"), ("*100*#", "two keys"),
        ("112#", "emergency"), ("911#", "emergency"), ("*145*998901234567*500#", "transfers"),
        ("*1*2*3*4*5*6*7*8#", "transfers"),
    ])
    func codesOfThePhoneAndPurchasesAreRefused(text: String, why: String) {
        #expect(refusal(text)?.contains(why) == true)
    }

    @Test func everyShortStringIsRefusedOrOfTheOneForm() {
        // All strings of up to five keys out of four: whatever is let through has the form that the comment states.
        var strings: [[UInt8]] = [[]]
        for _ in 0..<5 { strings += strings.flatMap { text in Array("*#12".utf8).map { text + [$0] } } }
        var taken: Set<String> = []
        for text in strings.map({ String(decoding: $0, as: UTF8.self) }) where refusal(text) == nil {
            taken.insert(text)
            var scanner = ByteScanner(Array(text.utf8)[...])
            _ = scanner.accept("*#") || scanner.accept("*") || scanner.accept("#")
            #expect(!scanner.digits().isEmpty)
            if scanner.accept("*") { #expect(!scanner.digits().isEmpty) }
            #expect(scanner.accept("#") && scanner.isAtEnd)
        }
        #expect(taken.contains("*111#") && taken.contains("#1*2#") && !taken.contains("*21#"))
    }

    @Test func menuAnswersAreKeysAndNeverRepeated() throws {
        try USSDMenuAnswers.check([])
        try USSDMenuAnswers.check(["1", "*0#", String(repeating: "9", count: 40)])
        for secret in ["", "12 34", "1'2", "abc", "$(reboot)", "１", String(repeating: "9", count: 41)] {
            do throws(USSDRefusal) {
                try USSDMenuAnswers.check(["1", secret])
                Issue.record("\(secret) was taken")
            } catch {
                #expect(error.sentence.contains("menu answer 2"))
                #expect(secret.isEmpty || !error.sentence.contains(secret))
            }
        }
        do throws(USSDRefusal) {
            try USSDMenuAnswers.check(Array(repeating: "1", count: 11))
            Issue.record("eleven answers were taken")
        } catch {
            #expect(error.sentence.contains("11 menu answers"))
        }
    }
}
