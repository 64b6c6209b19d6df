/// What the HTTP engine allows itself and a peer.
package struct CurlLimits: Sendable {
    /// Longest part of a reply's body that is kept, in bytes.
    package var replyBytesKept = 16 * 1024
    /// Longest reply body that is read to its end, in bytes: what is beyond `replyBytesKept` is swallowed, so that
    /// the connection can be used again. A longer one is cut off and its connection closed; its status counts.
    package var replyBytesSwallowed = 1024 * 1024
    /// Longest head of a reply, interim replies (1xx) and trailers included, in bytes.
    package var headBytes = 64 * 1024
    /// Connections kept open for reuse, over all webhooks.
    package var connections = 32
    /// How long an idle connection may be used again. Servers commonly close at 60 s, and a request that meets a
    /// closed connection is sent twice.
    package var idleSeconds = 55
    /// How long a connection is used at all, so that a changed address is noticed.
    package var lifetimeSeconds = 3600

    /// The defaults.
    package init() {}
}
