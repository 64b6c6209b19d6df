/// One kind of misbehaviour of a virtual phone, for tests. A phone may have several; they hold for all its links
/// until they are taken back.
package enum VirtualFault: Sendable, Hashable {
    /// These bytes come before the answer to the first CNXN of a link.
    case junkBeforeConnect([UInt8])
    /// The answer to CNXN is this many random bytes.
    case garbage(bytes: Int)
    /// The header of the phone's CNXN announces this payload length (0xFFFFFFFF, 2 MiB); the payload stays short.
    case connectLength(UInt32)
    /// The phone's CNXN has a wrong magic.
    case wrongMagic
    /// OKAY and WRTE name a stream that the host does not have.
    case wrongStreamIDs
    /// Once a stream is open the phone writes to it without waiting for OKAY, without end.
    case writeFlood
    /// The phone takes everything and never answers.
    case silent
    /// Of the message with this number (counted from 0, messages without payload not counted) only the header and
    /// half of the payload come, then nothing more.
    case stopsInsidePayload(message: Int)
    /// The link ends after the phone has sent this many bytes on it.
    case leavesAfter(bytes: Int)
    /// Each CLSE comes twice.
    case doubleClose
    /// CLSE of a running stream has 0 as the phone's id, as old adbd sends it.
    case closesWithZeroID
    /// A CLSE of an earlier session comes before the answer to CNXN.
    case staleCloseBeforeAuth
    /// TOKEN follows TOKEN, asked or not, without end.
    case endlessTokens
    /// CNXN follows CNXN without end.
    case connectStorm
    /// OKAY is kept back until `VirtualPhone.releaseOkays` (late), or for ever (absent).
    case okayWithheld
    /// Shell v2 output packets announce this length (4 GiB: 0xFFFFFFFF).
    case shellPacketLength(UInt32)
    /// Streams end without an exit packet.
    case noExitPacket
    /// After CNXN the phone opens a stream to this port of the host.
    case opensTCP(port: Int)
    /// This program starts and never ends.
    case hangs(command: String)
    /// `telecom` and `service call` print success and change no default.
    case telecomIgnores
    /// What is dialled goes out on this slot (0-based), whatever was chosen.
    case routesTo(slot: Int)
    /// `input` is refused, as on phones whose maker took INJECT_EVENTS from the shell.
    case inputDenied
    /// The main, system and radio buffers show nothing, as on a phone whose log the shell may not read.
    case logcatIsEmpty
}
