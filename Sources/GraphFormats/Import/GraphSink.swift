package import PropertyGraph

/// What records of one kind have in common: encoded together, stored alike.
package struct RecordShape: Hashable, Sendable {
    /// A node with labels, or an edge of a type.
    package enum Kind: Hashable, Sendable {
        /// A node; its labels ascending, each once.
        case node([Label])
        /// An edge.
        case edge(EdgeType)
    }

    /// Node or edge.
    package var kind: Kind
    /// The properties, in the order of the values.
    package var keys: [PropertyKey]

    /// Makes a shape.
    package init(_ kind: Kind, keys: [PropertyKey]) {
        self.kind = kind
        self.keys = keys
    }

    var isNode: Bool { if case .node = kind { true } else { false } }
}

/// Turns values into the bytes of a record, on any thread.
package protocol RecordEncoding: Sendable {
    /// Appends the bytes of a record to `bytes`.
    func encode(_ values: [PropertyValue?], into bytes: inout [UInt8]) throws
}

/// Where an import puts what it reads: a bulk load, a merging transaction, or a model in a test.
///
/// One thread at a time. Nothing is visible to readers before the owner of the sink commits it.
package protocol GraphSink: AnyObject {
    /// Encodes records of one shape.
    associatedtype Encoding: RecordEncoding

    /// Tells which file (by its place) the next records come from.
    func begin(file: Int)
    /// The encoding of a shape; nil when the sink wants values instead of bytes.
    func encoding(for shape: RecordShape) throws -> Encoding?
    /// Adds a node from its bytes.
    func addNode(_ encoding: Encoding, _ bytes: Span<UInt8>) throws -> NodeID
    /// Adds an edge from its bytes.
    func addEdge(
        _ encoding: Encoding, source: NodeID, target: NodeID, _ bytes: Span<UInt8>
    ) throws
    /// Adds or merges a node from its values.
    func putNode(_ shape: RecordShape, _ values: [PropertyValue?]) throws -> NodeID
    /// Adds or merges an edge from its values.
    func putEdge(
        _ shape: RecordShape, source: NodeID, target: NodeID, _ values: [PropertyValue?]
    ) throws
    /// The node that is there already and that files know by this id; nil when there is none.
    func existingNode(_ id: String) throws -> NodeID?
}

extension GraphSink {
    /// Most sinks do not care for files.
    package func begin(file: Int) {}
}
