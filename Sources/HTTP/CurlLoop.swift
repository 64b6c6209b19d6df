import CCurl
import Delivery
import Glibc
import Platform

/// libcurl's multi handle, and the place where curl's thread waits: in curl's own poll.
///
/// `@unchecked Sendable` because: `unpark` touches nothing but `door`, which is Sendable by itself. Everything else
/// happens inside `park`, and only the one thread of the `ThreadExecutor` that parks here calls that; what `init`
/// wrote is seen by that thread because it is started afterwards.
@safe final class CurlLoop: Parker, @unchecked Sendable {
    /// Longest time in one poll, in milliseconds; only a safety net, since every change wakes it.
    private static let pollMillisecondsMax: Int32 = 60_000
    /// How long to wait before curl is asked for a new multi handle, in milliseconds.
    private static let rebuildMilliseconds: Int32 = 1000
    /// How long to wait, after closing, for the order to end the thread.
    private static let closedMilliseconds: Int32 = 5
    private static let globalCode = curl_global_init(phonewire_curl_global_default())

    let door = CurlDoor()
    private let limits: CurlLimits
    private var multi: UnsafeMutableRawPointer?
    private var easies: [UInt64: UnsafeMutableRawPointer] = unsafe [:]
    private var closed = false

    /// Fails when libcurl cannot start: it has no memory, or its TLS library does not.
    init(limits: CurlLimits) throws(HTTPFailure) {
        self.limits = limits
        guard Self.globalCode == CURLE_OK else {
            throw HTTPFailure(
                kind: .invalid, message: "libcurl cannot start: \(CurlFailure.words(Self.globalCode))")
        }
        unsafe multi = nil
        build()
        guard unsafe multi != nil else {
            throw HTTPFailure(kind: .invalid, message: "libcurl cannot start: no memory for its multi handle")
        }
    }

    func unpark() { door.wake() }

    func park(timeout: Duration?) {
        guard let multi = unsafe multi else {
            // Without a multi handle there is nothing to poll: closed, or no memory.
            _ = poll(nil, 0, closed ? Self.closedMilliseconds : Self.rebuildMilliseconds)
            if !closed { build() }
            readMail()
            return
        }
        let asked = pollTimeout(timeout)
        let wait = asked < 0 ? Self.pollMillisecondsMax : min(asked, Self.pollMillisecondsMax)
        var running: Int32 = 0
        var code = unsafe curl_multi_poll(multi, nil, 0, wait, nil)
        readMail()
        if closed { return }
        if code == CURLM_OK { code = unsafe curl_multi_perform(multi, &running) }
        if code == CURLM_OK {
            unsafe endDone(multi)
        } else {
            // The manual: after such an error the state of all transfers is unknown.
            let words =
                unsafe curl_multi_strerror(code).map { unsafe String(cString: $0) } ?? "\(code.rawValue)"
            endAll(.failed(HTTPFailure(kind: .protocolError, message: "libcurl gave up: \(words)")))
            dropMulti()
            build()
        }
    }

    private func readMail() {
        let mail = door.emptied()
        for submission in mail.submitted {
            if mail.closing != nil || mail.cancelled.contains(submission.id) {
                submission.continuation.resume(returning: .failed(.stopped))
            } else {
                start(submission)
            }
        }
        for id in mail.cancelled {
            if let easy = unsafe easies[id] { unsafe end(easy, .failed(.stopped)) }
        }
        if let closing = mail.closing {
            closed = true
            endAll(.failed(.stopped))
            dropMulti()
            closing.resume()
        }
    }

    /// Starts a request; its result goes to its continuation exactly once.
    private func start(_ submission: CurlDoor.Submission) {
        let request = submission.request
        if let refusal = CurlHeaders.refusal(request.headers) {
            submission.continuation.resume(returning: .failed(refusal))
            return
        }
        let headers = unsafe CurlHeaders.list(request.headers)
        guard let multi = unsafe multi, unsafe headers != nil, var easy = CurlEasy() else {
            unsafe curl_slist_free_all(headers)
            submission.continuation.resume(returning: .failed(.noMemory))
            return
        }
        let transfer = CurlTransfer(id: submission.id, limits: limits, continuation: submission.continuation)
        unsafe transfer.headers = headers
        easy.configure(request, limits: limits)
        // Retained for curl; `end` takes it back.
        let pointer = unsafe Unmanaged.passRetained(transfer).toOpaque()
        unsafe easy.attach(transfer, pointer: pointer)
        let refusal = easy.refusal
        let handle = unsafe easy.released()
        unsafe easies[transfer.id] = handle
        if let refusal {
            unsafe end(handle, .failed(refusal))
        } else if unsafe curl_multi_add_handle(multi, handle) != CURLM_OK {
            unsafe end(handle, .failed(.noMemory))
        }
    }

    private func endDone(_ multi: UnsafeMutableRawPointer) {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let easy = unsafe message.pointee.easy_handle
            else {
                continue
            }
            unsafe end(easy, nil, code: message.pointee.data.result)
        }
    }

    private func endAll(_ result: HTTPResult) {
        while let easy = unsafe easies.values.first { unsafe end(easy, result) }
    }

    /// The one place where a transfer leaves curl: out of the multi handle, back from its pointer, freed, answered.
    private func end(_ easy: UnsafeMutableRawPointer, _ result: HTTPResult?, code: CURLcode = CURLE_OK) {
        var pointer: UnsafeMutableRawPointer?
        unsafe phonewire_curl_get_pointer(easy, CURLINFO_PRIVATE, &pointer)
        guard let pointer = unsafe pointer else {
            preconditionFailure("a transfer without its pointer: start sets it before anything else")
        }
        let transfer = unsafe Unmanaged<CurlTransfer>.fromOpaque(pointer).takeRetainedValue()
        let outcome = unsafe result ?? CurlReply.result(of: transfer, easy: easy, code: code)
        if let multi = unsafe multi { unsafe curl_multi_remove_handle(multi, easy) }
        unsafe curl_easy_cleanup(easy)
        unsafe easies[transfer.id] = nil
        transfer.continuation.resume(returning: outcome)
    }

    private func build() {
        unsafe multi = curl_multi_init()
        if let multi = unsafe multi {
            unsafe phonewire_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, limits.connections)
        }
        unsafe door.open(multi)
    }

    private func dropMulti() {
        // Out of other threads' reach first: nobody may wake a freed handle.
        unsafe door.open(nil)
        if let multi = unsafe multi { unsafe curl_multi_cleanup(multi) }
        unsafe multi = nil
    }
}

extension HTTPFailure {
    static let stopped = HTTPFailure(
        kind: .cancelled, message: "The request was stopped before it was answered.")
    static let noMemory = HTTPFailure(
        kind: .protocolError, message: "libcurl has no memory for another request.")
}
