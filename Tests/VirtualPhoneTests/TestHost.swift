@testable import VirtualPhone

/// A host for transcripts: writes messages to a phone and reads what the phone has sent by then.
final class TestHost {
    let phone: VirtualPhone
    let link: Int
    private var reader = WireReader()

    init(_ phone: VirtualPhone) {
        self.phone = phone
        link = phone.openLink(observer: nil)
    }

    /// Sends raw bytes; false when the phone has left.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool { phone.feed(link, bytes) }

    @discardableResult
    func send(_ message: WireMessage) -> Bool { send(message.encoded(summed: true)) }

    /// All bytes the phone has sent; nil when it has left and nothing is waiting.
    func bytes(max: Int = 1 << 24) -> [UInt8]? { phone.bytesForHost(link, max: max) }

    /// All whole messages the phone has sent.
    func messages() throws -> [WireMessage] {
        reader.append(bytes() ?? [])
        var found: [WireMessage] = []
        while let message = try reader.next() {
            var message = message
            message.announcedSum = 0
            found.append(message)
        }
        return found
    }

    static let hello = WireMessage(
        .connect, 0x0100_0001, 1 << 20, Array("host::features=shell_v2,cmd,stat_v2".utf8))

    /// CNXN there and back with a phone that asks for no key.
    func connect() throws {
        send(Self.hello)
        _ = try messages()
    }

    /// What a command printed and how it ended.
    struct Result: Equatable {
        var out = ""
        var error = ""
        var exit: Int?
    }

    /// Runs a command through `shell,v2,raw:`, acknowledging all writes.
    func run(_ script: String, id: UInt32 = 1, input: String? = nil) throws -> Result {
        var parts = TestShell()
        for bytes in try stream("shell,v2,raw:" + script, id: id, input: input) { parts.received(bytes) }
        return parts.result
    }

    /// Opens a service and returns the payloads of all its writes up to the phone's CLSE, or until it waits.
    func stream(_ service: String, id: UInt32 = 1, input: String? = nil) throws -> [[UInt8]] {
        var payloads: [[UInt8]] = []
        send(WireMessage(.open, id, 0, Array(service.utf8) + [0]))
        var inputs: [[UInt8]] = []
        if let input {
            inputs = [
                ShellPackets.packet(.standardInput, Array(input.utf8)), ShellPackets.packet(.closeInput, []),
            ]
        }
        while true {
            let messages = try messages()
            if messages.isEmpty { return payloads }
            for message in messages {
                switch WireCommand(rawValue: message.command) {
                case .okay?:
                    if !inputs.isEmpty {
                        send(WireMessage(.write, id, message.argument0, inputs.removeFirst()))
                    }
                case .write?:
                    payloads.append(message.payload)
                    send(WireMessage(.okay, id, message.argument0))
                case .close?:
                    return payloads
                default: break
                }
            }
        }
    }
}

/// Takes shell v2 output apart.
struct TestShell {
    private var buffer: [UInt8] = []
    private var out: [UInt8] = []
    private var error: [UInt8] = []
    private var exit: Int?

    mutating func received(_ bytes: [UInt8]) {
        buffer += bytes
        while buffer.count >= 5 {
            let length = Int(LittleWord.read(buffer, at: 1))
            guard buffer.count >= 5 + length else { return }
            let data = buffer[5..<(5 + length)]
            switch buffer[0] {
            case 1: out += data
            case 2: error += data
            case 3: exit = data.first.map { Int($0) }
            default: break
            }
            buffer.removeFirst(5 + length)
        }
    }

    var result: TestHost.Result {
        TestHost.Result(
            out: String(decoding: out, as: UTF8.self), error: String(decoding: error, as: UTF8.self),
            exit: exit)
    }
}

extension [UInt8] {
    /// The bytes that hex digits spell, for vectors.
    init(hex: String) {
        let digits = hex.utf8.map { digit in
            switch digit {
            case 0x30...0x39: digit - 0x30
            default: (digit | 0x20) - 0x61 + 10
            }
        }
        self = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
