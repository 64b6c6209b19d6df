import Control
import Synchronization

@testable import CLI

/// An output that keeps what is printed; times are shown in UTC.
final class Captured: Sendable {
    private let bytes = Mutex<(out: [UInt8], err: [UInt8])>(([], []))

    /// What went to standard output.
    var out: String { String(decoding: bytes.withLock { $0.out }, as: UTF8.self) }
    /// What went to standard error.
    var err: String { String(decoding: bytes.withLock { $0.err }, as: UTF8.self) }

    func output(json: Bool = false, colour: Bool = false) -> Output {
        Output(
            out: { bytes in self.bytes.withLock { $0.out += bytes } },
            err: { bytes in self.bytes.withLock { $0.err += bytes } },
            colourOut: colour, colourErr: colour, isTerminal: false, json: json,
            localTime: { String($0.text.prefix(19)).replacing("T", with: " ") })
    }

    /// Runs a command line as the program would; returns its exit code.
    func run(
        _ words: [String], uid: UInt32 = 1000, environment: [String: String] = [:],
        ask: @escaping @Sendable (String) -> String? = { _ in nil }
    ) -> Int32 {
        do throws(CommandFailure) {
            let invocation = try ArgumentParser(table: CommandTable.all).parse(words)
            let context = Context(
                invocation: invocation, output: output(json: invocation.global.json), uid: uid,
                environment: { environment[$0] }, ask: ask)
            guard case .exit(let code) = Program.start(context) else { return -1 }
            return code
        } catch {
            output().report(error)
            guard case .failed(let code, _, _) = error else { return -1 }
            return code.rawValue
        }
    }
}
