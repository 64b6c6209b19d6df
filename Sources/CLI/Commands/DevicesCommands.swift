import Control
import Daemon
import Events

/// `phonewire devices …`.
enum DevicesCommands {
    static let specs = [
        list, show, name, id, enable, disable, reconcile, backfill, repair, trust, connect, disconnect,
    ]

    static let device = PositionalSpec("PHONE", "a phone by name, id or serial")
    private static let address = PositionalSpec("ADDRESS", "where it listens: host:port")

    private static let list = CommandSpec(
        "devices list", "the phones that are known or attached", isDefault: true,
        action: .plain { (context) throws(CommandFailure) in
            let report = try context.call(ListDevices())
            return try context.show(
                report,
                whenEmpty: "no phone yet: plug one in with USB debugging on, or see \"phonewire doctor\""
            ) { DeviceText.table(report.devices).lines($0) }
        })

    private static let show = CommandSpec(
        "devices show", "all about one phone", positionals: [device],
        action: .plain { (context) throws(CommandFailure) in
            let report = try context.call(ShowDevice(name: try context.invocation.required(0)))
            return try context.show(report) { DeviceText.lines(report, $0) }
        })

    private static let name = CommandSpec(
        "devices name", "give a phone another name",
        details: ["A name is \(NameRule.words), and belongs to one phone."],
        positionals: [device, PositionalSpec("NEW-NAME", "its new name")],
        examples: [("devices name Pixel-7 reception", "the phone is called reception from now on")],
        action: .plain { (context) throws(CommandFailure) in
            let old = try context.invocation.required(0)
            let new = try context.invocation.required(1)
            let report = try context.call(RenameDevice(name: old, newName: new))
            return try context.show(report) { _ in
                ["\(Output.clean(old)) is now called \(Output.clean(new))"]
            }
        })

    private static let id = CommandSpec(
        "devices id", "print or set the id that receivers see for a phone",
        details: [
            "Receivers know a phone by this id: with another one they will see another phone. Events that are recorded "
                + "already keep the old id, also when they are delivered later.",
            "An id has 1 to \(SetDeviceID.idBytesMax) printable ASCII characters without spaces. Without ID and --default it is only printed.",
        ],
        positionals: [device, PositionalSpec("ID", "its new id", required: false)],
        options: [.flag("default", "the id that is made from what the phone itself says")],
        examples: [
            ("devices id reception", "prints the id"),
            ("devices id reception front-desk", "receivers see a phone called front-desk from now on"),
        ],
        action: .plain { (context) throws(CommandFailure) in
            let name = try context.invocation.required(0)
            let report: DeviceReport
            switch (context.invocation.positional(1), context.invocation.flag("default")) {
            case (nil, false): report = try context.call(ShowDevice(name: name))
            case (let id?, false): report = try context.call(SetDeviceID(name: name, id: id))
            case (nil, true): report = try context.call(SetDeviceID(name: name, id: nil))
            case (_?, true): throw .usage("devices id: ID and --default exclude each other")
            }
            return try context.show(report) { _ in [Output.clean(report.id ?? "")] }
        })

    private static let enable = switching(
        "devices enable", "switch a phone on again", enabled: true,
        details: ["What arrived on it meanwhile becomes events now, where the phone still has it."])
    private static let disable = switching(
        "devices disable", "switch a phone off: nothing is read from it until it is switched on",
        enabled: false,
        details: ["It stays known, and stays off after restarts and when it is plugged in again."])

    private static func switching(
        _ path: String, _ summary: String, enabled: Bool, details: [String]
    ) -> CommandSpec {
        CommandSpec(
            path, summary, details: details, positionals: [device],
            action: .plain { (context) throws(CommandFailure) in
                let name = try context.invocation.required(0)
                let report = try context.call(SwitchDevice(name: name, enabled: enabled))
                return try context.show(report) { _ in
                    [
                        "phone \(Output.clean(report.name ?? name)) is \(report.enabled ? "enabled" : "disabled")"
                    ]
                }
            })
    }

    private static let reconcile = CommandSpec(
        "devices reconcile", "check every message on a phone against what was recorded, now",
        details: [
            "The phone lists all its messages; what was never seen is read and forwarded. It is done once a day by itself. "
                + "Prints what came of everything since the phone was enrolled, by SIM card: EVENTS are FORWARDED (at least one "
                + "webhook has it), WAITING, DEAD (given up for each webhook that wanted it) and UNWANTED (no webhook took it).",
            "A gap is a message that was deleted before it could be read, or a draft or a failed message, which phones hide: "
                + "by itself no sign of trouble.",
        ],
        positionals: [device],
        options: [
            .flag(
                "check",
                "exit with \(ExitCode.degraded.rawValue) when messages are dead or unwanted"
            )
        ],
        examples: [("devices reconcile reception --check --json", "for a daily report")],
        action: .plain { (context) throws(CommandFailure) in
            let report = try context.call(ReconcileDevice(name: try context.invocation.required(0)))
            let code = try context.show(report) { LedgerText.lines(report, $0) }
            return context.invocation.flag("check") && !report.isAllForwarded ? .degraded : code
        })

    private static let trust = CommandSpec(
        "devices trust", "trust a phone that phonewire has not met before: keys may sign for it",
        details: [
            "A phone that is not trusted gets phonewire's public key and asks its owner. Where the owner cannot be asked, "
                + "trust the phone here: then phonewire's own key may sign for it, and with --key-file or --vendor-keys "
                + "another program's keys too, for this phone alone. It counts from the next time it is plugged in.",
            "A hostile device can pass another phone's question on: trust only phones that are yours.",
        ],
        positionals: [PositionalSpec("SERIAL", "the phone's serial, as \"phonewire devices\" shows it")],
        options: [
            .value("key-file", "FILE", "a private key such as ~/.android/adbkey", kind: .file, repeats: true),
            .flag("vendor-keys", "the keys that $ADB_VENDOR_KEYS names"),
        ],
        examples: [("devices trust R58M123ABC --key-file ~/.android/adbkey", "uses the key that adb made")],
        action: .plain { (context) throws(CommandFailure) in
            let serial = try context.invocation.required(0)
            var files = context.invocation.options["key-file"] ?? []
            if context.invocation.flag("vendor-keys") { files += try VendorKeys.files(context.environment) }
            var keys: [String] = []
            for file in files { keys.append(try VendorKeys.read(file)) }
            let report = try context.call(TrustDevice(serial: serial, keys: keys))
            return try context.show(report) { _ in
                [
                    "keys may sign for \(Output.clean(serial)) (imported: \(report.importedKeys)); plug it in again"
                ]
            }
        })

    private static let connect = CommandSpec(
        "devices connect", "serve a phone over TCP, now and after restarts",
        details: [
            "The phone must listen for ADB over TCP, in a network you trust: its owner allows this computer's key at "
                + "the first contact. Naming the address also trusts the phone that answers there."
        ],
        positionals: [address],
        examples: [("devices connect 192.168.1.20:5555", "serves the phone at that address")],
        action: .plain { (context) throws(CommandFailure) in
            let report = try context.call(ConnectDevice(address: try context.invocation.required(0)))
            return try context.show(report) { _ in
                ["\(Output.clean(report.address)) is served; \"phonewire devices\" shows how it fares"]
            }
        })

    private static let disconnect = CommandSpec(
        "devices disconnect", "stop serving a phone over TCP", positionals: [address],
        action: .plain { (context) throws(CommandFailure) in
            let report = try context.call(DisconnectDevice(address: try context.invocation.required(0)))
            return try context.show(report) { _ in ["\(Output.clean(report.address)) is no longer served"] }
        })
}
