package import ADB
import Base

/// What a command on the phone gave.
package struct ShellResult: Sendable, Equatable {
    /// Standard output; with phones older than Android 7 standard error is in it too.
    package var output: [UInt8]
    /// Standard error; empty with phones older than Android 7.
    package var errorOutput: [UInt8]
    /// The exit status, or 128 + the signal's number.
    package var exitCode: Int

    /// A result.
    package init(output: [UInt8], errorOutput: [UInt8], exitCode: Int) {
        self.output = output
        self.errorOutput = errorOutput
        self.exitCode = exitCode
    }
}

/// How long a command may take and how much it may say.
package struct ShellLimits: Sendable, Equatable {
    /// From `OPEN` to `CLSE`.
    package var timeout: Duration
    /// Standard output and standard error together, in bytes.
    package var outputBytesMax: Int

    /// Limits for one command.
    package init(timeout: Duration = .seconds(30), outputBytesMax: Int = 8 * 1024 * 1024) {
        self.timeout = timeout
        self.outputBytesMax = outputBytesMax
    }
}

extension ADBConnection {
    /// Runs `command` by the phone's `sh -c` and returns what it said.
    ///
    /// `nonce` is fresh random text of hexadecimal digits: on phones without shell v2 it marks the exit code at
    /// the end of the output, so it must not be known to anybody before.
    package func shell(_ command: String, nonce: String, limits: ShellLimits = ShellLimits())
        async throws(ADBError) -> ShellResult
    {
        if banner?.hasShellV2 == true { return try await shellV2(command, limits: limits) }
        return try await exec(command, nonce: nonce, limits: limits)
    }

    private func shellV2(_ command: String, limits: ShellLimits) async throws(ADBError) -> ShellResult {
        let id = try await open("shell,v2,raw:" + command, timeout: limits.timeout)
        var decoder = ShellDecoder()
        var result = ShellResult(output: [], errorOutput: [], exitCode: 0)
        var exited = false
        defer { close(id) }
        while let bytes = try await read(id) {
            for frame in try decoder.bytesReceived(bytes) {
                switch frame {
                case .output(let data): result.output += data
                case .errorOutput(let data): result.errorOutput += data
                case .exit(let code):
                    result.exitCode = Int(code)
                    exited = true
                }
            }
            guard result.output.count + result.errorOutput.count <= limits.outputBytesMax else {
                throw .outputTooLong(limit: limits.outputBytesMax)
            }
        }
        guard exited else { throw .noExitCode }
        return result
    }

    /// The older way (Android 5 and 6): raw bytes, no exit code of its own, so the shell prints one behind the
    /// nonce (packages/modules/adb commit c52ec1a9 for `exec:`).
    private func exec(_ command: String, nonce: String, limits: ShellLimits) async throws(ADBError)
        -> ShellResult
    {
        let id = try await open(
            "exec:( " + command + " ) 2>&1; echo \"" + nonce + "$?\"", timeout: limits.timeout)
        var output: [UInt8] = []
        defer { close(id) }
        while let bytes = try await read(id) {
            output += bytes
            guard output.count <= limits.outputBytesMax else {
                throw .outputTooLong(limit: limits.outputBytesMax)
            }
        }
        guard let result = ShellResult(marked: output, nonce: Array(nonce.utf8)) else { throw .noExitCode }
        return result
    }

    /// Starts a command that goes on until it is closed, such as `logcat`.
    package func start(_ command: String) async throws(ADBError) -> ShellStream {
        let framed = banner?.hasShellV2 == true
        let id = try await open((framed ? "shell,v2,raw:" : "exec:") + command, timeout: nil)
        return ShellStream(connection: self, id: id, framed: framed)
    }
}

extension ShellResult {
    /// The result whose output ends in `nonce`, an exit code and a line end (`\n`, `\r\n` or `\r\r\n`); nil when it
    /// does not: the command was cut off.
    init?(marked bytes: [UInt8], nonce: [UInt8]) {
        var rest = bytes[...]
        guard rest.last == 0x0A else { return nil }
        rest.removeLast()
        while rest.last == 0x0D { rest.removeLast() }
        var code = 0
        var digits = 0
        var scale = 1
        while let last = rest.last, 0x30...0x39 ~= last, digits < 3 {
            code += Int(last - 0x30) * scale
            scale *= 10
            digits += 1
            rest.removeLast()
            if rest.count >= nonce.count, rest.suffix(nonce.count).elementsEqual(nonce) {
                self.init(output: Array(rest.dropLast(nonce.count)), errorOutput: [], exitCode: code)
                return
            }
        }
        return nil
    }
}

/// The output of a command that goes on.
package struct ShellStream: Sendable {
    private let connection: ADBConnection
    private let id: StreamID
    private let framed: Bool
    private var decoder = ShellDecoder()

    init(connection: ADBConnection, id: StreamID, framed: Bool) {
        self.connection = connection
        self.id = id
        self.framed = framed
    }

    /// The next bytes of its standard output; nil when it ended. Not reading is back-pressure on the phone.
    package mutating func next() async throws(ADBError) -> [UInt8]? {
        while let bytes = try await connection.read(id) {
            guard framed else { return bytes }
            var output: [UInt8] = []
            for frame in try decoder.bytesReceived(bytes) {
                if case .output(let data) = frame { output += data }
            }
            if !output.isEmpty { return output }
        }
        return nil
    }

    /// Ends the command.
    package func close() async { await connection.close(id) }
}
