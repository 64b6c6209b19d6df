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
    target("Base"),
    target("Events", ["Base"]),
    target("ADB", ["Base"]),
    target("Phone", ["Events", "Crypto", "Base"]),
    target("Delivery", ["Events", "Base"]),
    target("Control"),
    target("Platform", ["CLinux", "Base"]),
    target("Crypto", ["CCrypto", "Base"]),
    target("Link", ["ADB", "Base", "Platform"]),
    target("USB", ["CLibUSB", "ADB", "Base", "Platform"]),
    target("HTTP", ["CCurl", "Delivery", "Base", "Platform"]),
    target("Store", ["CSQLite", "Events", "Delivery", "Platform", "Base"]),
    target("Receiver", ["Platform", "Base", "CLinux"]),
    target("VirtualPhone", ["CSQLite", "CCrypto", "CLinux"]),
    target(
        "Daemon",
        [
            "Base", "Events", "ADB", "Phone", "Delivery", "Control", "Platform", "Crypto", "Link", "USB",
            "HTTP",
            "Store",
        ]),
    target(
        "CLI", ["Control", "Daemon", "Delivery", "Events", "Receiver", "VirtualPhone", "Platform", "Base"]),
    .executableTarget(
        name: "phonewire", dependencies: ["CLI", "Platform"], path: "Sources/phonewire",
        exclude: ["README.md"],
        swiftSettings: settings),
]

let testing: [Target] = [
    tests("Base"),
    tests("ADB", ["Base"], data: ["Vectors"]),
    tests("Phone", ["Base", "Events"], data: ["Corpus"]),
    tests("Delivery", ["Base", "Events", "CCrypto"]),
    tests("Store", ["Base", "Events", "Delivery", "Platform"]),
    tests("HTTP", ["Delivery", "Events", "Receiver", "Base", "Platform"]),
    tests("Receiver", ["Base"]),
    tests("VirtualPhone", ["Phone", "Events", "Base"]),
    tests("Link", ["ADB", "Platform", "Base", "Crypto", "Simulation", "VirtualPhone"]),
    tests("USB", ["ADB", "CLibUSB"]),
    tests("Crypto", ["CCrypto", "Base"]),
    fileTests("UnitFiles"),
    fileTests("Tidy"),
    // Laws about parsers of outside bytes; the corpora are replayed in every test run.
    .target(
        name: "FuzzLaws", dependencies: ["ADB", "Base", "Crypto", "Events", "Phone"],
        path: "Tests/Fuzz/Laws", swiftSettings: settings),
    fileTests("FuzzReplay", ["FuzzLaws"]),
    tests("Platform", ["Base"]),
    tests(
        "CLI",
        [
            "Control", "Daemon", "Store", "Delivery", "Events", "Phone", "Platform", "Base", "Receiver",
            "Simulation",
        ],
        data: ["Snapshots"]),
    tests(
        "Daemon",
        [
            "Events", "Store", "Delivery", "Receiver", "VirtualPhone", "Control", "Base", "Platform",
            "Simulation", "Crypto", "Phone",
        ]),
]

let fuzzers: [Target] = [
    "KeyReader", "NotificationDump", "NotificationHint", "PacketDecoder", "SIMDetails", "SMSRow", "SMSSlot",
    "SubscriptionDump",
    "USSDLog",
].map { fuzzer($0) }

// The daemon as a whole: on the simulation's clock, and as a process.
let whole: [Target] = [
    .target(
        name: "Simulation",
        dependencies: [
            "ADB", "Base", "Control", "Crypto", "Daemon", "Delivery", "Events", "Phone", "Platform", "Store",
            "VirtualPhone",
        ],
        path: "Tests/Simulation", exclude: ["README.md"], swiftSettings: settings),
    .testTarget(
        name: "SimulationTests",
        dependencies: [
            "Simulation", "Base", "Daemon", "Delivery", "Events", "Phone", "Store", "VirtualPhone",
        ],
        path: "Tests/SimulationTests",
        swiftSettings: settings),
    .target(
        name: "Stage", dependencies: ["Platform", "Receiver", "VirtualPhone"], path: "Tests/Stage",
        exclude: ["README.md"], swiftSettings: settings),
    .testTarget(
        name: "SystemTests", dependencies: ["phonewire", "Platform", "Receiver", "Stage", "VirtualPhone"],
        path: "Tests/SystemTests", swiftSettings: settings),
    .executableTarget(
        name: "Benchmarks",
        dependencies: [
            "phonewire", "ADB", "Base", "Events", "Link", "Phone", "Platform", "Receiver", "Stage", "Store",
            "VirtualPhone",
        ],
        path: "Tests/Benchmarks", exclude: ["README.md"], swiftSettings: settings),
    .executableTarget(
        name: "Seeds", dependencies: ["Simulation", "Base"], path: "Tests/Seeds", swiftSettings: settings),
]

let package = Package(
    name: "phonewire",
    products: [.executable(name: "phonewire", targets: ["phonewire"])],
    targets: libraries + sources + testing + whole + (fuzzing ? fuzzers : [])
)
