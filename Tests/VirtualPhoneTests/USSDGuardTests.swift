import Phone
import Testing

@testable import VirtualPhone

/// The guard against a telephone that sorts codes as Android does and was written apart from it.
@Suite struct USSDGuardTests {
    private static let actions = ["", "*", "#", "*#", "**", "##", "#*"]

    /// Every service code of one to three digits with every action, with and without arguments: what the guard lets
    /// through goes to the network as USSD, and is neither a call nor a setting.
    @Test(arguments: actions) func whatIsLetThroughIsUSSDOnThePhone(action: String) throws {
        let user = try PhoneUser(release: 13)
        user.phone.setUSSDNetwork { _, _ in .ended(mode: 2) }
        var taken = 0
        for number in 0..<1000 {
            for digits in Set(["\(number)", "0\(number)", "00\(number)"]) where digits.utf8.count <= 3 {
                for rest in ["", "*1", "*1*2", "*1*2*3", "*", "#", "#1"] {
                    guard let code = try? USSDCode(action + digits + rest + "#") else { continue }
                    taken += 1
                    // The phone is asked about those that mean something to Android, and a sample of the others.
                    guard taken % 16 == 0 || digits.utf8.count == 2 || digits.hasPrefix("0") else { continue }
                    let link = "tel:" + code.text.replacing("#", with: "%23")
                    _ = try user.run(
                        "am start -a android.intent.action.CALL -n com.android.server.telecom/"
                            + ".components.UserCallActivity -d '\(link)'")
                    user.phone.closeUSSDDialogs()
                }
            }
        }
        #expect(user.phone.voiceCalls == [])
        #expect(user.phone.serviceCodes == [])
        #expect((taken > 0) == ["", "*", "#", "*#"].contains(action))
    }
}
