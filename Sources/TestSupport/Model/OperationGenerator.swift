public import PropertyGraph

/// Random operations that suit a graph: mostly sensible, sometimes refused.
public struct OperationGenerator: Sendable {
    /// The source of chance.
    public var random: TestRandom
    private let labels: [Label] = ["A", "B", "caf\u{E9}", "cafe\u{301}"]
    private let types: [EdgeType] = ["R", "S", "T"]
    private let keys: [PropertyKey] = ["p", "q", "w", "\u{E9}", "e\u{301}"]
    private let tables: [PropertyKey] = ["log", "\u{E9}", "e\u{301}"]
    /// Grows a little with the run, so that values repeat and yet do not run out.
    private var pool: [PropertyValue] = []

    /// Whether names are changed as well; as-of answers then show names of another time.
    private let renames: Bool
    private var renamed = 0

    /// Makes the generator of a seed.
    public init(seed: UInt64, renames: Bool = false) {
        self.renames = renames
        random = TestRandom(seed: seed)
        for _ in 0..<40 { pool.append(ValueGenerator.value(using: &random)) }
    }

    /// The next operation for a graph.
    public mutating func next(for graph: ModelGraph) -> GraphOperation {
        // Grow while small, shrink while large.
        let isCrowded = graph.nodes.count > 120
        switch random.below(100) {
        case 0..<(isCrowded ? 10 : 20): return newNode(graph)
        case 20..<45: return newEdge(graph)
        case 45..<53: return .setNodeProperty(node(graph), key(), maybeValue())
        case 53..<56: return .mergeNodeProperties(node(graph), properties())
        case 56..<58: return .replaceNodeProperties(node(graph), properties())
        case 58..<62: return .addLabel(random.pick(labels), node(graph))
        case 62..<65: return .removeLabel(random.pick(labels), node(graph))
        case 65..<72: return .setEdgeProperty(edge(graph), key(), maybeValue())
        case 72..<75: return .mergeEdgeProperties(edge(graph), properties())
        case 75..<77: return .replaceEdgeProperties(edge(graph), properties())
        case 77..<84: return .deleteEdge(edge(graph))
        case 84..<87: return .deleteNode(node(graph))
        case 87..<(isCrowded ? 93 : 89): return .detachDeleteNode(node(graph))
        case 93..<96: return schemaObject(graph)
        case 96..<97: return random.percent(50) ? dropped(graph) : demand(graph)
        case 97..<98: return bytes()
        case 98..<99 where renames: return rename(graph)
        default: return newNode(graph)
        }
    }

    // MARK: Parts

    /// A node that exists, or now and then one that does not; old ones often, so hubs arise.
    private mutating func node(_ graph: ModelGraph) -> NodeID {
        if graph.nodes.isEmpty || random.percent(2) { return NodeID(graph.nextNode + 7) }
        for _ in 0..<20 {
            let range = random.percent(30) ? min(8, Int(graph.nextNode)) : Int(graph.nextNode)
            let id = NodeID(UInt64(random.below(range)))
            if graph.nodes[id] != nil { return id }
        }
        return graph.nodes.keys.min() ?? NodeID(0)
    }

    private mutating func edge(_ graph: ModelGraph) -> EdgeID {
        if graph.edges.isEmpty || random.percent(2) { return EdgeID(graph.nextEdge + 7) }
        for _ in 0..<20 {
            let id = EdgeID(UInt64(random.below(Int(graph.nextEdge))))
            if graph.edges[id] != nil { return id }
        }
        return graph.edges.keys.min() ?? EdgeID(0)
    }

    private mutating func type() -> EdgeType { random.pick(types) }
    private mutating func key() -> PropertyKey { random.pick(keys) }

    private mutating func someLabels() -> [Label] {
        (0..<random.below(3)).map { _ in random.pick(labels) }
    }

    /// A value that may have been used before.
    public mutating func value() -> PropertyValue {
        if random.percent(70) { return random.pick(pool) }
        if random.percent(30) { return ValueGenerator.number(using: &random) }
        let fresh = ValueGenerator.value(using: &random)
        pool[random.below(pool.count)] = fresh
        return fresh
    }

    private mutating func maybeValue() -> PropertyValue? { random.percent(20) ? nil : value() }

    private mutating func properties() -> Properties {
        var properties: Properties = [:]
        for _ in 0..<random.below(4) { properties[key()] = value() }
        return properties
    }

    private mutating func newNode(_ graph: ModelGraph) -> GraphOperation {
        var labels = someLabels()
        // A name that was given by a rename.
        if renames, random.percent(20), let node = graph.nodes[node(graph)] { labels = node.labels }
        return .createNode(
            labels, suited(properties(), to: labels.map { $0.name }, isOverNodes: true, graph))
    }

    private mutating func newEdge(_ graph: ModelGraph) -> GraphOperation {
        var type = type()
        if renames, random.percent(20), let edge = graph.edges[edge(graph)] { type = edge.type }
        return .createEdge(
            type, node(graph), node(graph),
            suited(properties(), to: [type.name], isOverNodes: false, graph))
    }

    /// Properties that mostly keep the constraints on what must exist and of which type.
    private mutating func suited(
        _ properties: Properties, to symbols: [String], isOverNodes: Bool, _ graph: ModelGraph
    ) -> Properties {
        var result = properties
        for object in sorted(graph.schema.values) where object.isOverNodes == isOverNodes {
            guard symbols.contains(where: { PropertyKey($0) == PropertyKey(object.symbol) }),
                random.percent(90)
            else { continue }
            for key in object.keys {
                switch object.kind {
                case .existence, .key: result[key] = result[key] ?? value()
                case .type: if object.isBroken(by: result) { result[key] = nil }
                case .index, .unique, .inlineProperty: break
                }
            }
        }
        return result
    }

    /// A constraint on what must exist or of which type, mostly one that holds already.
    private mutating func demand(_ graph: ModelGraph) -> GraphOperation {
        let demands = graph.schema.values.filter { $0.kind != .index && $0.kind != .inlineProperty }
        if demands.count > 4 { return .dropSchema(random.pick(sorted(demands)).name) }
        let isOverNodes = random.percent(60)
        let kind = random.pick([ModelGraph.SchemaObject.Kind.existence, .type, .type, .key])
        var object: ModelGraph.SchemaObject?
        for _ in 0..<30 {
            let symbol = isOverNodes ? random.pick(labels).name : type().name
            let key = key()
            let all = graph.entities(of: symbol, isOverNodes: isOverNodes)
                .sorted { $0.id < $1.id }
            var type: PropertyType?
            if kind == .type {
                let seen = Set(
                    all.compactMap { $0.properties[key] }
                        .compactMap { PropertyType(of: $0)?.bits })
                let some = seen.reduce(UInt64(0), |) | 1 << UInt64(random.below(13))
                type = PropertyType(bits: some)
            }
            let name = "\(kind.rawValue)_\(symbol)_\(key)"
            let made = ModelGraph.SchemaObject(
                name: name, kind: kind, isOverNodes: isOverNodes, symbol: symbol, keys: [key],
                type: type)
            object = made
            if !all.contains(where: { made.isBroken(by: $0.properties) }) { break }
            if random.percent(5) { break }
        }
        return object.map { .createSchema($0) } ?? .dropSchema("nothing")
    }

    private mutating func rename(_ graph: ModelGraph) -> GraphOperation {
        renamed += 1
        let node = graph.nodes[node(graph)]
        let edge = graph.edges[edge(graph)]
        let names = [
            node?.labels.first.map { NamedThing(.label, $0.name) },
            edge.map { NamedThing(.edgeType, $0.type.name) },
            node?.properties.keys.min().map { NamedThing(.propertyKey, $0.name) },
        ].compactMap { $0 }
        if names.isEmpty { return newNode(graph) }
        return .rename(random.pick(names), "N\(renamed)")
    }

    private func sorted(_ objects: some Sequence<ModelGraph.SchemaObject>)
        -> [ModelGraph.SchemaObject]
    {
        objects.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private mutating func bytes() -> GraphOperation {
        .setBytes(
            random.pick(tables), key: [UInt8(random.below(5))],
            value: random.percent(30) ? nil : [UInt8](repeating: 7, count: random.below(600)))
    }

    private mutating func schemaObject(_ graph: ModelGraph) -> GraphOperation {
        // Few enough that most writes are accepted, and many enough that all kinds occur.
        if graph.schema.count > 9 { return dropped(graph) }
        let isOverNodes = random.percent(70)
        let kind: ModelGraph.SchemaObject.Kind =
            if isOverNodes {
                random.percent(40) ? .unique : .index
            } else {
                random.percent(50) ? .inlineProperty : random.percent(30) ? .unique : .index
            }
        let symbol = isOverNodes ? random.pick(labels).name : type().name
        var chosen = [key()]
        if kind != .inlineProperty, random.percent(40) {
            let second = key()
            if second != chosen[0] { chosen.append(second) }
        }
        let word = kind == .inlineProperty ? "inline" : kind.rawValue
        let name = ([word, symbol] + chosen.map { $0.name }).joined(separator: "_")
        return .createSchema(
            .init(
                name: name, kind: kind, isOverNodes: isOverNodes, symbol: symbol, keys: chosen))
    }

    private mutating func dropped(_ graph: ModelGraph) -> GraphOperation {
        let names = graph.schema.values.map { $0.name }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        if names.isEmpty || random.percent(5) { return .dropSchema("nothing") }
        return .dropSchema(random.pick(names))
    }
}
