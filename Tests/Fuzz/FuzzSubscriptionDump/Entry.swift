import FuzzLaws

/// libFuzzer's entry point.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSubscriptionDump(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    unsafe Laws.feed(Laws.subscriptionDump, data, size)
    return 0
}
