import Base
import CCurl
import Delivery

/// The options of a transfer: every one that we do not want to leave to a default, in one place.
@safe struct CurlEasy: ~Copyable {
    /// The handle; freed by `CurlLoop.end`, or with this value when it was never taken over.
    private let handle: UnsafeMutableRawPointer
    private var refused: (option: CURLoption, code: CURLcode)?

    /// Nil when curl has no memory for a handle.
    init?() {
        guard let handle = unsafe curl_easy_init() else { return nil }
        unsafe self.handle = handle
    }

    deinit { unsafe curl_easy_cleanup(handle) }

    /// Hands the handle over; whoever takes it frees it.
    consuming func released() -> UnsafeMutableRawPointer {
        let handle = unsafe handle
        discard self
        return unsafe handle
    }

    /// Which option curl refused, in one sentence; nil when it took them all.
    var refusal: HTTPFailure? {
        guard let refused else { return nil }
        return HTTPFailure(
            kind: .invalid,
            message: "libcurl refuses option \(refused.option.rawValue): \(CurlFailure.words(refused.code))")
    }

    /// Sets everything but the pointers to the transfer itself.
    mutating func configure(_ request: HTTPRequest, limits: CurlLimits) {
        unsafe request.url.withCString { text in unsafe set(CURLOPT_URL, text: text) }
        unsafe set(CURLOPT_PROTOCOLS_STR, text: "http,https")
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        // No proxy from the environment: a webhook's way out is configured, never found.
        unsafe set(CURLOPT_PROXY, text: "")
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        // With a CA path libcurl never reuses its parsed CA bundle: curl/curl lib/vtls/openssl.c,
        // cache_criteria_met. The bundle file alone holds the same certificates on Debian.
        unsafe set(CURLOPT_CAPATH, text: nil)
        // No signals in a program with threads; the program itself ignores SIGPIPE.
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.connectTimeout))
        set(CURLOPT_TIMEOUT_MS, milliseconds(request.totalTimeout))
        set(CURLOPT_MAXAGE_CONN, limits.idleSeconds)
        set(CURLOPT_MAXLIFETIME_CONN, limits.lifetimeSeconds)
        // Replies are short: small buffers, which TLS transfers have several of.
        set(CURLOPT_BUFFERSIZE, 4096)
        set(CURLOPT_UPLOAD_BUFFERSIZE, 16384)
        set(CURLOPT_POST, 1)
        // The size first: COPYPOSTFIELDS copies that many bytes.
        note(
            CURLOPT_POSTFIELDSIZE_LARGE,
            unsafe phonewire_curl_set_off(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
        )
        unsafe request.body.withUnsafeBytes { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { text in
                // An empty array may have no address at all, which would mean "no copy" and a read from nowhere.
                if let start = text.baseAddress {
                    unsafe set(CURLOPT_COPYPOSTFIELDS, text: start)
                } else {
                    unsafe set(CURLOPT_COPYPOSTFIELDS, text: "")
                }
            }
        }
    }

    /// Points curl at `transfer`, which it holds until `CurlLoop.end`; `pointer` is the same object, retained.
    mutating func attach(_ transfer: CurlTransfer, pointer: UnsafeMutableRawPointer) {
        note(CURLOPT_HTTPHEADER, unsafe phonewire_curl_set_list(handle, CURLOPT_HTTPHEADER, transfer.headers))
        unsafe set(CURLOPT_ERRORBUFFER, pointer: UnsafeMutableRawPointer(transfer.errorText))
        unsafe set(CURLOPT_PRIVATE, pointer: pointer)
        unsafe set(CURLOPT_WRITEDATA, pointer: pointer)
        unsafe set(CURLOPT_HEADERDATA, pointer: pointer)
        note(
            CURLOPT_WRITEFUNCTION,
            unsafe phonewire_curl_set_sink(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, data in
                unsafe CurlEasy.received(bytes, size * count, data) { unsafe $0.bodyReceived($1) }
            })
        note(
            CURLOPT_HEADERFUNCTION,
            unsafe phonewire_curl_set_sink(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, data in
                unsafe CurlEasy.received(bytes, size * count, data) { unsafe $0.headReceived($1) }
            })
    }

    /// What a callback answers: the number of bytes taken, or the number that ends the transfer.
    private static func received(
        _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ data: UnsafeMutableRawPointer?,
        _ take: (CurlTransfer, UnsafeRawBufferPointer) -> Bool
    ) -> Int {
        guard let data = unsafe data else { return Int(CURL_WRITEFUNC_ERROR) }
        let transfer = unsafe Unmanaged<CurlTransfer>.fromOpaque(data).takeUnretainedValue()
        let taken = unsafe take(transfer, UnsafeRawBufferPointer(start: bytes, count: count))
        return taken ? count : Int(CURL_WRITEFUNC_ERROR)
    }

    private func milliseconds(_ duration: Duration) -> Int {
        // 0 would mean "none".
        Int(clamping: min(max(duration.milliseconds, 1), Int64(Int32.max)))
    }

    private mutating func set(_ option: CURLoption, _ value: Int) {
        note(option, unsafe phonewire_curl_set_long(handle, option, value))
    }

    private mutating func set(_ option: CURLoption, text: UnsafePointer<CChar>?) {
        note(option, unsafe phonewire_curl_set_text(handle, option, text))
    }

    private mutating func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer) {
        note(option, unsafe phonewire_curl_set_pointer(handle, option, pointer))
    }

    private mutating func note(_ option: CURLoption, _ code: CURLcode) {
        if code != CURLE_OK, refused == nil { refused = (option, code) }
    }
}
