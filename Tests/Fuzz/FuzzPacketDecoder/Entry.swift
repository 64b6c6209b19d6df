import FuzzLaws

/// libFuzzer's entry point.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPacketDecoder(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    unsafe Laws.feed(Laws.packetDecoder, data, size)
    return 0
}
