internal import LMDB
public import PropertyGraph

/// How a bulk load works.
public struct BulkLoadOptions: Sendable {
    /// Memory for sorting, in bytes; more than that is sorted on disk.
    public var sortMemoryBytes = 256 << 20
    /// Asked now and then; a load that is cancelled throws and leaves nothing.
    public var isCancelled: @Sendable () -> Bool = { false }
    /// Limits on names and values.
    public var limits = StoreLimits()

    /// The default options.
    public init() {}
}

/// What a bulk load brought.
public struct BulkLoadSummary: Hashable, Sendable {
    /// Nodes added.
    public let nodes: Int
    /// Edges added.
    public let edges: Int
}

/// Loads many nodes and edges at once, several hundred thousand a second, in bounded memory.
///
/// Declare constraints, indexes and inline properties of a label or type, then make its layouts,
/// then add nodes, then edges between nodes that exist. Readers see nothing before `finish`, then
/// everything: rows, and what was declared. A loader that is dropped without `finish` leaves
/// nothing behind but names.
///
/// ```swift
/// var loader = try BulkLoader(creating: "people.cairn")
/// let person = try loader.nodeLayout(labels: ["Person"], keys: ["name"])
/// let knows = try loader.edgeLayout(type: "KNOWS", keys: [])
/// let ada = try loader.addNode(person, values: ["Ada"])
/// let bob = try loader.addNode(person, values: ["Bob"])
/// try loader.addEdge(knows, source: ada, target: bob, values: [])
/// let summary = try loader.finish()
/// ```
public struct BulkLoader: ~Copyable {
    private let sink: any BulkSink

    /// Loads into a database that does not exist yet: it is built aside and renamed at the end,
    /// so nothing needs syncing before.
    ///
    /// - Throws: `.databaseExists`, `.storage`.
    public init(creating directory: String, options: BulkLoadOptions = .init()) throws {
        sink = try translatingErrors { try FreshLoad(directory, options) }
    }

    /// Loads into an open database: rows are kept in a temporary file and written in one
    /// transaction at the end.
    public init(into database: GraphDatabase, options: BulkLoadOptions = .init()) throws {
        sink = try translatingErrors { try SpooledLoad(database, options) }
    }

    /// Declares an index, a constraint or an inline property, which holds for every row of the load
    /// and, in an open database, for what is there. One that demands the same and is there already
    /// is kept.
    ///
    /// ```swift
    /// try loader.declare(SchemaObject(
    ///     kind: .type, entity: .node, labelOrType: "Person", properties: ["age"], type: .integer))
    /// ```
    ///
    /// - Throws: `.schemaExists` when another kind of object stands in the way, or has its name;
    ///   `.invalidValue` for a description of none; `.misuse` in a fresh load after the first row of
    ///   that label or type, and for an inline property after the first layout of edges. A row that
    ///   breaks a constraint is told of by `addNode`, `addEdge` or `finish`.
    public mutating func declare(_ object: SchemaObject) throws {
        try translatingErrors { try sink.declare(object) }
    }

    /// Demands unique values of a property of a label, which is indexed by it as well.
    ///
    /// - Throws: As `declare(_:)`.
    public mutating func declareUnique(label: Label, key: PropertyKey) throws {
        try declare(
            SchemaObject(
                kind: .unique, entity: .node, labelOrType: label.name, properties: [key]))
    }

    /// Indexes a property of a label.
    ///
    /// - Throws: As `declare(_:)`.
    public mutating func declareIndex(label: Label, key: PropertyKey) throws {
        try declare(
            SchemaObject(kind: .index, entity: .node, labelOrType: label.name, properties: [key]))
    }

    /// Keeps a numeric property of an edge type beside the neighbours.
    ///
    /// - Throws: As `declare(_:)`.
    public mutating func declareInline(type: EdgeType, key: PropertyKey) throws {
        try declare(
            SchemaObject(
                kind: .inlineProperty, entity: .edge, labelOrType: type.name, properties: [key]))
    }

    /// Describes rows of nodes.
    public mutating func nodeLayout(labels: [Label], keys: [PropertyKey]) throws -> RecordLayout {
        try translatingErrors { try sink.layout(labels, nil, keys) }
    }

    /// Describes rows of edges.
    public mutating func edgeLayout(type: EdgeType, keys: [PropertyKey]) throws -> RecordLayout {
        try translatingErrors { try sink.layout([], type, keys) }
    }

    /// Adds a node.
    public mutating func addNode(_ layout: RecordLayout, values: [PropertyValue?]) throws -> NodeID
    {
        let row = try encode(values, layout)
        return try addNode(layout, encoded: row.rawSpan)
    }

    /// Adds a node from bytes that `layout.encode` made.
    public mutating func addNode(_ layout: RecordLayout, encoded: RawSpan) throws -> NodeID {
        guard !layout.isEdge else { throw Self.wrongLayout("an edge", "a node") }
        do {
            return NodeID(try sink.addNode(layout, encoded))
        } catch let error as LMDBError {
            throw GraphStoreError(error)
        }
    }

    /// Adds an edge between nodes that exist.
    ///
    /// - Throws: `.nodeNotFound`, in a fresh load at once, else at the end.
    @discardableResult
    public mutating func addEdge(
        _ layout: RecordLayout, source: NodeID, target: NodeID, values: [PropertyValue?]
    ) throws -> EdgeID {
        let row = try encode(values, layout)
        return try addEdge(layout, source: source, target: target, encoded: row.rawSpan)
    }

    /// Adds an edge from bytes that `layout.encode` made.
    @discardableResult
    public mutating func addEdge(
        _ layout: RecordLayout, source: NodeID, target: NodeID, encoded: RawSpan
    ) throws -> EdgeID {
        guard layout.isEdge else { throw Self.wrongLayout("a node", "an edge") }
        do {
            return EdgeID(
                try sink.addEdge(layout, source.rawValue, target.rawValue, encoded))
        } catch let error as LMDBError {
            throw GraphStoreError(error)
        }
    }

    /// Sorts, writes and publishes everything.
    ///
    /// - Throws: `.uniqueViolation`, `.existenceViolation`, `.typeViolation`, naming nodes;
    ///   `.nodeNotFound`; `.cancelled`; `.storage`.
    ///   Nothing of the load is kept then.
    public consuming func finish() throws -> BulkLoadSummary {
        let summary = try translatingErrors { try sink.finish() }
        // A program that loads and goes on need not hold what sorting took.
        ProcessMemory.giveBack()
        return summary
    }

    private func encode(_ values: [PropertyValue?], _ layout: RecordLayout) throws -> [UInt8] {
        var row: [UInt8] = []
        try layout.encode(values, into: &row)
        return row
    }

    private static func wrongLayout(_ got: String, _ wanted: String) -> GraphStoreError {
        GraphStoreError(.misuse, "The layout describes \(got), and \(wanted) was to be added.")
    }
}

/// Where rows of a bulk load go.
protocol BulkSink: AnyObject {
    func declare(_ object: SchemaObject) throws
    func layout(_ labels: [Label], _ type: EdgeType?, _ keys: [PropertyKey]) throws -> RecordLayout
    func addNode(_ layout: RecordLayout, _ encoded: RawSpan) throws -> UInt64
    func addEdge(
        _ layout: RecordLayout, _ source: UInt64, _ target: UInt64, _ encoded: RawSpan
    ) throws -> UInt64
    func finish() throws -> BulkLoadSummary
}

extension WriteTransaction {
    /// Interns the names of a layout.
    ///
    /// - Parameter inline: The property that will be kept inline once the rows are written.
    mutating func layout(
        _ labels: [Label], _ type: EdgeType?, _ keys: [PropertyKey], labelSet: Int,
        inline: UInt32? = nil
    ) throws -> RecordLayout {
        var numbers: [UInt32] = []
        for key in keys { numbers.append(try number(key)) }
        guard Set(numbers).count == numbers.count else {
            throw GraphStoreError(.misuse, "A layout names a property twice. Name each once.")
        }
        let typeNumber = try type.map { try number($0) }
        state.mustStore = true
        return RecordLayout(
            isEdge: type != nil, labels: try self.numbers(labels), type: typeNumber ?? 0,
            labelSet: labelSet, keys: keys, numbers: numbers,
            inlineProperty: inline ?? typeNumber.flatMap { state.catalog.inlineProperties[$0] })
    }
}
