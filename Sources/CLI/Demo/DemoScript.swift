import Control
import Daemon
import Delivery
import Glibc
import Receiver
import VirtualPhone

/// What happens in the demo, step by step, on a thread that may block.
struct DemoScript {
    /// Longest wait for one step, in seconds.
    private static let stepSecondsMax = 60

    let stage: DemoStage
    let output: Output
    let client: ControlClient
    private var shown: Int64 = 0

    init(stage: DemoStage, output: Output, client: ControlClient) {
        self.stage = stage
        self.output = output
        self.client = client
    }

    /// Plays all of it; throws when the daemon cannot be talked to. The summary tells whether everything arrived.
    mutating func play() throws(CommandFailure) {
        try prepare()
        try step("a message on each SIM of both phones") {
            $0.send(phone: 0, slot: 1, from: "AcmeBank", "Your code is 482913. Do not share it.")
            $0.send(phone: 0, slot: 2, from: "+447700900123", "On my way")
            $0.send(phone: 1, slot: 1, from: "+639760713666", "Hello World!")
            $0.send(phone: 1, slot: 2, from: "GCash", "You have received PHP 500.00")
        }
        try step("a long one, and one with emoji and right-to-left text") {
            $0.send(
                phone: 0, slot: 1, from: "Clinic", String(repeating: "This is a long message. ", count: 40))
            $0.send(phone: 1, slot: 2, from: "+972501234567", "הקוד שלך הוא 482913 👍🏽 رمز التحقق: ٤٨٢٩١٣")
        }
        try step("one that tries to forge a second row") {
            $0.send(
                phone: 0, slot: 2, from: "+447700900666",
                "Hi, date=1, type=1\nRow: 1 _id=999, address=AcmeBank, sub_id=2, body=Send 5000 now\nNo result found."
            )
        }
        try step("the same text twice: two messages") {
            $0.send(phone: 1, slot: 1, from: "Shop", "Your parcel has arrived")
            $0.send(phone: 1, slot: 1, from: "Shop", "Your parcel has arrived")
        }
        try step("one while the receiver answers 500, twice") {
            $0.failNext(2)
            $0.send(phone: 1, slot: 1, from: "AcmeBank", "Your balance is 12.50")
        }
        try apps()
        try balances()
        try unplugged()
    }

    private mutating func apps() throws(CommandFailure) {
        try step("a bank's notification, and one whose text tries to forge another") {
            $0.notify(
                phone: 0, package: "com.acmebank.app", id: 7, title: "AcmeBank",
                "You paid 12.50 at Corner Café ☕")
            $0.notify(
                phone: 1, package: "com.example.game", id: 3, title: "New level",
                """
                Well done)
                            }
                      stats=SingleNotificationStats{}
                    NotificationRecord(0x0badcafe: pkg=com.acmebank.app user=UserHandle{0} id=1 tag=null importance=4 \
                key=0|com.acmebank.app|1|null|10150: Notification(channel=pay shortcut=null contentView=null))
                      uid=10150 userId=0
                                android.text=String (Send 5000 now)
                """)
        }
        try step("WhatsApp: a chat, and a group that shows all its unread messages again") {
            let group = "120363041234567890@g.us"
            $0.chat(
                phone: 0,
                VirtualChatMessage(
                    chat: "447700900123@s.whatsapp.net", name: "Ana", group: false, sender: "Ana",
                    text: "Are you there?"), receivedFrom: "+447700900123")
            $0.chat(
                phone: 0,
                VirtualChatMessage(
                    chat: group, name: "Family", group: true, sender: "Marta", text: "Dinner at 8?"),
                receivedFrom: "Marta")
            $0.chat(
                phone: 0,
                VirtualChatMessage(
                    chat: group, name: "Family", group: true, sender: "+44 7700 900456",
                    text: "Yes, text=no, time=1}]"), receivedFrom: "+447700900456")
        }
    }

    private mutating func balances() throws(CommandFailure) {
        try output.line(
            output.styled("— the balance of each SIM, asked by \"phonewire ussd run *143#\"", .dim))
        let names = try client.call(ListDevices()).devices
        for slot in 1...2 {
            stage.expectBalance(phone: 1, slot: slot)
            let device = names.first { $0.serial == stage.phones[1].serial }?.name ?? stage.phones[1].serial
            let report = try client.call(
                RunUSSD(device: device, slot: slot, code: DemoStage.balanceCode))
            guard report.slot == slot else {
                throw .failed(
                    .failed, message: "the balance of SIM \(slot) was asked on SIM \(report.slot)", hint: "")
            }
            try showUntilAllArrived()
        }
    }

    private mutating func prepare() throws(CommandFailure) {
        for server in stage.servers {
            _ = try client.call(ConnectDevice(address: server.address))
        }
        let settings: WebhookSettings
        do throws(SettingsRefusal) {
            settings = try WebhookSettings(
                name: "demo", url: stage.receiver.url("/hook"), format: "smsnotif",
                secret: Secret(DemoStage.secret))
        } catch {
            throw CommandFailure(error, adding: "demo")
        }
        _ = try client.call(AddWebhook(settings))
        try output.line("waiting for both phones to be enrolled (each asks its user, who allows it)")
        try wait("the phones did not come online") { () throws(CommandFailure) in
            let devices = try client.call(ListDevices()).devices
            // Two looks at the store: the second one is past noting what was there.
            return devices.filter { $0.state == .online && $0.sims.count == 2 }.count == stage.phones.count
                && stage.phones.allSatisfy { phone in
                    let commands = phone.counters.commands
                    // SIM cards once, notifications twice.
                    return commands["content", default: 0] >= 3 && commands["dumpsys", default: 0] >= 3
                }
        }
        for device in try client.call(ListDevices()).devices {
            let sims = device.sims.map { "SIM \($0.slot) \(Output.clean($0.carrier, limit: 20))" }
            try output.line(
                "  \(Output.clean(device.name ?? device.serial)): \(sims.joined(separator: ", "))")
        }
        try output.line()
        try output.line(Self.columns(Self.titles, text: "text"))
    }

    private mutating func step(_ title: String, _ act: (DemoStage) -> Void) throws(CommandFailure) {
        try output.line(output.styled("— " + title, .dim))
        act(stage)
        try showUntilAllArrived()
    }

    private mutating func unplugged() throws(CommandFailure) {
        try output.line(output.styled("— one while a phone is unplugged, one on the other meanwhile", .dim))
        stage.servers[1].unplug()
        stage.send(phone: 1, slot: 2, from: "+639760713666", "Are you there?")
        stage.send(phone: 0, slot: 1, from: "AcmeBank", "Your code is 111222. Do not share it.")
        usleep(1_500_000)
        try show()
        try output.line(output.styled("— plugged in again", .dim))
        do throws(VirtualServerError) {
            try stage.servers[1].plug()
        } catch {
            throw .failed(.failed, message: "the demo's phone cannot be plugged in again: \(error)", hint: "")
        }
        try showUntilAllArrived()
    }

    // MARK: Showing

    private mutating func showUntilAllArrived() throws(CommandFailure) {
        for _ in 0..<(Self.stepSecondsMax * 20) {
            try show()
            if stage.distinctReceived >= stage.sentCount, shownCount >= stage.sentCount { return }
            usleep(50_000)
        }
        try output.line(output.styled("  not all of it arrived within \(Self.stepSecondsMax) s", .red))
    }

    private var shownCount = 0

    /// Prints the events whose deliveries have ended since the last look, in their order.
    private mutating func show() throws(CommandFailure) {
        let events = try client.call(ListEvents(limit: ControlLimits.listRowsDefault)).events
        for event in events.filter({ $0.id > shown }).sorted(by: { $0.id < $1.id }) {
            let story = try client.call(ShowEvent(id: event.id))
            guard !story.deliveries.isEmpty, story.deliveries.allSatisfy({ $0.state != "pending" }) else {
                return
            }
            let slot = EventText.slot(event)
            for delivery in story.deliveries {
                let attempts = delivery.attempts.map { $0.status.map { String($0) } ?? "failed" }
                try output.line(
                    Self.columns(
                        [
                            "\(event.id)", event.device, slot.isEmpty ? "-" : slot,
                            event.data.text("sender") ?? event.from, delivery.webhook,
                            attempts.joined(separator: " "), lag(story),
                        ], text: event.data.text("text") ?? ""))
            }
            shown = event.id
            shownCount += 1
        }
    }

    /// From the phone's record to the webhook's answer; one machine, one clock here.
    private func lag(_ story: EventStoryReport) -> String {
        guard let capture = story.lags.capture, let delivery = story.lags.delivery else { return "-" }
        return Quantity.duration(milliseconds: max(0, capture + delivery))
    }

    /// What stands above the columns before the text.
    private static let titles = ["event", "phone", "SIM", "sender", "webhook", "tries", "lag"]

    /// One line: a cell for each of `titles`, as wide as its column, then the text.
    private static func columns(_ cells: [String], text: String) -> String {
        let widths = [7, 22, 4, 15, 8, 12, 8]
        let padded = zip(cells, widths).map { cell, width in
            let clean = Output.clean(cell, limit: width - 1)
            return clean + String(repeating: " ", count: max(1, width - clean.count))
        }
        return "  " + padded.joined() + Output.clean(text, limit: 46)
    }

    private func wait(
        _ failure: String, _ body: () throws(CommandFailure) -> Bool
    ) throws(CommandFailure) {
        for _ in 0..<(Self.stepSecondsMax * 20) {
            if try body() { return }
            usleep(50_000)
        }
        throw .failed(
            .failed, message: failure, hint: "this is a bug: please report it with the output of --keep")
    }
}
