/// `appops get|set PACKAGE READ_SMS [allow]` and `pm grant PACKAGE android.permission.READ_SMS`, for the shell's own package.
///
/// Texts: aosp-mirror/platform_frameworks_base AppOpsService.java and public reports. A phone that was set up to refuse changes
/// (`refusesRepairs`) answers as Xiaomi's do without their switch.
enum PermissionCommands {
    static let appops = VirtualCommand(name: "appops") { call, android in
        let words = Array(call.arguments)
        guard words.count >= 3, words[2] == "READ_SMS" else { return .exit(1) }
        if words[0] == "get" {
            call.out(android.messageAccess == .ignored ? "READ_SMS: ignore\n" : "No operations.\n")
            return .exit(0)
        }
        guard !android.setup.refusesRepairs else {
            call.error(
                "java.lang.SecurityException: uid 2000 does not have android.permission.MANAGE_APP_OPS_MODES.\n"
            )
            return .exit(255)
        }
        if android.messageAccess == .ignored { android.messageAccess = .allowed }
        return .exit(0)
    }

    static let pm = VirtualCommand(name: "pm") { call, android in
        let words = Array(call.arguments)
        guard words.first == "grant" else { return .exit(1) }
        guard !android.setup.refusesRepairs else {
            call.error(
                "java.lang.SecurityException: grantRuntimePermission: Neither user 2000 nor current process has "
                    + "android.permission.GRANT_RUNTIME_PERMISSIONS.\n")
            return .exit(255)
        }
        if android.messageAccess == .denied, android.setup.androidRelease >= 10 {
            android.messageAccess = .allowed
        }
        return .exit(0)
    }
}
