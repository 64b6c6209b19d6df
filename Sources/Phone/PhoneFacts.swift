import Base
package import Events

/// What is asked of a phone at each contact, in one shell run, and what came back.
package struct PhoneFacts: Sendable, Equatable {
    /// Who it says it is.
    package let identity: PhoneIdentity
    /// Its boot, to notice restarts; empty where it cannot be read.
    package let bootID: String
    /// Its clock when it answered, whole seconds since 1970; nil when it could not be read.
    package let clockSeconds: Int64?
    /// Whether Android has finished starting.
    package let bootCompleted: Bool
    /// Whether every SIM slot says that it is empty (`gsm.sim.state`).
    package let hasEmptySlotsOnly: Bool
    /// Each SIM's home network in slot order, as `gsm.sim.operator.numeric` has it.
    package let networks: [String]
    /// Each SIM's carrier name in slot order; empty where the list cannot be told apart.
    package let carriers: [String]

    private static let commands = [
        "getprop ro.serialno", "getprop ro.product.manufacturer", "getprop ro.product.model",
        "getprop ro.build.version.release", "getprop ro.build.version.sdk", "getprop ro.build.fingerprint",
        "settings get secure android_id", "cat /proc/sys/kernel/random/boot_id", "date +%s",
        "getprop sys.boot_completed", "getprop gsm.sim.state", "getprop gsm.sim.operator.numeric",
        "getprop gsm.sim.operator.alpha",
    ]

    /// The command that asks; `nonce` is fresh random text of hexadecimal digits.
    package static func command(nonce: String) -> PhoneCommand {
        PhoneCommand(
            MarkedOutput.script(commands, nonce: nonce), timeout: .seconds(20), outputBytesMax: 256 * 1024)
    }

    /// Reads the answer. `transportSerial` stands in where the phone does not say its serial.
    package init(parsing output: [UInt8], nonce: String, transportSerial: String) throws(PhoneParseError) {
        guard let parts = MarkedOutput.split(output, nonce: nonce, count: Self.commands.count) else {
            throw PhoneParseError("phone facts", row: 0, offset: 0)
        }
        let values = parts.map { Self.value($0.output) }
        let serial = values[0].isEmpty ? PrintableText.escape(transportSerial, limit: 128) : values[0]
        identity = PhoneIdentity(
            serial: serial, androidID: PhoneIdentity.androidIDDigits(values[6]), manufacturer: values[1],
            model: values[2], androidVersion: values[3], apiLevel: Int(values[4]) ?? 0, fingerprint: values[5]
        )
        bootID = values[7].utf8.count == 36 ? values[7] : ""
        clockSeconds = Int64(values[8])
        bootCompleted = values[9] == "1"
        hasEmptySlotsOnly =
            !values[10].isEmpty
            && values[10].utf8.split(separator: UInt8(ascii: ",")).allSatisfy {
                $0.elementsEqual("ABSENT".utf8)
            }
        let count =
            values[10].isEmpty
            ? 0 : values[10].utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).count
        networks = Self.list(values[11], count: count)
        carriers = Self.list(values[12], count: count)
    }

    /// One property's value: outside text, one line, at most 128 scalars.
    private static func value(_ bytes: ArraySlice<UInt8>) -> String {
        var bytes = bytes
        while bytes.last == .lineFeed || bytes.last == .carriageReturn { bytes = bytes.dropLast() }
        return PrintableText.escape(LossyText.decode(bytes), limit: 128)
    }

    /// A comma list with one entry a slot; a name may hold a comma, so only a list of the right length counts.
    private static func list(_ text: String, count: Int) -> [String] {
        let parts = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
            LossyText.decode($0)
        }
        return parts.count == count ? parts : []
    }

    /// The SIM cards: slots and numbers from the dump, network and carrier from the properties.
    package func sims(_ dump: SubscriptionDump) -> [SIMCard] {
        dump.slots.sorted { $0.key < $1.key }.map { slot, subscription in
            let iccid = dump.subscriptions.first { $0.id == subscription }?.iccid ?? ""
            return SIMCard(
                slot: slot + 1, subscription: subscription, iccid: iccid,
                network: slot < networks.count ? networks[slot] : "",
                carrier: slot < carriers.count ? carriers[slot] : "")
        }
    }
}
