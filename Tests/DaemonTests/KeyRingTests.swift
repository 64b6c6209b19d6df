import Base
import Crypto
import FoundationEssentials
import Glibc
import Platform
import Testing

@testable import Daemon

/// Which keys sign for whom, and how often.
@Suite struct KeyRingTests {
    private let token = [UInt8](repeating: 7, count: 20)

    private func withFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "phonewire-keys-\(UUID())").path
        try SyncedFile.makeFolder(folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(folder)
    }

    private func mode(_ path: String) -> UInt32 {
        var facts = stat()
        guard unsafe stat(path, &facts) == 0 else { return 0 }
        return facts.st_mode & 0o777
    }

    @Test func theKeyIsMadeOnceAndKeptPrivate() async throws {
        try await withFolder { folder in
            let first = try KeyRing(stateFolder: folder)
            let second = try KeyRing(stateFolder: folder)
            #expect(first.publicKey == second.publicKey)
            #expect(first.publicKey.last == 0)
            #expect(mode(folder + "/adbkey") == 0o600)
            let pem = try #require(try SyncedFile.read(folder + "/adbkey"))
            #expect(String(decoding: pem, as: UTF8.self).hasPrefix("-----BEGIN PRIVATE KEY-----"))
        }
    }

    @Test func nothingSignsForAPhoneThatWasNeverServed() async throws {
        try await withFolder { folder in
            let ring = try KeyRing(stateFolder: folder)
            #expect(await ring.keys(for: "R58M1", trusted: false).isEmpty)
            #expect(await ring.keys(for: "R58M1", trusted: true).count == 1)
        }
    }

    @Test func importedKeysSignForTheirPhoneAlone() async throws {
        try await withFolder { folder in
            let ring = try KeyRing(stateFolder: folder)
            let foreign = try RSAKey.generate()
            try await ring.importKeys([Array(foreign.pem.utf8)], for: "../R58M1")
            #expect(await ring.keys(for: "../R58M1", trusted: false) == [foreign])
            #expect(await ring.keys(for: "../R58M1", trusted: true).count == 2)
            #expect(await ring.keys(for: "R58M2", trusted: false).isEmpty)
            try await ring.importKeys([], for: "../R58M1")
            #expect(await ring.keys(for: "../R58M1", trusted: false).isEmpty)
        }
    }

    @Test func whatIsNoKeyIsRefusedWhole() async throws {
        try await withFolder { folder in
            let ring = try KeyRing(stateFolder: folder)
            let good = Array(try RSAKey.generate().pem.utf8)
            await #expect(throws: KeyRing.Failure.self) {
                try await ring.importKeys([good, Array("no key".utf8)], for: "R58M1")
            }
            #expect(await ring.keys(for: "R58M1", trusted: false).isEmpty)
            await #expect(throws: KeyRing.Failure.serial) { try await ring.importKeys([good], for: "") }
            await #expect(throws: KeyRing.Failure.count(5)) {
                try await ring.importKeys([good, good, good, good, good], for: "R58M1")
            }
        }
    }

    @Test func aPortGetsTwentySignaturesAMinute() async throws {
        try await withFolder { folder in
            let ring = try KeyRing(stateFolder: folder)
            let key = try #require(await ring.keys(for: "R58M1", trusted: true).first)
            let start = Instant(nanoseconds: 0)
            for _ in 0..<KeyRing.signaturesPerMinuteMax {
                #expect(await ring.sign(token, with: key, address: "1-1", now: start) != nil)
            }
            #expect(await ring.sign(token, with: key, address: "1-1", now: start) == nil)
            #expect(await ring.sign(token, with: key, address: "1-2", now: start) != nil)
            let later = start.advanced(by: .seconds(61))
            #expect(await ring.sign(token, with: key, address: "1-1", now: later) != nil)
        }
    }

    @Test func aDamagedKeyFileIsNamedAndLeftAlone() async throws {
        try await withFolder { folder in
            try SyncedFile.replace(folder + "/adbkey", bytes: Array("no key".utf8))
            #expect(throws: KeyRing.Failure.self) { try KeyRing(stateFolder: folder) }
            #expect(try SyncedFile.read(folder + "/adbkey") == Array("no key".utf8))
        }
    }
}
