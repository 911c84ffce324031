import PropertyGraph

/// Counts what an import would store, and notes the types of properties.
final class DryRunSink: GraphSink {
    /// Never made: this sink wants values.
    struct Encoding: RecordEncoding {
        func encode(_ values: [PropertyValue?], into bytes: inout [UInt8]) throws {}
    }

    private struct TableKey: Hashable {
        var file: Int
        var kind: RecordShape.Kind
    }

    private struct Notes {
        var rows = 0
        var columns: [PropertyKey: (types: Set<String>, count: Int)] = [:]
    }

    private var notes: [TableKey: Notes] = [:]
    private var file = 0
    private var nodes: UInt64 = 0
    private let lookup: (String) throws -> NodeID?

    init(lookup: @escaping (String) throws -> NodeID? = { _ in nil }) { self.lookup = lookup }

    func begin(file: Int) { self.file = file }

    func encoding(for shape: RecordShape) throws -> Encoding? { nil }

    func addNode(_ encoding: Encoding, _ bytes: Span<UInt8>) throws -> NodeID { NodeID(nodes) }

    func addEdge(
        _ encoding: Encoding, source: NodeID, target: NodeID, _ bytes: Span<UInt8>
    ) throws {}

    func putNode(_ shape: RecordShape, _ values: [PropertyValue?]) throws -> NodeID {
        note(shape, values)
        defer { nodes += 1 }
        return NodeID(nodes)
    }

    func putEdge(
        _ shape: RecordShape, source: NodeID, target: NodeID, _ values: [PropertyValue?]
    ) throws {
        note(shape, values)
    }

    func existingNode(_ id: String) throws -> NodeID? { try lookup(id) }

    private func note(_ shape: RecordShape, _ values: [PropertyValue?]) {
        let key = TableKey(file: file, kind: shape.kind)
        notes[key, default: Notes()].rows += 1
        for (index, value) in values.enumerated() {
            guard let value else { continue }
            let type = ValueType(of: value).name
            var column = notes[key]?.columns[shape.keys[index]] ?? ([], 0)
            column.types.insert(type)
            column.count += 1
            notes[key]?.columns[shape.keys[index]] = column
        }
    }

    /// The kinds of records met in a file: nodes before edges, then by name.
    func tables(ofFile file: Int) -> [ImportSummary.Table] {
        var tables: [ImportSummary.Table] = []
        for (key, notes) in notes where key.file == file {
            var table: ImportSummary.Table
            switch key.kind {
            case .node(let labels): table = .init(names: labels.map(\.name), isNodes: true)
            case .edge(let type): table = .init(names: [type.name], isNodes: false)
            }
            table.rows = notes.rows
            table.properties = notes.columns.sorted { $0.key < $1.key }.map {
                .init(key: $0.key, types: $0.value.types.sorted(), count: $0.value.count)
            }
            tables.append(table)
        }
        return tables.sorted { a, b in
            if a.isNodes != b.isNodes { return a.isNodes }
            return a.names.map { Array($0.utf8) }.lexicographicallyPrecedes(
                b.names.map { Array($0.utf8) }, by: { $0.lexicographicallyPrecedes($1) })
        }
    }
}
