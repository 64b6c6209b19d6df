/// Every source and every task there is: each phone has all of them.
package enum PhoneCatalog {
    /// What is watched on a phone.
    package static let sources: [any PhoneSource.Type] = [
        SMSSource.self, NotificationSource.self, CallSource.self,
    ]
    /// What can be asked of a phone.
    package static let tasks: [any PhoneTask.Type] = [USSDTask.self, RepairTask.self]
}
