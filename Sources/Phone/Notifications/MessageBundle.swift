/// One element of `android.messages` as a dump prints it:
/// `Bundle[{extras=…, sender_person=…, sender=NAME, uri=…, text=TEXT, time=MS, type=MIME}]`, every part optional, in this order
/// (AOSP `core/java/android/app/Notification.java` `MessagingStyle.Message.toBundle`; a `Bundle` prints in the order of its
/// keys' hashes).
///
/// Nothing in it is escaped. Law: it gives a sender and a text only where they can be split in one way: behind the sender's
/// name when that is known from a text with a length (the title), else at the only `, text=`; the text ends at the last
/// `, time=` and digits. A message has the address of a file when it has the file's type, which stands behind all that a
/// sender writes (`Message.setData` sets both): without a type `, uri=` is part of a name, or unclear.
struct MessageBundle: Sendable, Equatable {
    let sender: [UInt8]?
    let text: [UInt8]
    let time: Int64
    let type: [UInt8]?

    /// Still parcelled: nobody on the phone has opened it, the dump has no texts.
    static func isParcelled(_ element: [UInt8]) -> Bool {
        element.starts(with: [UInt8](of: "Bundle[mParcelledData"))
    }

    /// Reads `element`; `names` are what its sender may be called for sure. Nil when it is not clear.
    init?(_ element: [UInt8], names: [[UInt8]]) {
        let open = [UInt8](of: "Bundle[{")
        guard element.starts(with: open),
            element.suffix(2).elementsEqual([UInt8(ascii: "}"), UInt8(ascii: "]")])
        else { return nil }
        let dump = DumpText(element)
        guard let tail = Tail(dump, from: open.count, below: element.count - 2) else { return nil }
        time = tail.time
        type = tail.type
        guard let start = Self.behindExtras(dump, from: open.count, below: tail.start) else { return nil }
        guard let (sender, text) = Self.split(dump, from: start, below: tail.start, names, tail.type != nil)
        else { return nil }
        self.sender = sender
        self.text = text
    }

    /// Where the sender or the text begins.
    private static func behindExtras(_ dump: DumpText, from start: Int, below end: Int) -> Int? {
        var position = start
        if dump.has([UInt8](of: "extras="), at: position, below: end) {
            let forms = [
                [UInt8](of: "extras=Bundle[{}], "), [UInt8](of: "extras=Bundle[EMPTY_PARCEL], "),
                [UInt8](of: "extras=null, "),
            ]
            let parcelled = [UInt8](of: "extras=Bundle[mParcelledData.dataSize=")
            if let form = forms.first(where: { dump.has($0, at: position, below: end) }) {
                position += form.count
            } else if dump.has(parcelled, at: position, below: end) {
                guard let (_, after) = dump.number(at: position + parcelled.count, below: end),
                    dump.has([UInt8](of: "], "), at: after, below: end)
                else { return nil }
                position = after + 3
            } else {
                // Anything may be in there; a sender's entry follows it, and if there seem to be two, it is not clear.
                let next = [UInt8](of: ", sender_person=android.app.Person@")
                guard let found = dump.find(next, from: position, below: end),
                    dump.find(next, from: found + 1, below: end) == nil
                else { return nil }
                position = found + 2
            }
        }
        let person = [UInt8](of: "sender_person=android.app.Person@")
        if dump.has(person, at: position, below: end) {
            position += person.count
            while position < end, dump.bytes[position] != UInt8(ascii: ",") { position += 1 }
            guard dump.has([UInt8(ascii: ","), .space], at: position, below: end) else { return nil }
            position += 2
        }
        return position
    }

    private static func split(
        _ dump: DumpText, from start: Int, below end: Int, _ names: [[UInt8]], _ hasFile: Bool
    ) -> (sender: [UInt8]?, text: [UInt8])? {
        let textMark = [UInt8](of: "text=")
        if dump.has(textMark, at: start, below: end) {
            return (nil, Array(dump.bytes[start + textMark.count..<end]))
        }
        let senderMark = [UInt8](of: "sender=")
        guard dump.has(senderMark, at: start, below: end) else { return nil }
        let name = start + senderMark.count
        let next = [UInt8](of: ", text=")
        let uri = [UInt8](of: ", uri=")
        for known in names where dump.has(known, at: name, below: end) {
            let after = name + known.count
            if after == end { return (known, []) }
            if dump.has(next, at: after, below: end) {
                return (known, Array(dump.bytes[after + next.count..<end]))
            }
            if hasFile, dump.has(uri, at: after, below: end) {
                // The address of a file has no blank.
                let place = dump.find([UInt8(ascii: ","), .space], from: after + uri.count, below: end)
                guard let place else { return (known, []) }
                guard dump.has(next, at: place, below: end) else { return nil }
                return (known, Array(dump.bytes[place + next.count..<end]))
            }
        }
        guard let first = dump.find(next, from: name, below: end),
            dump.find(next, from: first + 1, below: end) == nil
        else { return nil }
        var senderEnd = first
        if let place = dump.find(uri, from: name, below: first) {
            guard hasFile, dump.find(uri, from: place + 1, below: first) == nil else { return nil }
            senderEnd = place
        }
        return (Array(dump.bytes[name..<senderEnd]), Array(dump.bytes[first + next.count..<end]))
    }

    /// `, time=MS` and what may follow, found from the end; nil where that is something unknown.
    private struct Tail {
        let start: Int
        let time: Int64
        let type: [UInt8]?

        init?(_ dump: DumpText, from begin: Int, below end: Int) {
            let mark = [UInt8](of: ", time=")
            var position = end - mark.count
            while position >= begin, !dump.has(mark, at: position, below: end) { position -= 1 }
            guard position >= begin else { return nil }
            var scanner = ByteScanner(dump.bytes[position + mark.count..<end])
            let number = scanner.integer()
            guard let number else { return nil }
            start = position
            time = number
            type = scanner.accept(", type=") ? Array(scanner.prefix { $0 != UInt8(ascii: ",") }) : nil
            guard scanner.isAtEnd || scanner.accept(", remote_input_history=") else { return nil }
        }
    }
}
