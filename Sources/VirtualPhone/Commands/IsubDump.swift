/// `dumpsys isub`: which subscription sits in which slot, in the words of each Android version.
///
/// Sources: LineageOS/android_frameworks_opt_telephony SubscriptionController.java `dump` (cm-13.0 to
/// lineage-20.0) and SubscriptionManagerService.java `dump` (lineage-21.0); SubscriptionInfo.toString of the
/// same versions in frameworks/base.
enum IsubDump {
    static func text(_ android: VirtualAndroid) -> String {
        android.setup.androidRelease >= 14 ? service(android) : controller(android)
    }

    // MARK: 14 and later

    private static func service(_ android: VirtualAndroid) -> String {
        let slots = 0..<android.setup.slots
        let active = slots.compactMap { android.sim(inSlot: $0) }
        let first = active.first?.subscriptionID ?? -1
        let voice = android.telephony.voiceSubscription ?? -1
        var lines = [
            "SubscriptionManagerService:", "Active modem count=\(slots.count)",
            "Logical SIM slot sub id mapping:",
        ]
        for sim in active {
            lines.append("  Logical SIM slot \(sim.slot ?? -1): subId=\(sim.subscriptionID)")
        }
        lines.append("ICCID:")
        for slot in slots { lines.append("  slot \(slot): \(android.sim(inSlot: slot)?.maskedICCID ?? "")") }
        lines.append("")
        let general = active.contains { $0.subscriptionID == voice } ? voice : first
        lines += [
            "defaultSubId=\(general)", "defaultVoiceSubId=\(voice)", "defaultDataSubId=\(first)",
            "activeDataSubId=\(first)", "defaultSmsSubId=\(first)",
        ]
        lines += ["areAllSubscriptionsLoaded=true", ""]
        for slot in slots {
            lines.append("mSimState[\(slot)]=\(android.sim(inSlot: slot) == nil ? "ABSENT" : "LOADED")")
        }
        lines += ["", "Active subscriptions:"]
        lines += active.map { "  " + internalText($0) }
        lines += ["", "All subscriptions:"]
        lines += android.sims.map { "  " + internalText($0) }
        let ids = active.map { String($0.subscriptionID) }.joined(separator: ", ")
        lines += [
            "", "Embedded subscriptions: []", "Opportunistic subscriptions: []",
            "getAvailableSubscriptionInfoList: [\(ids)]", "getSelectableSubscriptionInfoList: [\(ids)]",
            "Euicc enabled=false", "", "Local log:",
            "  2024-05-07T20:10:16.865182 - Created SubscriptionManagerService", "",
            "SubscriptionDatabaseManager:",
            "  All subscriptions:",
        ]
        lines += android.sims.map { "    " + internalText($0) }
        lines += ["  ", "  mAsyncMode=true", "  mDatabaseInitialized=true"]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func internalText(_ sim: VirtualSIM) -> String {
        let slot = sim.slot ?? -1
        let fields = [
            "id=\(sim.subscriptionID)", "iccId=\(sim.maskedICCID)", "simSlotIndex=\(slot)",
            "portIndex=\(slot < 0 ? -1 : 0)", "isEmbedded=\(sim.isEmbedded ? 1 : 0)", "isRemovableEmbedded=0",
            "carrierId=1435",
            "displayName=\(sim.displayName)", "carrierName=\(sim.carrierName)", "isOpportunistic=0",
            "groupUuid=",
            "groupOwner=", "displayNameSource=SIM_SPN", "iconTint=-16738131", "number=[****]",
            "dataRoaming=0",
            "mcc=\(sim.mcc)", "mnc=\(sim.mnc)", "ehplmns=", "hplmns=", "cardString=\(sim.maskedICCID)",
            "cardId=\(sim.subscriptionID - 1)", "nativeAccessRules=", "carrierConfigAccessRules=",
            "countryIso=\(sim.country)", "profileClass=-1", "type=LOCAL_SIM", "areUiccApplicationsEnabled=1",
            "usageSetting=DEFAULT", "isEnhanced4GModeEnabled=-1", "isVideoTelephonyEnabled=-1",
            "isWifiCallingEnabled=-1", "isWifiCallingEnabledForRoaming=-1", "wifiCallingMode=UNKNOWN",
            "wifiCallingModeForRoaming=UNKNOWN", "wifiCallingMDN=null", "enabledMobileDataPolicies=",
            "imsi=\(sim.mcc)\(sim.mnc)0000[****]", "rcsUceEnabled=0", "crossSimCallingEnabled=0",
            "rcsConfig=",
            "allowedNetworkTypesForReasons=user=840583", "deviceToDeviceStatusSharingPreference=0",
            "isVoImsOptInEnabled=0", "deviceToDeviceStatusSharingContacts=", "numberFromCarrier=",
            "numberFromIms=[****]", "userId=-10000", "isSatelliteEnabled=-1", "isGroupDisabled=false",
        ]
        return "[SubscriptionInfoInternal: " + fields.joined(separator: " ") + "]"
    }

    // MARK: 6 to 13

    private static let rule = String(repeating: "+", count: 32)

    private static func controller(_ android: VirtualAndroid) -> String {
        let release = android.setup.androidRelease
        let active = (0..<android.setup.slots).compactMap { android.sim(inSlot: $0) }
        let first = active.first?.subscriptionID ?? -1
        var lines = ["SubscriptionController:"]
        if release >= 11 { lines.append(" mLastISubServiceRegTime=13022") }
        // Up to 13 the value is read from the setting, whoever wrote it.
        let voice = android.telephony.settings[Telephony.voiceSetting].flatMap { Int($0) } ?? -1
        let voiceSIM = active.first { $0.subscriptionID == voice }
        lines += [
            " defaultSubId=\(voiceSIM == nil ? first : voice)", " defaultDataSubId=\(first)",
            " defaultVoiceSubId=\(voice)", " defaultSmsSubId=\(first)", " defaultDataPhoneId=0",
            " defaultVoicePhoneId=\(voiceSIM?.slot ?? -1)", " defaultSmsPhoneId=0",
        ]
        for sim in active {
            let slot = sim.slot ?? -1
            switch release {
            case ...7: lines.append(" sSlotIdxToSubId[\(slot)]: subId=\(sim.subscriptionID)")
            case 8, 9: lines.append(" sSlotIndexToSubId[\(slot)]: subId=\(sim.subscriptionID)")
            default: lines.append(" sSlotIndexToSubId[\(slot)]: subIds=\(slot)=[\(sim.subscriptionID)]")
            }
        }
        lines += [rule, " ActiveSubInfoList:"]
        lines += active.map { "  " + infoText($0, release) }
        lines += [rule, " AllSubInfoList:"]
        lines += android.sims.map { "  " + infoText($0, release) }
        lines += [rule, rule]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func infoText(_ sim: VirtualSIM, _ release: Int) -> String {
        release >= 11 ? newInfoText(sim) : oldInfoText(sim, release)
    }

    private static func newInfoText(_ sim: VirtualSIM) -> String {
        let fields = [
            "id=\(sim.subscriptionID)", "iccId=\(sim.maskedICCID)", "simSlotIndex=\(sim.slot ?? -1)",
            "carrierId=1839", "displayName=\(sim.displayName)", "carrierName=\(sim.carrierName)",
            "nameSource=0",
            "iconTint=-16746133", "number=[****]", "dataRoaming=0",
            "iconBitmap=android.graphics.Bitmap@1093f86", "mcc=\(sim.mcc)", "mnc=\(sim.mnc)",
            "countryIso=\(sim.country)", "isEmbedded=\(sim.isEmbedded)", "nativeAccessRules=null",
            "cardString=\(sim.maskedICCID)", "cardId=\(sim.subscriptionID - 1)", "isOpportunistic=false",
            "groupUUID=null", "isGroupDisabled=false", "profileClass=-1", "ehplmns=[]",
            "hplmns=[\(sim.mcc)\(sim.mnc)]", "subscriptionType=0", "groupOwner=null",
            "carrierConfigAccessRules=null", "areUiccApplicationsEnabled=true",
        ]
        return "{" + fields.joined(separator: " ") + "}"
    }

    /// 6 to 10. Up to 8 the rest of the ICCID is masked with letters; from 9 with `[****]`.
    private static func oldInfoText(_ sim: VirtualSIM, _ release: Int) -> String {
        let iccid = release <= 8 ? sim.iccid.prefix(9) + "XXXXXXXXXXX" : sim.maskedICCID
        let carrier = release == 10 ? " carrierId=1839" : ""
        var text =
            "{id=\(sim.subscriptionID), iccId=\(iccid) simSlotIndex=\(sim.slot ?? -1)\(carrier) "
            + "displayName=\(sim.displayName) carrierName=\(sim.carrierName) nameSource=1 iconTint=-16746133 "
            + "dataRoaming=0 iconBitmap=android.graphics.Bitmap@a1b2c3d mcc \(sim.mcc) mnc \(sim.mnc)"
        if release == 9 { text += " isEmbedded false" }
        if release == 10 { text += "mCountryIso=\(sim.country)" }
        return text + "}"
    }
}
