import FoundationEssentials

/// Output of real or documented phones, kept as files.
enum Corpus {
    private static let folder =
        "/" + String(#filePath).split(separator: "/").dropLast().joined(separator: "/") + "/Corpus"

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
    }

    /// The files in a folder of it.
    static func names(in name: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)").sorted()
    }
}
