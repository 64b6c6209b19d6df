import Base

/// A USSD code that may be dialled: a harmless question to the network, as far as its form tells.
///
/// First version of the guard, built to refuse too much rather than too little. A code is sorted by the pattern that
/// Android sorts it by (LineageOS/android_frameworks_opt_telephony `gsm/GsmMmiCode.java`, 3GPP TS 22.030 6.5.2):
/// an action (`*`, `#`, `*#`, `**`, `##`), a service code, arguments behind `*`, and the `#` that ends it. Whatever
/// is not of the form `(* | # | *# | nothing) digits (* digits)? #` is refused, and of that form every service code
/// that Android takes for a setting of the SIM card or the network.
package struct USSDCode: Sendable, Equatable {
    /// Longest code, in characters: a service code and one argument. The network's own limit is 160.
    package static let charactersMax = 40
    /// Shortest code: Android takes one and two characters for orders about a call.
    package static let charactersMin = 3

    /// The code; only `0` to `9`, `*` and `#`, with `#` at its end.
    package let text: String

    /// The code as the telephone link that dials it: only `#` needs its percent form, a bare one would be cut off and
    /// a call placed (aosp-mirror/platform_frameworks_base `core/java/android/net/Uri.java`).
    var link: String { "tel:" + text.replacing("#", with: "%23") }

    /// Checks `text`.
    package init(_ text: String) throws(USSDRefusal) {
        let characters = Array(text.utf8)
        guard !characters.isEmpty, characters.allSatisfy({ Self.isKey($0) }) else {
            throw USSDRefusal("a USSD code has only the characters 0 to 9, * and #")
        }
        guard characters.last == Self.pound else {
            throw USSDRefusal(
                "the code does not end in #: the phone would place a call instead of asking the network")
        }
        guard characters.count >= Self.charactersMin else {
            throw USSDRefusal(
                "the code is too short: the phone takes one or two characters for an order about a call")
        }
        guard characters.count <= Self.charactersMax else {
            throw USSDRefusal(
                "the code has \(characters.count) characters; at most \(Self.charactersMax) are dialled")
        }
        try Self.check(characters)
        self.text = text
    }

    private static let star = UInt8(ascii: "*")
    private static let pound = UInt8(ascii: "#")

    static func isKey(_ byte: UInt8) -> Bool { byte.isDigit || byte == star || byte == pound }

    private static func check(_ characters: [UInt8]) throws(USSDRefusal) {
        let action = characters.prefix { $0 == star || $0 == pound }
        if characters.starts(with: Array("*#*#".utf8)) {
            throw USSDRefusal(
                "codes that begin with *#*# are secret codes of the phone's dialer, no question to the network"
            )
        }
        if action.elementsEqual("**".utf8) || action.elementsEqual("##".utf8) {
            throw USSDRefusal("codes that begin with ** or ## change or erase a setting of the network")
        }
        guard action.count <= 1 || action.elementsEqual("*#".utf8) else {
            throw USSDRefusal("the code begins with keys that no USSD code begins with")
        }
        let body = characters.dropFirst(action.count).dropLast()
        guard !body.contains(pound) else {
            throw USSDRefusal(
                "the code has a # in its middle: what stands behind it may be a number that is called")
        }
        let parts = body.split(separator: star, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty }) else {
            throw USSDRefusal("the code has two keys * or # in a row where a number belongs")
        }
        let service = String(decoding: parts.first ?? [], as: UTF8.self)
        if action.elementsEqual("*#".utf8), service.first == "0" || service.count > 3 {
            throw USSDRefusal("codes such as *#06# belong to the phone itself, not to the network")
        }
        if let meaning = USSDServiceCode.meaning(of: service) { throw USSDRefusal(meaning) }
        if action.isEmpty, USSDServiceCode.emergencyNumbers.contains(where: { service.hasPrefix($0) }) {
            throw USSDRefusal("the code begins with an emergency number")
        }
        guard parts.count <= 2 else {
            throw USSDRefusal(
                "the code has \(parts.count - 1) arguments: codes with two or more are mostly transfers and purchases"
            )
        }
    }
}

/// Why something is not dialled: one sentence that says what is wrong, without what a user typed into a menu.
package struct USSDRefusal: Error, Sendable, Equatable {
    /// The sentence.
    package let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}

/// Service codes that are not a question to the network.
enum USSDServiceCode {
    /// Numbers that networks take for emergency calls (3GPP TS 22.101 10.1); older Androids take anything that begins
    /// with one for such a call.
    static let emergencyNumbers = ["112", "911", "000", "08", "110", "118", "119", "999"]

    /// Why codes with this service code are refused, whatever their action; nil for all others.
    ///
    /// Queries (`*#21#`) are refused too: their answer is the phone's own text, no USSD answer.
    static func meaning(of service: String) -> String? {
        switch service {
        case "04", "042", "05", "052":
            "codes that change a PIN or unlock a SIM card with its PUK are never dialled"
        case "03": "codes that change the barring password are never dialled"
        case "21", "22", "67", "61", "62", "002", "004":
            "codes about call forwarding are not dialled: their answer is not a USSD answer, and a forwarding costs money"
        case "33", "331", "332", "35", "351", "330", "333", "353", "156", "157":
            "codes about call barring are not dialled: their answer is not a USSD answer"
        case "43": "codes about call waiting are not dialled: their answer is not a USSD answer"
        case "30", "31", "76", "77", "300":
            "codes about caller identity are not dialled: their answer is not a USSD answer"
        case "2767", "7780": "this code erases some phones"
        default: nil
        }
    }
}

/// What may be typed into the menus of one run.
package enum USSDMenuAnswers {
    /// Longest answer, in characters; the phone takes up to 160.
    package static let charactersMax = 40
    /// Most answers of one run.
    package static let countMax = 10

    /// Checks `answers`; a refusal says which one is wrong and never repeats it: it may be a PIN.
    package static func check(_ answers: [String]) throws(USSDRefusal) {
        guard answers.count <= countMax else {
            throw USSDRefusal("\(answers.count) menu answers were given; at most \(countMax) are typed")
        }
        for (index, answer) in answers.enumerated() {
            let characters = answer.utf8
            guard 1...charactersMax ~= characters.count, characters.allSatisfy({ USSDCode.isKey($0) }) else {
                throw USSDRefusal(
                    "menu answer \(index + 1) is not 1 to \(charactersMax) characters out of 0 to 9, * and #")
            }
        }
    }
}
