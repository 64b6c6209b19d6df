import Testing

@testable import Phone

@Suite struct USSDReadersTests {
    private func bytes(_ name: String) throws -> [UInt8] { try Corpus.bytes("USSD/\(name).txt") }

    @Test func startsAndRefusedStartsAreToldApart() throws {
        #expect(
            StartAnswer(output: try bytes("am-start-ok"), errorOutput: [])
                == .started(masked: 5, warning: nil))
        #expect(
            StartAnswer(output: try bytes("am-start-delivered-top"), errorOutput: [])
                == .started(
                    masked: 5,
                    warning: "Activity not started, its current task has been brought to the front"))
        #expect(
            StartAnswer(output: try bytes("am-start-wait-a12"), errorOutput: [])
                == .started(masked: 5, warning: nil))
        guard case .failed(let why) = StartAnswer(output: try bytes("am-start-unresolved"), errorOutput: [])
        else {
            Issue.record("an error was taken for a start")
            return
        }
        #expect(why.contains("unable to resolve"))
    }

    @Test(arguments: [
        "Error type 3\nError: Activity class {a/b} does not exist.\n",
        "\nException occurred while executing 'start':\njava.lang.SecurityException: Permission Denial\n",
        "java.lang.SecurityException: Permission Denial\n",
    ])
    func errorsAreNoStart(text: String) {
        guard case .failed = StartAnswer(output: [], errorOutput: Array(text.utf8)) else {
            Issue.record("\(text) was taken for a start")
            return
        }
        let start = Array("Starting: Intent { act=android.intent.action.CALL dat=tel:xxxxx }\n".utf8)
        guard case .failed = StartAnswer(output: start, errorOutput: Array(text.utf8)) else {
            Issue.record("\(text) behind a start was taken for a start")
            return
        }
    }

    @Test func anyOtherAnswerMayBeAStart() {
        for text in ["", "sh: am: not found\n", "WARNING: linker: x\nStarting: Intent { }\n"] {
            let line = text.prefix { $0 != "\n" }
            #expect(StartAnswer(output: Array(text.utf8), errorOutput: []) == .unclear(String(line)))
        }
    }

    @Test func changesOfTheCallSIM() throws {
        #expect(VoiceSIMChange(telecom: try bytes("telecom-set-outgoing-a12"), errorOutput: []) == .done)
        #expect(VoiceSIMChange(telecom: try bytes("telecom-clear-outgoing"), errorOutput: []) == .done)
        #expect(VoiceSIMChange(serviceCall: try bytes("service-call-isub-set")) == .done)
        let usage = Array("usage: telecom [subcommand]\nError: unknown command\n".utf8)
        #expect(VoiceSIMChange(telecom: [], errorOutput: usage) == .failed("Error: unknown command"))
        #expect(VoiceSIMChange(telecom: [], errorOutput: []) == .failed("it said nothing"))
        guard
            case .failed = VoiceSIMChange(
                serviceCall: try Corpus.bytes("sms/service_call_security_exception_a12.txt"))
        else {
            Issue.record("an exception was taken for a success")
            return
        }
        #expect(VoiceSIMChange(serviceCall: []) == .failed("it said nothing"))
    }

    @Test(arguments: [
        ("-1\n", VoiceSIM.ask), ("null\n", .ask), ("", .ask), ("\n", .ask), ("1\n", .subscription(1)),
        ("2147483647\n", .subscription(2_147_483_647)), ("0", .subscription(0)),
    ])
    func theCallSIM(text: String, setting: VoiceSIM) {
        #expect(VoiceSIM(setting: Array(text.utf8)) == setting)
    }

    @Test(arguments: [
        "-2", "1 ", " 1", "01", "1\n2", "one", "2147483648", "Failed transaction", "java.lang.X: y",
    ])
    func strangeSettingsAreNone(text: String) { #expect(VoiceSIM(setting: Array(text.utf8)) == nil) }

    @Test func theFocusOfTheScreen() throws {
        #expect(WindowFocus(parsing: try bytes("dumpsys-window-result")) == .phoneDialog)
        #expect(WindowFocus(parsing: try bytes("dumpsys-window-running")) == .phoneRunning)
        #expect(WindowFocus(parsing: try bytes("dumpsys-window-keyguard")) == .keyguard)
    }

    @Test(arguments: [
        ("  mCurrentFocus=null\n", WindowFocus.nothing), ("", .unclear), ("mFocusedApp=null\n", .unclear),
        ("  mCurrentFocus=Window{1 u0 StatusBar}\n", .keyguard),
        ("  mCurrentFocus=Window{1 u0 com.android.phone}\n  mCurrentFocus=null\n", .phoneDialog),
        ("  mCurrentFocus=Window{1 u0 com.android.phone}\n  mCurrentFocus=Window{2 u0 a/b}\n", .unclear),
        (
            "  mCurrentFocus=Window{1 u0 com.android.phone}\n  mCurrentFocus=Window{1 u0 com.android.phone}\n",
            .phoneDialog
        ),
        ("  mCurrentFocus=Window{1 u10 com.android.phone}\n", .unclear),
        ("  mCurrentFocus=Window{1 u0 com.android.phone2}\n", .other),
        ("  mCurrentFocus=Window{1 u0 com.android.phone/x}\n", .other),
        ("  mCurrentFocus=Window{1 u0 com.android.phone\n", .unclear),
    ])
    func formsOfTheFocus(text: String, focus: WindowFocus) {
        #expect(WindowFocus(parsing: Array(text.utf8)) == focus)
    }

    @Test func cardsWithTheirNumbers() throws {
        // phonewire does not ask for the name, the only column that could hold anything.
        let text = String(decoding: try bytes("content-siminfo-a9"), as: UTF8.self)
            .split(separator: "\n").map { $0.split(separator: ", display_name")[0] + "\n" }.joined()
        #expect(
            try SIMInfoRow.parse(Array(text.utf8)) == [
                SIMInfoRow(subscription: 1, iccid: "89998010000123456789", slot: 0),
                SIMInfoRow(subscription: 2, iccid: "89998020000987654321", slot: 1),
                SIMInfoRow(subscription: 3, iccid: "89998010000111111111", slot: -1),
            ])
        #expect(try SIMInfoRow.parse(Array("Row: 0 _id=1, icc_id=, sim_id=0\n".utf8)).first?.iccid == nil)
        #expect(
            try SIMInfoRow.parse(Array("Row: 0 _id=1, icc_id=8;reboot 1234567, sim_id=0\n".utf8))[0].iccid
                == nil)
        #expect(throws: PhoneParseError.self) { try SIMInfoRow.parse(try bytes("content-siminfo-a9")) }
        #expect(throws: PhoneParseError.self) {
            try SIMInfoRow.parse(try Corpus.bytes("sms/siminfo_denied_a11.txt"))
        }
    }

    @Test func callsAndProcesses() {
        func call(_ text: String) -> Bool { CallState.isCallUp(in: Array(text.utf8)) }
        #expect(!call("local state:\n    mCallState=0\n    mCallState=0\n"))
        #expect(call("    mCallState=0\n    mCallState=2\n"))
        #expect(call("  mCallState=1\n"))
        #expect(!call("") && !call("    mCallStateX=2\n"))
        func process(_ text: String) -> Int64? { PhoneProcess.id(in: Array(text.utf8)) }
        #expect(process("1893\n") == 1893)
        #expect(process("1893 1894\n") == nil)
        #expect(process("") == nil && process("0\n") == nil && process("sh: pidof: not found\n") == nil)
    }
}
