package import Base

/// Writing fails: the disk is full, broken, locked or gone. Kept in memory, for it could not be stored.
package struct WriteTrouble: Sendable, Equatable {
    /// Why the last write failed.
    package let error: StoreError
    /// When the first one failed since the last commit.
    package let since: WallTime

    /// The trouble after a write that failed with `error`, where `trouble` was before: nil and none where the request was at
    /// fault, not the file or its disk.
    static func after(_ trouble: WriteTrouble?, _ error: StoreError, now: WallTime) -> WriteTrouble? {
        switch error.cause {
        case .locked, .full, .damaged, .inaccessible, .inputOutput:
            WriteTrouble(error: error, since: trouble?.since ?? now)
        case .notADatabase, .foreignDatabase, .newerSchema, .unknownHistory, .settingRefused, .notFound,
            .refused, .unstorable, .closed, .stopped, .bug:
            trouble
        }
    }
}
