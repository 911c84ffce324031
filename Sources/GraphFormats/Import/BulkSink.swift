import GraphStore
import PropertyGraph

/// Hands records to a bulk load: of a new database, or into an open one.
final class BulkSink: GraphSink {
    /// The load; nil after it was finished.
    private var loader: BulkLoader?
    /// What to declare when a label or type is met; nil where the database is there already.
    private let plan: DeclarationPlan?
    private var knownLabels: Set<Label> = []
    private var knownTypes: Set<EdgeType> = []
    /// What was declared, and what was not and why; sentences for people.
    private(set) var notes: [String] = []

    /// Encodes rows as the store keeps them; runs on the workers.
    struct Encoding: RecordEncoding {
        let layout: RecordLayout

        func encode(_ values: [PropertyValue?], into bytes: inout [UInt8]) throws {
            try layout.encode(values, into: &bytes)
        }
    }

    init(_ loader: consuming BulkLoader, plan: DeclarationPlan? = nil) {
        self.loader = consume loader
        self.plan = plan
    }

    func encoding(for shape: RecordShape) throws -> Encoding? {
        try declare(shape)
        return switch shape.kind {
        case .node(let labels):
            try loader?.nodeLayout(labels: labels, keys: shape.keys).encoding
        case .edge(let type): try loader?.edgeLayout(type: type, keys: shape.keys).encoding
        }
    }

    /// Declares what the plan says of the labels or the type of a shape, when they are new.
    private func declare(_ shape: RecordShape) throws {
        guard let plan else { return }
        switch shape.kind {
        case .node(let labels):
            for label in labels where knownLabels.insert(label).inserted {
                switch plan.uniqueness(of: label) {
                case .declared(let key):
                    try loader?.declareUnique(label: label, key: key)
                    notes.append("'\(key)' of \(label) is unique.")
                case .differing:
                    notes.append(
                        "No property of \(label) was made unique: files that may hold it keep their "
                            + "ids in different spaces or properties.")
                case .absent: break
                }
            }
        case .edge(let type):
            guard knownTypes.insert(type).inserted,
                let key = plan.inlineProperty(of: type, among: shape.keys)
            else { return }
            try loader?.declareInline(type: type, key: key)
            notes.append("'\(key)' of \(type) is kept beside the neighbours.")
        }
    }

    func addNode(_ encoding: Encoding, _ bytes: Span<UInt8>) throws -> NodeID {
        guard let node = try loader?.addNode(encoding.layout, encoded: rawBytes(bytes)) else {
            throw Self.finished
        }
        return node
    }

    func addEdge(
        _ encoding: Encoding, source: NodeID, target: NodeID, _ bytes: Span<UInt8>
    ) throws {
        let edge = try loader?.addEdge(
            encoding.layout, source: source, target: target, encoded: rawBytes(bytes))
        guard edge != nil else { throw Self.finished }
    }

    func putNode(_ shape: RecordShape, _ values: [PropertyValue?]) throws -> NodeID {
        throw Self.finished
    }

    func putEdge(
        _ shape: RecordShape, source: NodeID, target: NodeID, _ values: [PropertyValue?]
    ) throws {
        throw Self.finished
    }

    func existingNode(_ id: String) throws -> NodeID? { nil }

    /// Sorts and publishes everything in one step.
    func finish() throws {
        guard let loader = loader.take() else { throw Self.finished }
        _ = try loader.finish()
    }

    private static var finished: FormatError {
        FormatError(.store, "The bulk load is over; start another.")
    }
}

extension RecordLayout {
    fileprivate var encoding: BulkSink.Encoding { BulkSink.Encoding(layout: self) }
}
