import FoundationEssentials
import Platform
import Testing

/// Texts that are a contract, kept in `Snapshots/`. With `PHONEWIRE_RECORD=1` in the environment they are written
/// anew, and the test fails so that nobody forgets.
enum Snapshot {
    /// The text of a file of the package.
    static func file(_ path: String) throws -> String {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        return String(decoding: try Data(contentsOf: URL(filePath: "/" + root + "/" + path)), as: UTF8.self)
    }

    static func expect(
        _ text: String, named name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let here = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        let path = "/" + here + "/Snapshots/" + name
        if Environment.value("PHONEWIRE_RECORD") == "1" {
            try Data(text.utf8).write(to: URL(filePath: path))
            Issue.record("\(name) was recorded", sourceLocation: sourceLocation)
            return
        }
        let expected = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        #expect(text == expected, "see Snapshots/\(name)", sourceLocation: sourceLocation)
    }
}
