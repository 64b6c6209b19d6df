import FuzzLaws

/// libFuzzer's entry point.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSIMDetails(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    unsafe Laws.feed(Laws.simDetails, data, size)
    return 0
}
