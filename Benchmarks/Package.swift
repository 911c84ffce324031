// swift-tools-version:6.2
import PackageDescription

// A package of its own: it sees Cairn's products only, as any user does.
let package = Package(
    name: "cairn-benchmarks",
    dependencies: [.package(name: "cairn", path: "..", traits: [])],
    targets: [
        .executableTarget(
            name: "store-bench",
            dependencies: [
                .product(name: "Cypher", package: "cairn"),
                .product(name: "GraphStore", package: "cairn"),
                .product(name: "GraphAlgorithms", package: "cairn"),
                .product(name: "GraphFormats", package: "cairn"),
                .product(name: "PropertyGraph", package: "cairn"),
            ],
            path: "Sources/StoreBench"),
        .executableTarget(
            name: "store-soak",
            dependencies: [
                .product(name: "GraphStore", package: "cairn"),
                .product(name: "PropertyGraph", package: "cairn"),
            ],
            path: "Sources/StoreSoak"),
        .executableTarget(
            name: "learn-bench",
            dependencies: [.product(name: "GraphAlgorithms", package: "cairn")],
            path: "Sources/LearnBench"),
    ],
    swiftLanguageModes: [.v6]
)
