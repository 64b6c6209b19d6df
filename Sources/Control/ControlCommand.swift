/// What the command line asks the daemon for.
package enum ControlCommand: Sendable, Equatable {
    /// Everything at a glance: `StatusReport`.
    case status
    /// All phones: `DeviceList`.
    case devices
    /// One phone, by name, id or serial: `DeviceReport`.
    case device(NameArgument)
    /// Gives a phone another name: `DeviceReport`.
    case renameDevice(RenameArguments)
    /// Lets the daemon's key, and other programs' keys, sign for a phone: `TrustReport`.
    case trust(TrustArguments)
    /// Serves a phone over TCP from now on: `AddressReport`.
    case connect(AddressArgument)
    /// Stops serving it: `AddressReport`.
    case disconnect(AddressArgument)
    /// SIM cards, of one phone or all: `SIMList`.
    case sims(DeviceFilter)
    /// All webhooks: `WebhookList`.
    case webhooks
    /// One webhook: `WebhookReport`.
    case webhook(NameArgument)
    /// A new webhook: `WebhookAdded`.
    case addWebhook(AddWebhookArguments)
    /// Takes a webhook away; its pending deliveries end: `WebhookReport` as it was.
    case removeWebhook(NameArgument)
    /// Switches a webhook on or off: `WebhookReport`.
    case enableWebhook(EnableArguments)
    /// Sends one sample event to a webhook at once: `WebhookTestReport`.
    case testWebhook(NameArgument)
    /// Dials a USSD code and waits for the network's answer, which may take minutes: `USSDReport`.
    case runUSSD(USSDArguments)
    /// Recorded events, newest first: `EventList`.
    case events(EventQuery)
    /// One event's whole story: `EventStoryReport`.
    case event(NumberArgument)
    /// Events as they come: a stream of `EventReport`.
    case tail(TailQuery)
    /// Deliveries, newest first: `DeliveryList`.
    case deliveries(DeliveryQuery)
    /// One delivery with its attempts: `DeliveryReport`.
    case delivery(NumberArgument)

    /// The word for it in a message.
    package var name: String {
        switch self {
        case .status: "status"
        case .devices: "devices"
        case .device: "device"
        case .renameDevice: "device.rename"
        case .trust: "device.trust"
        case .connect: "device.connect"
        case .disconnect: "device.disconnect"
        case .sims: "sims"
        case .webhooks: "webhooks"
        case .webhook: "webhook"
        case .addWebhook: "webhook.add"
        case .removeWebhook: "webhook.remove"
        case .enableWebhook: "webhook.enable"
        case .testWebhook: "webhook.test"
        case .runUSSD: "ussd.run"
        case .events: "events"
        case .event: "event"
        case .tail: "events.tail"
        case .deliveries: "deliveries"
        case .delivery: "delivery"
        }
    }
}

extension ControlCommand {
    /// The argument object of the message; nil for a command without.
    var arguments: (any Encodable)? {
        switch self {
        case .status, .devices, .webhooks: nil
        case .device(let value), .webhook(let value), .removeWebhook(let value), .testWebhook(let value):
            value
        case .renameDevice(let value): value
        case .trust(let value): value
        case .connect(let value), .disconnect(let value): value
        case .sims(let value): value
        case .addWebhook(let value): value
        case .enableWebhook(let value): value
        case .runUSSD(let value): value
        case .events(let value): value
        case .event(let value), .delivery(let value): value
        case .tail(let value): value
        case .deliveries(let value): value
        }
    }

    /// The command that a message with `name` means; nil for a word that is none.
    init?(
        name: String, arguments container: KeyedDecodingContainer<ControlRequest.Keys>
    ) throws {
        func read<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try container.decode(type, forKey: .arguments)
        }
        switch name {
        case "status": self = .status
        case "devices": self = .devices
        case "device": self = .device(try read(NameArgument.self))
        case "device.rename": self = .renameDevice(try read(RenameArguments.self))
        case "device.trust": self = .trust(try read(TrustArguments.self))
        case "device.connect": self = .connect(try read(AddressArgument.self))
        case "device.disconnect": self = .disconnect(try read(AddressArgument.self))
        case "sims": self = .sims(try read(DeviceFilter.self))
        case "webhooks": self = .webhooks
        case "webhook": self = .webhook(try read(NameArgument.self))
        case "webhook.add": self = .addWebhook(try read(AddWebhookArguments.self))
        case "webhook.remove": self = .removeWebhook(try read(NameArgument.self))
        case "webhook.enable": self = .enableWebhook(try read(EnableArguments.self))
        case "webhook.test": self = .testWebhook(try read(NameArgument.self))
        case "ussd.run": self = .runUSSD(try read(USSDArguments.self))
        case "events": self = .events(try read(EventQuery.self))
        case "event": self = .event(try read(NumberArgument.self))
        case "events.tail": self = .tail(try read(TailQuery.self))
        case "deliveries": self = .deliveries(try read(DeliveryQuery.self))
        case "delivery": self = .delivery(try read(NumberArgument.self))
        default: return nil
        }
    }
}
