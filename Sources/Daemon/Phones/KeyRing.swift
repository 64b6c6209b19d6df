import ADB
package import Base
package import Crypto
package import Platform

/// The keys we sign with, and for whom.
///
/// A phone's token is signed blindly, and a hostile device can hand us another phone's token to sign
/// (`packages/modules/adb client/auth.cpp` signs any 20 bytes). So: our own key signs only for serials that were
/// online with it before or that the user named; an imported key only for the serial it was imported for; a port gets
/// at most `signaturesPerMinuteMax`. A phone that we never served gets the public key at once and shows its prompt.
package actor KeyRing {
    /// Most signatures a minute and port.
    package static let signaturesPerMinuteMax = 20
    /// Most keys imported for one phone: each wrong one costs a round trip at every contact.
    package static let importedKeysMax = 4
    /// Longest serial that a key can be imported for, in bytes.
    package static let serialBytesMax = 100

    /// What stops the daemon at its start, or an import.
    package enum Failure: Error, Sendable, Equatable {
        /// A key file could not be read or written.
        case file(SystemError)
        /// A key file holds no usable key.
        case key(path: String, CryptoError)
        /// The serial is empty or too long.
        case serial
        /// More keys than `importedKeysMax`.
        case count(Int)
    }

    private let own: RSAKey
    private let folder: String
    private var recent: [String: [Instant]] = [:]
    /// What goes to a phone that asks: base64 key, a space, `phonewire@host`, NUL.
    package nonisolated let publicKey: [UInt8]
    /// The fingerprint that the phone's dialog shows.
    package nonisolated let fingerprint: String

    /// Reads `adbkey` in the state folder, or makes it (PKCS#8, mode 0600).
    package init(stateFolder: String) throws(Failure) {
        let path = stateFolder + "/adbkey"
        folder = stateFolder + "/keys"
        if let found = try Self.load(path) {
            own = found
        } else {
            own = try Self.make(path)
        }
        do throws(CryptoError) {
            publicKey =
                Array(try own.androidPublicKeyLine(user: "phonewire", host: HostName.current()).utf8) + [0]
            fingerprint = try own.phoneFingerprint()
        } catch {
            throw .key(path: path, error)
        }
    }

    private static func load(_ path: String) throws(Failure) -> RSAKey? {
        let pem: [UInt8]?
        do throws(SystemError) {
            pem = try SyncedFile.read(path)
        } catch {
            throw .file(error)
        }
        guard let pem else { return nil }
        do throws(CryptoError) {
            return try RSAKey(pem: pem)
        } catch {
            throw .key(path: path, error)
        }
    }

    private static func make(_ path: String) throws(Failure) -> RSAKey {
        let key: RSAKey
        do throws(CryptoError) {
            key = try RSAKey.generate()
        } catch {
            throw .key(path: path, error)
        }
        do throws(SystemError) {
            try SyncedFile.replace(path, bytes: Array(key.pem.utf8))
        } catch {
            throw .file(error)
        }
        return key
    }

    /// Keeps other programs' keys for the phone `serial` alone, in place of those kept before: a user's `adbkey`, or
    /// those of `ADB_VENDOR_KEYS`. An empty list takes them away.
    package func importKeys(_ pems: [[UInt8]], for serial: String) throws(Failure) {
        guard !serial.isEmpty, serial.utf8.count <= Self.serialBytesMax else { throw .serial }
        guard pems.count <= Self.importedKeysMax else { throw .count(pems.count) }
        for (index, pem) in pems.enumerated() {
            do throws(CryptoError) {
                _ = try RSAKey(pem: pem)
            } catch {
                throw .key(path: "imported key \(index + 1)", error)
            }
        }
        do throws(SystemError) {
            try SyncedFile.makeFolder(folder)
            for index in 0..<Self.importedKeysMax {
                let path = file(serial, index)
                if index < pems.count {
                    try SyncedFile.replace(path, bytes: pems[index])
                } else {
                    try SyncedFile.remove(path)
                }
            }
        } catch {
            throw .file(error)
        }
    }

    private func file(_ serial: String, _ index: Int) -> String {
        folder + "/" + Hex.encode(serial.utf8) + "-\(index + 1).pem"
    }

    /// The keys that may sign for `serial`: imported ones first, ours where the serial is `trusted`. None without a
    /// serial: every device without one would be the same.
    package func keys(for serial: String, trusted: Bool) -> [RSAKey] {
        guard !serial.isEmpty else { return [] }
        var keys: [RSAKey] = []
        if serial.utf8.count <= Self.serialBytesMax {
            keys = (0..<Self.importedKeysMax).compactMap { try? Self.load(file(serial, $0)) }
        }
        if trusted { keys.append(own) }
        return keys
    }

    /// Signs `token` with `key` unless the port `address` has used its signatures up; nil then.
    package func sign(_ token: [UInt8], with key: RSAKey, address: String, now: Instant) -> [UInt8]? {
        let minuteAgo = now.advanced(by: .seconds(-60))
        var times = recent[address, default: []].filter { $0 > minuteAgo }
        defer { recent[address] = times }
        guard times.count < Self.signaturesPerMinuteMax else { return nil }
        times.append(now)
        return try? key.sign(token20: token)
    }
}
