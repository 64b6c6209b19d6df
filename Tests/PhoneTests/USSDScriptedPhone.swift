import Base
import Events

@testable import Phone

/// A phone with two SIM cards as far as a USSD run sees it: a setting, a screen, a log, and a network that follows a
/// script.
struct USSDScriptedPhone {
    /// What the network does with one request.
    enum Reply {
        case final(String)
        case menu(String)
        /// Only the radio's line with this mode.
        case mode(Int)
        case radioError
        case mmiError
        case silence
        /// The radio's line, and no text.
        case textless
        /// The answer's copies contradict each other.
        case contradiction
    }

    static let sims = [
        SIMCard(slot: 1, subscription: 1, iccid: "899980100", network: "", carrier: "Testnet"),
        SIMCard(slot: 2, subscription: 4, iccid: "899980200", network: "", carrier: "Othernet"),
    ]

    /// `settings get global multi_sim_voice_call`.
    var setting = "4"
    var apiLevel = 33
    var focus = "com.google.android.apps.nexuslauncher/.NexusLauncherActivity"
    var callState = 0
    /// What comes of the run's requests, in order.
    var network: [Reply] = [.final("Balance: 20.00")]
    /// How long the network takes, in milliseconds.
    var delay: Int64 = 0
    var telecomIgnores = false
    var telecomListsTheCommand = true
    var routesTo: Int?
    var logIsEmpty = false
    /// The text of `am start` in place of a start.
    var startText: String?
    /// What `am start` prints before it.
    var startPrefix = ""
    var inputText = ""
    /// The keyguard comes up with the menu.
    var locksAtMenu = false
    var sendsNothing = false
    var backCloses = true

    private(set) var log = USSDLogWriter()
    private(set) var dialled: [String] = []
    private(set) var typed: [String] = []
    private(set) var keys: [String] = []
    private var field = ""
    private var due: (time: Int64, reply: Reply, slot: Int)?
    private var slot = 0

    /// Runs `command` at `time`, milliseconds since 1970.
    mutating func run(_ command: String, at time: Int64) -> String {
        log.time = max(log.time, time)
        network(at: time)
        let words = command.split(separator: " ").map(String.init)
        switch words[0] {
        case "pidof": return "1893\n"
        case "dumpsys" where words[1] == "window": return "  mCurrentFocus=Window{8f2e1cd u0 \(focus)}\n"
        case "dumpsys": return "local state:\n    mCallState=\(callState)\n    mCallState=0\n"
        case "settings": return setting + "\n"
        case "telecom": return telecom(words)
        case "service":
            if !telecomIgnores { setting = words[5] }
            return "Result: Parcel(00000000    '....')\n"
        case "content":
            return
                "Row: 0 _id=1, icc_id=89998010000123456789, sim_id=0\nRow: 1 _id=4, icc_id=8999802000098765432F, "
                + "sim_id=1\n"
        case "log":
            log.mark(words[5])
            return ""
        case "logcat": return logIsEmpty ? "" : String(decoding: log.bytes, as: UTF8.self)
        case "am": return start(command)
        case "input": return input(words)
        default: return "sh: \(words[0]): not found\n"
        }
    }

    private mutating func telecom(_ words: [String]) -> String {
        guard words.count > 1 else {
            return "usage: telecom [subcommand]\n"
                + (telecomListsTheCommand ? "telecom set-user-selected-outgoing-phone-account X\n" : "")
        }
        if telecomIgnores { return "Success - X, ***, UserHandle{0} set as default outgoing account.\n" }
        let ids = ["89998010000123456789": "1", "8999802000098765432F": "4"]
        setting = words.count == 2 ? "-1" : ids[words[3]] ?? words[3]
        return "Success - X, ***, UserHandle{0} set as default outgoing account.\n"
    }

    private mutating func start(_ command: String) -> String {
        let start = "Starting: Intent { act=android.intent.action.CALL dat=tel:xxxxx cmp=x/.y }\n"
        if let startText { return startText }
        dialled.append(String(command.split(separator: "'")[1]))
        slot = routesTo ?? (Self.sims.first { "\($0.subscription)" == setting }?.slot ?? 1) - 1
        if !sendsNothing { send() }
        return startPrefix + start
    }

    private mutating func input(_ words: [String]) -> String {
        if !inputText.isEmpty { return inputText }
        keys.append(words[2])
        switch (words[1], words[2]) {
        case ("keyevent", "4"): if focus == "com.android.phone", backCloses { focus = "launcher/.L" }
        case ("keyevent", "66"):
            typed.append(field)
            field = ""
            send()
        default: field = String(words[2].dropFirst().dropLast())
        }
        return ""
    }

    private mutating func send() {
        focus = "com.android.phone/com.android.phone.MMIDialogActivity"
        log.sent(slot: slot)
        guard !network.isEmpty else { return }
        due = (log.time + delay, network.removeFirst(), slot)
        if delay == 0 { network(at: log.time) }
    }

    private mutating func network(at time: Int64) {
        guard let due, due.time <= time else { return }
        self.due = nil
        let dialog = "com.android.phone"
        switch due.reply {
        case .final(let text):
            log.answer(text, isMenu: false, slot: due.slot)
            focus = dialog
        case .menu(let text):
            log.answer(text, isMenu: true, slot: due.slot)
            focus = locksAtMenu ? "NotificationShade" : dialog
        case .mode(let mode): log.spoke(mode: mode, slot: due.slot)
        case .radioError: log.write("RILJ", "[0412]< SEND_USSD error 2 [PHONE\(due.slot)]")
        case .mmiError:
            log.failed("Connection problem or invalid MMI code.")
            focus = dialog
        case .silence: break
        case .textless: log.spoke(mode: 0, slot: due.slot)
        case .contradiction:
            log.spoke(mode: 0, slot: due.slot)
            log.write("GsmMmiCode", "onUssdFinished: ussdMessage=a")
            log.dialogs("b", isMenu: false)
        }
    }

    mutating func unlock() { focus = "launcher/.L" }

    mutating func writesAnotherRequest(slot: Int) { log.sent(slot: slot) }

    /// The network answers a request of some time ago on `slot` (0-based).
    mutating func answersLate(_ text: String, slot: Int) { log.answer(text, isMenu: false, slot: slot) }

    /// Somebody dials by hand at `time`, milliseconds since 1970, and gets `text`.
    mutating func isDialledByHand(slot: Int, text: String, at time: Int64) {
        log.time = max(log.time, time)
        log.sent(slot: slot)
        log.answer(text, isMenu: false, slot: slot)
    }
}

/// Drives a task on a scripted phone, and keeps what happened.
struct USSDSession {
    var phone: USSDScriptedPhone
    var task: USSDTask
    var now = Instant(nanoseconds: 0)
    /// The last cursor that became durable.
    var cursor: [UInt8]?
    var commands: [String] = []
    var observations: [Observation] = []
    var problems: [String] = []
    var outcomes: [USSDOutcome] = []
    /// Commands with this beginning do not end.
    var hangs: String?

    init(_ phone: USSDScriptedPhone = USSDScriptedPhone(), sims: [SIMCard] = USSDScriptedPhone.sims) {
        self.phone = phone
        task = USSDTask(cursor: nil, phone: PhoneContext(apiLevel: phone.apiLevel, sims: sims))
    }

    var phoneTime: WallTime {
        WallTime(milliseconds: 1_763_633_701_000 + now.nanoseconds / 1_000_000)
    }

    mutating func ask(_ code: String = "*143#", slot: Int = 1, answers: [String] = []) {
        task.asked(
            USSDRequest(token: "00112233445566aa", code: code, slot: slot, answers: answers), now: now)
    }

    /// One step; false when the task rests for ever. With `isCut` the phone does it, and nobody hears of it.
    mutating func step(isCut: Bool = false) -> Bool {
        now = now.advanced(by: .milliseconds(20))
        switch task.next(now: now, phoneTime: phoneTime) {
        case .run(let command):
            commands.append(command.text)
            let hung = hangs.map { command.text.hasPrefix($0) } ?? false
            let output = hung ? "" : phone.run(command.text, at: phoneTime.milliseconds)
            if isCut { return true }
            task.answered(
                hung ? .unfinished("cut off") : .completed(output: Array(output.utf8), errorOutput: []),
                now: now)
        case .record(let seen, let cursor):
            self.cursor = cursor
            observations += seen
            if !isCut { task.recorded(now: now) }
        case .report(.problem(let text, _)): problems.append(text)
        case .report: break
        case .reply(let outcome): outcomes.append(outcome)
        case .rest(nil): return false
        case .rest(let until?): now = max(now, until)
        }
        return true
    }

    /// Whether the next step makes something durable.
    var isAboutToRecord: Bool {
        var copy = task
        if case .record = copy.next(now: now.advanced(by: .milliseconds(20)), phoneTime: phoneTime) {
            return true
        }
        return false
    }

    /// Steps until nothing is left to do.
    mutating func finish(stepsMax: Int = 3000) {
        for _ in 0..<stepsMax where step() {}
    }

    /// The daemon is killed, or the phone unplugged: only the last durable cursor is left.
    mutating func restart() {
        task = USSDTask(
            cursor: cursor, phone: PhoneContext(apiLevel: phone.apiLevel, sims: USSDScriptedPhone.sims))
        now = now.advanced(by: .seconds(1))
    }

    /// The commands' first words, runs of the same one once.
    var steps: [String] {
        var steps: [String] = []
        for command in commands {
            let words = command.split(separator: " ")
            let step =
                words[0] == "input" || words[0] == "dumpsys" ? words.joined(separator: " ") : String(words[0])
            if steps.last != step { steps.append(step) }
        }
        return steps
    }

    /// Runs `code` from beginning to end.
    static func run(
        _ phone: USSDScriptedPhone, code: String = "*143#", slot: Int = 1, answers: [String] = [],
        hangs: String? = nil, sims: [SIMCard] = USSDScriptedPhone.sims
    ) -> USSDSession {
        var session = USSDSession(phone, sims: sims)
        session.hangs = hangs
        session.ask(code, slot: slot, answers: answers)
        session.finish()
        return session
    }
}
