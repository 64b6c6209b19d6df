/// What Android makes of a dialled string.
///
/// Sources: LineageOS/android_frameworks_opt_telephony src/java/com/android/internal/telephony/gsm/GsmMmiCode.java
/// (`newFromDialString`, `isShortCode`), LineageOS/android_packages_services_Telecomm
/// src/com/android/server/telecom/MmiUtils.java.
struct DialString {
    enum Kind { case ussd, supplementaryService, voiceCall }

    let text: String
    /// `*`, `#`, `*#`, `**` or `##`, where the string has the shape of a service code.
    private(set) var action: String?
    /// Two or three digits.
    private(set) var serviceCode: String?
    /// Up to three values between the stars; empty ones count as absent.
    private var values: [Bool] = []
    /// What stands behind the `#` that closes the code.
    private(set) var rest = ""

    init(_ text: String) {
        self.text = text
        readServiceCode()
    }

    /// `^(\*|#|\*#|\*\*|##)(\d{2,3})(\*[^*#]*){0,4}#(.*)$`. Of the actions the pattern takes the first that lets the
    /// rest match: `*#21#` is `*#` because no digit follows the `*`.
    private mutating func readServiceCode() {
        let bytes = Array(text.utf8)
        let signs = bytes.prefix { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "#") }
        guard (1...2).contains(signs.count), signs.count == 1 || signs != [0x23, 0x2A] else { return }
        let digits = bytes.dropFirst(signs.count).prefix { (0x30...0x39).contains($0) }
        guard (2...3).contains(digits.count) else { return }
        let tail = bytes.dropFirst(signs.count + digits.count)
        guard let end = tail.firstIndex(of: UInt8(ascii: "#")) else { return }
        let arguments = tail[..<end]
        let stars = arguments.count { $0 == UInt8(ascii: "*") }
        guard stars <= 4, arguments.isEmpty || arguments.first == UInt8(ascii: "*") else { return }
        action = String(decoding: signs, as: UTF8.self)
        serviceCode = String(decoding: digits, as: UTF8.self)
        values = arguments.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).dropFirst()
            .prefix(3).map { !$0.isEmpty }
        rest = String(decoding: tail[(end + 1)...], as: UTF8.self)
    }

    private static let services: Set<String> = [
        "21", "67", "61", "62", "002", "004", "30", "31", "33", "331", "332", "35", "351", "330", "333",
        "353", "43",
        "03", "04", "042", "05", "052",
    ]

    /// A short string is sent as USSD outside a call, except two digits that begin with 1. Emergency numbers and the
    /// exceptions of some countries are not told apart.
    private var isShortCode: Bool {
        (1...2).contains(text.utf8.count) && !(text.utf8.count == 2 && text.hasPrefix("1"))
    }

    var kind: Kind {
        if let serviceCode, Self.services.contains(serviceCode) {
            return serviceCode == "31" && !rest.isEmpty ? .voiceCall : .supplementaryService
        }
        return text.hasSuffix("#") || isShortCode ? .ussd : .voiceCall
    }

    private static let forwarding: Set<String> = ["21", "67", "61", "62", "002", "004"]
    private static let verticalCodes: Set<String> = [
        "*09", "*42", "*56", "*60", "*63", "*64", "*68", "*72", "*77", "*78",
    ]

    /// Codes that Telecom gives to the system's dialer instead of sending them, from Android 14 on.
    var isDangerous: Bool {
        guard text.contains("#") else { return Self.verticalCodes.contains(String(text.prefix(3))) }
        return serviceCode.map { Self.forwarding.contains($0) } ?? false
    }

    /// `GsmMmiCode.toString` of the pending code, as builds for users print it.
    func description(state: String) -> String {
        var text = "GsmMmiCode {State=\(state)"
        if let action, let serviceCode { text += " action=\(action) sc=\(serviceCode)" }
        for (name, isThere) in zip(["sia", "sib", "sic"], values) where isThere { text += " \(name)=[****]" }
        text += " poundString=[****]"
        return text + (rest.isEmpty ? "}" : " dialingNumber=[****]}")
    }
}
