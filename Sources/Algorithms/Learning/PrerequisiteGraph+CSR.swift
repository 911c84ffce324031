public import PropertyGraph

extension PrerequisiteGraph {
    /// Makes a graph from a snapshot whose outgoing edges run from a concept to what it needs.
    ///
    /// Node columns: `id` (text, required), `title`, `minutes` (whole number), `difficulty`,
    /// `requirement` (boolean, marks requirement nodes). Edge columns: `strength`, `group`,
    /// `coreq`, `reason`. Absent columns and values take the defaults of `Concept` and
    /// `Requirement`. Edges of one concept keep the order of their edge ids where these are known.
    ///
    /// - Parameters:
    ///   - graph: A directed snapshot.
    ///   - missing: Edges whose target is not in the snapshot.
    /// - Throws: `.invalidGraph` for an undirected snapshot, a node without an id, or values out of
    ///   range; `.unknownConcept` for a missing edge whose `of` is no concept.
    /// - Complexity: O(nodes × log nodes + edges).
    public init(
        _ graph: CSRGraph, missing: [Requirement] = []
    ) throws(LearningPathError) {
        guard graph.isDirected else {
            throw LearningPathError(
                .invalidGraph,
                "The snapshot is undirected. Project it directed, from a concept to its needs.")
        }
        let concepts = try Self.concepts(of: graph)
        let order = concepts.indices.sorted { UTF8Order.precedes(concepts[$0].id, concepts[$1].id) }
        let sorted = order.map { concepts[$0] }
        try Self.check(sorted)
        var rank = [Int32](repeating: 0, count: concepts.count)
        for (place, node) in order.enumerated() { rank[node] = Int32(place) }
        let ids = sorted.map(\.id)
        let missingIDs = Self.sortedUnique(
            missing.map(\.needs).filter { Self.index(of: $0, in: ids) == nil })

        let groups = graph.edgeColumns["group"]
        var names = missing.compactMap(\.group)
        if let groups {
            for arc in 0..<graph.outgoing.arcCount {
                if let name = groups.string(at: arc) { names.append(name) }
            }
        }
        names = Self.sortedUnique(names.filter { !$0.isEmpty })
        var rows: [RequirementTable.Row] = []
        rows.reserveCapacity(graph.outgoing.arcCount + missing.count)
        for node in 0..<graph.nodeCount {
            for arc in Self.arcsInOrder(of: UInt32(node), in: graph) {
                let target = Int(graph.outgoing.targets[arc])
                let strength = graph.edgeColumns["strength"]?.double(at: arc) ?? 1
                try Self.check(
                    strength: strength, of: concepts[node].id, needs: concepts[target].id)
                let group = groups?.string(at: arc).flatMap { Self.index(of: $0, in: names) }
                rows.append(
                    RequirementTable.Row(
                        of: rank[node], needs: rank[target], strength: strength,
                        group: Int32(group ?? -1),
                        isCorequisite: graph.edgeColumns["coreq"]?.boolean(at: arc) ?? false,
                        reason: graph.edgeColumns["reason"]?.string(at: arc)))
            }
        }
        for edge in missing {
            guard let of = Self.index(of: edge.of, in: ids) else {
                throw LearningPathError(
                    .unknownConcept,
                    "An edge says that '\(edge.of)' needs '\(edge.needs)', but the graph has no "
                        + "concept '\(edge.of)'."
                        + ConceptSuggestions.hint(
                            ConceptSuggestions.nearest(to: edge.of, among: ids)))
            }
            try Self.check(strength: edge.strength, of: edge.of, needs: edge.needs)
            let target =
                Self.index(of: edge.needs, in: ids)
                ?? (Self.index(of: edge.needs, in: missingIDs) ?? 0) + ids.count
            rows.append(
                RequirementTable.Row(
                    of: Int32(of), needs: Int32(target), strength: edge.strength,
                    group: Int32(edge.group.flatMap { Self.index(of: $0, in: names) } ?? -1),
                    isCorequisite: edge.isCorequisite, reason: edge.reason))
        }
        self.init(sorted: sorted, missingIDs: missingIDs, rows: rows, groupNames: names)
    }

    private static func concepts(of graph: CSRGraph) throws(LearningPathError) -> [Concept] {
        var concepts: [Concept] = []
        concepts.reserveCapacity(graph.nodeCount)
        let columns = graph.nodeColumns
        for node in 0..<graph.nodeCount {
            guard let id = columns["id"]?.string(at: node) else {
                throw LearningPathError(
                    .invalidGraph,
                    "Node \(graph.id(of: UInt32(node))) has no text property 'id'. "
                        + "Give every concept an id.")
            }
            concepts.append(
                Concept(
                    id: id, title: columns["title"]?.string(at: node),
                    minutes: try minutes(of: id, at: node, in: columns["minutes"]),
                    difficulty: columns["difficulty"]?.double(at: node) ?? 0.5,
                    isRequirement: columns["requirement"]?.boolean(at: node) ?? false))
        }
        return concepts
    }

    private static func minutes(
        of id: String, at node: Int, in column: CSRColumn?
    ) throws(LearningPathError) -> Int64 {
        if let whole = column?.integer(at: node) { return whole }
        guard let number = column?.double(at: node) else { return 60 }
        guard let whole = Int64(exactly: number) else {
            throw LearningPathError(
                .invalidGraph,
                "Concept '\(id)' takes \(number) minutes. Give a whole number of minutes.")
        }
        return whole
    }

    private static func arcsInOrder(of node: UInt32, in graph: CSRGraph) -> [Int] {
        let arcs = Array(graph.outgoing.range(of: node))
        guard let edges = graph.outgoing.edges else { return arcs }
        return arcs.sorted { (edges[$0], $0) < (edges[$1], $1) }
    }
}
