import Delivery
import Events

/// Settings of a webhook, as if they had been checked.
func webhookSettings(
    name: String, url: String, format: BodyFormat = .smsnotif, secret: String = "",
    kinds: Set<EventKind> = EventKind.defaults, packages: Set<String> = []
) -> WebhookSettings {
    WebhookSettings(
        stored: name, url: url, format: format, filter: Filter(kinds: kinds, packages: packages),
        secret: Secret(secret))
}
