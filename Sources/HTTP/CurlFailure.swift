import CCurl
import Delivery

/// libcurl's error codes in the classes of `HTTPFailure`.
enum CurlFailure {
    static func kind(_ code: CURLcode, systemError: Int) -> HTTPFailure.Kind {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .lookup
        case CURLE_COULDNT_CONNECT: .connect
        case CURLE_OPERATION_TIMEDOUT: .timeout
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE: .reset
        // A peer that goes away in the middle of a handshake does not have a wrong certificate.
        case CURLE_SSL_CONNECT_ERROR: systemError == 0 ? .tls : .reset
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT, CURLE_SSL_ENGINE_NOTFOUND,
            CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED:
            .tls
        case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNKNOWN_OPTION, CURLE_NOT_BUILT_IN:
            .invalid
        // Our own callbacks ended it.
        case CURLE_ABORTED_BY_CALLBACK: .cancelled
        // CURLE_UNSUPPORTED_PROTOCOL is among these: other schemes are refused before, so it is a reply without a
        // status line ("Received HTTP/0.9 when not allowed").
        default: .protocolError
        }
    }

    /// libcurl's general words for `code`.
    static func words(_ code: CURLcode) -> String {
        unsafe curl_easy_strerror(code).map { unsafe String(cString: $0) } ?? "libcurl error \(code.rawValue)"
    }
}
