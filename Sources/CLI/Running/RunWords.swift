import PropertyGraph

/// The words behind the algorithm: `edges.tsv damping=0.9`.
struct RunWords {
    /// The file or database among them; nil when there is none.
    let path: String?
    /// Parameters, as `--param` takes them.
    let parameters: [String]

    init(_ words: [String]) throws {
        var path: String?
        var parameters: [String] = []
        for word in words {
            if Self.isParameter(word), SystemCalls.kind(word) == .nothing {
                parameters.append(word)
            } else if let path {
                throw RunCommand.usage(
                    "Two graphs were named, '\(path)' and '\(word)'. Name one; several algorithms "
                        + "are joined by commas.")
            } else {
                path = word
            }
        }
        self.path = path
        self.parameters = parameters
    }

    /// Whether a word is a name, `=` and a value.
    private static func isParameter(_ word: String) -> Bool {
        guard let equals = word.utf8.firstIndex(of: 0x3D), equals != word.utf8.startIndex else {
            return false
        }
        return word.utf8[..<equals].allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x2E || byte == 0x5F
        }
    }
}

/// Where the graph of a run comes from.
enum GraphSource {
    /// An edge list; `-` is standard input.
    case file(String)
    /// A directory that should hold a database.
    case database(String)
}

extension GraphOptions {
    /// The one place that was named: behind the algorithm, with `--input`, `--db` or CAIRN_DB.
    func source(_ words: RunWords) throws -> GraphSource {
        let named = [words.path, input, database.path].compactMap { $0 }
        guard named.count < 2 else {
            let (first, second) = (named[0], named[1])
            if input != nil, database.path != nil {
                throw RunCommand.usage("--input and --db exclude each other.")
            }
            throw RunCommand.usage(
                "Two graphs were named, '\(first)' and '\(second)'. Name one file or database.")
        }
        let source: GraphSource
        if let path = words.path {
            source = DatabaseOption.isDatabase(path) ? .database(path) : .file(path)
        } else if let input {
            source = .file(input)
        } else if database.path != nil || SystemCalls.environment("CAIRN_DB") != nil {
            source = .database(try database.requireExisting())
        } else {
            throw RunCommand.usage(
                "No graph was named. Name a file behind the algorithm, or a database with --db.")
        }
        try check(source)
        return source
    }

    private func check(_ source: GraphSource) throws {
        switch source {
        case .file:
            if moment.text != nil {
                throw RunCommand.usage("--at is about a database, not about a file.")
            }
            if !labels.isEmpty || !types.isEmpty || weight != nil || key != nil {
                throw RunCommand.usage(
                    "--labels, --types, --weight and --key are about a database; a file has none.")
            }
        case .database:
            if nodes != nil { throw RunCommand.usage("--nodes goes with a file of edges.") }
            if adjacency { throw RunCommand.usage("--adjacency is about a file.") }
            if header != nil {
                throw RunCommand.usage("--header and --no-header are about a file.")
            }
            if fillsIDs { throw RunCommand.usage("--fill-ids is about a file.") }
            if weighted, weight == nil {
                throw RunCommand.usage(
                    "Name the property of edges that is their weight: --weight KEY.")
            }
        }
    }
}
