import Testing

@testable import USB

/// What works without a device: libusb, its thread, its wake-ups. Devices are the real-link test's matter.
@Suite("The USB thread, without phones")
struct USBContextTests {
    @Test("Starts, tells what is there, stops; stopping twice is harmless")
    func lifeCycle() async throws {
        let context = try await USBContext.make()
        let snapshot = await context.snapshot()
        #expect(snapshot.leakedTransfers == 0)
        await context.stop()
        await context.stop()
        #expect(await context.snapshot().interfaces == [])
    }

    @Test("Waiting for a change ends when the task is cancelled")
    func cancellation() async throws {
        let context = try await USBContext.make()
        let generation = await context.snapshot().generation
        await withTaskGroup { group in
            group.addTask { await context.changed(since: generation) }
            group.cancelAll()
        }
        await context.stop()
    }

    @Test("Waiting for a change ends when the context is stopped")
    func stopping() async throws {
        let context = try await USBContext.make()
        let generation = await context.snapshot().generation
        await withTaskGroup { group in
            group.addTask { await context.changed(since: generation) }
            await context.stop()
        }
        await context.changed(since: generation)
    }

    @Test("A change that has happened already is told at once")
    func oldGeneration() async throws {
        let context = try await USBContext.make()
        let generation = await context.snapshot().generation
        await context.changed(since: generation &- 1)
        await context.stop()
    }

    @Test("Opening a device that is not there any more")
    func gone() async throws {
        let context = try await USBContext.make()
        let interface = USBInterface(
            path: USBPath(bus: 1, ports: [1]), serial: "", product: "", arrival: .max,
            node: "/dev/bus/usb/001/001",
            vendor: 0, productNumber: 0,
            endpoints: ADBEndpoints(interface: 0, incoming: 0x81, outgoing: 1, packetBytes: 512))
        let error = await #expect(throws: USBError.self) { _ = try await context.open(interface) }
        #expect(error?.kind == .gone)
        await context.stop()
    }

    @Test("Many contexts come and go")
    func many() async throws {
        for _ in 0..<20 {
            let context = try await USBContext.make()
            _ = await context.snapshot()
            await context.stop()
        }
    }
}
