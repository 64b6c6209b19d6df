import Testing

@Suite("udev/60-phonewire.rules")
struct UdevRulesTests {
    private let rules: [UdevRule]

    init() throws {
        rules = try UdevRule.rules(of: PackageFiles.text("udev/60-phonewire.rules"))
    }

    @Test("Two rules, each with the same rights")
    func assignments() {
        let expected = ["GROUP=plugdev", "MODE=0660", "TAG+=uaccess", "ATTR{power/control}=on"]
        #expect(rules.map(\.assignments) == [expected, expected])
    }

    @Test("The file's number: behind usb_id (50), before the seat's access list (73)")
    func number() throws {
        let names = try PackageFiles.names(in: "udev")
        #expect(names == ["60-phonewire.rules"])
    }

    static let interfaces: [(String, Bool)] = [
        (":ff4201:", true), (":060101:ff4201:", true), (":ff4201:080650:", true),
        (":e00103:0a0000:ff4201:030101:", true), (":dc0201:", true), (":ffffff:dc0201:", true),
        (":ff4201:dc0201:", true), ("", false), (":", false), (":060101:", false), (":ff4203:", false),
        (":ff4202:", false), (":dc0202:", false), ("ff4201", false), (":ff4201", false), (":0ff420:1", false),
        (":fff4201:", false), (":ff42010:", false), (":FF4201:", false), (":dc0201", false),
    ]

    @Test("Devices by ID_USB_INTERFACES, as the usb_id builtin writes it", arguments: interfaces)
    func devices(interfaces: String, expected: Bool) {
        let device = device(interfaces: interfaces)
        #expect(rules.contains { $0.matches(device) } == expected)
    }

    @Test(
        "Every action but removal: a later event must not take the rights away",
        arguments: [
            ("add", true), ("bind", true), ("change", true), ("move", true), ("online", true),
            ("remove", false),
        ])
    func actions(action: String, expected: Bool) {
        let device = device(interfaces: ":ff4201:", ["ACTION": action])
        #expect(rules.contains { $0.matches(device) } == expected)
    }

    @Test("Only USB devices: not their interfaces, not other subsystems")
    func others() {
        let interface = device(interfaces: ":ff4201:", ["ENV{DEVTYPE}": "usb_interface"])
        let block = device(interfaces: ":ff4201:", ["SUBSYSTEM": "block"])
        #expect(!rules.contains { $0.matches(interface) || $0.matches(block) })
    }

    @Test(
        "The reader refuses what it does not know",
        arguments: [
            "", "ACTION", "ACTION==add", "ACTION==\"add", "ACTION==\"add\",", "ACTION==\"add\" ,GROUP=\"x\"",
            "ACTIONS==\"add\"", "GROUP==\"plugdev\"", "RUN+=\"/bin/sh\"", "ACTION=\"add\"", "GROUP=\"\"",
            "ENV{ID_USB_INTERFACES}==\"*:ff4201:*\\\"", "ACTION==\"add\"  GROUP=\"plugdev\"",
        ])
    func refused(line: String) {
        #expect(throws: UdevRule.Refused.self) { try UdevRule(line: line) }
    }

    @Test("The reader wants a comment above every rule and an end of line")
    func comments() {
        let rule = "ACTION==\"add\", GROUP=\"plugdev\"\n"
        #expect(throws: Never.self) { try UdevRule.rules(of: "# why\n" + rule) }
        #expect(throws: UdevRule.Refused.self) { try UdevRule.rules(of: rule) }
        #expect(throws: UdevRule.Refused.self) { try UdevRule.rules(of: "# why\n" + rule + rule) }
        #expect(throws: UdevRule.Refused.self) { try UdevRule.rules(of: "# why\n" + rule.dropLast()) }
    }

    private func device(interfaces: String, _ other: [String: String] = [:]) -> [String: String] {
        let usual = [
            "ACTION": "add", "SUBSYSTEM": "usb", "ENV{DEVTYPE}": "usb_device",
            "ENV{ID_USB_INTERFACES}": interfaces,
        ]
        return usual.merging(other) { $1 }
    }
}
