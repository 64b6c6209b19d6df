/// The commands that read the SMS store: all of them stand here. Numbers are the only thing put in.
///
/// The SQL goes through `content query` unchanged (LineageOS/android_packages_providers_TelephonyProvider
/// `SmsProvider.java`, plain URIs have no projection map). No string literals, no sub-selects: Android 11's checker
/// refuses them.
enum SMSQuery {
    private static let columns =
        "_id:type:status:error_code:sub_id:read:CAST(date AS TEXT) AS d:CAST(date_sent AS TEXT) AS ds"
        + ":hex(address) AS ha:address IS NULL AS na:hex(body) AS hb:body IS NULL AS nb:hex(creator) AS hc"
    private static let markColumns =
        "_id:CAST(date AS TEXT) AS d:hex(address) AS ha:address IS NULL AS na"

    /// Whether the store can be read, and where it stands.
    static let canary = query("count(*) AS c:max(_id) AS m:CAST(max(date) AS TEXT) AS d")

    /// Received messages above `id`, oldest first.
    static func rows(above id: Int64, limit: Int) -> PhoneCommand {
        query(columns, where: "type=1 AND _id>\(id)", sort: "_id ASC LIMIT \(limit)")
    }

    /// The received messages `ids`.
    static func rows(_ ids: [Int64]) -> PhoneCommand {
        let list = ids.map { String($0) }.joined(separator: ",")
        return query(columns, where: "type=1 AND _id IN (\(list))", sort: "_id ASC")
    }

    /// What identifies the received messages above `after` and up to `through`, oldest first.
    static func marks(after: Int64, through: Int64, limit: Int) -> PhoneCommand {
        query(
            markColumns, where: "type=1 AND _id>\(after) AND _id<=\(through)", sort: "_id ASC LIMIT \(limit)")
    }

    /// What identifies the received messages above `after` that are above `id` or newer than `date`
    /// (milliseconds since 1970), oldest first.
    static func marks(after: Int64, id: Int64, date: Int64, limit: Int) -> PhoneCommand {
        query(
            markColumns, where: "type=1 AND _id>\(after) AND (_id>\(id) OR date>\(date))",
            sort: "_id ASC LIMIT \(limit)")
    }

    private static func query(_ projection: String, where condition: String = "", sort: String = "")
        -> PhoneCommand
    {
        var text = "content query --uri content://sms --projection '\(projection)'"
        if !condition.isEmpty { text += " --where '\(condition)'" }
        if !sort.isEmpty { text += " --sort '\(sort)'" }
        return PhoneCommand(text)
    }
}
