import Base
import CCurl
import Delivery

/// Reads what came of a transfer out of its handle.
enum CurlReply {
    /// The result of `transfer`, which ended with `code` on `easy`.
    static func result(
        of transfer: CurlTransfer, easy: UnsafeMutableRawPointer, code: CURLcode
    ) -> HTTPResult {
        let status = unsafe long(easy, CURLINFO_RESPONSE_CODE)
        // An interim reply (1xx) is none when nothing follows it.
        if transfer.headComplete, status >= 200 || (code == CURLE_OK && status >= 100) {
            return .answered(unsafe answer(of: transfer, easy: easy, status: status))
        }
        if code == CURLE_OK {
            return .failed(
                HTTPFailure(kind: .reset, message: "The connection was closed before the reply's head ended.")
            )
        }
        let kind = CurlFailure.kind(code, systemError: unsafe long(easy, CURLINFO_OS_ERRNO))
        return .failed(HTTPFailure(kind: kind, message: words(of: transfer, code: code)))
    }

    private static func answer(
        of transfer: CurlTransfer, easy: UnsafeMutableRawPointer, status: Int
    ) -> HTTPAnswer {
        let retryAfter = unsafe offset(easy, CURLINFO_RETRY_AFTER)
        let fresh = unsafe long(easy, CURLINFO_NUM_CONNECTS) > 0
        let connected = unsafe max(
            offset(easy, CURLINFO_CONNECT_TIME_T), offset(easy, CURLINFO_APPCONNECT_TIME_T))
        return HTTPAnswer(
            status: status, retryAfter: retryAfter > 0 ? retryAfter : nil, body: transfer.body,
            location: unsafe text(easy, CURLINFO_REDIRECT_URL).map { PrintableText.escape($0) },
            connectMicroseconds: fresh ? connected : 0,
            totalMicroseconds: unsafe offset(easy, CURLINFO_TOTAL_TIME_T))
    }

    private static func words(of transfer: CurlTransfer, code: CURLcode) -> String {
        if let excess = transfer.excess { return "The peer sent \(excess)." }
        let own = unsafe String(cString: transfer.errorText)
        return PrintableText.escape(own.isEmpty ? CurlFailure.words(code) : own)
    }

    private static func long(_ easy: UnsafeMutableRawPointer, _ info: CURLINFO) -> Int {
        var value = 0
        return unsafe phonewire_curl_get_long(easy, info, &value) == CURLE_OK ? value : 0
    }

    private static func offset(_ easy: UnsafeMutableRawPointer, _ info: CURLINFO) -> Int64 {
        var value: curl_off_t = 0
        return unsafe phonewire_curl_get_off(easy, info, &value) == CURLE_OK ? Int64(value) : 0
    }

    private static func text(_ easy: UnsafeMutableRawPointer, _ info: CURLINFO) -> String? {
        var value: UnsafePointer<CChar>? = nil
        guard unsafe phonewire_curl_get_text(easy, info, &value) == CURLE_OK, let value = unsafe value else {
            return nil
        }
        return unsafe String(cString: value)
    }
}
