import FuzzLaws

/// libFuzzer's entry point.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSMSRow(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    unsafe Laws.feed(Laws.smsRow, data, size)
    return 0
}
