import Base
import Daemon
import Testing

@testable import CLI

@Suite struct RunOptionsTests {
    private func options(
        _ line: String, uid: UInt32 = 1000, _ environment: [String: String] = ["HOME": "/home/ada"]
    ) throws -> DaemonOptions {
        let invocation = try ArgumentParser(table: CommandTable.all).parse(
            line.split(separator: " ").map(String.init))
        return try RunCommand.options(
            Context(
                invocation: invocation, output: Captured().output(), uid: uid,
                environment: { environment[$0] }))
    }

    @Test func aPlainUserRunsInHerOwnFolder() throws {
        #expect(
            try options("run")
                == DaemonOptions(
                    stateFolder: "/home/ada/.local/state/phonewire",
                    socketPath: "/home/ada/.local/state/phonewire/control.sock"))
    }

    @Test func optionsReachTheDaemon() throws {
        #expect(
            try options("run --state /s --log debug --no-usb --connect 127.0.0.1:5555 --connect [::1]")
                == DaemonOptions(
                    stateFolder: "/s", socketPath: "/s/control.sock", logLevel: .debug, usb: false,
                    addresses: ["127.0.0.1:5555", "[::1]"]))
    }

    @Test func theUnitsFoldersMakeASocketForTheGroup() throws {
        let found = try options(
            "run", uid: 990, ["STATE_DIRECTORY": "/var/lib/phonewire", "RUNTIME_DIRECTORY": "/run/phonewire"])
        #expect(found.stateFolder == "/var/lib/phonewire")
        #expect(found.socketPath == "/run/phonewire/control.sock")
        #expect(found.socketForGroup)
    }

    @Test func whatCannotRunIsSaidBefore() {
        #expect(throws: CommandFailure.self) { try options("run", [:]) }
        #expect(throws: CommandFailure.self) { try options("run --connect nonsense:x") }
        #expect(throws: CommandFailure.self) { try options("run --log loud") }
    }
}
