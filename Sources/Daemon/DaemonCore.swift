package import Base
import Control
package import Delivery
package import Store

/// The daemon above its ports: phones in, webhooks out. What is below (USB, TCP, HTTP, clocks) is passed in, so that the
/// simulation runs this very code.
package struct DaemonCore: Sendable {
    /// The attached phones.
    package let watch: DeviceWatch
    /// The deliveries.
    package let delivery: DeliveryService
    /// How deliveries, and webhook tests, leave.
    package let transport: any DeliveryTransport
    /// The phones that can be asked for something.
    package let phones = OnlinePhones()
    private let store: EventStore

    /// A daemon over these ports. `random` gives fresh random bytes, `jitter` a number from 0 up to 1.
    package init(
        store: EventStore, keys: KeyRing, finders: [any LinkFinder], client: any HTTPClient,
        clock: any DaemonClock, log: Logger, random: @escaping @Sendable (_ count: Int) -> [UInt8],
        jitter: @escaping @Sendable () -> Double
    ) {
        let transport = HTTPTransport(client: client, version: ProductVersion.text)
        self.transport = transport
        let delivery = DeliveryService(
            store: store, transport: transport, clock: clock, installation: store.installation,
            jitter: jitter,
            log: log)
        self.delivery = delivery
        self.store = store
        watch = DeviceWatch(
            finders: finders,
            services: SessionServices(
                store: store, keys: keys, clock: clock, log: log, phones: phones,
                random: random, recorded: { delivery.wake() }))
    }

    /// Works until cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await watch.run() }
            group.addTask { await delivery.run() }
            group.addTask { await store.run() }
        }
    }
}
