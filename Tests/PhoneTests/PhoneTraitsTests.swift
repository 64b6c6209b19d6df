import Events
import Testing

@testable import Phone

/// The tables of versions and makers, as people and sources see them.
@Suite struct PhoneTraitsTests {
    private func traits(_ manufacturer: String = "Google", apiLevel: Int = 34) -> PhoneTraits {
        PhoneTraits(
            PhoneIdentity(
                serial: "S", androidID: nil, manufacturer: manufacturer, model: "M", androidVersion: "",
                apiLevel: apiLevel, fingerprint: ""))
    }

    @Test(arguments: [
        (0, false, false), (25, false, false), (26, false, true), (32, false, true), (33, true, true),
        (99, true, true),
    ])
    func abilitiesFollowTheVersion(apiLevel: Int, notifications: Bool, ussd: Bool) {
        let traits = traits(apiLevel: apiLevel)
        #expect((traits.lack(of: .notificationLengths) == nil) == notifications)
        #expect((traits.lack(of: .ussdTexts) == nil) == ussd)
    }

    @Test func whatIsLackingIsSaid() {
        #expect(
            traits(apiLevel: 30).lack(of: .notificationLengths)
                == "app notifications are read on Android 13 and later; this phone has API level 30")
        #expect(
            traits(apiLevel: 25).lack(of: .ussdTexts)
                == "USSD needs Android 8 or later: older phones do not tell the answer")
    }

    @Test(arguments: [
        (-1, PhoneTraits.VoiceSIMRoute.telecomByCardNumber), (0, .telecomByCardNumber),
        (29, .telecomByCardNumber), (30, .serviceCall), (32, .serviceCall), (33, .telecomBySubscription),
        (.max, .telecomBySubscription),
    ])
    func theSIMForCallsIsChosenByTheVersion(apiLevel: Int, route: PhoneTraits.VoiceSIMRoute) {
        #expect(traits(apiLevel: apiLevel).voiceSIMRoute == route)
    }

    @Test(arguments: [
        ("Xiaomi", "\"USB debugging (Security settings)\""),
        ("POCO", "\"USB debugging (Security settings)\""),
        ("redmi", "\"USB debugging (Security settings)\""), ("OPPO", "\"Disable permission monitoring\""),
        ("realme", "\"Disable permission monitoring\""), ("OnePlus", "\"Disable permission monitoring\""),
    ])
    func aMakersSwitchIsNamed(manufacturer: String, name: String) {
        let traits = traits(manufacturer)
        for sentence in [traits.allowReading, traits.smsDenied, traits.allowKeys, traits.setup[0]] {
            #expect(sentence.contains(name), "\(sentence)")
        }
    }

    @Test func aPhoneWithoutARowGetsWhatHoldsForAll() {
        for manufacturer in ["Google", "", "Xiaomi2", "xiaomi\\n"] {
            let traits = traits(manufacturer)
            #expect(
                traits.smsDenied
                    == "the phone does not let the shell read SMS (Android 6 to 9 only do where the maker added it; later ones need USB debugging "
                    + "(security settings) or a like switch in developer options)")
            #expect(
                traits.allowKeys
                    == "If the phone has it, switch on \"USB debugging (Security settings)\" in its developer options"
            )
            #expect(traits.setup == ["unlock it once after each restart: its messages cannot be read before"])
        }
        #expect(traits("samsung").smsDenied == traits().smsDenied)
        #expect(traits("samsung").setup.first?.contains("Auto Blocker") == true)
    }

    @Test func eachRowSaysWhereItIsKnownFromAndNoMakerHasTwo() {
        for knownFrom in PhoneTraits.versions.map(\.knownFrom) + PhoneTraits.makers.map(\.knownFrom)
            + PhoneTraits.pushServices.map(\.knownFrom)
        {
            #expect(!knownFrom.isEmpty)
        }
        let names = PhoneTraits.makers.flatMap(\.manufacturers)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0 == $0.lowercased() })
    }

    @Test func onlyAPushServiceNamesAnotherApp() {
        #expect(PhoneTraits.pushTargetKeys("com.xiaomi.xmsf").count == 3)
        #expect(PhoneTraits.pushTargetKeys("com.example.bank").isEmpty)
    }
}
