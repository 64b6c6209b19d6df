/// The words of a line: letters, digits and underscores, and the bytes of `more`. By bytes, because the whole tree is read.
func words(of line: some StringProtocol, and more: [UInt8] = []) -> [Substring] {
    let line = Substring(line)
    return line.utf8.split { byte in
        let isWord =
            0x61...0x7A ~= byte || 0x41...0x5A ~= byte || 0x30...0x39 ~= byte || byte == 0x5F || byte >= 0x80
        return !isWord && !more.contains(byte)
    }.map { Substring($0) }
}

extension StringProtocol {
    /// Whether `text` stands somewhere in these bytes.
    func holds(_ text: String) -> Bool { Array(utf8).holds(Array(text.utf8)) }
}

extension [UInt8] {
    /// Whether `other`, which is not empty, stands somewhere in these bytes.
    func holds(_ other: [UInt8]) -> Bool {
        guard let first = other.first, count >= other.count else { return false }
        for start in 0...(count - other.count) where self[start] == first {
            if self[start..<start + other.count].elementsEqual(other) { return true }
        }
        return false
    }
}
