/// Growing pauses between tries of something that fails: one step further with each failure, the last pause from then on.
package struct Backoff: Sendable, Equatable {
    private let pauses: [Duration]
    /// Failures since the last success.
    package private(set) var failures = 0

    /// Pauses for the first, second, … failure in a row; at least one.
    package init(_ pauses: Duration...) {
        precondition(!pauses.isEmpty, "a Backoff without a pause")
        self.pauses = pauses
    }

    /// Pauses that begin with `first` and double until `longest`.
    package init(doubling first: Duration, until longest: Duration) {
        precondition(first > .zero && first <= longest, "a Backoff that does not grow")
        var pauses = [first]
        while let last = pauses.last, last < longest { pauses.append(min(last * 2, longest)) }
        self.pauses = pauses
    }

    /// The pause after as many failures as there were; the first one when there was none.
    package var pause: Duration { pauses[min(max(failures, 1), pauses.count) - 1] }

    /// It has failed once more; the pause before the next try.
    package mutating func failed() -> Duration {
        failures += 1
        return pause
    }

    /// It has worked.
    package mutating func succeeded() { failures = 0 }
}
