-- What is posted on a phone of Android 14, and how `dumpsys notification` prints it (NotificationRecord.dump, Notification.toString).
-- machine/phone-notify and machine/phone-whatsapp write note, extra and chat, then the list from its view, so that a dump
-- costs the phone little; phone/dumpsys/notification prints the list.

-- One posted notification. hash is the record's identity, a new one at each post; times are milliseconds.
CREATE TABLE note (
    key TEXT PRIMARY KEY, package TEXT, id INTEGER, tag TEXT, uid INTEGER, hash INTEGER,
    flags INTEGER, channel TEXT, shortcut TEXT, category TEXT, grouping TEXT, sort TEXT, color INTEGER, actions INTEGER,
    shown INTEGER, created INTEGER, updated INTEGER);
-- Its extras. place is the key's Java hash code, by which an Android Bundle is sorted. A value that is null prints as
-- null; items is what follows an array's head.
CREATE TABLE extra (key TEXT, place INTEGER, name TEXT, class TEXT, value TEXT, items TEXT);
-- Every chat message that WhatsApp got, and every other notification that was news: what the verdict compares with.
CREATE TABLE chat (number INTEGER PRIMARY KEY, chat TEXT, name TEXT, sender TEXT, text TEXT, time INTEGER);
CREATE TABLE announced (number INTEGER PRIMARY KEY, package TEXT, id INTEGER, title TEXT, content TEXT, time INTEGER);

-- UTF-16 units, as Java counts a text: one more for each character outside the first plane, whose first byte is F0 or more.
CREATE TABLE place (number INTEGER PRIMARY KEY);
INSERT INTO place WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 16384) SELECT i FROM n;
CREATE VIEW extra_line AS
    SELECT key, place, char(10) || printf('%16s', '') || name || '=' AS head, class, value, items,
        class = 'String' AND name <> 'android.template' AS secret,
        iif(length(bytes) = length(value), length(value), length(value)
            + (SELECT count(*) FROM place WHERE number <= length(bytes) AND substr(bytes, number, 1) >= x'F0')) AS units
    FROM (SELECT *, CAST(value AS BLOB) AS bytes FROM extra);
CREATE VIEW extras AS
    SELECT key,
        group_concat(head || CASE WHEN value IS NULL THEN 'null' WHEN items IS NOT NULL THEN class || ' (' || value || ')'
            WHEN secret THEN class || ' [length=' || units || ']' ELSE class || ' (' || value || ')' END, '' ORDER BY place)
            AS redacted,
        group_concat(head || CASE WHEN value IS NULL THEN 'null' ELSE class || ' (' || value || ')' || coalesce(items, '') END,
            '' ORDER BY place) AS revealed
    FROM extra_line GROUP BY key;

-- Notification.toString(), in the header and in the events log.
CREATE VIEW described AS
    SELECT *, printf('Notification(channel=%s shortcut=%s contentView=null vibrate=null sound=null defaults=0x0 flags=0x%x'
        || ' color=0x%08x%s%s%s%s vis=PRIVATE%s)', channel, coalesce(shortcut, 'null'), flags, color,
        coalesce(' category=' || category, ''), coalesce(' groupKey=' || grouping, ''), coalesce(' sortKey=' || sort, ''),
        iif(actions > 0, ' actions=' || actions, ''), iif(actions > 0,
            printf(' publicVersion=Notification(channel=null shortcut=null contentView=null vibrate=null sound=null'
                || ' defaults=0x0 flags=0x0 color=0x%08x vis=PRIVATE)', color), '')) AS description
    FROM note;
-- The line of the events log with which the newest posts begin, as stored for phone/bin/logcat: a line feed in the tag
-- repeats the prefix.
CREATE VIEW enqueued AS
    SELECT prefix || replace(printf('[%d,%d,%s,%d,%s,0,%s,%d]', uid, uid + 10000, package, id, coalesce(tag, 'NULL'), description,
        created < updated), char(10), char(10) || prefix) AS line
    FROM (SELECT *, printf('events%c%d.%03d%c1508%c1508%cI%cnotification_enqueue%c', char(9), updated / 1000, updated % 1000,
        char(9), char(9), char(9), char(9), char(9)) AS prefix FROM described)
    WHERE updated = (SELECT max(updated) FROM note) ORDER BY sort;

CREATE TABLE list (rank INTEGER PRIMARY KEY, package TEXT, redacted TEXT, revealed TEXT);
CREATE VIEW dump AS
    SELECT rank, package, head || redacted || open || printf(public, '[length=8]', '[length=14]') || tail AS redacted,
        head || revealed || open || printf(public, '(WhatsApp)', '(2 new messages)') || tail AS revealed FROM (
    SELECT rank, package, extras.redacted, extras.revealed, printf(
'    NotificationRecord(0x%08x: pkg=%s user=UserHandle{0} id=%d tag=%s importance=4 key=%s: %s)
      uid=%d userId=0
      opPkg=%s
      icon=Icon(typ=RESOURCE pkg=%s id=0x7f0802a1)
      flags=0x%x
      originalFlags=0x%x
      pri=0
      key=%s
      seen=false
      groupKey=%s
      notification=
            fullscreenIntent=null
            contentIntent=PendingIntent{4c1b2aa: PendingIntentRecord{be77310 %s startActivity}}
            deleteIntent=null
            number=0
            groupAlertBehavior=0
            when=%d
            tickerText=null
            vis=0
            contentView=null
            bigContentView=null
            headsUpContentView=null
            color=0x%08x
            timeout=unknown
%s            extras={',
        hash, package, id, coalesce(tag, 'null'), note.key, description, uid, package, package, flags, flags, note.key,
        iif(grouping IS NULL, note.key, '0|' || package || '|g:' || grouping), package, shown, color,
        iif(actions > 0, '            actions={
                [0] "Reply" -> PendingIntent{5a1c0de: PendingIntentRecord{77be21f ' || package || ' broadcastIntent}}
                [1] "Mark as read" -> PendingIntent{19f3b02: PendingIntentRecord{a20c4d1 ' || package || ' broadcastIntent}}
              }
', '')) AS head, '
            }
      publicNotification=
' AS open, iif(actions = 0, '            None', printf(
'            fullscreenIntent=null
            contentIntent=null
            deleteIntent=null
            number=0
            groupAlertBehavior=0
            when=%d
            tickerText=null
            vis=0
            contentView=null
            bigContentView=null
            headsUpContentView=null
            color=0x%08x
            timeout=unknown
            extras={
                android.title=String %%s
                android.text=String %%s
                android.showWhen=Boolean (true)
            }', shown, color)) AS public, printf('
      stats=SingleNotificationStats{posttimeElapsedMs=%d, posttimeToFirstClickMs=-1, posttimeToDismissMs=-1, airtimeCount=0, airtimeMs=0, currentAirtimeStartElapsedMs=-1, airtimeExpandedMs=0, posttimeToFirstVisibleExpansionMs=-1, currentAirtimeExpandedStartElapsedMs=-1, requestedImportance=4, naturalImportance=4, isNoisy=true}
      mContactAffinity=0.0
      mRecentlyIntrusive=false
      mPackagePriority=0
      mPackageVisibility=-1000
      mSystemImportance=UNSPECIFIED
      mAsstImportance=UNSPECIFIED
      mImportance=HIGH
      mImportanceExplanation=app
      mProposedImportance=UNSPECIFIED
      mIsAppImportanceLocked=false
      mSensitiveContent=false
      mIntercept=false
      mHidden==false
      mGlobalSortKey=crtcl=0x0002:intrsv=1:grnk=0x%04x:gsmry=%d:nsk:rnk=0x%04x
      mRankingTimeMs=%d
      mCreationTimeMs=%d
      mVisibleSinceMs=0
      mUpdateTimeMs=%d
      mInterruptionTimeMs=%d
      mSuppressedVisualEffects= 0
      mSound= content://settings/system/notification_sound
      mVibration= null
      mAttributes= AudioAttributes: usage=USAGE_NOTIFICATION content=CONTENT_TYPE_SONIFICATION flags=0x0 tags= bundle=null
      mLight= null
      mShowBadge=true
      mColorized=false
      mAllowBubble=false
      isBubble=false
      mIsInterruptive=true
      effectiveNotificationChannel=NotificationChannel{mId=''%s'', mName=Default, mDescription=, mImportance=4, mBypassDnd=false, mLockscreenVisibility=-1000, mSound=content://settings/system/notification_sound, mLights=false, mLightColor=0, mVibrationPattern=null, mUserLockedFields=0, mUserVisibleTaskShown=false, mVibrationEnabled=false, mShowBadge=true, mDeleted=false, mGroup=''null'', mAudioAttributes=AudioAttributes: usage=USAGE_NOTIFICATION content=CONTENT_TYPE_SONIFICATION flags=0x0 tags= bundle=null, mBlockableSystem=false, mAllowBubbles=-1, mImportanceLockedDefaultApp=false, mOriginalImp=4, mParent=null, mConversationId=null, mDemoted=false, mImportantConvo=false, mLastNotificationUpdateTimeMs=0}
      mAdjustments=[]
      shortcut=%s found valid? %s
      mUserVisOverride=-1000
', updated % 100000000, rank, iif(flags & 512, 0, 1), rank, shown, created, updated, updated, channel, coalesce(shortcut, 'null'),
        iif(shortcut IS NULL, 'false', 'true')) AS tail
    FROM (SELECT *, row_number() OVER (ORDER BY updated DESC, key) AS rank FROM described) AS note JOIN extras USING (key)
    ORDER BY rank);
PRAGMA journal_mode = WAL;
