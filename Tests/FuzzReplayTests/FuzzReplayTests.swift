import FoundationEssentials
import FuzzLaws
import Testing

@Suite("Every input of the fuzz corpora")
struct FuzzReplayTests {
    private static let fuzz = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fuzz")

    @Test("Laws hold for their corpus, and for inputs that no corpus needs to hold", arguments: Laws.all)
    func replay(law: Law) throws {
        let folder = Self.fuzz.appending(path: "Corpus").appending(path: law.name)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names.count >= 3, "a law without seeds")
        for name in names {
            let bytes = Array(try Data(contentsOf: folder.appending(path: name)))
            #expect(throws: Never.self, "\(law.name)/\(name)") { try law.check(bytes) }
            for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 16)) {
                #expect(throws: Never.self, "\(law.name)/\(name) cut to \(length)") {
                    try law.check(Array(bytes.prefix(length)))
                }
            }
        }
        for bytes in [[], [0], [0xFF], [UInt8](repeating: 0x41, count: 100_000)] {
            #expect(throws: Never.self, "\(law.name), \(bytes.count) bytes") { try law.check(bytes) }
        }
    }

    @Test("Every law has a corpus folder and a fuzz target, and the other way round")
    func complete() throws {
        let names = Laws.all.map(\.name).sorted()
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: Self.fuzz.appending(path: "Corpus").path)
                .sorted() == names)
        let targets = try FileManager.default.contentsOfDirectory(atPath: Self.fuzz.path)
            .filter { $0.hasPrefix("Fuzz") }.map { String($0.dropFirst(4)) }
        #expect(targets.sorted() == names)
    }
}
