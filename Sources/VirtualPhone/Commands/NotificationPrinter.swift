/// `dumpsys notification`: the list of records and what follows it.
///
/// Sources for arguments and sections: `NotificationManagerService.java` of
/// 488315/android_samsung_frameworks_base (14) and Evolution-X-OnePlus-15/frameworks_base (16); what is not about
/// records is shortened.
enum NotificationPrinter {
    /// - Parameter arguments: the words after `notification`.
    static func text(_ android: VirtualAndroid, _ arguments: [String]) -> String {
        android.notifications.settle(now: android.nowMilliseconds)
        let filter = Filter(arguments, sdk: android.sdk)
        let layout = NotificationLayout(android.setup)
        let records = android.notifications.posted.enumerated().filter { filter.lets($1.notification) }
        var list = ""
        if !records.isEmpty, filter.section != .normal {
            list = "  Notification List:\n"
            for (index, record) in records {
                list += NotificationRecordText(
                    layout: layout, record: record, index: index, redacts: filter.redacts
                ).text()
            }
            list += "  \n"
        }
        if filter.section == .critical { return list }
        let filtered = filter.package.map { " (filtered to '\($0)')" } ?? ""
        return "Current Notification Manager state\(filtered):\n" + list
            + NotificationPrinterTail(android: android, layout: layout, filter: filter).text()
    }

    /// `DumpFilter.parseFromArguments`: words it does not know are skipped.
    struct Filter {
        enum Section { case all, critical, normal }
        var redacts = true
        var section = Section.all
        var package: String?

        init(_ arguments: [String], sdk: Int) {
            var words = arguments[...]
            while let word = words.popFirst() {
                switch word {
                case "--noredact", "--reveal": redacts = false
                case "p", "pkg", "--package":
                    // Unverified: that spaces around it are dropped and that it is printed in small letters.
                    if let value = words.popFirst() { package = value.lowercased() }
                case "--dump-priority" where Self.knowsPriority(sdk: sdk):
                    switch words.popFirst() {
                    case "CRITICAL": section = .critical
                    case "NORMAL": section = .normal
                    default: break
                    }
                default: break
                }
            }
        }

        /// Unverified: since when; it is in 14 and 16 and not in 6.
        static func knowsPriority(sdk: Int) -> Bool { sdk >= 28 }

        /// A piece of the package's name is enough.
        func lets(_ notification: VirtualNotification) -> Bool {
            package.map { notification.package.lowercased().contains($0) } ?? true
        }
    }
}

/// What follows the list in a full dump, shortened.
struct NotificationPrinterTail {
    let android: VirtualAndroid
    let layout: NotificationLayout
    let filter: NotificationPrinter.Filter

    func text() -> String {
        let sound = android.notifications.posted.last { $0.notification.look.importance >= 3 }?.notification
            .key
        var text = attention(sound ?? "null")
        text += "  mArchive=Archive (0 notifications)\n"
        text += enqueued
        if layout.sdk >= 26 { text += "\n  Snoozed notifications:\n\n Pending snoozed notifications\n" }
        text += "\n  Ranking Config:\n    mSignalExtractors.length = 7\n"
        for name in [
            "NotificationChannelExtractor", "ValidateNotificationPeople", "PriorityExtractor",
            "ZenModeExtractor",
            "ImportanceExtractor", "VisibilityExtractor", "BadgeExtractor",
        ] {
            text += "      \(name)\n"
        }
        if layout.sdk >= 29 { text += preferences }
        text += "\n  Notification listeners:\n    Allowed notification listeners:\n    mListenerHints: 0\n"
        text += "    mListenersDisablingEffects: ()\n"
        if filter.package == nil {
            text += "\n  Zen Mode:\n    mInterruptionFilter=1\n    mZenMode=ZEN_MODE_OFF\n\n  Zen Log:\n"
        }
        text += "\n  Condition providers:\n    mRecords(0):\n\n  Group summaries:\n" + summaries
        return text + "\n  Usage Stats:\n    AggregatedStats{\n      key='__global',\n    }\n"
    }

    private func attention(_ sound: String) -> String {
        let rate = "  mMaxPackageEnqueueRate=5.0\n"
        let hides = layout.sdk >= 29 ? "  hideSilentStatusBar=false\n" : ""
        guard layout.sdk < 35 else {
            return rate + hides + "\n  Notification attention state:\n"
                + "      mSoundNotificationKey=\(sound)\n      mVibrateNotificationKey=null\n"
                + "      mDisableNotificationEffects=false\n      mCallState=CALL_STATE_IDLE\n"
                + "      mSystemReady=true\n      mNotificationPulseEnabled=true\n"
        }
        let light = layout.sdk >= 29 ? "  mHasLight=true\n" : ""
        return "  mUseAttentionLight=false\n\(light)  mNotificationPulseEnabled=true\n"
            + "  mSoundNotificationKey=\(sound)\n  mVibrateNotificationKey=null\n"
            + "  mDisableNotificationEffects=false\n  mCallState=CALL_STATE_IDLE\n  mSystemReady=true\n"
            + (layout.sdk >= 26 ? rate : "") + hides
    }

    /// Records between the line in the log and the list. Unverified: that the section is there from 8 on.
    private var enqueued: String {
        let records = android.notifications.enqueued.map(\.record).filter { filter.lets($0.notification) }
        guard layout.sdk >= 26, !records.isEmpty else { return "" }
        let texts = records.enumerated().map { index, record in
            NotificationRecordText(layout: layout, record: record, index: index, redacts: filter.redacts)
                .text()
        }
        return "  Enqueued Notification List:\n" + texts.joined() + "  \n"
    }

    private var preferences: String {
        var text = "\n Notification Preferences:\n    per-package config version: 4\nPackagePreferences:\n"
        var seen: Set<String> = []
        for notification in android.notifications.posted.map(\.notification)
        where filter.lets(notification) && seen.insert("\(notification.package) \(notification.uid)").inserted
        {
            let look = notification.look
            text +=
                "      AppSettings: \(notification.package) (\(notification.uid)) importance=DEFAULT userSet=true\n"
                + "        NotificationChannel{mId='\(notification.channel ?? "null")', "
                + "mName=\(look.channelName.prefix(3))..., mDescription=, mImportance=\(look.importance), "
                + "mBypassDnd=false}\n"
        }
        return text
    }

    private var summaries: String {
        android.notifications.posted.map(\.notification).filter { $0.isSummary }
            .map { "    \($0.groupKey(sdk: layout.sdk)) -> \($0.key)\n" }.joined()
    }
}
