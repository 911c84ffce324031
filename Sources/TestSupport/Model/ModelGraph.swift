public import PropertyGraph

/// The property graph as dictionaries: what a store must agree with after every commit.
///
/// A value, so a transaction is a copy that is kept or dropped, and a snapshot is a copy too.
public struct ModelGraph: Sendable {
    /// An index, a constraint or an inline property.
    public struct SchemaObject: Hashable, Sendable {
        /// What it does.
        public enum Kind: String, Hashable, Sendable {
            case index, unique, inlineProperty, existence, type, key

            /// Whether it orders the properties, and so answers scans.
            public var isOrdered: Bool { [.index, .unique, .key].contains(self) }
        }

        private let nameBytes: PropertyKey
        private let symbolBytes: PropertyKey
        /// What it does.
        public let kind: Kind
        /// Whether it is about nodes with a label, or about edges of a type.
        public let isOverNodes: Bool
        /// The properties, in order.
        public let keys: [PropertyKey]
        /// What a type constraint allows.
        public let type: PropertyType?

        /// Its name.
        public var name: String { nameBytes.name }
        /// The label or type.
        public var symbol: String { symbolBytes.name }

        /// Makes a description.
        public init(
            name: String, kind: Kind, isOverNodes: Bool, symbol: String, keys: [PropertyKey],
            type: PropertyType? = nil
        ) {
            // As keys, which compare by bytes: names in two normal forms are two names.
            nameBytes = PropertyKey(name)
            symbolBytes = PropertyKey(symbol)
            self.kind = kind
            self.isOverNodes = isOverNodes
            self.keys = keys
            self.type = type
        }

        /// Whether an entity's properties are not as it demands, on their own.
        public func isBroken(by properties: Properties) -> Bool {
            switch kind {
            case .existence, .key: keys.contains { properties[$0] == nil }
            case .type:
                keys.contains { key in
                    properties[key].map { type?.contains($0) == false } ?? false
                }
            case .index, .unique, .inlineProperty: false
            }
        }
    }

    /// Why an operation is refused, by the name of the store's code for it.
    public struct Refusal: Error, Hashable, Sendable {
        /// The code.
        public let code: String
        init(_ code: String) { self.code = code }
    }

    /// The nodes.
    public internal(set) var nodes: [NodeID: Node] = [:]
    /// The edges.
    public internal(set) var edges: [EdgeID: Edge] = [:]
    /// The edges that leave or reach a node.
    public internal(set) var incident: [NodeID: Set<EdgeID>] = [:]
    /// Indexes, constraints and inline properties, by the bytes of their names.
    public var schema: [PropertyKey: SchemaObject] = [:]
    /// Indexes that are being built, and so are not in `schema` yet.
    public var building: [SchemaObject] = []
    /// The entries of byte tables.
    public internal(set) var byteTables: [PropertyKey: [[UInt8]: [UInt8]]] = [:]
    /// The next id of a node.
    public internal(set) var nextNode: UInt64 = 1
    /// The next id of an edge.
    public internal(set) var nextEdge: UInt64 = 1
    /// The number of transactions that changed something.
    public internal(set) var position: UInt64 = 0
    /// Whether the transaction under way changed something.
    public internal(set) var isChanged = false
    /// Nodes the last transaction named, whether they exist or not.
    public internal(set) var touchedNodes: Set<NodeID> = []
    /// Edges the last transaction named.
    public internal(set) var touchedEdges: Set<EdgeID> = []

    /// An empty graph.
    public init() {}

    /// Runs a transaction: the changes of `body` stay when it returns and the constraints hold.
    ///
    /// - Throws: What `body` throws; `UNIQUE_VIOLATION`. The graph is then as before.
    public mutating func write(_ body: (inout ModelGraph) throws -> Void) throws {
        var copy = self
        copy.isChanged = false
        copy.touchedNodes = []
        copy.touchedEdges = []
        try body(&copy)
        try copy.checkConstraints()
        guard copy.isChanged else { return }
        copy.position += 1
        self = copy
    }

    // MARK: Reading by definition

    /// Nodes, or those with a label, ascending.
    public func nodeIDs(label: Label? = nil) -> [NodeID] {
        nodes.values.filter { node in label.map { node.labels.contains($0) } ?? true }
            .map { $0.id }.sorted()
    }

    /// Edges, or those of a type, ascending.
    public func edgeIDs(type: EdgeType? = nil) -> [EdgeID] {
        edges.values.filter { type == nil || $0.type == type }.map { $0.id }.sorted()
    }

    /// The steps from a node in one direction over edges of one type, by neighbour and edge.
    public func neighbors(of node: NodeID, isOutgoing: Bool, type: EdgeType) -> [Neighbor] {
        (incident[node] ?? []).compactMap { edges[$0] }
            .filter { $0.type == type && (isOutgoing ? $0.source : $0.target) == node }
            .map { Neighbor(node: isOutgoing ? $0.target : $0.source, edge: $0.id) }
            .sorted { ($0.node, $0.edge) < ($1.node, $1.edge) }
    }

    /// Edges of a type that leave, or reach, nodes with a label.
    public func edgeCount(type: EdgeType, label: Label, isOutgoing: Bool) -> Int {
        edges.values.filter {
            $0.type == type
                && nodes[isOutgoing ? $0.source : $0.target]?.labels.contains(label) == true
        }.count
    }

    /// What a property scan must answer: ids, ordered by value and then id when `isByValue`.
    public func ids(
        of symbol: String, isOverNodes: Bool, key: PropertyKey, _ predicate: ModelPredicate,
        isByValue: Bool
    ) -> [UInt64] {
        var found: [(value: PropertyValue, id: UInt64)] = []
        for (id, properties) in entities(of: symbol, isOverNodes: isOverNodes) {
            guard let value = properties[key], predicate.isSatisfied(by: value) else { continue }
            found.append((value, id))
        }
        found.sort {
            if isByValue {
                if ModelOrder.precedes($0.value, $1.value) { return true }
                if ModelOrder.precedes($1.value, $0.value) { return false }
            }
            return $0.id < $1.id
        }
        return found.map { $0.id }
    }

    /// Nodes of a label whose properties equal all the values, ascending.
    public func nodeIDs(label: Label, matching values: [(PropertyKey, PropertyValue)]) -> [NodeID] {
        nodeIDs(label: label).filter { id in
            values.allSatisfy { key, wanted in
                nodes[id]?.properties[key].map { ModelOrder.equal($0, wanted) } ?? false
            }
        }
    }

    /// Nodes with a label, or edges of a type, in no order.
    public func entities(of symbol: String, isOverNodes: Bool) -> [(
        id: UInt64, properties: Properties
    )] {
        if isOverNodes {
            let label = Label(symbol)
            return nodes.values.filter { $0.labels.contains(label) }
                .map { ($0.id.rawValue, $0.properties) }
        }
        let type = EdgeType(symbol)
        return edges.values.filter { $0.type == type }.map { ($0.id.rawValue, $0.properties) }
    }

    // MARK: Constraints

    private func checkConstraints() throws {
        for object in schema.values where object.kind == .unique || object.kind == .key {
            var seen: Set<[PropertyValue]> = []
            for entity in entities(of: object.symbol, isOverNodes: object.isOverNodes) {
                let values = object.keys.compactMap { entity.properties[$0] }
                let canonical = values.compactMap { ModelOrder.canonical($0) }
                // Absent values and NaN are exempt.
                guard canonical.count == object.keys.count else { continue }
                if !seen.insert(canonical).inserted { throw Refusal("UNIQUE_VIOLATION") }
            }
        }
        for isType in [false, true] {
            for object in schema.values where (object.kind == .type) == isType {
                let all = entities(of: object.symbol, isOverNodes: object.isOverNodes)
                if all.contains(where: { object.isBroken(by: $0.properties) }) {
                    throw Refusal(isType ? "TYPE_VIOLATION" : "EXISTENCE_VIOLATION")
                }
            }
        }
    }
}
