public import GraphAlgorithms
public import GraphStore
public import PropertyGraph

/// What a graph has to teach: its concepts, what they need, and the node of each.
///
/// The one reader of curricula: the procedures `learn.*`, the command and programs that embed the
/// engine share it. A concept is a node of a label with a property that names it, a text or whole
/// number; `title`, `minutes` (60), `difficulty` (0.5) and `area` are read where they are. Nodes
/// `Requirement` are parts of formulas. An edge of a type is what a concept needs, with `strength`
/// (1), `group`, `coreq` and `reason`.
///
/// ```swift
/// let curriculum = try db.read { try Curriculum($0) }
/// let plan = try curriculum.graph.plan(goals: ["calculus"], query: LearningPathQuery())
/// ```
public struct Curriculum: Sendable {
    /// What learning-path queries run on.
    public let graph: PrerequisiteGraph
    /// Every concept, requirement nodes last.
    public let concepts: [Concept]
    /// Every requirement, in the order of their edges.
    public let requirements: [Requirement]
    // `PropertyKey` is a text that compares by bytes.
    private let nodes: [PropertyKey: NodeID]
    private let places: [PropertyKey: Int]
    private let areas: [PropertyKey: String]

    /// Reads concepts and requirements of a snapshot.
    ///
    /// A label or type that is not there gives a curriculum without concepts or requirements.
    ///
    /// - Complexity: O(concepts + requirements).
    /// - Throws: `LearningPathError` for minutes that are no number, names that stand for two
    ///   concepts and the like; `GraphStoreError`.
    public init<T: GraphReading & ~Copyable>(
        _ transaction: borrowing T, label: Label = "Concept", type: EdgeType = "REQUIRES",
        key: PropertyKey = "id"
    ) throws {
        var reader = Reader(key)
        try reader.readConcepts(transaction, label, isRequirement: false)
        try reader.readConcepts(transaction, "Requirement", isRequirement: true)
        try reader.readRequirements(transaction, type)
        graph = try PrerequisiteGraph(
            concepts: reader.concepts, requirements: reader.requirements)
        (concepts, requirements) = (reader.concepts, reader.requirements)
        (nodes, areas) = (reader.nodes, reader.areas)
        places = Dictionary(
            reader.concepts.enumerated().map { (PropertyKey($0.element.id), $0.offset) }
        ) { $1 }
    }

    /// The node of a concept; nil for an id that is none.
    public func node(_ id: String) -> NodeID? { nodes[PropertyKey(id)] }

    /// What people read for an id: its title, or the id where it has none.
    public func title(_ id: String) -> String { concept(id)?.title ?? id }

    /// How long a concept takes, in minutes; 0 for an id that is none.
    public func minutes(_ id: String) -> Int64 { concept(id)?.minutes ?? 0 }

    /// The area of a concept; nil when it has none.
    public func area(_ id: String) -> String? { areas[PropertyKey(id)] }

    private func concept(_ id: String) -> Concept? {
        places[PropertyKey(id)].map { concepts[$0] }
    }
}

private struct Reader {
    private let key: PropertyKey
    private var ids: [NodeID: String] = [:]
    var nodes: [PropertyKey: NodeID] = [:]
    var areas: [PropertyKey: String] = [:]
    var concepts: [Concept] = []
    var requirements: [Requirement] = []

    init(_ key: PropertyKey) { self.key = key }

    mutating func readConcepts<T: GraphReading & ~Copyable>(
        _ transaction: borrowing T, _ label: Label, isRequirement: Bool
    ) throws {
        try transaction.forEachNode(label: label) { node in
            guard ids[node.id] == nil, let id = Self.text(node[key]) else { return true }
            ids[node.id] = id
            nodes[PropertyKey(id)] = node.id
            concepts.append(
                Concept(
                    id: id, title: node["title"]?.stringValue,
                    minutes: try Self.minutes(node["minutes"], of: id),
                    difficulty: node["difficulty"]?.doubleValue ?? 0.5,
                    isRequirement: isRequirement))
            if let area = node["area"]?.stringValue { areas[PropertyKey(id)] = area }
            return true
        }
    }

    mutating func readRequirements<T: GraphReading & ~Copyable>(
        _ transaction: borrowing T, _ type: EdgeType
    ) throws {
        try transaction.forEachEdge(type: type) { edge in
            guard let of = ids[edge.source] else { return true }
            let needs =
                try ids[edge.target] ?? Self.text(transaction.property(key, of: edge.target))
                ?? "node \(edge.target)"
            requirements.append(
                Requirement(
                    of: of, needs: needs, strength: edge["strength"]?.doubleValue ?? 1,
                    group: edge["group"]?.stringValue,
                    isCorequisite: edge["coreq"]?.booleanValue ?? false,
                    reason: edge["reason"]?.stringValue))
            return true
        }
    }

    private static func text(_ value: PropertyValue?) -> String? {
        switch value {
        case .string(let text): text
        case .integer(let number): String(number)
        default: nil
        }
    }

    private static func minutes(_ value: PropertyValue?, of id: String) throws -> Int64 {
        switch value {
        case nil: return 60
        case .integer(let minutes): return minutes
        case .double(let minutes):
            if let whole = Int64(exactly: minutes.rounded(.up)) { return whole }
        default: break
        }
        throw LearningPathError(
            .invalidGraph,
            "The minutes of '\(id)' are no number. Give a whole number, or none for 60.")
    }
}
