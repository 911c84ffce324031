// swift-tools-version:6.2
import PackageDescription

// The targets of the fuzz tests as a library that `script/fuzz` links with libFuzzer.
let package = Package(
    name: "cairn-fuzzing",
    products: [.library(name: "CairnFuzz", type: .static, targets: ["CairnFuzz"])],
    dependencies: [.package(name: "cairn", path: "..", traits: [])],
    targets: [
        .target(
            name: "CairnFuzz",
            dependencies: [
                .product(name: "Cypher", package: "cairn"),
                .product(name: "LMDB", package: "cairn"),
                .product(name: "GraphStore", package: "cairn"),
                .product(name: "GraphFormats", package: "cairn"),
                .product(name: "PropertyGraph", package: "cairn"),
                .product(name: "CairnTestSupport", package: "cairn"),
            ],
            path: "Sources")
    ],
    swiftLanguageModes: [.v6]
)
