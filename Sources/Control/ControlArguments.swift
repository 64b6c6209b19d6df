/// A device or a webhook by what its user calls it.
package struct NameArgument: Sendable, Equatable, Codable {
    package var name: String
    package init(name: String) { self.name = name }
}

/// An event or a delivery by its number.
package struct NumberArgument: Sendable, Equatable, Codable {
    package var id: Int64
    package init(id: Int64) { self.id = id }
}

/// A new name for a phone.
package struct RenameArguments: Sendable, Equatable, Codable {
    package var name: String
    package var newName: String
    package init(name: String, newName: String) {
        self.name = name
        self.newName = newName
    }
}

/// A phone that our keys may sign for.
package struct TrustArguments: Sendable, Equatable, Codable {
    /// The serial that its link gives.
    package var serial: String
    /// Other programs' private keys for this phone alone, PEM; they travel over the local socket alone and are in no
    /// reply.
    package var keys: [String]

    package init(serial: String, keys: [String]) {
        self.serial = serial
        self.keys = keys
    }
}

/// Where a phone listens: `host:port`.
package struct AddressArgument: Sendable, Equatable, Codable {
    package var address: String
    package init(address: String) { self.address = address }
}

/// One phone, or all of them.
package struct DeviceFilter: Sendable, Equatable, Codable {
    package var device: String?
    package init(device: String? = nil) { self.device = device }
}

/// A webhook to be.
package struct AddWebhookArguments: Sendable, Equatable, Codable {
    package var name: String
    package var url: String
    /// `smsnotif` or `smsnotif-json`.
    package var format: String
    /// Kinds of events; nil for the default set.
    package var events: [String]?
    /// The apps whose notifications it gets, by package name; nil or empty for all.
    package var packages: [String]?
    /// The secret; travels over the local socket alone, is never in a reply.
    package var secret: String

    package init(
        name: String, url: String, format: String, events: [String]?, packages: [String]? = nil,
        secret: String
    ) {
        self.name = name
        self.url = url
        self.format = format
        self.events = events
        self.packages = packages
        self.secret = secret
    }
}

/// A USSD code to dial, for real, on one SIM card of one phone.
package struct USSDArguments: Sendable, Equatable, Codable {
    /// The phone, by name, id or serial.
    package var device: String
    /// SIM slot, 1-based.
    package var slot: Int
    /// The code, such as `*143#`.
    package var code: String
    /// What is typed into the menus that it opens, in this order. May hold a PIN: in no reply, in no log.
    package var answers: [String]

    package init(device: String, slot: Int, code: String, answers: [String] = []) {
        self.device = device
        self.slot = slot
        self.code = code
        self.answers = answers
    }
}

/// On or off.
package struct EnableArguments: Sendable, Equatable, Codable {
    package var name: String
    package var enabled: Bool
    package init(name: String, enabled: Bool) {
        self.name = name
        self.enabled = enabled
    }
}

/// Which events to list.
package struct EventQuery: Sendable, Equatable, Codable {
    /// Only events with a smaller number; nil from the newest on.
    package var before: Int64?
    /// Rows, 1 to `ControlLimits.listRowsMax`.
    package var limit: Int
    /// One phone, by name, id or serial.
    package var device: String?
    /// One kind of event.
    package var type: String?

    package init(before: Int64? = nil, limit: Int, device: String? = nil, type: String? = nil) {
        self.before = before
        self.limit = limit
        self.device = device
        self.type = type
    }
}

/// Which events to follow.
package struct TailQuery: Sendable, Equatable, Codable {
    /// How many of the newest events come first, 0 to `ControlLimits.listRowsMax`.
    package var last: Int
    /// One phone, by name, id or serial.
    package var device: String?
    /// One kind of event.
    package var type: String?

    package init(last: Int, device: String? = nil, type: String? = nil) {
        self.last = last
        self.device = device
        self.type = type
    }
}

/// Which deliveries to list.
package struct DeliveryQuery: Sendable, Equatable, Codable {
    /// One webhook, by name.
    package var webhook: String?
    /// `pending`, `delivered`, `dead` or `removed`.
    package var state: String?
    /// Only deliveries with a smaller number; nil from the newest on.
    package var before: Int64?
    /// Rows, 1 to `ControlLimits.listRowsMax`.
    package var limit: Int

    package init(webhook: String? = nil, state: String? = nil, before: Int64? = nil, limit: Int) {
        self.webhook = webhook
        self.state = state
        self.before = before
        self.limit = limit
    }
}
