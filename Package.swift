// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors only where `.ci/run` asks for it, so that a newer compiler still builds phonewire.
let strict = Context.environment["PHONEWIRE_STRICT"] == "1"
/// The fuzz targets need `--sanitize fuzzer`; without it they break the normal link, so they exist on demand.
let fuzzing = Context.environment["PHONEWIRE_FUZZ"] == "1"

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .strictMemorySafety(),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + (strict ? [.treatAllWarnings(as: .error)] : [])

func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(name)", exclude: ["README.md"],
        swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], data: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.target(name: name)] + dependencies, path: "Tests/\(name)Tests",
        exclude: data, swiftSettings: settings)
}

/// Tests of files, not of a target: the udev rules, the unit, the sources themselves.
func fileTests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(name)Tests", swiftSettings: settings)
}

/// The program that feeds the law `name` from libFuzzer; see Tests/Fuzz/README.md.
func fuzzer(_ name: String) -> Target {
    .executableTarget(
        name: "Fuzz\(name)", dependencies: ["FuzzLaws"], path: "Tests/Fuzz/Fuzz\(name)",
        swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])])
}

func library(_ name: String, pkgConfig: String, package: String) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

// L0: header-only doors to the system's C libraries.
let libraries: [Target] = [
    library("CLibUSB", pkgConfig: "libusb-1.0", package: "libusb-1.0-0-dev"),
    library("CSQLite", pkgConfig: "sqlite3", package: "libsqlite3-dev"),
    library("CCurl", pkgConfig: "libcurl", package: "libcurl4-openssl-dev"),
    library("CCrypto", pkgConfig: "libcrypto", package: "libssl-dev"),
    .systemLibrary(name: "CLinux", path: "Sources/CLinux"),
]

// L1-L3: pure cores. L4: adapters. L5-L7: the daemon, its command line, the program.
let sources: [Target] = [
    target("Bytes"),
    target("Time"),
    target("Log"),
    target("Digest", ["CCrypto"]),
    target("Events", ["Bytes", "Time"]),
    target("ADB", ["Bytes", "Time"]),
    target("Phone", ["Events", "Bytes", "Time", "Digest"]),
    target("Delivery", ["Events", "Bytes", "Time"]),
    target("Control"),
    target("Platform", ["CLinux", "Log", "Time"]),
    target("Crypto", ["CCrypto", "ADB", "Bytes", "Digest"]),
    target("Link", ["ADB", "Bytes", "Time", "Platform"]),
    target("USB", ["CLibUSB", "ADB", "Bytes", "Platform"]),
    target("HTTP", ["CCurl", "Delivery", "Bytes", "Platform", "Time"]),
    target("Store", ["CSQLite", "Events", "Delivery", "Platform", "Bytes", "Time"]),
    target("Receiver", ["Platform", "Bytes", "CLinux"]),
    target("VirtualPhone", ["CSQLite", "CCrypto", "CLinux"]),
    target(
        "Daemon",
        [
            "Bytes", "Time", "Log", "Events", "ADB", "Phone", "Delivery", "Control", "Platform", "Crypto",
            "Link",
            "USB", "HTTP", "Store",
        ]),
    target("CLI", ["Control", "Log", "Daemon", "Receiver", "VirtualPhone", "Platform", "Bytes", "Time"]),
    .executableTarget(
        name: "phonewire", dependencies: ["CLI", "Platform"], path: "Sources/phonewire",
        exclude: ["README.md"],
        swiftSettings: settings),
]

let testing: [Target] = [
    tests("Bytes"),
    tests("ADB", ["Bytes", "Time"], data: ["Vectors"]),
    tests("Phone", ["Bytes", "Events", "Time"], data: ["Corpus"]),
    tests("Delivery", ["Bytes", "Events", "Time", "CCrypto"]),
    tests("Store", ["Bytes", "Events", "Time", "Delivery", "Platform"]),
    tests("HTTP", ["Delivery", "Events", "Receiver", "Bytes", "Platform", "Time"]),
    tests("Receiver", ["Bytes"]),
    tests("VirtualPhone", ["Phone", "Events", "Time"]),
    tests("Link", ["ADB", "Platform", "Time", "Crypto", "Simulation", "VirtualPhone"]),
    tests("USB", ["ADB", "CLibUSB"]),
    tests("Crypto", ["CCrypto", "Bytes", "Digest"]),
    fileTests("UnitFiles"),
    fileTests("Tidy"),
    // Laws about parsers of outside bytes; the corpora are replayed in every test run.
    .target(
        name: "FuzzLaws", dependencies: ["ADB", "Bytes", "Crypto", "Events", "Phone", "Time"],
        path: "Tests/Fuzz/Laws", swiftSettings: settings),
    fileTests("FuzzReplay", ["FuzzLaws"]),
    tests("Platform", ["Time", "Log"]),
    tests(
        "CLI",
        [
            "Control", "Daemon", "Store", "Delivery", "Events", "Phone", "Platform", "Time", "Log",
            "Receiver",
        ],
        data: ["Snapshots"]),
    tests(
        "Daemon",
        [
            "Events", "Store", "Delivery", "Receiver", "VirtualPhone", "Control", "Time", "Platform", "Log",
            "Simulation", "Crypto",
        ]),
]

let fuzzers: [Target] = [
    "KeyReader", "NotificationDump", "NotificationHint", "PacketDecoder", "SMSRow", "SubscriptionDump",
    "USSDLog",
].map { fuzzer($0) }

// The daemon as a whole: on the simulation's clock, and as a process.
let whole: [Target] = [
    .target(
        name: "Simulation",
        dependencies: [
            "ADB", "Bytes", "Control", "Crypto", "Daemon", "Delivery", "Events", "Log", "Phone", "Platform",
            "Store", "Time",
            "VirtualPhone",
        ],
        path: "Tests/Simulation", exclude: ["README.md"], swiftSettings: settings),
    .testTarget(
        name: "SimulationTests", dependencies: ["Simulation", "Time", "VirtualPhone"],
        path: "Tests/SimulationTests",
        swiftSettings: settings),
    .target(
        name: "Stage", dependencies: ["Platform", "Receiver", "VirtualPhone"], path: "Tests/Stage",
        exclude: ["README.md"], swiftSettings: settings),
    .testTarget(
        name: "SystemTests", dependencies: ["phonewire", "Platform", "Receiver", "Stage", "VirtualPhone"],
        path: "Tests/SystemTests", swiftSettings: settings),
    .executableTarget(
        name: "Benchmarks", dependencies: ["phonewire", "Platform", "Receiver", "Stage", "VirtualPhone"],
        path: "Tests/Benchmarks", exclude: ["README.md"], swiftSettings: settings),
]

let package = Package(
    name: "phonewire",
    products: [.executable(name: "phonewire", targets: ["phonewire"])],
    targets: libraries + sources + testing + whole + (fuzzing ? fuzzers : [])
)
