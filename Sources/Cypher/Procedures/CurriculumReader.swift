internal import GraphAlgorithms
internal import GraphStore
internal import PropertyGraph

/// The concepts of a graph, and the node of each.
struct ProcedureCurriculum {
    let graph: PrerequisiteGraph
    /// The node of each id; `PropertyKey` is a text that compares by bytes.
    let nodes: [PropertyKey: NodeID]
    let minutes: [PropertyKey: Int64]

    func minutes(_ id: String) -> Int64 { minutes[PropertyKey(id)] ?? 0 }

    func node(_ id: String) -> CypherValue {
        nodes[PropertyKey(id)].map { .node(Node(id: $0)) } ?? .null
    }
}

/// Reads concepts and requirements of a snapshot.
///
/// - Complexity: O(concepts + requirements).
struct CurriculumReader {
    private let key: PropertyKey
    private var ids: [NodeID: String] = [:]
    private var nodes: [PropertyKey: NodeID] = [:]
    private var concepts: [Concept] = []
    private var requirements: [Requirement] = []

    static func read<T: GraphReading & ~Copyable>(
        _ transaction: borrowing T, _ request: LearningRequest
    ) throws -> ProcedureCurriculum {
        var reader = CurriculumReader(request.key)
        try reader.readConcepts(transaction, request.label, isRequirement: false)
        try reader.readConcepts(transaction, "Requirement", isRequirement: true)
        guard !reader.concepts.isEmpty else {
            throw ProcedureFailure.argument(
                "No node with the label \(request.label.name) has the property "
                    + "`\(request.key.name)`. Name others with `label` and `key`.")
        }
        try reader.readRequirements(transaction, request.type)
        return ProcedureCurriculum(
            graph: try PrerequisiteGraph(
                concepts: reader.concepts, requirements: reader.requirements),
            nodes: reader.nodes,
            minutes: Dictionary(
                reader.concepts.map { (PropertyKey($0.id), $0.minutes) }
            ) { $1 })
    }

    private init(_ key: PropertyKey) { self.key = key }

    private mutating func readConcepts<T: GraphReading & ~Copyable>(
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
            return true
        }
    }

    private mutating func readRequirements<T: GraphReading & ~Copyable>(
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
        throw ProcedureFailure.argument(
            "The minutes of '\(id)' are no number. Give a whole number, or none for 60.")
    }
}
