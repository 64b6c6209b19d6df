/// What tests and a size limit change about a store; the defaults are the product's.
package struct StoreOptions: Sendable {
    /// How long to wait for another program that holds the database.
    package var busyTimeout = StoreLimits.busyTimeout
    /// Largest database, in pages of 4 KiB; nil for no limit but the disk's.
    package var pagesMax: Int32?
    var migrations = Schema.migrations
    var settings = ConnectionSetting.required

    /// The product's options.
    package init() {}
}
