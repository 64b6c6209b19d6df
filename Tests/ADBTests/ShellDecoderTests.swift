import Testing

@testable import ADB

@Suite struct ShellDecoderTests {
    private let stream: [UInt8] = [
        1, 3, 0, 0, 0, 0x68, 0x69, 0x0A,  // stdout "hi\n"
        2, 1, 0, 0, 0, 0x21,  // stderr "!"
        9, 2, 0, 0, 0, 1, 2,  // an id from the future: skipped
        1, 0, 0, 0, 0,  // empty
        3, 1, 0, 0, 0, 3,  // exit 3
    ]

    @Test func framesComeThroughHoweverTheStreamIsCut() throws {
        for size in 1...stream.count {
            var decoder = ShellDecoder()
            var output: [UInt8] = []
            var errors: [UInt8] = []
            var exit: UInt8?
            for start in stride(from: 0, to: stream.count, by: size) {
                for frame in try decoder.bytesReceived(Array(stream[start..<min(start + size, stream.count)]))
                {
                    switch frame {
                    case .output(let bytes): output += bytes
                    case .errorOutput(let bytes): errors += bytes
                    case .exit(let code): exit = code
                    }
                }
            }
            #expect(output == [0x68, 0x69, 0x0A])
            #expect(errors == [0x21])
            #expect(exit == 3)
        }
    }

    @Test func senselessLengthsAreErrors() {
        var decoder = ShellDecoder()
        #expect(throws: ADBError.badShellPacket(id: 1, length: 0xFFFF_FFFF)) {
            try decoder.bytesReceived([1, 0xFF, 0xFF, 0xFF, 0xFF])
        }
        var second = ShellDecoder()
        #expect(throws: ADBError.badShellPacket(id: 3, length: 2)) {
            try second.bytesReceived([3, 2, 0, 0, 0])
        }
    }
}

@Suite struct BannerTests {
    @Test(arguments: [
        ("device::ro.product.model=Pixel;features=shell_v2,cmd", "Pixel", true),
        ("device::ro.product.model=A:B::C;features=shell_v2", "A:B::C", true),
        ("device::ro.product.model=Old;", "Old", false),
        ("device::", nil, false),
        ("", nil, false),
        ("\u{0}\u{0}:::;;;=;==", nil, false),
    ])
    func banners(text: String, model: String?, shell: Bool) {
        let banner = Banner(Array(text.utf8))
        #expect(banner.properties["ro.product.model"] == model)
        #expect(banner.hasShellV2 == shell)
    }
}
