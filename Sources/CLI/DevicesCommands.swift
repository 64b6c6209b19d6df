import Control

/// `phonewire devices …`.
enum DevicesCommands {
    static let specs = [list, show, name, trust, connect, disconnect]

    private static let device = PositionalSpec("PHONE", "a phone by name, id or serial")
    private static let address = PositionalSpec("ADDRESS", "where it listens: host:port")

    private static let list = CommandSpec(
        "devices list", "the phones that are known or attached", isDefault: true,
        action: .plain { (context) throws(CommandFailure) in
            let report = try context.connect().call(.devices, as: DeviceList.self)
            let output = context.output
            if output.json {
                try output.print(json: report)
            } else if report.devices.isEmpty {
                output.message("no phone yet: plug one in with USB debugging on, or see \"phonewire doctor\"")
            } else {
                try output.lines(DeviceText.table(report.devices).lines(output))
            }
            return .ok
        })

    private static let show = CommandSpec(
        "devices show", "all about one phone", positionals: [device],
        action: .plain { (context) throws(CommandFailure) in
            let name = try context.invocation.required(0)
            let report = try context.connect().call(.device(NameArgument(name: name)), as: DeviceReport.self)
            if context.output.json {
                try context.output.print(json: report)
            } else {
                try context.output.lines(DeviceText.lines(report, context.output))
            }
            return .ok
        })

    private static let name = CommandSpec(
        "devices name", "give a phone another name",
        details: ["A name has 1 to 64 of the characters A-Z a-z 0-9 . _ - and belongs to one phone."],
        positionals: [device, PositionalSpec("NEW-NAME", "its new name")],
        examples: [("devices name Pixel-7 reception", "the phone is called reception from now on")],
        action: .plain { (context) throws(CommandFailure) in
            let old = try context.invocation.required(0)
            let new = try context.invocation.required(1)
            let report = try context.connect().call(
                .renameDevice(RenameArguments(name: old, newName: new)), as: DeviceReport.self)
            if context.output.json {
                try context.output.print(json: report)
            } else {
                try context.output.line("\(Output.clean(old)) is now called \(Output.clean(new))")
            }
            return .ok
        })

    private static let trust = CommandSpec(
        "devices trust", "let keys sign for a phone that was not served before",
        details: [
            "A phone that phonewire never served gets its public key and asks its owner. Where the owner cannot be asked, "
                + "name the phone here: then phonewire's own key may sign for it, and with --key-file or --vendor-keys "
                + "another program's keys too, for this phone alone. It counts from the next time it is plugged in.",
            "A hostile device can pass another phone's question on: name only phones that are yours.",
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
            let report = try context.connect().call(
                .trust(TrustArguments(serial: serial, keys: keys)), as: TrustReport.self)
            if context.output.json {
                try context.output.print(json: report)
            } else {
                try context.output.line(
                    "keys may sign for \(Output.clean(serial)) (imported: \(report.importedKeys)); plug it in again"
                )
            }
            return .ok
        })

    private static let connect = CommandSpec(
        "devices connect", "serve a phone over TCP, now and after restarts",
        details: [
            "The phone must listen for ADB over TCP, in a network you trust: its owner allows this computer's key at "
                + "the first contact. Naming the address allows the daemon to sign for that phone."
        ],
        positionals: [address],
        examples: [("devices connect 192.168.1.20:5555", "serves the phone at that address")],
        action: .plain { (context) throws(CommandFailure) in
            let address = AddressArgument(address: try context.invocation.required(0))
            let report = try context.connect().call(.connect(address), as: AddressReport.self)
            if context.output.json {
                try context.output.print(json: report)
            } else {
                try context.output.line(
                    "\(Output.clean(report.address)) is served; \"phonewire devices\" shows how it fares")
            }
            return .ok
        })

    private static let disconnect = CommandSpec(
        "devices disconnect", "stop serving a phone over TCP", positionals: [address],
        action: .plain { (context) throws(CommandFailure) in
            let address = AddressArgument(address: try context.invocation.required(0))
            let report = try context.connect().call(.disconnect(address), as: AddressReport.self)
            if context.output.json {
                try context.output.print(json: report)
            } else {
                try context.output.line("\(Output.clean(report.address)) is no longer served")
            }
            return .ok
        })
}

/// `phonewire sims`.
enum SIMsCommand {
    static let spec = CommandSpec(
        "sims list", "the SIM cards in the phones",
        options: [.value("device", "PHONE", "only this phone, by name, id or serial")], isDefault: true,
        action: .plain { (context) throws(CommandFailure) in
            let filter = DeviceFilter(device: context.invocation.value("device"))
            let report = try context.connect().call(.sims(filter), as: SIMList.self)
            let output = context.output
            if output.json {
                try output.print(json: report)
            } else if report.sims.isEmpty {
                output.message("no SIM card is known")
            } else {
                try output.lines(DeviceText.table(report.sims).lines(output))
            }
            return .ok
        })
}
