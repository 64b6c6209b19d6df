/// The provider behind `content://telephony/siminfo`: readable by the shell up to Android 10, refused later.
///
/// `_id` is the subscription id, `sim_id` the slot, -1 for a card that is not inserted. Source:
/// aosp-mirror/platform_packages_providers_telephonyprovider TelephonyProvider.java.
enum SIMInfoProvider {
    static func answer(_ query: ContentQuery, _ call: inout VirtualCall, _ android: VirtualAndroid) {
        let refusal: String? =
            switch android.setup.androidRelease {
            case ...10: nil
            case 11, 12: "No permission to access APN settings"
            default: "Access SIMINFO table from not phone/system UID"
            }
        if let refusal {
            ContentError.print("java.lang.SecurityException: \(refusal)", of: "telephony", &call)
            return
        }
        android.messages.replaceSIMs(android.sims)
        let columns =
            !query.projection.isEmpty
            ? query.projection.joined(separator: ", ")
            : android.setup.androidRelease >= 10 ? "*" : oldColumns
        let filter = query.selection.map { " WHERE (\($0))" } ?? ""
        let order = query.sort.map { " ORDER BY \($0)" } ?? ""
        _ = ContentRows.print(
            "SELECT \(columns) FROM siminfo\(filter)\(order)", of: "telephony", &call, android)
    }

    /// The columns up to Android 9; later ones are not told apart by version.
    private static let oldColumns =
        "_id, icc_id, sim_id, display_name, carrier_name, name_source, color, number, display_number_format, "
        + "data_roaming, mcc, mnc"
}
