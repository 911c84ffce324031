import PropertyGraph

/// What a fresh import declares before it stores the first record of a kind: which property of a
/// label is unique, because it holds the ids of the files, and which property of an edge type is
/// kept beside the neighbours.
///
/// A label gets a unique constraint when every file that may hold nodes with it keeps the ids of
/// one space under one property. A file with a `:LABEL` column may hold any label.
struct DeclarationPlan {
    /// The ids of a node file.
    private struct Identity: Hashable {
        var space: [UInt8]
        var key: PropertyKey
    }

    private struct NodeFile {
        /// nil when the file itself names them.
        var labels: Set<Label>?
        /// nil when the file keeps no ids, or not as texts or integers.
        var identity: Identity?

        func mayHold(_ label: Label) -> Bool { labels?.contains(label) ?? true }
    }

    private struct EdgeColumn {
        /// nil when the file itself names the type.
        var type: EdgeType?
        var key: PropertyKey
        var isDouble: Bool
    }

    private var nodeFiles: [NodeFile] = []
    private var edgeColumns: [EdgeColumn] = []
    private let declaresUnique: Bool

    /// Reads the headers of all files.
    init(_ sources: [ImportSource], options: ImportOptions) throws {
        declaresUnique = options.declaresUnique
        for source in sources {
            switch source.format {
            case .csv, .automatic:
                addCSV(
                    try CSVFile(source.open(), options: options).header, source.name, options)
            case .jsonl:
                nodeFiles.append(NodeFile(labels: nil, identity: nil))
            case .graphML, .gexf:
                let identity = options.idProperty.map { Identity(space: [], key: $0) }
                nodeFiles.append(NodeFile(labels: nil, identity: identity))
            case .nTriples, .turtle:
                // IRIs; nodes without one have none of another either.
                nodeFiles.append(
                    NodeFile(labels: nil, identity: Identity(space: [], key: RDFOptions.iriKey)))
            case .edgeList, .matrixMarket:
                nodeFiles.append(
                    NodeFile(
                        labels: options.labels.isEmpty ? ["Node"] : Set(options.labels),
                        identity: Identity(space: [], key: options.idProperty ?? "id")))
                edgeColumns.append(EdgeColumn(type: nil, key: "weight", isDouble: true))
            }
        }
    }

    private mutating func addCSV(_ header: CSVHeader, _ name: String, _ options: ImportOptions) {
        let stem = FileStem(path: name)
        if header.kind == .edges {
            let hasType = header.columns.contains { $0.role == .type }
            let type = hasType ? nil : options.edgeType ?? EdgeType(stem.edgeType)
            for column in header.columns {
                guard let key = column.key, let kind = column.type, !kind.isList,
                    kind.scalar == .double || kind.scalar == .integer
                else { continue }
                edgeColumns.append(
                    EdgeColumn(type: type, key: key, isDouble: kind.scalar == .double))
            }
            return
        }
        let hasLabels = header.columns.contains { $0.role == .labels }
        let labels = options.labels.isEmpty ? [Label(stem.label)] : Set(options.labels)
        var identity: Identity?
        for column in header.columns {
            guard case .id(let space) = column.role, let key = column.key ?? options.idProperty
            else { continue }
            let kind = column.type ?? ValueType(.string)
            if !kind.isList, kind.scalar == .string || kind.scalar == .integer {
                identity = Identity(space: Array(space.utf8), key: key)
            }
        }
        nodeFiles.append(NodeFile(labels: hasLabels ? nil : labels, identity: identity))
    }

    /// What to do about a label that is met.
    enum Uniqueness: Equatable {
        /// The property is unique.
        case declared(PropertyKey)
        /// Its files disagree about their ids.
        case differing
        /// Its files keep no ids.
        case absent
    }

    /// Whether, and on which property, nodes with a label are unique.
    func uniqueness(of label: Label) -> Uniqueness {
        guard declaresUnique else { return .absent }
        let files = nodeFiles.filter { $0.mayHold(label) }
        let identities = Set(files.map(\.identity))
        guard identities.count == 1 else {
            return identities.isEmpty ? .absent : .differing
        }
        return identities.first.flatMap { $0 }.map { .declared($0.key) } ?? .absent
    }

    /// The property that edges of a type keep beside their neighbours: the first column of
    /// doubles, else of integers.
    func inlineProperty(of type: EdgeType, among keys: [PropertyKey]) -> PropertyKey? {
        let columns = edgeColumns.filter {
            ($0.type == nil || $0.type == type) && keys.contains($0.key)
        }
        return (columns.first { $0.isDouble } ?? columns.first)?.key
    }
}
