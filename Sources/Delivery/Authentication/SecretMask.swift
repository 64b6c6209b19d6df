/// Takes a webhook's secret out of what its receiver sent back: test receivers and error pages echo the request.
package enum SecretMask {
    /// What stands in the secret's place.
    package static let mask = "***"
    /// Fewer bytes at the end than this are never taken for a secret that was cut off.
    private static let cutSecretBytesMin = 4

    /// `bytes` with every `secret` replaced by `mask`: plain, as a form carries it (either case of its digits) and
    /// as JSON does (`/` escaped or not). A last part that only begins the secret goes too: the rest of it may have
    /// been cut off. An empty secret changes nothing.
    package static func masked(_ bytes: [UInt8], secret: String) -> [UInt8] {
        guard !secret.isEmpty else { return bytes }
        let spellings = spellings(of: secret)
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let rest = bytes[index...]
            if let found = spellings.first(where: { rest.starts(with: $0) }) {
                out += Array(mask.utf8)
                index += found.count
            } else if spellings.contains(where: { isCutSecret(rest, $0) }) {
                return out + Array(mask.utf8)
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return out
    }

    /// `text` with every `secret` replaced.
    package static func masked(_ text: String, secret: String) -> String {
        String(decoding: masked(Array(text.utf8), secret: secret), as: UTF8.self)
    }

    /// A beginning of at least half of the secret: shorter ones are rather words of the reply's own.
    private static func isCutSecret(_ rest: ArraySlice<UInt8>, _ spelling: [UInt8]) -> Bool {
        rest.count < spelling.count && rest.count >= max(cutSecretBytesMin, spelling.count / 2)
            && spelling.starts(with: rest)
    }

    /// The longest first, so that no spelling is found inside another.
    private static func spellings(of secret: String) -> [[UInt8]] {
        let form = FormWriter.escape(secret)
        let json = JSONWriter.escape(secret)
        let slashed = json.flatMap { $0 == UInt8(ascii: "/") ? [UInt8(ascii: "\\"), $0] : [$0] }
        let all = [Array(secret.utf8), form, lowerDigits(form), json, slashed]
        return Set(all).filter { !$0.isEmpty }.sorted { $0.count > $1.count }
    }

    /// `form` with the digits of its `%XX` in lower case.
    private static func lowerDigits(_ form: [UInt8]) -> [UInt8] {
        var out = form
        for index in form.indices where form[index] == UInt8(ascii: "%") {
            for digit in [index + 1, index + 2]
            where digit < form.count && UInt8(ascii: "A")...UInt8(ascii: "F") ~= form[digit] {
                out[digit] = form[digit] - UInt8(ascii: "A") + UInt8(ascii: "a")
            }
        }
        return out
    }
}

extension HTTPResult {
    /// What came of a request, without the `secret` that the receiver may have echoed.
    package func masking(_ secret: String) -> HTTPResult {
        guard case .answered(var answer) = self else { return self }
        answer.body = SecretMask.masked(answer.body, secret: secret)
        answer.location = answer.location.map { SecretMask.masked($0, secret: secret) }
        return .answered(answer)
    }
}
