import Glibc
import Platform
import Stage
import VirtualPhone

/// The daemon's memory with 2 and with 16 virtual phones, which live in this process: anonymous and whole resident
/// size, after every phone has delivered ten messages.
enum Memory {
    static func run() throws {
        print("phones   anonymous MiB   resident MiB   threads")
        for count in [2, 16] {
            let stage = try Stage(name: "memory-\(getpid())", phones: count)
            defer { stage.end() }
            try stage.setUp()
            for number in 0..<10 {
                for phone in stage.phones {
                    phone.receiveSMS(from: "Shop", body: "message \(number)", slot: 0)
                }
                usleep(100_000)
            }
            guard stage.retry(seconds: 60, { stage.distinct().count == 10 * count }) else {
                throw Stage.Failure(description: "not all messages arrived")
            }
            usleep(3_000_000)
            let status = try status(of: stage.daemonPID)
            print(
                "\(count)        \(mebibytes(status["RssAnon"]))   \(mebibytes(status["VmRSS"]))   \(status["Threads"] ?? 0)"
            )
        }
    }

    private static func mebibytes(_ kibibytes: Int?) -> String {
        Benchmarks.text(Double(kibibytes ?? 0) / 1024)
    }

    private static func status(of pid: Int32) throws -> [String: Int] {
        let path = "/proc/\(pid)/status"
        let bytes = try FileDescriptor.open(path, flags: O_RDONLY).readAll(limit: 65536, path: path)
        var values: [String: Int] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split { $0 == ":" || $0 == "\t" || $0 == " " }
            if parts.count >= 2, let value = Int(parts[1]) { values[String(parts[0])] = value }
        }
        return values
    }
}
