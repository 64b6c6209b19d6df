/// What one control connection may cost, on either side.
package enum ControlLimits {
    /// Version of the messages; a daemon and a command line of different versions say so.
    package static let version = 1
    /// Longest request line, in bytes, its end not counted.
    package static let requestBytesMax = 1 << 20
    /// Longest reply line, in bytes. A list that would be longer is refused: the caller asks for fewer.
    package static let replyBytesMax = 8 << 20
    /// Most clients at a time; one more is told `busy` and closed.
    package static let clientsMax = 32
    /// A client that sends nothing for this long is closed.
    package static let idleTimeout = Duration.seconds(60)
    /// A client that takes nothing of a reply for this long is closed.
    package static let writeTimeout = Duration.seconds(15)
    /// Longest wait of a client for an answer, where the call does not say another; a webhook test takes as long as its
    /// receiver. The daemon cuts off no client that waits for its answer.
    package static let replyTimeout = Duration.seconds(60)
    /// Highest SIM slot that can be asked for, counted from 1.
    package static let slotMax = 8
    /// Rows a list gives when nothing is asked.
    package static let listRowsDefault = 50
    /// Most rows a list gives.
    package static let listRowsMax = 500
    /// Longest text of an event in a list, in Unicode scalars; `events show` gives all of it.
    package static let listTextScalarsMax = 1000
    /// Longest body shown with a delivery, in bytes.
    package static let shownBodyBytesMax = 256 * 1024
    /// Longest line that says what an event is about, in Unicode scalars.
    package static let lineScalarsMax = 200
}
