import Testing

@testable import USB

@Suite("Port paths")
struct USBPathTests {
    @Test(
        "As sysfs writes them",
        arguments: [(1, [4], "1-4"), (1, [4, 2], "1-4.2"), (12, [1, 2, 3, 4, 5, 6, 7], "12-1.2.3.4.5.6.7")]
            as [(UInt8, [UInt8], String)])
    func paths(bus: UInt8, ports: [UInt8], text: String) {
        #expect(USBPath(bus: bus, ports: ports).description == text)
    }
}
