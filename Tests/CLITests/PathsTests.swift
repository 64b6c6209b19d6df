import Testing

@testable import CLI

@Suite struct PathsTests {
    private func paths(
        socket: String? = nil, state: String? = nil, uid: UInt32 = 1000, systemd: Bool = false,
        _ environment: [String: String] = [:]
    ) -> Paths {
        var global = GlobalOptions()
        global.socket = socket
        global.state = state
        return Paths(global: global, uid: uid, systemd: systemd, environment: { environment[$0] })
    }

    @Test func aPlainUserHasHerOwnFoldersAndTriesTheSystemServiceLast() {
        let found = paths(["HOME": "/home/ada", "XDG_RUNTIME_DIR": "/run/user/1000"])
        #expect(found.state == "/home/ada/.local/state/phonewire")
        #expect(
            found.sockets == [
                "/run/user/1000/phonewire/control.sock", "/home/ada/.local/state/phonewire/control.sock",
                "/run/phonewire/control.sock",
            ])
        #expect(!found.socketForGroup)
    }

    @Test func withoutARuntimeFolderTheSocketIsInTheStateFolder() {
        let found = paths(["XDG_STATE_HOME": "/s", "HOME": "/home/ada"])
        #expect(found.state == "/s/phonewire")
        #expect(found.sockets.first == "/s/phonewire/control.sock")
    }

    @Test func relativeFoldersAreNotUsed() {
        let found = paths(["XDG_STATE_HOME": "s", "XDG_RUNTIME_DIR": "r", "HOME": "/home/ada"])
        #expect(found.state == "/home/ada/.local/state/phonewire")
        #expect(found.sockets.first == "/home/ada/.local/state/phonewire/control.sock")
    }

    @Test func rootUsesTheSystemService() {
        let found = paths(uid: 0, ["HOME": "/root"])
        #expect(found.state == "/var/lib/phonewire")
        #expect(found.sockets == ["/run/phonewire/control.sock"])
        #expect(found.socketForGroup)
    }

    @Test func optionsWin() {
        #expect(paths(state: "/t", uid: 0).sockets == ["/t/control.sock"])
        #expect(!paths(state: "/t", uid: 0).socketForGroup)
        let both = paths(socket: "/x.sock", state: "/t", ["XDG_RUNTIME_DIR": "/run/user/1"])
        #expect(both.sockets == ["/x.sock"])
        #expect(both.state == "/t")
    }

    @Test func theServiceManagersFoldersCountForRunAlone() {
        let unit = ["STATE_DIRECTORY": "/var/lib/phonewire", "RUNTIME_DIRECTORY": "/run/phonewire"]
        let service = paths(uid: 990, systemd: true, unit)
        #expect(service.state == "/var/lib/phonewire")
        #expect(service.sockets == ["/run/phonewire/control.sock"])
        #expect(service.socketForGroup)
        #expect(paths(uid: 990, systemd: false, unit).state == nil)
    }

    @Test func nothingSaysWhere() {
        #expect(paths().state == nil)
        #expect(paths().sockets == ["/run/phonewire/control.sock"])
    }
}
