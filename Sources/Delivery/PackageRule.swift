/// Which package lists a webhook may have: Android's names of apps, exactly as notifications carry them.
///
/// A name has two or more parts with dots between, each a letter followed by letters, digits and `_`
/// (developer.android.com/build/configure-app-module, "Set the application ID"). Android's own package, `android`, alone
/// has no dot (aosp-mirror/platform_frameworks_base `core/java/android/content/pm/PackageParser.java`, `validateName`).
package enum PackageRule {
    /// Most names in one list.
    package static let namesMax = 64
    /// Longest name, in bytes.
    package static let nameBytesMax = 255

    /// Refuses a list with too many names, or with one that no app can have. An empty list means every app.
    package static func check(_ names: Set<String>) throws(PackageRefusal) {
        guard names.count <= namesMax else { throw .tooMany(names.count) }
        for name in names.sorted() {
            guard name.utf8.count <= nameBytesMax else { throw .tooLong(bytes: name.utf8.count) }
            guard isName(name) else { throw .noName(name) }
        }
    }

    private static func isName(_ name: String) -> Bool {
        if name == "android" { return true }
        let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count >= 2
            && parts.allSatisfy { part in
                part.first.map(isLetter) == true
                    && part.allSatisfy {
                        isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
                    }
            }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: false
        }
    }
}

/// Why a package list is refused.
package enum PackageRefusal: Error, Sendable, Equatable {
    /// More names than `PackageRule.namesMax`.
    case tooMany(Int)
    /// A name longer than `PackageRule.nameBytesMax`.
    case tooLong(bytes: Int)
    /// Text that is no name of an Android package; what a user typed.
    case noName(String)

    /// What is wrong, in one sentence. Holds outside text.
    package var sentence: String {
        switch self {
        case .tooMany(let count):
            "\(count) packages are too many: a webhook takes at most \(PackageRule.namesMax)"
        case .tooLong(let bytes):
            "a package name of \(bytes) bytes is too long: it has at most \(PackageRule.nameBytesMax)"
        case .noName(let name):
            "\"\(name)\" is no name of an Android package: those look like com.example.app"
        }
    }
}
