import FoundationEssentials
import Glibc
import Platform
package import Receiver
import Synchronization
package import VirtualPhone

/// Virtual phones, a receiver, and the real program between them as a child process with a state folder of its own.
package final class Stage {
    /// Why a stage does not stand.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        /// A failure that says `description`.
        package init(description: String) { self.description = description }
    }

    package let phones: [VirtualPhone]
    /// Everything the receiver got.
    package let log = ReceivedLog()
    /// When the receiver was done with each request, and how long it took.
    package let work = ReceiverWork()
    /// The state folder.
    package let folder: String
    private let servers: [VirtualPhoneServer]
    private let receiver: ReceiverServer
    private var daemon: ChildProcess?

    /// A stage with `phones` phones; its state folder is made below `parent`.
    package init(name: String, phones count: Int = 1, parent: String? = nil) throws {
        let parent = parent ?? FileManager.default.temporaryDirectory.path
        folder = parent + "/phonewire-\(name)"
        try? FileManager.default.removeItem(atPath: folder)
        try SyncedFile.makeFolder(folder)
        phones = (0..<count).map { number in
            var setup = VirtualPhoneSetup()
            setup.serial = "STAGE\(1000 + number)"
            setup.androidID = "d57df30cb6a8\(1000 + number)"
            return VirtualPhone(setup: setup)
        }
        servers = try phones.map { try VirtualPhoneServer(phone: $0) }
        let log = log
        let work = work
        receiver = try ReceiverServer { request in
            let begin = ContinuousClock.now
            log.append(request)
            work.add(begin: begin, end: .now)
            return .ok
        }
    }

    private var socket: String { folder + "/control.sock" }

    /// The daemon's process id; 0 when it does not run.
    package var daemonPID: Int32 { daemon?.pid ?? 0 }

    /// Starts the daemon, connects the phones, adds the webhook, waits until every phone was enrolled and read.
    package func setUp(format: String = "smsnotif-json") throws {
        try start()
        for server in servers { try command(["devices", "connect", server.address]) }
        try command(["webhooks", "add", "test", receiver.url("/hook"), "--format", format])
        for phone in phones {
            // Canary, baseline or fresh read: what comes after these is new.
            guard retry(seconds: 60, { phone.counters.commands["content", default: 0] >= 2 }) else {
                throw Failure(description: "\(phone.serial) was never read: see \(folder)/daemon.log")
            }
        }
        usleep(500_000)
    }

    /// Starts the daemon.
    package func start() throws {
        daemon = try ChildProcess(
            ["run", "--state", folder, "--socket", socket, "--no-usb"], log: folder + "/daemon.log")
    }

    /// Ends the daemon without a word.
    package func kill9() { daemon?.end(SIGKILL) }

    /// Ends the daemon in order; its wait status.
    package func stop() -> Int32 { daemon?.end(SIGTERM) ?? 0 }

    private func command(_ arguments: [String]) throws {
        let done = retry(seconds: 20) {
            (try? ChildProcess(["--socket", socket] + arguments, log: folder + "/commands.log"))?.wait() == 0
        }
        guard done else {
            throw Failure(
                description:
                    "phonewire \(arguments.joined(separator: " ")) failed: see \(folder)/commands.log")
        }
    }

    /// Tries every 20 ms until `body` is true; false when it never was.
    package func retry(seconds: Int, _ body: () -> Bool) -> Bool {
        for _ in 0..<(seconds * 50) {
            if body() { return true }
            usleep(20_000)
        }
        return false
    }

    /// Phone and row id of every message that arrived.
    package func distinct() -> Set<String> {
        Set(
            log.requests.compactMap { request in
                guard let message = try? SmsNotifDecoder.decode(request), let row = message.integer("rid"),
                    let device = message.text("device")
                else { return nil }
                return "\(device)/\(row)"
            })
    }

    /// Ends everything; the state folder stays where `keep` says so.
    package func end(keep: Bool = false) {
        daemon?.end(SIGTERM)
        for server in servers { server.stop() }
        receiver.stop()
        if !keep { try? FileManager.default.removeItem(atPath: folder) }
    }
}

/// What the receiver's own part of the time is.
package final class ReceiverWork: Sendable {
    private let requests = Mutex<[(end: ContinuousClock.Instant, spent: Duration)]>([])

    func add(begin: ContinuousClock.Instant, end: ContinuousClock.Instant) {
        requests.withLock { $0.append((end, begin.duration(to: end))) }
    }

    /// The last request's end and time; nil before the first.
    package var last: (end: ContinuousClock.Instant, spent: Duration)? { requests.withLock { $0.last } }

    /// When each was done, in their order.
    package var all: [(end: ContinuousClock.Instant, spent: Duration)] { requests.withLock { $0 } }

    /// How many there were.
    package var count: Int { requests.withLock { $0.count } }
}
