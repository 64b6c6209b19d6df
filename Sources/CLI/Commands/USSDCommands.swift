import Control
import Daemon

/// `phonewire ussd …`.
enum USSDCommands {
    static let specs = [run]

    private static let run = CommandSpec(
        "ussd run", "dial a USSD code on a SIM card and print the network's answer",
        details: [
            "It dials for real, and the network may charge for it: on a terminal it asks first, elsewhere it needs --yes. "
                + "The answer also becomes an event of type ussd. It may need four minutes. A "
                + "command that is interrupted before the code was dialled dials nothing; what was dialled cannot be undone.",
            "Only questions to the network are dialled: codes that change a setting, a PIN or a forwarding, and those that "
                + "belong to the phone itself, are refused. With menu answers the phone must be unlocked, because they "
                + "are typed on its screen; without them its screen may be locked.",
            "--device may be left out when only one is known, --sim when the phone has one card.",
            "Menu answers are not shown again. One that is a PIN does not belong on the command line, where every user "
                + "of the computer could read it: --answers-file reads them from a file, one a line; /dev/stdin is one.",
        ],
        positionals: [PositionalSpec("CODE", "the code in quotes, such as '*143#'")],
        options: [
            .value("device", "PHONE", "the phone, by name, id or serial"),
            .value("sim", "N", "the SIM slot, counted from 1"),
            .value("answer", "TEXT", "type this into the next menu; may be given again", repeats: true),
            .value("answers-file", "FILE", "more answers, one a line", kind: .file),
            .flag("yes", "dial without asking"),
        ],
        examples: [
            ("ussd run '*143#' --device pixel-8 --sim 1", "asks, dials, and prints the balance"),
            ("ussd run '*100#' --sim 2 --answer 1 --yes --json", "chooses 1 in the menu, for a program"),
        ],
        action: .plain { (context) throws(CommandFailure) in try run(context) })

    private static func run(_ context: Context) throws(CommandFailure) -> ExitCode {
        let invocation = context.invocation
        let code = try invocation.required(0)
        let answers = try AnswerInput.read(invocation)
        let client = try context.connect()
        let phone = try phone(invocation.value("device"), client)
        let name = phone.name ?? phone.serial
        let sim = try card(try slot(invocation), in: phone, name)
        try confirm(code, card: sim, phone: name, answers: answers.count, context)
        let report = try client.call(RunUSSD(device: name, slot: sim.slot, code: code, answers: answers))
        return try context.show(report) { USSDText.lines(report, sim, $0) }
    }

    // MARK: Which phone, which card

    private static func phone(
        _ name: String?, _ client: ControlClient
    ) throws(CommandFailure) -> DeviceReport {
        if let name { return try client.call(ShowDevice(name: name)) }
        let known = try client.call(ListDevices()).devices.filter { $0.name != nil }
        guard let only = known.first, known.count == 1 else {
            let names = known.compactMap(\.name).joined(separator: ", ")
            throw known.isEmpty
                ? .failed(
                    .notFound, message: "no phone is known yet",
                    hint: "plug one in with USB debugging on, or see \"phonewire doctor\"")
                : .usage("which phone? There are \(known.count)", hint: "say --device, one of: " + names)
        }
        return only
    }

    private static func slot(_ invocation: Invocation) throws(CommandFailure) -> Int? {
        guard invocation.value("sim") != nil else { return nil }
        return try invocation.number("sim", in: 1...ControlLimits.slotMax, standard: 1)
    }

    private static func card(
        _ slot: Int?, in phone: DeviceReport, _ name: String
    ) throws(CommandFailure) -> SIMReport {
        let cards = phone.sims.map(USSDText.card).joined(separator: ", ")
        guard let slot else {
            guard let only = phone.sims.first, phone.sims.count == 1 else {
                throw phone.sims.isEmpty
                    ? .failed(.notFound, message: "\(name) has no SIM card", hint: "")
                    : .usage("which SIM card of \(name)?", hint: "say --sim with a slot: " + cards)
            }
            return only
        }
        guard let card = phone.sims.first(where: { $0.slot == slot }) else {
            throw .failed(
                .notFound, message: "\(name) has no SIM card in slot \(slot)",
                hint: cards.isEmpty ? "it has none" : "it has " + cards)
        }
        return card
    }

    // MARK: Words

    private static func confirm(
        _ code: String, card: SIMReport, phone name: String, answers: Int, _ context: Context
    ) throws(CommandFailure) {
        if context.invocation.flag("yes") { return }
        let what = Output.clean(code, limit: 64) + " on \(USSDText.card(card)) of \(Output.clean(name))"
        let typing = answers == 0 ? "" : " and types \(answers) menu answer" + (answers == 1 ? "" : "s")
        let question = "This dials \(what)\(typing); it may cost money. Dial? [y/N] "
        guard let answer = context.ask(question) else {
            throw .failed(
                .refused, message: "this would dial \(what), which may cost money: nothing was dialled",
                hint: "there is no terminal to ask on: say --yes")
        }
        guard ["y", "yes"].contains(answer.lowercased()) else {
            throw .failed(.refused, message: "nothing was dialled", hint: "")
        }
    }
}
