import CLinux
import Glibc
import Platform

/// Who is at the other end of a control connection (SO_PEERCRED, unix(7)).
struct ControlPeer: Equatable {
    let pid: Int32
    let uid: UInt32

    /// The peer of `socket`; nil when the kernel does not say.
    init?(_ socket: FileDescriptor) {
        var peer = phonewire_peer()
        guard unsafe phonewire_peer_credentials(socket.raw, &peer) == 0 else { return nil }
        pid = peer.pid
        uid = peer.uid
    }

    init(pid: Int32, uid: UInt32) {
        self.pid = pid
        self.uid = uid
    }

    /// Whether it may speak to a daemon of user `owner`: the same user and root always; with a socket for a group
    /// everybody whom the file's mode let connect (connecting needs write permission, unix(7)).
    func mayControl(owner: UInt32, forGroup: Bool) -> Bool { uid == owner || uid == 0 || forGroup }
}
