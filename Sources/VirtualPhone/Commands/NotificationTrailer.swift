/// The last lines of a record, from `stats=` on, without their indentation.
///
/// Sources: as `NotificationRecordText`. Unverified: 7 and 9, of which no dump was seen.
struct NotificationTrailer {
    let layout: NotificationLayout
    let record: ShownNotification
    /// Place in the list.
    let index: Int

    private var sdk: Int { layout.sdk }
    private var look: VirtualNotificationLook { record.notification.look }
    private var isNoisy: Bool { look.importance >= 3 }

    var lines: [String] {
        guard sdk >= 24 else {
            return [
                stats, "mContactAffinity=0.0", "mRecentlyIntrusive=false", "mPackagePriority=0",
                "mPackageVisibility=-1000", "mIntercept=false", globalSortKey,
                "mRankingTimeMs=\(layout.time(record.ranked))",
            ]
        }
        return importance + times + sounds + channel
    }

    private var stats: String {
        var text =
            "stats=SingleNotificationStats{posttimeElapsedMs=\(record.createdSinceBoot), "
            + "posttimeToFirstClickMs=-1, posttimeToDismissMs=-1, airtimeCount=0, airtimeMs=0, "
            + "currentAirtimeStartElapsedMs=-1, airtimeExpandedMs=0, posttimeToFirstVisibleExpansionMs=-1, "
            + "currentAirtimeExpandedStartElapsedMs=-1"
        if sdk >= 24 {
            text +=
                ", requestedImportance=\(look.importance), naturalImportance=\(look.importance), "
                + "isNoisy=\(isNoisy)"
        }
        return text + "}"
    }

    private var globalSortKey: String {
        let rank = NotificationLayout.hex(UInt32(clamping: record.rank ?? index), width: 4)
        let critical = sdk >= 29 ? "crtcl=0x0002:" : ""
        let sort = record.notification.sortKey.map { "sk=\($0)" } ?? "nsk"
        return
            "mGlobalSortKey=\(critical)intrsv=1:grnk=0x\(rank):gsmry=\(record.notification.isSummary ? 0 : 1):"
            + "\(sort):rnk=0x\(rank)"
    }

    private var importance: [String] {
        var lines = [stats, "mContactAffinity=0.0"]
        if sdk < 36 { lines.append("mRecentlyIntrusive=false") }
        lines += ["mPackagePriority=0", "mPackageVisibility=-1000"]
        if sdk >= 28 {
            lines += ["mSystemImportance=UNSPECIFIED", "mAsstImportance=UNSPECIFIED"]
        } else {
            lines.append("mUserImportance=UNSPECIFIED")
        }
        if sdk >= 36 { lines.append("mRuleImportance=UNSPECIFIED") }
        lines.append("mImportance=\(NotificationLayout.importanceName(look.importance))")
        lines.append("mImportanceExplanation=\(sdk >= 28 ? "app" : "null")")
        if sdk >= 33 { lines.append("mProposedImportance=UNSPECIFIED") }
        if sdk >= 28 { lines.append("mIsAppImportanceLocked=false") }
        if sdk >= 34 { lines.append("mSensitiveContent=\(look.isSensitive)") }
        if sdk >= 36 { lines.append("mCanceledAfterLifetimeExtension=false") }
        lines.append("mIntercept=false")
        // With two equals signs, as Android prints it.
        if sdk >= 28 { lines.append("mHidden==false") }
        return lines
    }

    private var times: [String] {
        var lines = [
            globalSortKey, "mRankingTimeMs=\(layout.time(record.ranked))",
            "mCreationTimeMs=\(layout.time(record.created))", "mVisibleSinceMs=\(layout.time(0))",
            "mUpdateTimeMs=\(layout.time(record.updated))",
        ]
        if sdk >= 29 { lines.append("mInterruptionTimeMs=\(layout.time(record.updated))") }
        return lines + ["mSuppressedVisualEffects= 0"]
    }

    private static let audio =
        "AudioAttributes: usage=USAGE_NOTIFICATION content=CONTENT_TYPE_SONIFICATION flags=0x0 tags= bundle=null"

    private var sounds: [String] {
        guard sdk >= 26 else { return [] }
        var lines = [
            "mSound= " + (isNoisy ? "content://settings/system/notification_sound" : "null"),
            "mVibration= null",
            "mAttributes= " + Self.audio, "mLight= null", "mShowBadge=true", "mColorized=false",
        ]
        if sdk >= 30 { lines += ["mAllowBubble=false", "isBubble=false"] }
        if sdk >= 29 { lines.append("mIsInterruptive=true") }
        return lines
    }

    private var channel: [String] {
        guard sdk >= 26 else { return [] }
        var lines = [effectiveChannel, "mAdjustments=[]"]
        if sdk >= 36 { lines += ["mRuleChannelReason=0", "mRuleSoundReason=0", "mRuleLightReason=0"] }
        if sdk >= 30 {
            let id = record.notification.shortcut
            lines.append("shortcut=\(id ?? "null") found valid? \(id != nil)")
        }
        if sdk >= 34 { lines.append("mUserVisOverride=-1000") }
        if layout.isSamsung, sdk >= 34 { lines.append("mSuggestionsGeneratedByAssistant=false") }
        if sdk >= 36 { lines += ["hasSummarization=false", "bundleType=0"] }
        return lines
    }

    /// `NotificationChannel.toString()`.
    private var effectiveChannel: String {
        let vibration =
            sdk >= 35
            ? "mVibrationPattern=null, mVibrationEffect=null"
            : sdk >= 34 ? "mVibrationPattern=null" : "mVibration=null"
        var text =
            "effectiveNotificationChannel=NotificationChannel{mId='\(record.notification.channel ?? "null")', "
            + "mName=\(look.channelName), mDescription=, mImportance=\(look.importance), mBypassDnd=false, "
            + "mLockscreenVisibility=-1000, mSound=content://settings/system/notification_sound, mLights=false, "
            + "mLightColor=0, \(vibration), mUserLockedFields=0, "
            + "\(sdk >= 34 ? "mUserVisibleTaskShown" : "mFgServiceShown")=false, mVibrationEnabled=false, "
            + "mShowBadge=true, mDeleted=false, mGroup='null', mAudioAttributes=\(Self.audio), "
            + "mBlockableSystem=false"
        if sdk >= 30 {
            text +=
                ", mAllowBubbles=-1, mImportanceLockedDefaultApp=false, mOriginalImp=\(look.importance), "
                + "mParent=null, mConversationId=null, mDemoted=false, mImportantConvo=false"
        }
        if sdk >= 34 { text += ", mLastNotificationUpdateTimeMs=0" }
        if sdk >= 36 { text += ", isBundle=false, emoji=null" }
        return text + "}"
    }
}
