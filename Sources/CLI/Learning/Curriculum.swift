import GraphAlgorithms
import GraphStore
import PropertyGraph

/// What a database has to teach: its concepts, what they need, and how people call them.
struct Curriculum {
    /// What queries run on.
    let graph: PrerequisiteGraph
    /// What people read, by id.
    private let titles: [PropertyKey: String]
    /// The area of each concept that has one, by id.
    private let areas: [PropertyKey: String]
    /// The minutes of each concept, by id.
    private let minutes: [PropertyKey: Int64]
    /// The ids of requirement nodes.
    private let hidden: Set<PropertyKey>
    /// All requirements, in the order of their edges.
    let requirements: [Requirement]

    /// Reads concepts and requirements of a snapshot.
    ///
    /// - Complexity: O(concepts + requirements).
    init(
        _ transaction: borrowing ReadTransaction, label labelName: String, type typeName: String,
        key: String
    ) throws {
        let label = try transaction.requireLabel(labelName)
        var reader = Reader(key: PropertyKey(key))
        try reader.readConcepts(transaction, label, isRequirement: false)
        try reader.readConcepts(transaction, "Requirement", isRequirement: true)
        if try transaction.nodeCount(label: label) > 0, reader.concepts.isEmpty {
            throw CommandError.failure(
                "No \(labelName) has the property '\(key)' that tells them apart. Name another "
                    + "with --key.")
        }
        // A curriculum without any requirement is sound, so an unknown type is no error then.
        if try transaction.edgeCount() > 0 {
            try reader.readRequirements(transaction, transaction.requireEdgeType(typeName))
        }
        graph = try PrerequisiteGraph(
            concepts: reader.concepts, requirements: reader.requirements)
        (titles, areas, minutes) = (reader.titles, reader.areas, reader.minutes)
        requirements = reader.requirements
        hidden = Set(reader.concepts.lazy.filter(\.isRequirement).map { PropertyKey($0.id) })
    }

    /// Requirements between concepts; what a requirement node stands for is drawn from its needs.
    var visibleRequirements: [Requirement] {
        var below: [PropertyKey: [Requirement]] = [:]
        for edge in requirements where hidden.contains(PropertyKey(edge.of)) {
            below[PropertyKey(edge.of), default: []].append(edge)
        }
        guard !below.isEmpty else { return requirements }
        var result: [Requirement] = []
        for edge in requirements where !hidden.contains(PropertyKey(edge.of)) {
            var stack = [edge]
            var isSeen: Set<PropertyKey> = []
            while let next = stack.popLast() {
                guard isSeen.insert(PropertyKey(next.needs)).inserted else { continue }
                guard hidden.contains(PropertyKey(next.needs)) else {
                    var direct = edge
                    direct.needs = next.needs
                    direct.strength = min(edge.strength, next.strength)
                    result.append(direct)
                    continue
                }
                stack += below[PropertyKey(next.needs)] ?? []
            }
        }
        return result
    }

    /// What people read for an id.
    func title(_ id: String) -> String { titles[PropertyKey(id)] ?? id }

    /// The area of a concept; nil when it has none.
    func area(_ id: String) -> String? { areas[PropertyKey(id)] }

    /// How long a concept takes.
    func minutes(_ id: String) -> Int64 { minutes[PropertyKey(id)] ?? 0 }

    // Texts of data are compared by bytes; `PropertyKey` is a text that does so.
    private struct Reader {
        let key: PropertyKey
        var ids: [NodeID: String] = [:]
        var concepts: [Concept] = []
        var requirements: [Requirement] = []
        var titles: [PropertyKey: String] = [:]
        var areas: [PropertyKey: String] = [:]
        var minutes: [PropertyKey: Int64] = [:]

        init(key: PropertyKey) { self.key = key }

        mutating func readConcepts(
            _ transaction: borrowing ReadTransaction, _ label: Label, isRequirement: Bool
        ) throws {
            try transaction.forEachNode(label: label) { node in
                guard ids[node.id] == nil, let id = Self.text(node[key]) else { return true }
                ids[node.id] = id
                let title = node["title"]?.stringValue
                let time = try Self.minutes(node["minutes"], of: id)
                concepts.append(
                    Concept(
                        id: id, title: title, minutes: time,
                        difficulty: node["difficulty"]?.doubleValue ?? 0.5,
                        isRequirement: isRequirement))
                titles[PropertyKey(id)] = title ?? id
                minutes[PropertyKey(id)] = time
                if let area = node["area"]?.stringValue { areas[PropertyKey(id)] = area }
                return true
            }
        }

        mutating func readRequirements(
            _ transaction: borrowing ReadTransaction, _ type: EdgeType
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
            throw CommandError.failure(
                "The minutes of '\(id)' are no number. Give a whole number, or none for 60.")
        }
    }
}
