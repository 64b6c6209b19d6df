import Base
import Daemon
import Glibc
import Platform
import VirtualPhone

/// `phonewire demo`.
enum DemoCommand {
    static let spec = CommandSpec(
        "demo", "the whole thing on virtual phones and a local receiver",
        details: [
            "Two virtual phones with two SIM cards each, a real daemon with a temporary store, a real receiver on this "
                + "computer: needs no phone, no root and no network. Messages arrive, some of them nasty; the summary "
                + "counts what the phones got and what the receiver got. Exit code 0 only if they are the same, once each.",
            "With --keep it goes on until Ctrl-C and prints the socket for other phonewire commands.",
        ],
        options: [.flag("keep", "leave it running for playing")],
        examples: [
            ("demo", "about fifteen seconds"), ("demo --keep", "then try \"phonewire --socket … status\""),
        ],
        json: false,
        action: .service { (context) async throws(CommandFailure) in try await run(context) })

    private static func run(_ context: Context) async throws(CommandFailure) -> ExitCode {
        let folder = try temporaryFolder()
        let stage: DemoStage
        do {
            stage = try DemoStage()
        } catch {
            throw .failed(
                .failed, message: "the demo's phones and receiver cannot be made: \(error)", hint: "")
        }
        let result = await serve(context, stage, folder)
        stage.end()
        remove(folder)
        switch result {
        case .success(let code): return code
        case .failure(let failure): throw failure
        }
    }

    /// The daemon and the script side by side; the first that ends, ends the other.
    private static func serve(
        _ context: Context, _ stage: DemoStage, _ folder: String
    ) async -> Result<ExitCode, CommandFailure> {
        let ready = OneShot<Void>()
        let options = DaemonOptions(
            stateFolder: folder, socketPath: folder + "/control.sock", logLevel: .error, usb: false)
        return await withTaskGroup(of: Result<ExitCode, CommandFailure>?.self) { group in
            group.addTask {
                do throws(DaemonFailure) {
                    try await DaemonProcess.run(options, log: StderrSink.logger(level: .error)) {
                        ready.give(())
                    }
                    return nil
                } catch {
                    return .failure(.failed(.failed, message: error.sentence, hint: ""))
                }
            }
            group.addTask {
                guard await ready.value() != nil else { return nil }
                let result = await script(context, stage, options.socketPath)
                if context.invocation.flag("keep"), case .success = result {
                    await keep(context, stage, options.socketPath)
                }
                return result
            }
            var result: Result<ExitCode, CommandFailure>?
            while result == nil, let next = await group.next() { result = next }
            group.cancelAll()
            await group.waitForAll()
            return result ?? .success(.failed)
        }
    }

    /// Plays the script on a thread of its own, because the control client blocks.
    private static func script(
        _ context: Context, _ stage: DemoStage, _ socket: String
    ) async -> Result<ExitCode, CommandFailure> {
        let done = OneShot<Result<ExitCode, CommandFailure>>()
        let code = startThread(name: "pw-demo") {
            do throws(CommandFailure) {
                let client = try ControlClient(paths: paths(socket))
                var script = DemoScript(stage: stage, output: context.output, client: client)
                try script.play()
                done.give(.success(try report(stage.summary(), context.output)))
            } catch {
                done.give(.failure(error))
            }
        }
        if let code {
            return .failure(
                .failed(
                    .failed, message: "no thread: \(SystemError("pthread_create", code: code, detail: ""))",
                    hint: ""))
        }
        return await done.value() ?? .success(.failed)
    }

    private static func paths(_ socket: String) -> Paths {
        var global = GlobalOptions()
        global.socket = socket
        return Paths(global: global, uid: geteuid(), systemd: false, environment: { _ in nil })
    }

    private static func report(_ summary: DemoSummary, _ output: Output) throws(CommandFailure) -> ExitCode {
        try output.line()
        for kind in summary.kinds {
            try output.line("\(kind.name): \(kind.sent) on the phones, \(kind.received) received")
        }
        try output.line(
            "sent by the phones \(summary.sent), received by the receiver \(summary.received), "
                + "duplicates \(summary.duplicates), lost \(summary.lost), strange \(summary.strange)")
        try output.line(
            "event ids \(summary.ids), requests answered with 500 and tried again \(summary.refusals)")
        try output.line(
            summary.held
                ? output.styled("every message arrived, once, unchanged", .green)
                : output.styled("this is not what phonewire promises", .red))
        return summary.held ? .ok : .failed
    }

    // MARK: Playing on

    private static func keep(_ context: Context, _ stage: DemoStage, _ socket: String) async {
        context.output.message(
            """

            It goes on, with a message now and then, until Ctrl-C. In another terminal:
              phonewire --socket \(socket) status
              phonewire --socket \(socket) events tail
              phonewire --socket \(socket) webhooks add mine http://127.0.0.1:\(ListenCommand.portUsual)/
            """)
        let clock = SystemClock()
        var number = 0
        while (try? await clock.sleep(for: .seconds(10))) != nil {
            number += 1
            stage.send(
                phone: number % 2, slot: 1 + number / 2 % 2, from: "Demo", "message \(number) of the demo")
        }
    }

    // MARK: The temporary folder

    private static func temporaryFolder() throws(CommandFailure) -> String {
        let parent = Environment.value("TMPDIR") ?? "/tmp"
        var template = Array("\(parent)/phonewire-demo-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw .failed(
                .failed, message: "\(SystemError("mkdtemp", detail: parent))",
                hint: "set TMPDIR to a folder you can use")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes the folder and the files in it.
    private static func remove(_ folder: String) {
        guard let stream = unsafe opendir(folder) else { return }
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { unsafe unlink(folder + "/" + name) }
        }
        unsafe closedir(stream)
        unsafe rmdir(folder)
    }
}
