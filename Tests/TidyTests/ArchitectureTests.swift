import Testing

@Suite struct `The architecture` {
    /// Which modules of ours each folder may import. Arrows point down only.
    static let arrows: [String: Set<String>] = [
        "LMDB": ["CLMDB"],
        "PropertyGraph": [],
        "GraphStore": ["LMDB", "PropertyGraph"],
        "GraphFormats": ["CExpat", "CSerd", "CZlib", "PropertyGraph", "GraphStore"],
        "Algorithms": ["PropertyGraph"],
        "Cypher": ["PropertyGraph", "GraphStore", "GraphAlgorithms"],
        "Cairn": ["Cypher", "PropertyGraph", "GraphStore", "GraphAlgorithms"],
        "CLI": [
            "CEdit", "Cypher", "PropertyGraph", "GraphStore", "GraphFormats", "GraphAlgorithms",
        ],
        "TestSupport": ["PropertyGraph"],
    ]
    /// Modules of the toolchain that any folder may import.
    static let toolchain: Set<String> = [
        "Glibc", "Musl", "Synchronization", "Dispatch",
    ]
    /// Further modules that one folder may import.
    static let further: [String: Set<String>] = [
        "CLI": ["ArgumentParser", "Foundation", "FoundationEssentials"],
        "TestSupport": ["Foundation"],
    ]

    static func imports(_ path: String) -> [String] {
        SourceTree.lines(path).compactMap { line in
            let words = line.split(separator: " ")
            guard let place = words.firstIndex(of: "import"), place < 3, place + 1 < words.count,
                words[..<place].allSatisfy({
                    [
                        "public", "internal", "package", "private", "fileprivate", "@_exported",
                        "@testable",
                    ].contains($0)
                })
            else { return nil }
            return String(words[place + 1].split(separator: ".")[0])
        }
    }

    @Test func `every folder of Sources has its arrows written down`() {
        let folders = Set(
            SourceTree.files("Sources", suffix: ".swift").map {
                String($0.split(separator: "/")[1])
            })
        #expect(folders == Set(Self.arrows.keys))
    }

    @Test(arguments: arrows.keys.sorted())
    func `a folder imports only what its arrows allow`(folder: String) {
        let allowed = (Self.arrows[folder] ?? []).union(Self.toolchain)
            .union(Self.further[folder] ?? [])
        for path in SourceTree.files("Sources/\(folder)", suffix: ".swift") {
            for module in Self.imports(path) where !allowed.contains(module) {
                Issue.record("\(path) imports \(module), which no arrow of \(folder) leads to.")
            }
        }
    }

    @Test func `the vocabulary and the kernels need neither Foundation nor a third party`() {
        for folder in ["PropertyGraph", "Algorithms"] {
            for path in SourceTree.files("Sources/\(folder)", suffix: ".swift") {
                #expect(!Self.imports(path).contains { $0.hasPrefix("Foundation") }, "\(path)")
            }
        }
    }

    @Test func `the manifest has no unsafe flags and asks for the strict settings`() {
        let manifest = SourceTree.text("Package.swift")
        #expect(!manifest.contains("unsafeFlags"))
        for setting in [
            "InternalImportsByDefault", "ExistentialAny", "MemberImportVisibility",
            ".strictMemorySafety()", ".treatAllWarnings(as: .error)",
        ] {
            #expect(manifest.contains(setting), "\(setting)")
        }
    }
}
