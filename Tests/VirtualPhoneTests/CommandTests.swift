import Testing

@testable import VirtualPhone

@Suite struct CommandTests {
    private func host(_ change: (inout VirtualPhoneSetup) -> Void = { _ in }) throws -> TestHost {
        var setup = VirtualPhoneSetup()
        setup.clock = { 1_760_000_000_123 }
        change(&setup)
        let host = TestHost(VirtualPhone(setup: setup))
        try host.connect()
        return host
    }

    /// Three cards as in the corpus: 1 is gone, 2 and 3 are in the slots.
    private let three = [
        VirtualSIM(
            subscriptionID: 1, slot: nil, iccid: "89860119800000000001", displayName: "displayName3",
            carrierName: "carrierName3", mcc: "460", mnc: "01", country: "cn"),
        VirtualSIM(
            subscriptionID: 2, slot: 0, iccid: "89860045100000000002", displayName: "displayName",
            carrierName: "carrierName", mcc: "460", mnc: "02", country: "cn"),
        VirtualSIM(
            subscriptionID: 3, slot: 1, iccid: "89860315200000000003", displayName: "displayName2",
            carrierName: "carrierName2", mcc: "460", mnc: "11", country: "cn"),
    ]

    /// The part of a dump that parsers trust, and the lines of all subscriptions without values that differ by phone.
    private func head(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false).prefix {
            !$0.hasPrefix("  [Sub") && !$0.hasPrefix("  {id")
        }
    }

    /// The names of the fields of each subscription line, in order.
    private func fieldNames(_ text: String) -> [[String]] {
        text.split(separator: "\n").filter { $0.contains("simSlotIndex=") }.map { line in
            line.split(separator: " ").filter { $0.contains("=") }.map { String($0.prefix { $0 != "=" }) }
        }
    }

    @Test(arguments: [false, true])
    func isub14(_ removed: Bool) throws {
        let expected = try Fixtures.phone(removed ? "isub_a14_second_sim_removed.txt" : "isub_a14_dual.txt")
        let host = try host { $0.sims = three }
        if removed { host.phone.setSIMs(Array(three.prefix(2))) }
        let text = try host.run("dumpsys isub").out
        #expect(head(text) == head(expected))
        #expect(fieldNames(text).first == fieldNames(expected).first)
        let tails = [text, expected].map {
            $0.split(separator: "\n").filter { $0.contains("id=3 ") }.first.map { String($0.prefix(100)) }
        }
        #expect(tails[0] == tails[1])
    }

    @Test func isub11() throws {
        let expected = try Fixtures.phone("isub_a11_single.txt")
        let host = try host {
            $0.androidRelease = 11
            $0.sims = [
                VirtualSIM(
                    subscriptionID: 9, slot: 0, iccid: "89148000000000000009", displayName: "Verizon",
                    carrierName: "Verizon", mcc: "311", mnc: "480", country: "us")
            ]
        }
        let text = try host.run("dumpsys isub").out
        #expect(head(text) == head(expected))
        #expect(fieldNames(text) == fieldNames(expected))
        #expect(text.split(separator: "\n").count == expected.split(separator: "\n").count)
    }

    @Test func isub8WithAForgingName() throws {
        let expected = try Fixtures.phone("isub_a8_dual.txt")
        let host = try host {
            $0.androidRelease = 8
            $0.sims = [
                VirtualSIM(
                    subscriptionID: 1, slot: 0, iccid: "8944200000000000001", displayName: "EE",
                    carrierName: "EE", mcc: "234", mnc: "30"),
                VirtualSIM(
                    subscriptionID: 2, slot: 1, iccid: "8944300000000000002",
                    displayName: "My id=9, iccId=1 simSlotIndex=0 SIM", carrierName: "vodafone UK",
                    mcc: "234", mnc: "15"),
            ]
        }
        host.phone.setVoiceSubscription(2)
        let text = try host.run("dumpsys isub").out
        // The general default is the one for calls where the phone has one: the corpus says otherwise.
        let lines = head(expected).map { $0 == " defaultSubId=1" ? " defaultSubId=2" : $0 }
        #expect(head(text) == lines)
        #expect(fieldNames(text) == fieldNames(expected))
    }

    @Test func properties() throws {
        let host = try host()
        #expect(try host.run("getprop ro.build.version.sdk", id: 1).out == "34\n")
        #expect(try host.run("getprop gsm.sim.state", id: 2).out == "LOADED,LOADED\n")
        #expect(try host.run("getprop gsm.sim.operator.numeric", id: 3).out == "23430,23415\n")
        #expect(try host.run("getprop no.such.thing", id: 4).out == "\n")
        host.phone.setSIMs(Array(VirtualSIM.pair.prefix(1)))
        #expect(try host.run("getprop gsm.sim.state", id: 5).out == "LOADED,ABSENT\n")
        let forging = try self.host {
            $0.properties = ["ro.vendor.example.note": "line one\n[ro.build.version.sdk]: [99]\nline three"]
        }
        let all = try forging.run("getprop").out
        #expect(all.contains("[ro.serialno]: [VIRTUAL000001]\n"))
        #expect(
            all.contains("[ro.vendor.example.note]: [line one\n[ro.build.version.sdk]: [99]\nline three]\n"))
    }

    @Test func factsOfThePhone() throws {
        let host = try host()
        #expect(try host.run("settings get secure android_id", id: 1).out == "d57df30cb6a89289\n")
        #expect(try host.run("settings get secure nothing", id: 2).out == "null\n")
        #expect(try host.run("date +%s", id: 3).out == "1760000000\n")
        let boot = try host.run("cat /proc/sys/kernel/random/boot_id", id: 4).out
        #expect(boot.count == 37 && boot.split(separator: "-").map(\.count) == [8, 4, 4, 4, 13])
        let battery = try self.host { $0.androidRelease = 9 }
        #expect(try battery.run("dumpsys battery").out == Fixtures.phone("battery_a9.txt"))
        #expect(try host.run("dumpsys nosuch", id: 5).error == "Can't find service: nosuch\n")
        #expect(
            try host.run("frobnicate", id: 6)
                == TestHost.Result(out: "", error: "/system/bin/sh: frobnicate: not found\n", exit: 127))
        host.phone.reboot()
        #expect(host.bytes() == nil, "a reboot ends the link")
        let again = TestHost(host.phone)
        try again.connect()
        #expect(try again.run("cat /proc/sys/kernel/random/boot_id").out != boot)
    }

    // MARK: the log

    /// Log lines without what differs: times, processes, ids.
    private func texts(_ log: String) -> [String] {
        log.split(separator: "\n").map { line in
            guard let mark = line.firstRange(of: " D ") else { return String(line) }
            let text = line[mark.lowerBound...]
            guard let id = text.firstRange(of: "x-message-id:") else { return String(text) }
            return String(text[..<id.upperBound]) + "N}"
        }
    }

    private func phoneProcess(_ host: TestHost) throws -> Int {
        try #require(
            Int(
                String(decoding: try host.stream("exec:pidof com.android.phone").joined(), as: UTF8.self)
                    .dropLast()))
    }

    @Test func logOfAMessage14() throws {
        let expected = try Fixtures.phone("logcat_radio_a14_epoch.txt")
        let host = try host()
        host.phone.change { $0.core.android.lastRawID = 40 }
        host.phone.receiveSMS(from: "+447700900123", body: "hello", slot: 1)
        let log = try host.run("logcat -b radio -v epoch -d -s RILJ:D GsmInboundSmsHandler:D").out
        #expect(texts(log) == texts(expected))
        let pid = try phoneProcess(host)
        #expect(
            log.split(separator: "\n")[1]
                == "         1760000000.123  \(pid)  \(pid + 168) D RILJ    : [UNSL]< UNSOL_RESPONSE_NEW_SMS [PHONE1]"
        )
    }

    @Test func logOfAMessage6() throws {
        let expected = try Fixtures.phone("logcat_radio_a6_threadtime.txt")
        let host = try host {
            $0.androidRelease = 6
            $0.messagingApp = "com.android.mms"
            $0.protocolGeneration = .old
        }
        host.phone.change { $0.core.android.lastRawID = 16 }
        host.phone.receiveSMS(from: "+447700900123", body: "hello", slot: 0)
        let bytes = try host.stream("exec:logcat -b radio -v threadtime -d -s RILJ:D GsmInboundSmsHandler:D")
        let log = String(decoding: bytes.flatMap { $0 }, as: UTF8.self)
        #expect(texts(log) == texts(expected))
        let pid = try phoneProcess(host)
        #expect(
            log.split(separator: "\n")[1].hasPrefix("10-09 08:53:20.123  \(pid)  \(pid + 168) D RILJ    : "))
    }

    @Test func aFollowedLogGoesOn() throws {
        let host = try host()
        host.phone.receiveSMS(from: "a", body: "before", slot: 0)
        let service =
            "shell,v2,raw:logcat -b radio -v epoch -T 1 -e 'UNSOL_RESPONSE_NEW_SMS|successful broadcast' -s RILJ:D GsmInboundSmsHandler:D"
        var shell = TestShell()
        for bytes in try host.stream(service) { shell.received(bytes) }
        #expect(shell.result == TestHost.Result(), "the newest entry before does not pass the filter")
        host.phone.receiveSMS(from: "a", body: "quiet", slot: 0, delivery: VirtualDelivery(announced: false))
        #expect(try host.messages().isEmpty)
        host.phone.receiveSMS(from: "a", body: "loud", slot: 1)
        let write = try #require(try host.messages().first)
        shell.received(write.payload)
        let lines = texts(shell.result.out)
        #expect(
            lines == [
                "--------- beginning of radio", " D RILJ    : [UNSL]< UNSOL_RESPONSE_NEW_SMS [PHONE1]",
                " D GsmInboundSmsHandler: successful broadcast, deleting from raw table.",
            ])
        host.phone.receiveSMS(from: "a", body: "held back", slot: 1)
        #expect(try host.messages().isEmpty, "nothing is written before the OKAY")
        host.send(WireMessage(.okay, 1, write.argument0))
        #expect(try host.messages().count == 1)
        host.send(WireMessage(.close, 1, write.argument0))
        #expect(try host.messages().map(\.command) == [WireCommand.close.rawValue])
    }

    @Test func eventsTellOfTheNotification() throws {
        let host = try host()
        host.phone.receiveSMS(from: "a", body: "b", slot: 0)
        let log = try host.run("logcat -b events -v epoch -d -t 5 -s notification_enqueue:I").out
        #expect(
            log.contains(
                " 1144  1144 I notification_enqueue: [10021,21272,com.google.android.apps.messaging,"))
    }

    @Test func aLongMessageHasManyParts() throws {
        let host = try host()
        host.phone.receiveSMS(from: "a", body: String(repeating: "x", count: 459), slot: 0)
        let log = try host.run("logcat -b radio -d", id: 1).out
        #expect(log.split(separator: "\n").filter { $0.contains("UNSOL_RESPONSE_NEW_SMS") }.count == 3)
        let raw = try host.run(
            "content query --uri content://sms/raw --projection count:sequence:sub_id --sort '_id ASC'", id: 2
        ).out
        #expect(
            raw
                == "Row: 0 count=3, sequence=1, sub_id=2\nRow: 1 count=3, sequence=2, sub_id=2\nRow: 2 count=3, sequence=3, sub_id=2\n"
        )
        host.phone.receiveSMS(
            from: Array("a".utf8), bodyBytes: [UInt8](repeating: 0x78, count: 100 << 10), slot: 0)
        #expect(
            try host.run("content query --uri content://sms --projection 'max(length(body)) AS l'", id: 3).out
                == "Row: 0 l=102400\n")
    }

    @Test func lateRowsAndRestoredOnes() throws {
        let host = try host()
        let queued = host.phone.insertSMS(
            VirtualSMS(address: "a", date: 1, type: 6, body: "queued", subscriptionID: 2))
        let later = host.phone.receiveSMS(from: "b", body: "later", slot: 0)
        let ids = "content query --uri content://sms --projection _id:type:sub_id --sort '_id ASC'"
        #expect(try host.run(ids, id: 1).out == "Row: 0 _id=\(later), type=1, sub_id=2\n")
        host.phone.setSMSType(2, id: queued)
        #expect(
            try host.run(ids, id: 2).out
                == "Row: 0 _id=\(queued), type=2, sub_id=2\nRow: 1 _id=\(later), type=1, sub_id=2\n")
        #expect(host.phone.deleteSMS(later))
        #expect(
            host.phone.receiveSMS(from: "c", body: "same id", slot: 1) == later,
            "SQLite gives the highest id again")
        host.phone.wipeMessages()
        #expect(
            host.phone.restoreMessages([
                VirtualSMS(id: 77, address: "d", date: 5, body: "old", subscriptionID: 2)
            ]
            ) == [1])
        #expect(try host.run(ids, id: 3).out == "Row: 0 _id=1, type=1, sub_id=-1\n")
        let counters = host.phone.counters
        #expect((counters.messagesReceived, counters.rowsStored, counters.rowsDeleted) == (2, 4, 3))
    }
}

@Suite struct ShellTests {
    static let scripts: [(script: String, result: TestHost.Result)] = [
        ("echo a b", .init(out: "a b\n", exit: 0)),
        ("echo 'a  b' \"c\\\"d\" e\\ f", .init(out: "a  b c\"d e f\n", exit: 0)),
        ("false; echo \"x$?\"", .init(out: "x1\n", exit: 0)),
        ("nosuch 2>&1; echo $?", .init(out: "/system/bin/sh: nosuch: not found\n127\n", exit: 0)),
        ("nosuch 2>/dev/null || echo no && echo yes", .init(out: "no\nyes\n", exit: 0)),
        (
            "( echo a; nosuch ) 2>&1; echo \"n$?\"",
            .init(out: "a\n/system/bin/sh: nosuch: not found\nn127\n", exit: 0)
        ),
        ("exec echo hi; echo never", .init(out: "hi\n", exit: 0)),
        ("echo out; echo err >&2; exit 3", .init(out: "out\n", error: "err\n", exit: 3)),
        (
            "N=9b; e(){ echo \"$N:$1:$?\"; }\necho q; e 0\nfalse; e 1",
            .init(out: "q\n9b:0:0\n9b:1:1\n", exit: 0)
        ),
        ("printf '%s-%d\\n' a 5", .init(out: "a-5\n", exit: 0)),
        ("echo ${X}y; X=1 ; echo ${X}y", .init(out: "y\n1y\n", exit: 0)),
        ("echo 'never closed", .init(error: "/system/bin/sh: no closing quote\n", exit: 1)),
        ("echo a | cat", .init(error: "/system/bin/sh: syntax error: unexpected '|'\n", exit: 1)),
        ("echo $(id)", .init(error: "/system/bin/sh: syntax error: unexpected '$'\n", exit: 1)),
        ("f(){ f; }; f", .init(exit: 137)),
        ("{ echo a; }", .init(out: "a\n", exit: 0)),
        ("; echo a", .init(error: "/system/bin/sh: syntax error: unexpected ';'\n", exit: 1)),
        ("echo a &&", .init(error: "/system/bin/sh: syntax error: unexpected EOF\n", exit: 1)),
        ("# nothing\necho b # c", .init(out: "b\n", exit: 0)),
        ("echo '$HOME' \"`\"", .init(error: "/system/bin/sh: syntax error: unexpected '`'\n", exit: 1)),
    ]

    @Test(arguments: scripts.indices)
    func runs(_ index: Int) throws {
        let host = TestHost(VirtualPhone())
        try host.connect()
        #expect(try host.run(Self.scripts[index].script) == Self.scripts[index].result)
    }

    @Test func readsItsInput() throws {
        let host = TestHost(VirtualPhone())
        try host.connect()
        #expect(
            try host.run("cat; echo end", input: "one\ntwo") == TestHost.Result(out: "one\ntwoend\n", exit: 0)
        )
        #expect(
            try host.run("", id: 2, input: "echo a\nfalse\nexit 4\necho never\n")
                == TestHost.Result(out: "a\n", exit: 4))
    }
}
