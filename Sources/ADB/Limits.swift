/// What we accept from a phone and how long we wait for it. Anything with a USB plug can claim to be a phone.
package struct Limits: Sendable, Equatable {
    /// Largest payload we announce and accept, in bytes. adb itself sends 1 MiB (`MAX_PAYLOAD`,
    /// packages/modules/adb `adb.h`).
    package var payloadBytesMax = 1024 * 1024
    /// Smallest payload limit of a phone that we work with, in bytes: what every adbd since 2009 can take.
    package var peerPayloadBytesMin = 4096
    /// Most junk skipped before the first valid message, in bytes.
    package var junkBytesMax = 4 * 1024 * 1024
    /// Most unread bytes kept for one stream, in payloads: a phone that ignores flow control is cut off there.
    package var unreadPayloadsMax = 2
    /// Most unread `WRTE`s of one stream. adbd sends one and waits for its `OKAY` (packages/modules/adb
    /// `docs/dev/protocol.md`).
    package var unreadWritesMax = 64
    /// Most messages of ours that wait for the phone to take them.
    package var unsentMessagesMax = 256
    /// Most bytes of ours that wait for the phone to take them.
    package var unsentBytesMax = 4 * 1024 * 1024
    /// Most streams open at a time.
    package var streamsMax = 64
    /// Most `CNXN` messages in one connection: each one starts the session again.
    package var sessionsMax = 10
    /// Most messages that make no sense in one connection.
    package var violationsMax = 16
    /// Time until the first valid message; `CNXN` is sent again then.
    package var firstMessageTimeout = Duration.seconds(3)
    /// Time in which a second answer may come where `CNXN` was sent twice: it would end every stream opened before.
    package var settleTimeout = Duration.seconds(2)
    /// Time until the phone is online or waits for its user.
    package var handshakeTimeout = Duration.seconds(10)
    /// Time for the answer to an `OPEN`: a dropped one gets none at all.
    package var openTimeout = Duration.seconds(10)
    /// Silence after which the phone is asked for a sign of life.
    package var idlePingAfter = Duration.seconds(15)
    /// Time for that sign.
    package var pingTimeout = Duration.seconds(5)

    /// The limits of a daemon with up to eight phones.
    package init() {}
}
