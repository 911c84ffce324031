internal import LMDB
public import PropertyGraph

/// What a bulk upsert did.
public struct BulkUpsertSummary: Hashable, Sendable {
    /// Nodes that were not there before.
    public internal(set) var createdNodes = 0
    /// Rows that changed a node: one of the database, or of an earlier row.
    public internal(set) var mergedNodes = 0
    /// Edges that were not there before.
    public internal(set) var createdEdges = 0
    /// Rows that changed an edge: one of the database, or of an earlier row.
    public internal(set) var mergedEdges = 0
}

/// Adds or updates many nodes and edges by key, in one step and in bounded time a row.
///
/// A node is known by a label and the value of a key property: where there is one already, a
/// row's values replace its properties of the same keys and the labels of the layout are added;
/// otherwise it is made. An edge is known by its ends and its type: the oldest such edge takes the
/// values, otherwise one is made. Values that are nil change nothing. Later rows win over earlier
/// ones.
///
/// Readers see nothing before `finish`, then everything; an upsert that is dropped or fails leaves
/// nothing. Rows wait in a temporary file; memory holds some 100 bytes for each distinct key and
/// 60 for each distinct edge. Declare the key unique (or index it) to let it find nodes at once;
/// without, the nodes of the label are read once. As with `BulkLoader`, new rows are one entry of
/// the change feed, and history begins anew.
///
/// ```swift
/// var upsert = try BulkUpsert(into: db)
/// let person = try upsert.nodeLayout(label: "Person", key: "id", properties: ["name"])
/// let knows = try upsert.edgeLayout(type: "KNOWS", properties: ["since"])
/// try upsert.put(person, key: 1, values: ["Ada"])
/// try upsert.put(person, key: 2, values: ["Bob"])
/// try upsert.put(knows, from: (person, 1), to: (person, 2), values: [1840])
/// let summary = try upsert.finish()
/// ```
public struct BulkUpsert: ~Copyable {
    /// What rows of nodes look like.
    public struct NodeLayout: Sendable {
        fileprivate let number: Int
        /// The layouts of one label and key name the same nodes.
        fileprivate let keySpace: Int
        fileprivate let width: Int
    }

    /// What rows of edges look like.
    public struct EdgeLayout: Sendable {
        fileprivate let number: Int
        fileprivate let width: Int
    }

    private let database: GraphDatabase
    private let options: BulkLoadOptions
    private let directory: String
    private let nodes: SpillFile
    private let edges: SpillFile
    private var nodeBytes = ByteWriter()
    private var edgeBytes = ByteWriter()
    private var layouts: [UpsertLayout] = []
    private var keySpaces: [UpsertKeySpace] = []
    /// The number of each key met, by key space and the bytes of the key.
    private var numbers: [[UInt8]: UInt32] = [:]

    /// Begins an upsert into an open database.
    ///
    /// - Throws: `.file` when no temporary file can be made.
    public init(into database: GraphDatabase, options: BulkLoadOptions = .init()) throws {
        let place = database.path.isEmpty ? "/tmp" : database.path
        let files = try translatingErrors { (try SpillFile(in: place), try SpillFile(in: place)) }
        self.database = database
        self.options = options
        directory = place
        (nodes, edges) = files
    }

    /// Describes rows of nodes: known by `label` and `key`, with values for `properties` beside
    /// the key, and `moreLabels` beside the label.
    public mutating func nodeLayout(
        label: Label, key: PropertyKey, properties: [PropertyKey] = [], moreLabels: [Label] = []
    ) throws -> NodeLayout {
        let space = UpsertKeySpace(label: label, key: key)
        let keySpace = keySpaces.firstIndex(of: space) ?? keySpaces.count
        if keySpace == keySpaces.count { keySpaces.append(space) }
        let labels = Set(moreLabels + [label]).sorted()
        layouts.append(
            UpsertLayout(labels: labels, type: nil, keySpace: keySpace, keys: [key] + properties))
        return NodeLayout(number: layouts.count - 1, keySpace: keySpace, width: properties.count)
    }

    /// Describes rows of edges.
    public mutating func edgeLayout(type: EdgeType, properties: [PropertyKey] = []) throws
        -> EdgeLayout
    {
        layouts.append(UpsertLayout(labels: [], type: type, keySpace: 0, keys: properties))
        return EdgeLayout(number: layouts.count - 1, width: properties.count)
    }

    /// Takes a node.
    ///
    /// - Throws: `.misuse` for a wrong number of values, `.invalidValue` for NaN as key.
    public mutating func put(
        _ layout: NodeLayout, key: PropertyValue, values: [PropertyValue?] = []
    ) throws {
        try checkCount(values.count, layout.width)
        let number = try number(of: key, layout)
        nodeBytes.appendVarint(UInt64(layout.number))
        nodeBytes.appendVarint(UInt64(number.value) << 1)
        Self.append([key] + values, to: &nodeBytes)
        try flush(false)
    }

    /// Takes an edge between nodes that the database has, or that rows give before `finish`.
    ///
    /// - Throws: `.misuse` for a wrong number of values, `.invalidValue` for NaN as key.
    public mutating func put(
        _ layout: EdgeLayout, from source: (NodeLayout, PropertyValue),
        to target: (NodeLayout, PropertyValue), values: [PropertyValue?] = []
    ) throws {
        try checkCount(values.count, layout.width)
        let from = try mention(source.1, source.0)
        let to = try mention(target.1, target.0)
        edgeBytes.appendVarint(UInt64(layout.number))
        edgeBytes.appendVarint(UInt64(from))
        edgeBytes.appendVarint(UInt64(to))
        Self.append(values, to: &edgeBytes)
        try flush(false)
    }

    /// Writes and publishes everything in one transaction.
    ///
    /// - Throws: `.nodeNotFound` when an edge names a key that neither the database nor a row
    ///   has; constraint violations, naming nodes; `.cancelled`; `.storage`. Nothing is kept then.
    /// - Complexity: O(rows × log nodes), and O(nodes of the label) for a key without an index.
    public consuming func finish() throws -> BulkUpsertSummary {
        try flush(true)
        let replay = UpsertReplay(
            nodes: nodes, edges: edges, layouts: layouts, keySpaces: keySpaces,
            keyCount: numbers.count, options: options, directory: directory)
        let database = database
        return try translatingErrors { try database.writeAlone { try replay.run(&$0) } }
    }

    // MARK: Rows

    private func checkCount(_ got: Int, _ wanted: Int) throws {
        guard got != wanted else { return }
        throw GraphStoreError(
            .misuse, "A row has \(got) values; its layout has \(wanted) properties.")
    }

    /// The number of a key that an edge names; new keys are spooled to be looked up.
    private mutating func mention(_ key: PropertyValue, _ layout: NodeLayout) throws -> UInt32 {
        let number = try number(of: key, layout)
        if number.isNew {
            nodeBytes.appendVarint(UInt64(layout.number))
            nodeBytes.appendVarint(UInt64(number.value) << 1 | 1)
            Self.append([key], to: &nodeBytes)
        }
        return number.value
    }

    private mutating func number(
        of key: PropertyValue, _ layout: NodeLayout
    ) throws -> (value: UInt32, isNew: Bool) {
        let bytes = try UpsertKeySpace.bytes(of: key, space: layout.keySpace)
        if let number = numbers[bytes] { return (number, false) }
        guard numbers.count < Int(UInt32.max) else {
            throw GraphStoreError(.limitExceeded, "An upsert has more than 2^32 − 1 keys.")
        }
        let number = UInt32(numbers.count)
        numbers[bytes] = number
        return (number, true)
    }

    private static func append(_ values: [PropertyValue?], to bytes: inout ByteWriter) {
        var row = ByteWriter()
        for value in values {
            row.append(value == nil ? 0 : 1 as UInt8)
            if let value { ValueCodec.encode(value, into: &row) }
        }
        bytes.appendVarint(UInt64(row.count))
        bytes.append(row.span)
    }

    private mutating func flush(_ isLast: Bool) throws {
        if nodeBytes.count >= 1 << 20 || isLast {
            try UpsertReplay.flush(&nodeBytes, to: nodes)
        }
        if edgeBytes.count >= 1 << 20 || isLast {
            try UpsertReplay.flush(&edgeBytes, to: edges)
        }
    }
}

/// Rows of one kind; names as the caller gave them.
struct UpsertLayout: Sendable {
    let labels: [Label]
    /// nil for nodes.
    let type: EdgeType?
    let keySpace: Int
    /// Of nodes, the key comes first.
    let keys: [PropertyKey]
}

/// What tells nodes of a bulk upsert apart.
struct UpsertKeySpace: Hashable, Sendable {
    let label: Label
    let key: PropertyKey

    /// Bytes that are equal for equal keys of one space: as an index has them, exact for long
    /// ones too.
    ///
    /// - Throws: `.invalidValue` for what equals nothing.
    static func bytes(of key: PropertyValue, space: Int) throws -> [UInt8] {
        if case .double(let number) = key, number.isNaN {
            throw GraphStoreError(
                .invalidValue, "NaN equals nothing, so it cannot be a key. Use another value.")
        }
        guard key.isStorable else {
            throw GraphStoreError(.invalidValue, "A list of mixed or nested values is no key.")
        }
        let ordered = OrderedKey.encode([key])
        var writer = ByteWriter()
        writer.appendVarint(UInt64(space))
        writer.append(ordered.bytes)
        if !ordered.isExact { ValueCodec.encode(key, into: &writer) }
        return writer.bytes
    }
}
