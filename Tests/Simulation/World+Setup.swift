import Base
import Crypto
package import Events
import FoundationEssentials
package import VirtualPhone

extension World {
    private static let key = Array(((try? RSAKey.generate())?.pem ?? "").utf8)

    /// Memory where there is such a folder: a crash is simulated above the disk, so nothing has to wait for one.
    private static let place: URL = {
        let memory = "/dev/shm"
        return FileManager.default.isWritableFile(atPath: memory)
            ? URL(filePath: memory) : FileManager.default.temporaryDirectory
    }()

    /// Runs `body` with a new world in a folder of its own, which is gone afterwards.
    package static func with(
        seed: UInt64, androidRelease: Int = 14, change: (inout VirtualPhoneSetup) -> Void = { _ in },
        _ body: (World) throws -> Void
    ) throws {
        let folder = Self.place.appending(path: "phonewire-simulation-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let world = try World(
            seed: seed, folder: folder, key: key, androidRelease: androidRelease, change: change)
        try body(world)
        try world.kill()
    }

    /// Starts the daemon, plugs both phones in until they are enrolled, and adds the webhook.
    package func startWithPhones(kinds: Set<EventKind> = EventKind.defaults) throws {
        try start()
        for phone in phones { links.plug(phone) }
        pass(.seconds(20))
        try addWebhook(kinds: kinds)
        pass(.seconds(5))
    }
}
