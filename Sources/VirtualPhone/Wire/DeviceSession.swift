/// The device's side of one link: CNXN, AUTH, streams. States: offline → authorising → online.
/// Called only by `VirtualPhone`, under its lock.
///
/// Behaviour follows adbd (GrapheneOS/platform_packages_modules_adb adb.cpp, sockets.cpp, daemon/auth.cpp), also
/// where it ignores what the written protocol would refuse.
struct DeviceSession: Sendable {
    /// Bytes waiting for the host above which no more stream data is produced.
    static let outBytesLow = 1 << 20
    /// Bytes waiting for the host above which the phone gives up the link: the host writes and does not read.
    static let outBytesMax = 4 << 20
    /// Most open streams; more are refused.
    static let streamsMax = 256

    private enum State: Sendable {
        case offline
        case authorising(token: [UInt8])
        case online
    }

    /// Bytes of payload that a peer may send before both have said how many they take.
    private static let payloadBytesBefore = 4096

    let link: Int
    private var state = State.offline
    private var reader = WireReader()
    private var hostVersion: UInt32 = 0x0100_0000
    private var payloadBytesMax = Self.payloadBytesBefore
    private var delayedAck = false
    private var streams: [UInt32: DeviceStream] = [:]
    private var heldOkays: [WireMessage] = []
    private var gotConnect = false
    private var payloadMessages = 0
    private var muted = false
    private var out: [UInt8] = []
    private var outStart = 0
    private var taken = 0
    /// Set when the phone has ended the link.
    private(set) var ended = false

    init(link: Int) { self.link = link }

    // MARK: the link's two ends

    /// Bytes from the host.
    mutating func received(_ bytes: [UInt8], _ core: PhoneCore) {
        guard !ended else { return }
        core.android.counters.bytesReceived += bytes.count
        reader.append(bytes)
        let dropped = reader.dropped
        do throws(WireError) {
            while !ended, let message = try reader.next() { handle(message, core) }
        } catch {
            ended = true
        }
        core.android.counters.dropped += reader.dropped - dropped
        if out.count - outStart > Self.outBytesMax { ended = true }
    }

    /// Whether bytes wait for the host.
    var hasOutput: Bool { outStart < out.count }

    /// Takes up to `limit` bytes for the host; empty when none wait or the phone has left.
    mutating func bytesForHost(limit: Int, _ core: PhoneCore) -> [UInt8] {
        var limit = limit
        for case .leavesAfter(let bytes) in core.faults { limit = min(limit, bytes - taken) }
        guard limit > 0 else {
            if hasOutput { ended = true }
            return []
        }
        let end = min(out.count, outStart + limit)
        let bytes = Array(out[outStart..<end])
        outStart = end
        if outStart == out.count {
            out.removeAll(keepingCapacity: out.capacity <= 1 << 16)
            outStart = 0
        } else if outStart > 1 << 20 {
            out.removeSubrange(0..<outStart)
            outStart = 0
        }
        taken += bytes.count
        core.android.counters.bytesSent += bytes.count
        for case .leavesAfter(let bytes) in core.faults where taken >= bytes { ended = true }
        return bytes
    }

    /// Runs what can run: processes, streams, and faults that never stop. Called after every change.
    mutating func pump(_ core: PhoneCore) {
        guard !ended else { return }
        flood(core)
        for id in streams.keys.sorted() { pump(id, core) }
    }

    // MARK: the user

    /// The dialog for this link's key was accepted.
    mutating func promptAccepted(_ core: PhoneCore) {
        if case .authorising = state { goOnline(core) }
    }

    /// Sends the OKAYs that a fault kept back.
    mutating func releaseOkays(_ core: PhoneCore) {
        for message in heldOkays { emit(message, core) }
        heldOkays = []
    }

    // MARK: messages

    private mutating func handle(_ message: WireMessage, _ core: PhoneCore) {
        if core.faults.contains(.silent) { return }
        if core.setup.protocolGeneration == .old, message.announcedSum != message.sum {
            ended = true
            return
        }
        let command = WireCommand(rawValue: message.command)
        guard message.payload.count <= max(payloadBytesMax, Self.payloadBytesBefore), let command else {
            core.android.counters.dropped += 1
            return
        }
        switch (command, state) {
        case (.connect, _): connectReceived(message, core)
        case (.auth, .authorising(let token)): authReceived(message, token: token, core)
        case (.open, .online): openReceived(message, core)
        case (.okay, .online): okayReceived(message, core)
        case (.write, .online): writeReceived(message, core)
        case (.close, .online): closeReceived(message, core)
        case (.auth, _), (.open, _), (.okay, _), (.write, _), (.close, _): core.android.counters.dropped += 1
        }
    }

    private mutating func connectReceived(_ message: WireMessage, _ core: PhoneCore) {
        for id in streams.keys.sorted() {
            if let stream = streams[id] { sendClose(stream, core) }
        }
        streams = [:]
        heldOkays = []
        core.prompts.removeAll { $0.link == link }
        hostVersion = message.argument0
        payloadBytesMax = max(1, min(core.setup.protocolGeneration.payloadBytesMax, Int(message.argument1)))
        let banner = String(decoding: message.payload, as: UTF8.self)
        let hostFeatures = banner.split(separator: "features=").last?.split(separator: ",") ?? []
        delayedAck = hostFeatures.contains("delayed_ack") && core.setup.features.contains("delayed_ack")
        if !gotConnect {
            for case .junkBeforeConnect(let bytes) in core.faults { emitRaw(bytes) }
        }
        gotConnect = true
        for case .garbage(let count) in core.faults {
            emitRaw(core.android.random.bytes(count))
            return
        }
        if core.faults.contains(.staleCloseBeforeAuth) { emit(WireMessage(.close, 0x11, 0x22), core) }
        switch core.authorization {
        case .open: goOnline(core)
        case .knownKeys, .asks: sendToken(core)
        }
    }

    private mutating func sendToken(_ core: PhoneCore) {
        let token = core.newToken()
        state = .authorising(token: token)
        emit(WireMessage(.auth, 1, 0, token), core)
    }

    private mutating func authReceived(_ message: WireMessage, token: [UInt8], _ core: PhoneCore) {
        switch message.argument0 {
        case 2:
            if core.knownKeys.contains(where: { $0.accepts(signature: message.payload, token: token) }) {
                core.android.counters.signaturesAccepted += 1
                goOnline(core)
            } else {
                core.android.counters.signaturesRefused += 1
                sendToken(core)
            }
        case 3:
            if let key = HostKey(text: message.payload) { ask(key, core) }
        default: core.android.counters.dropped += 1
        }
    }

    private mutating func ask(_ key: HostKey, _ core: PhoneCore) {
        guard case .asks(let user) = core.authorization else { return }
        core.android.counters.prompts += 1
        switch user {
        case .acceptsAlways:
            core.remember(key)
            goOnline(core)
        case .acceptsOnce: goOnline(core)
        case .waits:
            core.prompts.removeAll { $0.link == link }
            core.prompts.append((link, key))
        case .cancels: break
        }
    }

    private mutating func goOnline(_ core: PhoneCore) {
        state = .online
        core.android.counters.sessions += 1
        let version = core.setup.protocolGeneration.version
        let message = WireMessage(.connect, version, UInt32(payloadBytesMax), core.banner)
        for case .connectLength(let length) in core.faults {
            var header = WireHeader(
                command: message.command, argument0: version, argument1: message.argument1, length: length,
                sum: 0,
                magic: message.command ^ 0xFFFF_FFFF)
            header.sum = message.sum
            emitRaw(header.encoded() + message.payload)
            return
        }
        if core.faults.contains(.wrongMagic) {
            var bytes = message.encoded(summed: isSummed(core))
            bytes[20] ^= 0xFF
            emitRaw(bytes)
            return
        }
        emit(message, core)
        for case .opensTCP(let port) in core.faults {
            emit(WireMessage(.open, core.newStreamID(), 0, Array("tcp:\(port)\0".utf8)), core)
        }
    }

    // MARK: streams

    private mutating func openReceived(_ message: WireMessage, _ core: PhoneCore) {
        let remote = message.argument0
        guard remote != 0 else {
            core.android.counters.dropped += 1
            return
        }
        var name = message.payload
        while name.last == 0 { name.removeLast() }
        // A window is announced exactly when both sides know delayed acknowledgements.
        guard delayedAck == (message.argument1 != 0), streams.count < Self.streamsMax,
            let service = DeviceService(name, core.setup)
        else {
            emit(WireMessage(.close, 0, remote), core)
            return
        }
        let stream = DeviceStream(
            local: core.newStreamID(), remote: remote, framing: service.framing, script: service.script,
            window: delayedAck ? Int(message.argument1) : nil)
        core.android.counters.streams += 1
        streams[stream.local] = stream
        sendOkay(stream, bytes: Int(message.argument1), core)
        pump(stream.local, core)
    }

    private mutating func okayReceived(_ message: WireMessage, _ core: PhoneCore) {
        let id = message.argument1
        guard streams[id]?.remote == message.argument0 else {
            emit(WireMessage(.close, message.argument1, message.argument0), core)
            return
        }
        // The wrong kind of OKAY is ignored, and the stream stalls: local_socket_ack in sockets.cpp.
        guard message.payload.count == (delayedAck ? 4 : 0) else { return }
        let bytes = delayedAck ? Int(Int32(bitPattern: LittleWord.read(message.payload, at: 0))) : nil
        streams[id]?.acknowledged(bytes: bytes)
        pump(id, core)
    }

    private mutating func writeReceived(_ message: WireMessage, _ core: PhoneCore) {
        guard let stream = streams[message.argument1], stream.remote == message.argument0 else { return }
        streams[stream.local]?.inputReceived(message.payload)
        sendOkay(stream, bytes: message.payload.count, core)
        pump(stream.local, core)
    }

    private mutating func closeReceived(_ message: WireMessage, _ core: PhoneCore) {
        guard let stream = streams[message.argument1], [stream.remote, 0].contains(message.argument0) else {
            return
        }
        streams[stream.local] = nil
        sendClose(stream, core)
    }

    private mutating func pump(_ id: UInt32, _ core: PhoneCore) {
        guard var stream = streams.removeValue(forKey: id) else { return }
        while true {
            stream.advance(core.android, faults: core.faults)
            guard out.count - outStart < Self.outBytesLow,
                let payload = stream.nextPayload(
                    payloadBytesMax: payloadBytesMax, packing: core.setup.packing)
            else { break }
            emit(WireMessage(.write, stream.local, hostID(of: stream, core), payload), core)
        }
        if stream.isFinished {
            sendClose(stream, core)
        } else {
            streams[id] = stream
        }
    }

    /// The host's id of a stream, or a wrong one where that fault is on.
    private func hostID(of stream: DeviceStream, _ core: PhoneCore) -> UInt32 {
        core.faults.contains(.wrongStreamIDs) ? stream.remote &+ 1000 : stream.remote
    }

    private mutating func sendOkay(_ stream: DeviceStream, bytes: Int, _ core: PhoneCore) {
        let payload = delayedAck ? LittleWord.bytes(UInt32(truncatingIfNeeded: bytes)) : []
        let message = WireMessage(.okay, stream.local, hostID(of: stream, core), payload)
        if core.faults.contains(.okayWithheld) {
            if heldOkays.count < 1024 { heldOkays.append(message) }
        } else {
            emit(message, core)
        }
    }

    private mutating func sendClose(_ stream: DeviceStream, _ core: PhoneCore) {
        let local = core.faults.contains(.closesWithZeroID) ? 0 : stream.local
        let message = WireMessage(.close, local, hostID(of: stream, core))
        emit(message, core)
        if core.faults.contains(.doubleClose) { emit(message, core) }
    }

    // MARK: sending

    private func isSummed(_ core: PhoneCore) -> Bool {
        min(core.setup.protocolGeneration.version, hostVersion) < 0x0100_0001
    }

    private mutating func emit(_ message: WireMessage, _ core: PhoneCore) {
        if !message.payload.isEmpty {
            for case .stopsInsidePayload(payloadMessages) in core.faults {
                emitRaw(
                    Array(message.encoded(summed: isSummed(core)).dropLast((message.payload.count + 1) / 2)))
                muted = true
            }
            payloadMessages += 1
        }
        emitRaw(message.encoded(summed: isSummed(core)))
    }

    private mutating func emitRaw(_ bytes: [UInt8]) {
        guard !muted else { return }
        out += bytes
    }

    /// The faults that never stop: they go on as the host reads.
    private mutating func flood(_ core: PhoneCore) {
        guard gotConnect, !core.faults.isEmpty, out.count - outStart < 64 << 10 else { return }
        if core.faults.contains(.endlessTokens) { sendToken(core) }
        guard case .online = state else { return }
        if core.faults.contains(.connectStorm) {
            emit(WireMessage(.connect, core.setup.protocolGeneration.version, 1 << 20, core.banner), core)
        }
        if core.faults.contains(.writeFlood), let id = streams.keys.min(), let stream = streams[id] {
            emit(
                WireMessage(
                    .write, id, stream.remote, [UInt8](repeating: 0x78, count: min(payloadBytesMax, 16 << 10))
                ), core)
        }
    }
}

/// A service the phone has: a shell of some kind.
struct DeviceService: Sendable {
    var framing: DeviceStream.Framing
    var script: [UInt8]

    /// Reads `shell,v2,raw:CMD`, `shell:CMD`, `exec:CMD`; nil for everything else.
    init?(_ name: [UInt8], _ setup: VirtualPhoneSetup) {
        guard let colon = name.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        script = Array(name[(colon + 1)...])
        let words = String(decoding: name[..<colon], as: UTF8.self).split(separator: ",").map(String.init)
        let arguments = words.dropFirst()
        switch words.first {
        case "exec"? where arguments.isEmpty: framing = .plain(terminal: false)
        case "shell"? where arguments.contains("v2"):
            guard setup.protocolGeneration == .current, setup.features.contains("shell_v2") else {
                return nil
            }
            framing = .packets
        case "shell"?:
            // Up to Android 6 always a terminal; later only where it is asked for.
            framing = .plain(terminal: setup.androidRelease <= 6 || arguments.contains("pty"))
        default: return nil
        }
    }
}
