import Crypto
import HTTP
package import Platform
package import Store

/// Why a daemon did not start. Each says what happened and what to do.
package enum DaemonFailure: Error, Sendable {
    /// The state folder cannot be made or used.
    case folder(SystemError)
    /// Another daemon has the state folder.
    case locked(folder: String, holder: String)
    /// The database.
    case store(StoreError)
    /// The ADB key.
    case key(KeyRing.Failure)
    /// The control socket.
    case control(ControlSocket.Refusal)
    /// A TCP address that is none.
    case address(String)
    /// Something the system did not give: a thread, a descriptor, the HTTP engine.
    case system(String)

    /// What happened and what to do.
    package var sentence: String {
        switch self {
        case .folder(let error):
            "the state folder cannot be used (\(error)): give this user access to it, or choose another --state"
        case .locked(let folder, let holder):
            "another phonewire (\(holder)) uses the state folder \(folder): stop it, or choose another --state"
        case .store(let error): "\(error)"
        case .key(.file(let error)): "the ADB key cannot be used: \(error)"
        case .key(.key(let path, let error)):
            "\(path) holds no usable RSA-2048 key (\(error)): move it away, a new one is made then and phones ask again"
        case .key(.serial): "a key cannot be imported for an empty or very long serial"
        case .key(.count(let count)): "\(count) keys are more than \(KeyRing.importedKeysMax)"
        case .control(let refusal): refusal.sentence
        case .address(let text): "\"\(text)\" is not an address: give HOST:PORT with a numeric host"
        case .system(let text): text
        }
    }
}
