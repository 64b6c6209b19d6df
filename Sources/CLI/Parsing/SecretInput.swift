import Delivery
import Glibc
import Platform

/// Secrets from a file or from standard input, never from a flag that `ps` shows.
enum SecretInput {
    /// Longest file or input read, in bytes.
    static let bytesMax = 4096

    /// The secret that `--secret-file` or `--secret-stdin` gives; empty when neither was given.
    static func read(_ invocation: Invocation) throws(CommandFailure) -> String {
        if let path = invocation.value("secret-file") {
            guard !invocation.flag("secret-stdin") else {
                throw .usage("--secret-file and --secret-stdin exclude each other")
            }
            return try firstLine(ofFile: path)
        }
        guard invocation.flag("secret-stdin") else { return "" }
        if isatty(0) == 1 { throw .usage("--secret-stdin reads a pipe", hint: "or use --secret-file FILE") }
        return try line(
            read(0, name: "standard input", limit: bytesMax, lineOnly: true), name: "standard input")
    }

    /// The first line of the file `path`.
    static func firstLine(ofFile path: String) throws(CommandFailure) -> String {
        let file = try open(path)
        return try line(read(file.raw, name: path, limit: bytesMax, lineOnly: true), name: path)
    }

    /// The bytes of the file `path`: all of them, or more than `limit`.
    static func bytes(ofFile path: String, limit: Int) throws(CommandFailure) -> [UInt8] {
        let file = try open(path)
        return try read(file.raw, name: path, limit: limit, lineOnly: false)
    }

    private static func open(_ path: String) throws(CommandFailure) -> FileDescriptor {
        do throws(SystemError) {
            return try FileDescriptor.open(path, flags: O_RDONLY)
        } catch {
            let code: ExitCode =
                error.code == EACCES ? .noPermission : error.code == ENOENT ? .notFound : .failed
            throw .failed(code, message: "\(error)", hint: "")
        }
    }

    private static func read(
        _ descriptor: Int32, name: String, limit: Int, lineOnly: Bool
    ) throws(CommandFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: bytesMax)
        while bytes.count <= limit, !lineOnly || !bytes.contains(UInt8(ascii: "\n")) {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw .failed(.failed, message: "\(SystemError("read", detail: name))", hint: "")
            }
            bytes.append(contentsOf: buffer[..<count])
        }
        return bytes
    }

    private static func line(_ bytes: [UInt8], name: String) throws(CommandFailure) -> String {
        var line = Array(bytes.prefix { $0 != UInt8(ascii: "\n") })
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard !line.isEmpty else {
            throw .usage("\(name): its first line is empty", hint: "the first line is the secret")
        }
        guard line.count <= WebhookSettings.secretBytesMax else {
            throw .usage("\(name): a secret has at most \(WebhookSettings.secretBytesMax) bytes")
        }
        guard let text = String(validating: line, as: UTF8.self),
            !line.contains(where: { $0 < UInt8(ascii: " ") })
        else {
            throw .usage("\(name): a secret is UTF-8 text without control characters")
        }
        return text
    }
}
