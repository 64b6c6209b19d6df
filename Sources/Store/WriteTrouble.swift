package import Time

/// Writing fails: the disk is full, broken, locked or gone. Kept in memory, for it could not be stored.
package struct WriteTrouble: Sendable, Equatable {
    /// Why the last write failed.
    package let error: StoreError
    /// When the first one failed since the last commit.
    package let since: WallTime
}

extension EventStore {
    /// Remembers that a write failed because of the file or its disk, not because of what was asked.
    func noteWriteFailure(_ error: StoreError) {
        switch error.cause {
        case .locked, .full, .damaged, .inaccessible, .inputOutput:
            writeTrouble = WriteTrouble(error: error, since: writeTrouble?.since ?? clock.wallNow())
        case .notADatabase, .foreignDatabase, .newerSchema, .unknownHistory, .settingRefused, .notFound,
            .refused, .closed, .stopped, .bug:
            break
        }
    }
}
