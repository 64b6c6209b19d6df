import Testing

@testable import VirtualPhone

/// What `content query` prints, against the outputs that the parsers are tested with.
@Suite struct ContentTests {
    /// A phone of the given release with the rows of the corpus in its store.
    private func phone(release: Int, access: VirtualMessageAccess = .allowed) throws -> VirtualPhone {
        var setup = VirtualPhoneSetup()
        setup.androidRelease = release
        setup.messageAccess = access
        setup.sims.append(
            VirtualSIM(
                subscriptionID: 1, slot: nil, iccid: "8944110068500000001", displayName: "Old SIM",
                carrierName: "O2 - UK"))
        let phone = VirtualPhone(setup: setup)
        for row in try rows() { phone.insertSMS(row) }
        return phone
    }

    /// The rows behind `content_hex_mode_a14.txt`, and two that the shell must not see.
    private func rows() throws -> [VirtualSMS] {
        let threads: [Int64: Int64] = [101: 7, 103: 9, 107: 8]
        var rows: [VirtualSMS] = try Fixtures.phone("content_hex_mode_a14.txt").split(separator: "\n").map {
            line in
            var values: [String: String] = [:]
            for pair in line.split(separator: ", ") {
                let sides = pair.split(separator: "=", omittingEmptySubsequences: false)
                values[String(sides[0].split(separator: " ").last ?? "")] = String(sides[1])
            }
            func number(_ name: String) throws -> Int64 { try #require(values[name].flatMap { Int64($0) }) }
            func text(_ name: String) throws -> [UInt8] { [UInt8](hex: try #require(values[name])) }
            let id = try number("_id")
            let type = Int(try number("type"))
            var row = VirtualSMS(
                id: id, thread: threads[id] ?? 1, address: nil, date: try number("d"),
                dateSent: try number("ds"),
                type: type, status: Int(try number("status")), body: nil,
                subscriptionID: Int(try number("sub_id")),
                read: Int(try number("read")), serviceCentre: type == 1 && id != 105 ? "+447700900001" : nil,
                creator: id == 105 ? nil : String(decoding: try text("hc"), as: UTF8.self),
                errorCode: Int(try number("error_code")))
            if try number("na") == 0 { row.address = try text("ha") }
            if try number("nb") == 0 { row.body = try text("hb") }
            return row
        }
        rows.append(
            VirtualSMS(
                id: 111, address: "+447700900123", date: 1_760_000_600_000, type: 5, body: "failed",
                subscriptionID: 2))
        rows.append(
            VirtualSMS(
                id: 112, address: "+447700900123", date: 1_760_000_600_001, type: 6, body: "queued",
                subscriptionID: 2))
        return rows
    }

    private func query(_ arguments: String, release: Int, access: VirtualMessageAccess = .allowed) throws
        -> TestHost.Result
    {
        let host = TestHost(try phone(release: release, access: access))
        try host.connect()
        return try host.run("content query --uri content://sms \(arguments)")
    }

    static let hexMode =
        "--projection '_id:type:status:error_code:sub_id:read:CAST(date AS TEXT) AS d:CAST(date_sent AS TEXT) AS ds:"
        + "hex(address) AS ha:address IS NULL AS na:hex(body) AS hb:body IS NULL AS nb:hex(creator) AS hc' "
        + "--where '_id>=101' --sort '_id ASC LIMIT 50'"

    static let queries: [(file: String, arguments: String, release: Int)] = [
        ("content_hex_mode_a14.txt", hexMode, 14),
        ("content_hex_mode_a14.txt", hexMode, 11),
        (
            "content_basic_a13.txt",
            "--projection _id:thread_id:address:date:date_sent:read:status:type:sub_id:error_code:seen:creator:body "
                + "--where '_id IN (101,103,107)' --sort '_id ASC'", 13
        ),
        ("content_all_columns_a14.txt", "--where '_id IN (101,107)' --sort '_id ASC'", 14),
        (
            "content_multiline_forged_rows_a13.txt",
            "--projection _id:address:date:type:sub_id:body --where '_id IN (101,102,110)' --sort '_id ASC'",
            13
        ),
        (
            "content_emoji_rtl_a13.txt",
            "--projection _id:sub_id:body --where '_id IN (103,104)' --sort '_id ASC'", 13
        ),
        (
            "content_nulls_empty_a13.txt",
            "--projection _id:address:body:service_center:creator:protocol --where '_id IN (105,106,107)' "
                + "--sort '_id ASC'", 13
        ),
        (
            "content_types_probe.txt",
            "--projection 'NULL AS n:zeroblob(2) AS b:1.5 AS f:1.0 AS g:0.1 AS h:9223372036854775807 AS i:_id' "
                + "--where '_id=101'", 13
        ),
        ("canary_ok.txt", "--projection 'count(*) AS c:max(_id) AS m:CAST(max(date) AS TEXT) AS d'", 14),
        (
            "canary_ok_a6_truncated.txt",
            "--projection 'count(*) AS c:max(_id) AS m:max(date) AS x:CAST(max(date) AS TEXT) AS d'", 6
        ),
        ("content_no_result.txt", "--where '_id=111'", 14),
        ("content_no_result.txt", "--projection '(SELECT 1) AS x'", 14),
        ("content_no_result.txt", "--where '_id=101; --'", 12),
    ]

    @Test(arguments: queries.indices)
    func printsAsThePhoneDoes(_ index: Int) throws {
        let (file, arguments, release) = Self.queries[index]
        let result = try query(arguments, release: release)
        #expect(result == TestHost.Result(out: try Fixtures.phone(file), error: "", exit: 0))
    }

    @Test func countsAnEmptyStore() throws {
        let host = TestHost(VirtualPhone())
        try host.connect()
        let canary =
            "content query --uri content://sms --projection 'count(*) AS c:max(_id) AS m:CAST(max(date) AS TEXT) AS d'"
        #expect(try host.run(canary).out == Fixtures.phone("canary_ok_empty_db.txt"))
    }

    @Test func twoPhasesWithMarkers() throws {
        let nonce = "9b1f0c7ae2d84c53a6f0417be83d25c1"
        var script =
            "N=\(nonce)\ncontent query --uri content://sms --projection _id:date:date_sent:read:type:status:sub_id:error_code "
            + "--sort '_id ASC' 2>&1; echo \"$N:0:$?\"\n"
        var number = 1
        for id in [101, 102, 105, 106, 109, 110] {
            for column in ["address", "body"] {
                script +=
                    "content query --uri content://sms/\(id) --projection \(column) --where '\(column) IS NOT NULL' 2>&1; "
                    + "echo \"$N:\(number):$?\"\n"
                number += 1
            }
        }
        let expected = try Fixtures.phone("content_two_phase_nonce_a11.txt")
        let host = TestHost(try phone(release: 11))
        try host.connect()
        #expect(try host.run(script) == TestHost.Result(out: expected, error: "", exit: 0))
        // The same through a shell that reads its commands from its input.
        #expect(try host.run("", id: 2, input: script) == TestHost.Result(out: expected, error: "", exit: 0))
    }

    /// Errors: file, arguments, release, access. The first two lines count; traces differ in every build.
    static let errors: [(file: String, arguments: String, release: Int, access: VirtualMessageAccess)] = [
        ("error_unknown_column_sim_slot_a13.txt", "--projection sim_slot", 13, .allowed),
        ("error_read_sms_denied_a9.txt", "", 9, .denied),
        ("error_no_telephony_provider.txt", "", 14, .noProvider),
    ]

    @Test(arguments: errors.indices)
    func failsAsThePhoneDoes(_ index: Int) throws {
        let (file, arguments, release, access) = Self.errors[index]
        let result = try query(arguments, release: release, access: access)
        #expect(result.exit == 0 && result.out.isEmpty)
        #expect(
            result.error.split(separator: "\n").prefix(2)
                == (try Fixtures.phone(file)).split(separator: "\n").prefix(2))
    }

    @Test func lockedUntilTheFirstUnlock() throws {
        var setup = VirtualPhoneSetup()
        setup.androidRelease = 12
        setup.locked = true
        let phone = VirtualPhone(setup: setup)
        let host = TestHost(phone)
        try host.connect()
        let expected = try Fixtures.phone("error_user_locked_a12.txt").split(separator: "\n").prefix(2)
        let id = phone.receiveSMS(from: "Bank", body: "1234", slot: 0)
        #expect(
            try host.run("content query --uri content://sms").error.split(separator: "\n").prefix(2)
                == expected)
        #expect(try host.run("getprop sys.user.0.ce_available", id: 2).out == "false\n")
        phone.unlock()
        #expect(
            try host.run("content query --uri content://sms --projection _id:body", id: 3).out
                == "Row: 0 _id=\(id), body=1234\n")
    }

    /// Android 6: 32-bit integers, and a terminal behind `shell:`.
    @Test(arguments: [
        ("content_a6_truncated_dates.txt", "exec:", "_id:date:date_sent:type:sub_id:body"),
        ("content_a6_pty_crlf.txt", "shell:", "_id:date:date_sent:type:sub_id:body"),
        (
            "content_a6_cast_dates.txt", "exec:",
            "_id:CAST(date AS TEXT) AS d:CAST(date_sent AS TEXT) AS ds:type:sub_id:hex(body) AS hb"
        ),
    ])
    func android6(_ file: String, _ service: String, _ projection: String) throws {
        var setup = VirtualPhoneSetup()
        setup.androidRelease = 6
        setup.protocolGeneration = .old
        let phone = VirtualPhone(setup: setup)
        phone.insertSMS(
            VirtualSMS(
                id: 41, address: "a", date: 1_451_606_400_123, dateSent: 1_451_606_398_000,
                body: "Happy new year", subscriptionID: 1))
        phone.insertSMS(
            VirtualSMS(
                id: 42, address: "a", date: 1_760_000_000_123, dateSent: 1_759_999_998_000,
                body: "Your code is 482913", subscriptionID: 2))
        let host = TestHost(phone)
        try host.connect()
        let query = "content query --uri content://sms --projection '\(projection)' --sort '_id ASC'"
        let bytes = try host.stream(service + query).flatMap { $0 }
        #expect(String(decoding: bytes, as: UTF8.self) == (try Fixtures.phone(file)))
    }

    @Test func siminfo() throws {
        let columns =
            "'_id:sim_id:icc_id:mcc_string:mnc_string:is_embedded:hex(display_name) AS hd:hex(carrier_name) AS hc:hex(number) AS hn'"
        for (release, expected) in [
            (10, "siminfo_a10_dual.txt"), (11, "siminfo_denied_a11.txt"), (13, "siminfo_denied_a13.txt"),
        ] {
            var setup = VirtualPhoneSetup()
            setup.androidRelease = release
            setup.sims = [
                VirtualSIM(
                    subscriptionID: 1, slot: nil, iccid: "8944110068500000001",
                    displayName: "Old SIM, slot 9", carrierName: "O2 - UK", mcc: "234", mnc: "10"),
                VirtualSIM(
                    subscriptionID: 2, slot: 0, iccid: "8944200000000000002",
                    displayName: "Work\nRow: 9 _id=9, sim_id=0", carrierName: "EE", mcc: "234", mnc: "30",
                    number: "+447700900200"),
                VirtualSIM(
                    subscriptionID: 3, slot: 1, iccid: "8944300000000000003F", displayName: "vodafone UK",
                    carrierName: "vodafone UK", mcc: "234", mnc: "15", isEmbedded: true),
            ]
            let host = TestHost(VirtualPhone(setup: setup))
            try host.connect()
            let result = try host.run(
                "content query --uri content://telephony/siminfo --projection \(columns) --sort '_id ASC'")
            let lines = try Fixtures.phone(expected).split(separator: "\n")
            let trusted = release == 10 ? lines.count : 2
            #expect(
                (result.out + result.error).split(separator: "\n").prefix(trusted) == lines.prefix(trusted))
            #expect(result.out.isEmpty == (release > 10))
        }
    }

    @Test func anIgnoredAppOpLooksEmpty() throws {
        let result = try query("--projection 'count(*) AS c'", release: 14, access: .ignored)
        #expect(result.out == "No result found.\n")
    }

    @Test func foreignSubscriptionsAreHiddenFrom14On() throws {
        for (release, expected) in [(13, "Row: 0 c=1\n"), (14, "Row: 0 c=0\n")] {
            var setup = VirtualPhoneSetup()
            setup.androidRelease = release
            let phone = VirtualPhone(setup: setup)
            phone.insertSMS(VirtualSMS(address: "a", date: 1, body: "b", subscriptionID: 99))
            let host = TestHost(phone)
            try host.connect()
            #expect(
                try host.run("content query --uri content://sms --projection 'count(*) AS c'").out == expected
            )
        }
    }

    @Test func aDelayedRowAppearsWithItsTime() throws {
        let clock = TestClock(1_760_000_000_000)
        var setup = VirtualPhoneSetup()
        setup.clock = { clock.now }
        let phone = VirtualPhone(setup: setup)
        let host = TestHost(phone)
        try host.connect()
        let late = phone.receiveSMS(
            from: "a", body: "late", slot: 0, delivery: VirtualDelivery(rowDelayMilliseconds: 500))
        let next = phone.receiveSMS(from: "b", body: "prompt", slot: 1)
        let ids = "content query --uri content://sms --projection _id:sub_id --sort '_id ASC'"
        #expect((late, next) == (1, 2))
        #expect(try host.run(ids).out == "Row: 0 _id=2, sub_id=3\n")
        clock.advance(500)
        #expect(try host.run(ids, id: 2).out == "Row: 0 _id=1, sub_id=2\nRow: 1 _id=2, sub_id=3\n")
    }

    @Test func badArgumentsAreReportedOnTheNormalOutput() throws {
        let host = TestHost(VirtualPhone())
        try host.connect()
        #expect(
            try host.run("content query --uri content://sms --where ''").out.hasSuffix(
                "[ERROR] No value for argument: --where\n"))
        #expect(
            try host.run("content observe --uri content://sms", id: 2).out.hasSuffix(
                "[ERROR] Unsupported operation: observe\n"))
    }

    @Test func surrogatesAndNULSurviveInHex() throws {
        let phone = VirtualPhone()
        phone.receiveSMS(from: Array("x".utf8), bodyBytes: [0x61, 0x00, 0xED, 0xA0, 0x80, 0x62], slot: 0)
        let host = TestHost(phone)
        try host.connect()
        #expect(
            try host.run("content query --uri content://sms --projection 'hex(body) AS h:body'").out
                == "Row: 0 h=6100EDA08062, body=a\u{0}?b\n")
    }

    @Test(
        arguments: zip(
            [Float(1.5), 0.1, 100, 1e7, 1.25e10, 0.0001, -3.4e-5, 16_777_216],
            [
                "1.5", "0.1", "100.0", "1.0E7", "1.25E10", "1.0E-4", "-3.4E-5", "1.6777216E7",
            ]))
    func floatsPrintAsInJava(_ value: Float, _ text: String) { #expect(JavaFloat.text(value) == text) }
}
