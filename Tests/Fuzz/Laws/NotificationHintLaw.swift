import Phone

extension Laws {
    /// The events log gives hints or nothing, and a hint says nothing that its line does not: printed again, it is how the line
    /// begins.
    package static let notificationHint = Law(name: "NotificationHint") { bytes throws(BrokenLaw) in
        var splitter = LineSplitter()
        let lines = splitter.bytesReceived(bytes + [0x0A]).compactMap { LogLine($0[...]) }
        let hints = NotificationHint.read(lines)
        try promise(hints.count <= lines.count, "no hint without a line")
        for line in lines {
            guard case .enqueue(let posted)? = NotificationHint(tag: line.tag, message: line.message) else {
                continue
            }
            try promise(
                !posted.package.isEmpty && posted.package.allSatisfy { $0 > 0x20 && $0 != 0x2C },
                "a package is a word")
            guard let user = posted.userID else {
                try promise(posted.key == nil && posted.tag == nil, "what is not sure is not said")
                continue
            }
            let begin =
                Array("[\(posted.uid),\(posted.pid),".utf8) + posted.package + Array(",\(posted.id),".utf8)
                + (posted.tag ?? Array("NULL".utf8)) + Array(",\(user),Notification(".utf8)
            try promise(line.message.starts(with: begin), "printed again it is how the line begins")
        }
    }
}
