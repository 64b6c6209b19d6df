import FoundationEssentials
import Platform
import Store
import Testing

@testable import CLI

/// Keys of other ADB programs, for phones that the user names.
@Suite struct TrustTests {
    @Test func trustNamesThePhoneAndHandsItsKeysOver() async throws {
        try await ControlFixture.serving { fixture in
            let file = fixture.folder + "/adbkey"
            try SyncedFile.replace(file, bytes: Array("a key".utf8))
            let ran = await fixture.run("devices", "trust", "R58M1", "--key-file", file)
            #expect(ran.code == 0)
            #expect(ran.out.contains("R58M1"))
            #expect(try await fixture.store.trustedSerials().contains("R58M1"))
            let missing = await fixture.run("devices", "trust", "R58M2", "--key-file", file + ".none")
            #expect(missing.code == ExitCode.notFound.rawValue)
            #expect(try await !fixture.store.trustedSerials().contains("R58M2"))
        }
    }

    @Test func vendorKeysAreFilesAndTheRightFilesOfFolders() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "phonewire-vendor-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try SyncedFile.makeFolder(folder)
        for name in ["b.adb_key", "a.adb_key", "notes.txt"] {
            try SyncedFile.replace(folder + "/" + name, bytes: [0x41])
        }
        let files = try VendorKeys.files { $0 == "ADB_VENDOR_KEYS" ? "/one/key:\(folder)" : nil }
        #expect(files == ["/one/key", folder + "/a.adb_key", folder + "/b.adb_key"])
        #expect(throws: CommandFailure.self) { try VendorKeys.files { _ in nil } }
    }
}
