import Glibc
import Platform

/// The program, but for its main thread: from arguments to what is to run.
package enum Program {
    /// What the main thread does.
    package enum Plan: Sendable {
        /// Everything is done: end with this code.
        case exit(Int32)
        /// Run this in a task, cancel it on SIGTERM or SIGINT, and end with what it returns.
        case service(@Sendable () async -> Int32)
    }

    /// Parses `arguments` (the program's name left out) and runs the command, unless it is a service.
    package static func start(_ arguments: [String]) -> Plan {
        signal(SIGPIPE, SIG_IGN)
        let guess = Output.standard(
            json: false, noColor: arguments.contains("--no-color"))
        let invocation: Invocation
        do throws(CommandFailure) {
            invocation = try ArgumentParser(table: CommandTable.all).parse(arguments)
        } catch {
            return .exit(end(error, guess))
        }
        let output = Output.standard(json: invocation.global.json, noColor: invocation.global.noColor)
        return start(
            Context(
                invocation: invocation, output: output, uid: geteuid(),
                environment: { Environment.value($0) }, ask: { Terminal.ask($0, output) }))
    }

    /// Runs the command of `context`, unless it is a service.
    package static func start(_ context: Context) -> Plan {
        do throws(CommandFailure) {
            switch context.invocation.request {
            case .version: return .exit(try VersionCommand.run(context).rawValue)
            case .help(let words): try context.output.lines(HelpText.lines(words, context.output))
            case .command(let command):
                switch command.action {
                case .plain(let body): return .exit(try body(context).rawValue)
                case .service(let body):
                    return .service { await service(body, context) }
                }
            }
            return .exit(ExitCode.ok.rawValue)
        } catch {
            return .exit(end(error, context.output))
        }
    }

    private static func service(
        _ body: @Sendable (Context) async throws(CommandFailure) -> ExitCode, _ context: Context
    ) async -> Int32 {
        do throws(CommandFailure) {
            return try await body(context).rawValue
        } catch {
            return end(error, context.output)
        }
    }

    /// Says what went wrong; the exit code for it. A reader that left is not a failure.
    private static func end(_ failure: CommandFailure, _ output: Output) -> Int32 {
        switch failure {
        case .outputClosed: return ExitCode.ok.rawValue
        case .failed(let code, _, _):
            output.report(failure)
            return code.rawValue
        }
    }
}
