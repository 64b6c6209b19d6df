import Testing

@testable import VirtualPhone

/// The host's half of each exchange goes in, the device's half must come out, byte for byte.
@Suite struct VectorTests {
    private func demo() -> VirtualPhoneSetup {
        var setup = VirtualPhoneSetup()
        setup.productName = "demo"
        setup.model = "Demo_1"
        setup.deviceName = "demo"
        setup.features.append("delayed_ack")
        return setup
    }

    /// Plays an exchange; the phone's next stream id is `streamID`.
    private func play(
        _ name: String, _ setup: VirtualPhoneSetup, streamID: UInt32 = 1, connected: Bool = false
    ) throws {
        let exchange = try #require(try Fixtures.messages().exchanges[name])
        let phone = VirtualPhone(setup: setup)
        phone.change { $0.core.lastStreamID = streamID - 1 }
        let host = TestHost(phone)
        if connected { try host.connect() }
        for (index, message) in exchange.enumerated() {
            if message.from == "host" {
                #expect(host.send(message.bytes), "\(name) \(index)")
            } else {
                let bytes = try #require(host.bytes(max: message.bytes.count), "\(name) \(index)")
                #expect(bytes.hex == message.bytes.hex, "\(name) \(index) \(message.command)")
            }
        }
        #expect(host.bytes() == [], "nothing more may come")
    }

    @Test func secondKeyThenShell() throws {
        var setup = demo()
        let keys = try Fixtures.auth().keys
        setup.authorization = .knownKeys
        setup.knownKeys = [keys[0].adbkey_pub_file_contents]
        let exchange = try #require(try Fixtures.messages().exchanges["auth_second_key_then_shell_v2"])
        setup.tokens = exchange.filter { $0.command == "AUTH" && $0.from == "device" }.map {
            [UInt8](hex: $0.payload_hex)
        }
        // The exchange ends with the host's CLSE, for a stream that is gone by then.
        try play("auth_second_key_then_shell_v2", setup, streamID: 0x15)
    }

    @Test func oldDeviceSumsEverything() throws {
        var setup = VirtualPhoneSetup()
        setup.productName = "old"
        setup.model = "Old"
        setup.deviceName = "old"
        setup.androidRelease = 6
        setup.protocolGeneration = .old
        try play("old_device_checksums", setup, streamID: 7)
    }

    @Test func delayedAcknowledgements() throws {
        var setup = demo()
        setup.packing = .joined
        try play("delayed_ack", setup, streamID: 0x15)
    }

    @Test func refusalsAndLatePackets() throws {
        try play("refusals_and_late_packets", demo(), connected: true)
    }

    @Test func publicKeyOfferIsSilentUntilTheUserAccepts() throws {
        let offer = try #require(try Fixtures.messages().exchanges["public_key_offer"]?.first)
        var setup = VirtualPhoneSetup()
        setup.authorization = .asks(.waits)
        let phone = VirtualPhone(setup: setup)
        let host = TestHost(phone)
        try host.connect()
        host.send(offer.bytes)
        #expect(host.bytes() == [])
        #expect(phone.promptFingerprint == (try Fixtures.auth().keys[0].fingerprint_md5_of_524_bytes))
        #expect(phone.acceptPrompt())
        #expect(try host.messages().map(\.command) == [WireCommand.connect.rawValue])
    }
}

@Suite struct HostKeyTests {
    @Test func acceptsTheSignaturesOfItsKeyAlone() throws {
        let vectors = try Fixtures.auth().keys
        for vector in vectors {
            let key = try #require(HostKey(text: Array(vector.adbkey_pub_file_contents.utf8) + [0]))
            #expect(key.fingerprint == vector.fingerprint_md5_of_524_bytes)
            for (number, token) in vector.tokens.enumerated() {
                let bytes = [UInt8](hex: token.token_hex)
                #expect(key.accepts(signature: [UInt8](hex: token.signature_hex), token: bytes))
                let hashed = [UInt8](hex: token.must_not_equal_signature_of_sha1_of_token_hex)
                #expect(!key.accepts(signature: hashed, token: bytes))
                let other = vector.tokens[(number + 1) % vector.tokens.count]
                #expect(!key.accepts(signature: [UInt8](hex: other.signature_hex), token: bytes))
                for stranger in vectors where stranger.name != vector.name {
                    let strange = [UInt8](hex: stranger.tokens[number].signature_hex)
                    #expect(!key.accepts(signature: strange, token: bytes))
                }
            }
        }
    }

    @Test(arguments: [
        "", "QAAAA", "QAAAAIej user@host", String(repeating: "A", count: 700),
        String(repeating: "Q", count: 5000),
    ])
    func refusesWhatIsNoKey(_ text: String) { #expect(HostKey(text: Array(text.utf8)) == nil) }

    @Test func refusesADamagedKey() throws {
        let text = Array(try Fixtures.auth().keys[0].adbkey_pub_file_contents.utf8)
        #expect(HostKey(text: Array(text.dropFirst(4))) == nil)
        #expect(HostKey(text: [0x51, 0x51] + text.dropFirst(2)) == nil)
        var short = [UInt8](repeating: 0xFF, count: 255)
        let key = try #require(HostKey(text: text))
        #expect(!key.accepts(signature: short, token: [UInt8](repeating: 0, count: 20)))
        short.append(0xFF)
        #expect(!key.accepts(signature: short, token: [UInt8](repeating: 0, count: 20)))
    }
}
