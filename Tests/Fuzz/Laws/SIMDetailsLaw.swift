import Base
import Events
import Phone

extension Laws {
    /// What a phone tells of its cards, of itself and in its log: tables of cards, parcels, properties, log lines, the radio's messages,
    /// stored backfills. A value or an error, whatever comes.
    package static let simDetails = Law(name: "SIMDetails") { bytes throws(BrokenLaw) in
        if let text = try? ParcelText.parse(bytes) {
            try promise(text.utf16.count <= 256, "a text of a parcel is limited")
        }
        try cards(bytes)
        try messages(bytes)
        let nonce = "9b1f0c7ae2d84c53a6f0417be83d25c1"
        if let facts = try? PhoneFacts(parsing: bytes, nonce: nonce, transportSerial: "usb") {
            try promise(!facts.identity.serial.contains("\n"), "a property is one line")
        }
        for line in bytes.split(separator: 0x0A, maxSplits: 100) {
            guard let read = LogLine(line) else { continue }
            try promise(!read.message.contains(0x0A), "a message of the log is one line")
            try promise(
                line.suffix(read.message.count).elementsEqual(read.message), "and the end of its line")
        }
    }

    private static func cards(_ bytes: [UInt8]) throws(BrokenLaw) {
        var table = SIMDetails()
        table.read([bytes], .table, [])
        var service = SIMDetails()
        service.read([bytes, bytes], .service, [2])
        for details in [table, service] {
            for (subscription, slot) in [(2, 1), (3, 2)] {
                let shown = SIMCard(
                    slot: slot, subscription: subscription, iccid: "894420000[****]", network: "", carrier: ""
                )
                let (card, contradiction) = details.completed(shown)
                try promise(
                    card.slot == slot || card.slot == 0 && contradiction != nil,
                    "a slot is that of the dump or unknown")
                try promise(card.subscription == subscription, "a card stays its own")
                try promise(!card.number.contains("\n") && !card.carrier.contains("\n"), "names are one line")
                try promise(
                    card.iccid == shown.iccid || card.iccid.hasPrefix("894420000"),
                    "a whole number begins as the dump shows it")
            }
        }
    }

    private static func messages(_ bytes: [UInt8]) throws(BrokenLaw) {
        guard let messages = try? SMSRawMessage.parse(bytes) else { return }
        for message in messages {
            try promise(message.parts.there >= 1, "a message has a part")
            try promise(message.isWhole == (message.parts.there >= message.parts.of), "whole means all parts")
        }
        try promise(Set(messages.map(\.id)).count == messages.count, "each message once")
    }
}
