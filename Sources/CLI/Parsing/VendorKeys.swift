import Glibc
import Platform

/// Private keys of other ADB programs, read with the user's own rights.
///
/// `ADB_VENDOR_KEYS` lists files and folders with colons between; in a folder only `*.adb_key` counts
/// (packages/modules/adb `client/auth.cpp`).
enum VendorKeys {
    /// The files that `$ADB_VENDOR_KEYS` names.
    static func files(_ environment: (String) -> String?) throws(CommandFailure) -> [String] {
        guard let list = environment("ADB_VENDOR_KEYS") else {
            throw .usage("ADB_VENDOR_KEYS is not set", hint: "name the key: --key-file FILE")
        }
        var files: [String] = []
        for path in list.split(separator: ":").map(String.init) {
            let names = entries(of: path)
            files +=
                names.map { $0.filter { $0.hasSuffix(".adb_key") }.sorted().map { path + "/" + $0 } } ?? [
                    path
                ]
        }
        return files
    }

    /// The names in the folder `path`; nil when it is not a folder.
    private static func entries(of path: String) -> [String]? {
        guard let stream = unsafe opendir(path) else { return nil }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            names.append(
                unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names
    }

    /// The key in the file `path`, as text.
    static func read(_ path: String) throws(CommandFailure) -> String {
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try SyncedFile.read(path)
        } catch {
            throw .failed(error.code == EACCES ? .noPermission : .failed, message: "\(error)", hint: "")
        }
        guard let bytes else { throw .failed(.notFound, message: "\(path): no such file", hint: "") }
        return String(decoding: bytes, as: UTF8.self)
    }
}
