import Control
import Glibc
import Platform

/// Answers to the menus of a USSD code: from options, or from a file where one is secret.
enum AnswerInput {
    /// Most answers of one run; the daemon types no more.
    static let countMax = 10
    /// Longest file read, in bytes.
    static let fileBytesMax = 4096

    /// The answers that `--answer` gives, then those of `--answers-file`.
    static func read(_ invocation: Invocation) throws(CommandFailure) -> [String] {
        var answers = invocation.options["answer"] ?? []
        if let path = invocation.value("answers-file") { answers += try lines(ofFile: path) }
        guard answers.count <= countMax else {
            throw .usage("\(answers.count) menu answers are too many", hint: "at most \(countMax) are typed")
        }
        // Never repeated in a message: an answer may be a PIN.
        guard answers.allSatisfy({ !$0.isEmpty }) else { throw .usage("a menu answer is empty") }
        return answers
    }

    private static func lines(ofFile path: String) throws(CommandFailure) -> [String] {
        let bytes = try SecretInput.bytes(ofFile: path, limit: fileBytesMax)
        guard bytes.count <= fileBytesMax, let text = String(validating: bytes, as: UTF8.self) else {
            throw .usage("\(path): menu answers are text of at most \(fileBytesMax) bytes, one answer a line")
        }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
