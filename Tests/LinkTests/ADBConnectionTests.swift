import ADB
import Base
import Crypto
import Platform
import Simulation
import Testing
import VirtualPhone

@testable import Link

/// The driver against the virtual phone, whose codec is its own.
@Suite struct ADBConnectionTests {
    private let key: RSAKey

    init() throws { key = try RSAKey.generate() }

    /// Runs `body` with a connection that is online, and ends it.
    private func withPhone<Value: Sendable>(
        _ phone: VirtualPhone, signingKeys: Int = 0,
        _ body: @escaping @Sendable (ADBConnection) async throws -> Value
    ) async throws -> Value {
        let online = OneShot<Void>()
        let key = key
        let line = try key.androidPublicKeyLine(user: "u", host: "h")
        let connection = ADBConnection(
            transport: VirtualTransport(phone.connect()),
            policy: AuthPolicy(signingKeys: signingKeys, publicKey: Array(line.utf8) + [0]),
            clock: StandingClock(),
            signer: { token, _ in try? key.sign(token20: token) },
            report: { if case .online = $0 { online.give(()) } })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = await connection.run() }
            try #require(await online.value() != nil)
            let value = try await body(connection)
            group.cancelAll()
            return value
        }
    }

    @Test func aCommandGivesOutputAndExitCode() async throws {
        let result = try await withPhone(VirtualPhone()) { connection in
            try await connection.shell("getprop ro.serialno", nonce: "00")
        }
        #expect(result == ShellResult(output: Array("VIRTUAL000001\n".utf8), errorOutput: [], exitCode: 0))
    }

    @Test func anUnknownCommandSaysSoOnStandardError() async throws {
        let result = try await withPhone(VirtualPhone()) { connection in
            try await connection.shell("nosuch", nonce: "00")
        }
        #expect(result.exitCode == 127)
        #expect(result.output == [])
        #expect(!result.errorOutput.isEmpty)
    }

    @Test func aPhoneWithoutShellV2IsAskedThroughExec() async throws {
        var setup = VirtualPhoneSetup()
        setup.androidRelease = 6
        setup.protocolGeneration = .old
        setup.features = []
        let result = try await withPhone(VirtualPhone(setup: setup)) { connection in
            try await connection.shell("getprop ro.serialno", nonce: "9b1f0c7ae2d84c53")
        }
        #expect(result == ShellResult(output: Array("VIRTUAL000001\n".utf8), errorOutput: [], exitCode: 0))
    }

    @Test func thePublicKeyIsOfferedAndTheSignatureAcceptedNextTime() async throws {
        var setup = VirtualPhoneSetup()
        setup.authorization = .asks(.acceptsAlways)
        let phone = VirtualPhone(setup: setup)
        let first = try await withPhone(phone) { connection in await connection.usedKey }
        #expect(first)
        phone.setAuthorization(.knownKeys)
        let result = try await withPhone(phone, signingKeys: 1) { connection in
            try await connection.shell("getprop ro.serialno", nonce: "00")
        }
        #expect(result.exitCode == 0)
    }

    @Test func manyCommandsAtOnceKeepTheirAnswersApart() async throws {
        let phone = VirtualPhone()
        try await withPhone(phone) { connection in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<16 {
                    group.addTask {
                        let result = try await connection.shell("echo \(number)", nonce: "00")
                        return result.output == Array("\(number)\n".utf8)
                    }
                }
                for try await right in group { #expect(right) }
            }
        }
    }

    @Test func outputBeyondTheLimitEndsTheCommandOnly() async throws {
        let phone = VirtualPhone()
        try await withPhone(phone) { connection in
            await #expect(throws: ADBError.outputTooLong(limit: 4)) {
                try await connection.shell(
                    "getprop ro.serialno", nonce: "00", limits: ShellLimits(outputBytesMax: 4))
            }
            let result = try await connection.shell("echo on", nonce: "00")
            #expect(result.output == Array("on\n".utf8))
        }
    }

    @Test func aLogStreamGoesOnUntilThePhoneLeaves() async throws {
        let phone = VirtualPhone()
        try await withPhone(phone) { connection in
            var stream = try await connection.start(
                "logcat -b radio -v epoch -T 1 -s GsmInboundSmsHandler:D CdmaInboundSmsHandler:D")
            phone.receiveSMS(from: "AcmeBank", body: "hello", slot: 0)
            var text: [UInt8] = []
            while !String(decoding: text, as: UTF8.self).contains("successful broadcast") {
                text += try await stream.next() ?? []
            }
            phone.cutLinks()
            await #expect(throws: ADBError.self) {
                while try await stream.next() != nil {}
            }
        }
    }

    @Test func aCancelledCommandFreesItsStream() async throws {
        let phone = VirtualPhone()
        try await withPhone(phone) { connection in
            for _ in 0..<100 {
                let started = OneShot<Void>()
                await withTaskGroup(of: Void.self) { group in
                    group.addTask {
                        var stream = try? await connection.start("logcat -b events -v epoch -T 1")
                        started.give(())
                        _ = try? await stream?.next()
                        await stream?.close()
                    }
                    _ = await started.value()
                    group.cancelAll()
                }
            }
            let result = try await connection.shell("echo on", nonce: "00")
            #expect(result.output == Array("on\n".utf8))
        }
    }
}

@Suite struct MarkedResultTests {
    @Test(arguments: [
        ("out\nabc0\n", "out\n", 0), ("abc127\r\n", "", 127), ("x abc1 abc2\r\r\n", "x abc1 ", 2),
        ("noeol" + "abc0\n", "noeol", 0),
    ])
    func theLastMarkCounts(text: String, output: String, code: Int) {
        let result = ShellResult(marked: Array(text.utf8), nonce: Array("abc".utf8))
        #expect(result == ShellResult(output: Array(output.utf8), errorOutput: [], exitCode: code))
    }

    @Test(arguments: ["", "\n", "abc\n", "abc0", "0\n", "out\nabc1000\n", "abc0\nmore\n"])
    func withoutItTheResultIsUnknown(text: String) {
        #expect(ShellResult(marked: Array(text.utf8), nonce: Array("abc".utf8)) == nil)
    }
}

/// A clock that stands still: however slow the machine is, no time limit ends what a test waits for.
private struct StandingClock: DaemonClock {
    func now() -> Instant { Instant(nanoseconds: 0) }
    func wallNow() -> WallTime { WallTime(milliseconds: 0) }
    func sleep(until deadline: Instant) async throws { try await Task.sleep(for: .seconds(1 << 30)) }
}
