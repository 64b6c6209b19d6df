import ADB
import Link
import Phone
import Platform
import Time

/// The phone's log: hints when to look.
extension PhoneSession {
    /// Pauses before a log stream that ended is started again.
    private static let logPauses: [Duration] = [.seconds(1), .seconds(5), .seconds(15), .seconds(60)]

    /// Follows the phone's log and hands its lines to the collectors; a stream that ends is started again.
    func followLog(_ connection: ADBConnection, _ hosts: [CollectorHost]) async throws(ADBError) {
        guard let command = LogFilter.stream(hosts.map(\.log)) else {
            // Nobody wants any: nothing to do until the session ends.
            _ = await OneShot<Void>().value()
            return
        }
        var ended = 0
        while !Task.isCancelled {
            if try await heardLines(connection, command, hosts) { ended = 0 }
            let pause = Self.logPauses[min(ended, Self.logPauses.count - 1)]
            ended += 1
            guard (try? await services.clock.sleep(for: pause)) != nil else { throw .cancelled }
            for host in hosts { await host.hintsWereLost() }
        }
    }

    /// One stream until its end; whether it brought a line. Throws what ends the connection, nothing else.
    private func heardLines(
        _ connection: ADBConnection, _ command: String, _ hosts: [CollectorHost]
    ) async throws(ADBError) -> Bool {
        var stream: ShellStream
        do throws(ADBError) {
            stream = try await connection.start(command)
        } catch {
            try Self.throwIfFinal(error)
            return false
        }
        var isHeard = false
        var failure: ADBError?
        do throws(ADBError) {
            var splitter = LineSplitter()
            while let bytes = try await stream.next() {
                for text in splitter.bytesReceived(bytes) {
                    guard let line = LogLine(text[...]) else { continue }
                    isHeard = true
                    for host in hosts { await host.heard(line) }
                }
            }
        } catch {
            failure = error
        }
        await stream.close()
        if let failure { try Self.throwIfFinal(failure) }
        return isHeard
    }

    private static func throwIfFinal(_ error: ADBError) throws(ADBError) {
        switch error {
        case .sessionEnded, .transport, .cancelled: throw error
        default: break
        }
    }
}
