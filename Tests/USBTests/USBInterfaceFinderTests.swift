import Testing

@testable import USB

@Suite("Finding the ADB interface in a device's descriptors")
struct USBInterfaceFinderTests {
    static let adb = USBInterfaceKind(interfaceClass: 0xFF, subclass: 0x42, interfaceProtocol: 0x01)
    static let mtp = USBInterfaceKind(interfaceClass: 0x06, subclass: 0x01, interfaceProtocol: 0x01)

    private static func pair(_ packet: UInt16, out: UInt8 = 0x01, in incoming: UInt8 = 0x82) -> [USBEndpoint]
    {
        [
            USBEndpoint(address: out, attributes: 2, packetBytes: packet),
            USBEndpoint(address: incoming, attributes: 2, packetBytes: packet),
        ]
    }

    private static func setting(
        _ number: UInt8, _ kind: USBInterfaceKind = adb, _ endpoints: [USBEndpoint] = pair(512)
    ) -> USBSetting {
        USBSetting(number: number, kind: kind, endpoints: endpoints)
    }

    private static func found(
        _ interface: UInt8, in incoming: UInt8 = 0x82, out: UInt8 = 0x01, packet: Int = 512
    ) -> USBInterfaceFinder.Finding {
        .found(ADBEndpoints(interface: interface, incoming: incoming, outgoing: out, packetBytes: packet))
    }

    static let good: [(String, [[USBSetting]], USBInterfaceFinder.Finding)] = [
        ("ADB alone, high speed", [[setting(0)]], found(0)),
        ("full speed", [[setting(0, adb, pair(64))]], found(0, packet: 64)),
        ("super speed", [[setting(0, adb, pair(1024))]], found(0, packet: 1024)),
        ("behind MTP", [[setting(0, mtp)], [setting(1)]], found(1)),
        (
            "IN before OUT, addresses chosen by the controller",
            [[setting(3, adb, pair(512, out: 0x0F, in: 0x81).reversed())]], found(3, in: 0x81, out: 0x0F)
        ),
        (
            "debug capability",
            [
                [
                    setting(
                        0, USBInterfaceKind(interfaceClass: 0xDC, subclass: 2, interfaceProtocol: 1),
                        pair(1024))
                ]
            ],
            found(0, packet: 1024)
        ),
        (
            "an interrupt endpoint and a second pair beside the first",
            [
                [
                    setting(
                        2, adb,
                        [USBEndpoint(address: 0x83, attributes: 3, packetBytes: 10)] + pair(512)
                            + pair(512, out: 0x04, in: 0x85))
                ]
            ], found(2)
        ),
        (
            "further alternate settings without endpoints",
            [[setting(0), setting(0, adb, []), setting(0, mtp, [])]], found(0)
        ),
        ("two ADB interfaces: the first", [[setting(4)], [setting(5)]], found(4)),
        ("the first one broken: the second", [[setting(0, adb, [])], [setting(1)]], found(1)),
    ]

    @Test("Usable", arguments: good)
    func usable(name: String, interfaces: [[USBSetting]], expected: USBInterfaceFinder.Finding) {
        #expect(USBInterfaceFinder.find(in: USBConfiguration(interfaces: interfaces)) == expected)
    }

    static let none: [(String, [[USBSetting]])] = [
        ("no interface", []),
        ("an interface without settings", [[]]),
        ("MTP only", [[setting(0, mtp)]]),
        (
            "fastboot",
            [[setting(0, USBInterfaceKind(interfaceClass: 0xFF, subclass: 0x42, interfaceProtocol: 3))]]
        ),
        (
            "vendor specific",
            [[setting(0, USBInterfaceKind(interfaceClass: 0xFF, subclass: 0xFF, interfaceProtocol: 1))]]
        ),
        (
            "a debug class of another protocol",
            [[setting(0, USBInterfaceKind(interfaceClass: 0xDC, subclass: 1, interfaceProtocol: 1))]]
        ),
        ("ADB in a later alternate setting only", [[setting(0, mtp), setting(0)]]),
    ]

    @Test("Not ADB", arguments: none)
    func notADB(name: String, interfaces: [[USBSetting]]) {
        #expect(USBInterfaceFinder.find(in: USBConfiguration(interfaces: interfaces)) == .none)
    }

    static let unusable: [(String, [USBEndpoint], String)] = [
        ("no endpoints", [], "interface 7 has no bulk IN endpoint"),
        ("OUT only", [pair(512)[0]], "interface 7 has no bulk IN endpoint"),
        ("IN only", [pair(512)[1]], "interface 7 has no bulk OUT endpoint"),
        (
            "interrupt endpoints",
            pair(512).map { USBEndpoint(address: $0.address, attributes: 3, packetBytes: 512) },
            "interface 7 has no bulk IN endpoint"
        ),
        ("unequal packets", [pair(512)[0], pair(64)[1]], "interface 7 has packets of 64 and 512 bytes"),
        ("packets of 0", pair(0), "interface 7 has packets of 0 bytes, which no bulk endpoint can have"),
        ("packets of 1", pair(1), "interface 7 has packets of 1 bytes, which no bulk endpoint can have"),
        (
            "packets with reserved bits", pair(0x1A00),
            "interface 7 has packets of 6656 bytes, which no bulk endpoint can have"
        ),
    ]

    @Test("Claims to be ADB, cannot be used: the reason", arguments: unusable)
    func notUsable(name: String, endpoints: [USBEndpoint], reason: String) {
        let configuration = USBConfiguration(interfaces: [[Self.setting(7, Self.adb, endpoints)]])
        #expect(USBInterfaceFinder.find(in: configuration) == .unusable(reason: reason))
    }

    @Test("Every vendor-class interface of every subclass and protocol: exactly one is ADB")
    func exhaustive() {
        var matches = 0
        for subclass in UInt8.min...UInt8.max {
            for number in UInt8.min...UInt8.max {
                let kind = USBInterfaceKind(
                    interfaceClass: 0xFF, subclass: subclass, interfaceProtocol: number)
                let configuration = USBConfiguration(interfaces: [[Self.setting(0, kind)]])
                if USBInterfaceFinder.find(in: configuration) != .none { matches += 1 }
            }
        }
        #expect(matches == 1)
    }
}
