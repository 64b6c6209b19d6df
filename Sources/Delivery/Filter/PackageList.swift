import Base

/// Which package lists a webhook may have: Android's names of apps, exactly as notifications carry them.
///
/// A name has two or more parts with dots between, each a letter followed by letters, digits and `_`
/// (developer.android.com/build/configure-app-module, "Set the application ID"). Android's own package, `android`, alone
/// has no dot (aosp-mirror/platform_frameworks_base `core/java/android/content/pm/PackageParser.java`, `validateName`).
package enum PackageList {
    /// Most names in one list.
    package static let namesMax = 64
    /// Longest name, in bytes.
    package static let nameBytesMax = 255

    /// Refuses a list with too many names, or with one that no app can have. An empty list means every app.
    package static func check(_ names: Set<String>) throws(SettingsRefusal) {
        guard names.count <= namesMax else {
            throw SettingsRefusal("\(names.count) packages are too many: a webhook takes at most \(namesMax)")
        }
        for name in names.sorted() {
            guard name.utf8.count <= nameBytesMax else {
                throw SettingsRefusal(
                    "a package name of \(name.utf8.count) bytes is too long: it has at most \(nameBytesMax)")
            }
            guard isName(name) else {
                throw SettingsRefusal(
                    "\"\(name)\" is not the name of an Android package: those look like com.example.app")
            }
        }
    }

    private static func isName(_ name: String) -> Bool {
        if name == "android" { return true }
        let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count >= 2
            && parts.allSatisfy { part in
                part.first?.isLetter == true
                    && part.allSatisfy { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
            }
    }
}
