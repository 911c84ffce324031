// swift-tools-version:6.2
import PackageDescription

/// Every target of ours: explicit imports, explicit existentials, strict memory safety, no warnings.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// For targets that return spans from their own methods: the compiler then proves that a
/// borrowed byte never outlives its transaction or graph.
let strictWithLifetimes = strict + [.enableExperimentalFeature("Lifetimes")]

let package = Package(
    name: "cairn",
    products: [
        .library(name: "Cairn", targets: ["Cairn"]),
        .library(name: "LMDB", targets: ["LMDB"]),
        .library(name: "PropertyGraph", targets: ["PropertyGraph"]),
        .library(name: "GraphStore", targets: ["GraphStore"]),
        .library(name: "GraphFormats", targets: ["GraphFormats"]),
        .library(name: "Cypher", targets: ["Cypher"]),
        .library(name: "GraphAlgorithms", targets: ["GraphAlgorithms"]),
        .library(name: "CairnTestSupport", targets: ["TestSupport"]),
        .executable(name: "cairn", targets: ["cairn"]),
    ],
    traits: [
        .default(enabledTraits: ["Server"]),
        .trait(
            name: "Server",
            description:
                "The services, the gateway and the HTTP server. Without it: the engine alone."
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2")
    ],
    targets: [
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
        .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
        .systemLibrary(name: "CSerd", pkgConfig: "serd-0", providers: [.apt(["libserd-dev"])]),

        .target(name: "LMDB", dependencies: ["CLMDB"], swiftSettings: strictWithLifetimes),
        .target(name: "PropertyGraph", swiftSettings: strictWithLifetimes),
        .target(
            name: "GraphStore", dependencies: ["LMDB", "PropertyGraph"],
            swiftSettings: strictWithLifetimes),
        .target(
            name: "GraphFormats",
            dependencies: ["CExpat", "CSerd", "CZlib", "PropertyGraph", "GraphStore"],
            swiftSettings: strictWithLifetimes),
        .target(
            name: "GraphAlgorithms", dependencies: ["PropertyGraph"], path: "Sources/Algorithms",
            swiftSettings: strictWithLifetimes),
        .target(
            name: "Cypher", dependencies: ["PropertyGraph", "GraphStore", "GraphAlgorithms"],
            swiftSettings: strict),
        .target(
            name: "Cairn",
            dependencies: ["Cypher", "PropertyGraph", "GraphStore", "GraphAlgorithms"],
            swiftSettings: strict),
        .executableTarget(
            name: "cairn",
            dependencies: [
                "CEdit", "Cypher", "PropertyGraph", "GraphStore", "GraphFormats",
                "GraphAlgorithms",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/CLI", swiftSettings: strict),
        .target(name: "TestSupport", dependencies: ["PropertyGraph"], swiftSettings: strict),

        .target(
            name: "StoreTestSupport",
            dependencies: ["GraphStore", "LMDB", "PropertyGraph", "TestSupport"],
            path: "Tests/StoreTestSupport", swiftSettings: strictWithLifetimes),
        .executableTarget(
            name: "crash-writer",
            dependencies: ["GraphStore", "PropertyGraph", "StoreTestSupport", "TestSupport"],
            path: "Tests/CrashWriter", swiftSettings: strict),
        .executableTarget(
            name: "lmdb-peer", dependencies: ["LMDB"], path: "Tests/LMDBPeer",
            swiftSettings: strict),
        .testTarget(
            name: "LMDBTests", dependencies: ["CLMDB", "LMDB", "lmdb-peer"],
            exclude: ["CompileFail"],
            swiftSettings: strictWithLifetimes),
        .testTarget(
            name: "PropertyGraphTests", dependencies: ["PropertyGraph", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "GraphStoreTests",
            dependencies: [
                "GraphStore", "LMDB", "PropertyGraph", "StoreTestSupport", "TestSupport",
            ],
            exclude: ["Fixtures"], swiftSettings: strictWithLifetimes),
        .testTarget(
            name: "GraphFormatsTests", dependencies: ["GraphFormats", "GraphStore", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "GraphAlgorithmsTests", dependencies: ["GraphAlgorithms", "TestSupport"],
            exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(
            name: "CypherTests",
            dependencies: ["Cypher", "GraphStore", "PropertyGraph", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "AcceptanceTests",
            dependencies: [
                "cairn", "Cairn", "Cypher", "GraphAlgorithms", "GraphStore", "PropertyGraph",
                "StoreTestSupport", "TestSupport",
            ],
            exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(
            name: "CrashTests",
            dependencies: [
                "GraphStore", "PropertyGraph", "StoreTestSupport", "TestSupport", "crash-writer",
            ],
            exclude: ["Shims"], swiftSettings: strict),
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "Cypher", "GraphStore", "GraphFormats", "LMDB", "PropertyGraph", "TestSupport",
            ],
            swiftSettings: strictWithLifetimes),
        .testTarget(
            name: "DocumentationTests",
            // The modules behind the umbrella, so that a change of theirs builds the examples anew.
            dependencies: [
                "cairn", "Cairn", "Cypher", "GraphAlgorithms", "GraphStore", "PropertyGraph",
                "StoreTestSupport",
            ],
            swiftSettings: strict),
        .testTarget(name: "TidyTests", swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
