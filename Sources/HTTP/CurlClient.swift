package import Delivery
import Platform
import Synchronization

/// Sends webhooks with libcurl: one multi handle, on a thread of its own, because libcurl's name lookup can block.
///
/// Connections are kept and used again. Redirects are not followed, TLS is verified, and no proxy is taken from
/// the environment. When a reused connection dies without a reply, libcurl sends the request once more by itself:
/// receivers must tell repeats by `webhook-id`, even within one attempt.
package final class CurlClient: HTTPClient {
    private let loop: CurlLoop
    private let executor: ThreadExecutor
    private let nextID = Atomic<UInt64>(0)

    /// Starts the thread. Fails when libcurl cannot start or the system has no thread or descriptor left.
    package init(limits: CurlLimits = CurlLimits()) throws(HTTPFailure) {
        loop = try CurlLoop(limits: limits)
        do {
            executor = try ThreadExecutor(name: "http", parker: loop)
        } catch {
            throw HTTPFailure(kind: .invalid, message: "The HTTP thread cannot start: \(error)")
        }
    }

    package func send(_ request: HTTPRequest) async -> HTTPResult {
        do {
            try URLRule.check(request.url)
        } catch {
            return .failed(HTTPFailure(kind: .invalid, message: error.sentence))
        }
        let id = nextID.wrappingAdd(1, ordering: .relaxed).newValue
        let door = loop.door
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                door.submit(CurlDoor.Submission(id: id, request: request, continuation: $0))
            }
        } onCancel: {
            door.cancel(id)
        }
        // After the handler's scope: it cannot run any more, so the mark does not come back.
        door.forget(id)
        return result
    }

    /// Stops what is under way (answered as cancelled) and ends the thread. Later requests are answered as cancelled.
    package func close() async {
        await withCheckedContinuation { loop.door.close($0) }
        executor.stop()
    }
}
