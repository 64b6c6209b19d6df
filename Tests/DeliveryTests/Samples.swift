import Base
import Delivery
import Events

/// An event as the published examples have it: 2022-02-24 06:30:31 UTC, on the phone of the examples.
func event(
    _ id: Int64, _ content: EventContent, slot: Int? = 1,
    receivedAt: WallTime? = WallTime(milliseconds: 1_645_684_231_000)
) -> Event {
    Event(
        id: EventID(rawValue: id), device: DeviceKey(rawValue: 1),
        deviceWireID: "00000000-0000-0000-d57d-f30cb6a89289", content: content, slot: slot, iccid: nil,
        sentAt: nil, receivedAt: receivedAt, seenAt: WallTime(milliseconds: 1_645_684_300_999))
}

/// The secret of the published examples.
let exampleSecret = "b7f1d7a2c0e94f3c8a51"

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
