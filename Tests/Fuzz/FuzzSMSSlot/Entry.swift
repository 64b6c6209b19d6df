import FuzzLaws

/// libFuzzer's entry point.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSMSSlot(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    unsafe Laws.feed(Laws.smsSlot, data, size)
    return 0
}
