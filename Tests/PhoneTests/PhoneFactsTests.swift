import Events
import Testing

@testable import Phone

@Suite struct PhoneFactsTests {
    private let nonce = "9b1f0c7ae2d84c53a6f0417be83d25c1"

    private func output(_ values: [String]) -> [UInt8] {
        Array(values.enumerated().map { "\($1)\n\(nonce):\($0):0\n" }.joined().utf8)
    }

    private let values = [
        "R58M123", "Google", "Pixel 8", "14", "34", "google/shiba/14", "d57df30cb6a89289",
        "0e9bd6ae-fd4e-4a9c-8a4b-6b6c0a3c4a11", "1760000000", "1", "LOADED,LOADED", "23430,23415",
        "EE,vodafone UK",
    ]

    @Test func everyFieldIsRead() throws {
        let facts = try PhoneFacts(parsing: output(values), nonce: nonce, transportSerial: "usb")
        #expect(facts.identity.serial == "R58M123")
        #expect(facts.identity.androidID == "d57df30cb6a89289")
        #expect(facts.identity.defaultWireID == "00000000-0000-0000-d57d-f30cb6a89289")
        #expect(facts.identity.apiLevel == 34)
        #expect(facts.clockSeconds == 1_760_000_000)
        #expect(facts.bootCompleted)
        #expect(facts.networks == ["23430", "23415"])
        #expect(facts.carriers == ["EE", "vodafone UK"])
        let dump = try SubscriptionDump(parsing: try Corpus.bytes("sms/isub_a14_dual.txt"))
        let sims = facts.sims(dump)
        #expect(sims.map(\.slot) == [1, 2])
        #expect(sims.map(\.subscription) == [2, 3])
        #expect(sims.map(\.network) == ["23430", "23415"])
    }

    @Test func valuesThatForgeMarksOrLinesStayValues() throws {
        var hostile = values
        hostile[2] = "Pixel\n\(String(repeating: "0", count: 32)):2:0\n[ro.serialno]: [x]"
        hostile[12] = "Acme, Inc,EE"
        let facts = try PhoneFacts(parsing: output(hostile), nonce: nonce, transportSerial: "usb")
        #expect(
            facts.identity.model == "Pixel\\n\(String(repeating: "0", count: 32)):2:0\\n[ro.serialno]: [x]")
        #expect(facts.identity.androidVersion == "14")
        #expect(facts.carriers == [])
    }

    @Test func missingValuesAreSaidToBeMissing() throws {
        let facts = try PhoneFacts(
            parsing: output([String](repeating: "", count: 13)), nonce: nonce, transportSerial: "1-2\u{1B}[0m"
        )
        #expect(facts.identity.serial == "1-2\\u{1b}[0m")
        #expect(facts.identity.androidID == nil)
        #expect(facts.clockSeconds == nil)
    }

    @Test func anAnswerCutOffIsRefused() {
        let all = output(values)
        for end in stride(from: 0, to: all.count - 3, by: 7) {
            #expect(throws: PhoneParseError.self) {
                try PhoneFacts(parsing: Array(all[..<end]), nonce: nonce, transportSerial: "usb")
            }
        }
    }
}
