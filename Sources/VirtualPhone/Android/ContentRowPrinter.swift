/// Prints rows as Android's `content` does: `Row: N name=value, name=value`, text unescaped.
///
/// Source: aosp-mirror/platform_frameworks_base cmds/content `QueryCommand.onExecute`. Values are looked up by
/// name, so of two columns with one name the first is printed twice.
struct ContentRowPrinter {
    private let narrowIntegers: Bool
    private var columns: [(label: [UInt8], source: Int?)] = []
    /// Rows printed so far.
    private(set) var rows = 0
    /// What was printed so far.
    private(set) var output: [UInt8] = []

    /// `narrowIntegers`: Android 6 prints the low 32 bits of integers.
    init(narrowIntegers: Bool) { self.narrowIntegers = narrowIntegers }

    /// Adds a row; false once the limit of a call's output is reached.
    mutating func print(_ names: [String], _ values: [SMSColumnValue]) -> Bool {
        if rows == 0 { columns = Self.lookup(names) }
        output += Array("Row: \(rows) ".utf8)
        for (index, column) in columns.enumerated() {
            if index > 0 { output += [0x2C, 0x20] }
            output += column.label
            append(column.source.map { values[$0] } ?? .null)
        }
        output.append(0x0A)
        rows += 1
        return output.count <= VirtualCall.outputBytesMax
    }

    /// Where each column's value comes from: the first column of its name, whatever the case.
    private static func lookup(_ names: [String]) -> [(label: [UInt8], source: Int?)] {
        let folded = names.map { $0.lowercased() }
        return zip(names, folded).map { (Array("\($0)=".utf8), folded.firstIndex(of: $1)) }
    }

    private mutating func append(_ value: SMSColumnValue) {
        switch value {
        case .null, .text(nil): output += Array("NULL".utf8)
        case .integer(let number):
            output += Array(
                (narrowIntegers ? String(Int32(truncatingIfNeeded: number)) : String(number)).utf8)
        case .real(let number): output += Array(JavaFloat.text(Float(number)).utf8)
        case .blob: output += Array("BLOB".utf8)
        case .text(let bytes?): appendText(bytes)
        }
    }

    /// A lone surrogate, stored as three bytes, comes out of Java's UTF-8 encoder as `?`.
    private mutating func appendText(_ bytes: [UInt8]) {
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0xED, index + 2 < bytes.count, (0xA0...0xBF).contains(bytes[index + 1]),
                (0x80...0xBF).contains(bytes[index + 2])
            {
                output.append(UInt8(ascii: "?"))
                index += 3
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
    }
}

/// Java's `String.valueOf(float)`.
enum JavaFloat {
    static func text(_ value: Float) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        let magnitude = abs(value)
        if magnitude == 0 || (magnitude >= 1e-3 && magnitude < 1e7) { return "\(value)" }
        // Swift writes 1e+10 or 16777216.0 where Java writes 1.0E10 and 1.6777216E7.
        let parts = "\(magnitude)".split(separator: "e")
        var exponent = parts.count == 2 ? Int(parts[1].drop { $0 == "+" }) ?? 0 : 0
        let number = parts[0].split(separator: ".")
        let whole = String(number[0])
        let fraction = number.count == 2 && number[1] != "0" ? String(number[1]) : ""
        let digits = (whole + fraction).drop { $0 == "0" }
        exponent += whole == "0" ? digits.count - (whole + fraction).count : whole.count - 1
        var kept = String(digits)
        while kept.count > 1, kept.hasSuffix("0") { kept.removeLast() }
        let rest = kept.dropFirst()
        return (value < 0 ? "-" : "") + "\(kept.prefix(1)).\(rest.isEmpty ? "0" : String(rest))E\(exponent)"
    }
}
