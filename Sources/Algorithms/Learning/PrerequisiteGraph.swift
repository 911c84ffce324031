import PropertyGraph

/// A frozen graph of concepts and what they need: what every learning-path query runs on.
///
/// Concepts are numbered by the UTF-8 bytes of their ids, so comparing numbers compares ids.
/// A value is immutable and may be used from many threads at once.
///
/// The meaning of groups, corequisites, thresholds and of every answer follows the specification
/// of learning paths in the reference. An edge from a concept to itself can be met within a block
/// of corequisites at most; alone it makes the concept unreachable.
public struct PrerequisiteGraph: Sendable {
    /// Edges at least this strong are hard unless a query says otherwise.
    public static let defaultTheta = 0.5

    /// Ids of concepts and requirement nodes, ascending.
    let ids: [String]
    /// Ids that edges name but the graph does not have, ascending; atoms after the concepts.
    let missingIDs: [String]
    let titles: [String]
    let minutes: [Int64]
    let difficulty: [Double]
    /// Whether the node is a `Requirement`, which no answer shows.
    let isHidden: [Bool]
    let hasHidden: Bool
    /// The place of each concept by (requirement nodes first, difficulty, minutes, id).
    let easiestRank: [Int32]
    /// The concept at each place of that order.
    let conceptByRank: [Int32]
    let edges: RequirementTable
    /// The hard requirements at the default threshold.
    let defaultRequirements: HardRequirements

    /// Makes a graph from lists.
    ///
    /// - Throws: `.invalidGraph` for an empty or repeated id, minutes below 0, a difficulty outside
    ///   0...1, a strength not above 0 or above 1; `.unknownConcept` for an edge whose `of` is no
    ///   concept.
    /// - Complexity: O((concepts + requirements) × log concepts).
    public init(
        concepts: [Concept], requirements: [Requirement]
    ) throws(LearningPathError) {
        let sorted = concepts.sorted { UTF8Order.precedes($0.id, $1.id) }
        try Self.check(sorted)
        let ids = sorted.map(\.id)
        var missing: [String] = []
        for requirement in requirements where Self.index(of: requirement.needs, in: ids) == nil {
            missing.append(requirement.needs)
        }
        missing = Self.sortedUnique(missing)
        let names = Self.sortedUnique(
            requirements.compactMap { ($0.group ?? "").isEmpty ? nil : $0.group })
        var rows: [RequirementTable.Row] = []
        rows.reserveCapacity(requirements.count)
        for requirement in requirements {
            guard let of = Self.index(of: requirement.of, in: ids) else {
                throw LearningPathError(
                    .unknownConcept,
                    "An edge says that '\(requirement.of)' needs '\(requirement.needs)', but the "
                        + "graph has no concept '\(requirement.of)'."
                        + ConceptSuggestions.hint(
                            ConceptSuggestions.nearest(to: requirement.of, among: ids)))
            }
            let needs =
                Self.index(of: requirement.needs, in: ids)
                ?? (Self.index(of: requirement.needs, in: missing) ?? 0) + ids.count
            try Self.check(
                strength: requirement.strength, of: requirement.of, needs: requirement.needs)
            rows.append(
                RequirementTable.Row(
                    of: Int32(of), needs: Int32(needs), strength: requirement.strength,
                    group: Int32(requirement.group.flatMap { Self.index(of: $0, in: names) } ?? -1),
                    isCorequisite: requirement.isCorequisite, reason: requirement.reason))
        }
        self.init(sorted: sorted, missingIDs: missing, rows: rows, groupNames: names)
    }

    /// Makes a graph from checked parts: concepts ascending by id, rows with resolved atoms.
    init(
        sorted: [Concept], missingIDs: [String], rows: [RequirementTable.Row], groupNames: [String]
    ) {
        ids = sorted.map(\.id)
        titles = sorted.map(\.title)
        isHidden = sorted.map(\.isRequirement)
        hasHidden = isHidden.contains(true)
        minutes = sorted.map { $0.isRequirement ? 0 : $0.minutes }
        difficulty = sorted.map(\.difficulty)
        self.missingIDs = missingIDs
        let order = (0..<Int32(sorted.count)).sorted { lhs, rhs in
            let a = sorted[Int(lhs)]
            let b = sorted[Int(rhs)]
            if a.isRequirement != b.isRequirement { return a.isRequirement }
            if a.difficulty != b.difficulty { return a.difficulty < b.difficulty }
            return (a.minutes, lhs) < (b.minutes, rhs)
        }
        var ranks = [Int32](repeating: 0, count: sorted.count)
        for (rank, concept) in order.enumerated() { ranks[Int(concept)] = Int32(rank) }
        conceptByRank = order
        easiestRank = ranks
        edges = RequirementTable(rows, conceptCount: sorted.count, groupNames: groupNames)
        defaultRequirements = HardRequirements(
            edges: edges, conceptCount: sorted.count, missingCount: missingIDs.count,
            theta: Self.defaultTheta)
    }

    /// How many concepts there are, requirement nodes not counted.
    public var conceptCount: Int { isHidden.lazy.filter { !$0 }.count }

    /// How many edges there are, parallel edges that carry the same counted once.
    public var requirementCount: Int { edges.count }

    /// Whether the graph has a concept of this id.
    ///
    /// - Complexity: O(log concepts).
    public func contains(_ id: String) -> Bool { concept(id) != nil }

    /// The ids nearest to a mistyped one, best first: at most three.
    public func suggestions(for id: String) -> [String] {
        ConceptSuggestions.nearest(
            to: id, among: hasHidden ? ids.indices.filter { !isHidden[$0] }.map { ids[$0] } : ids)
    }
}

extension PrerequisiteGraph {
    /// The number of a visible concept.
    func concept(_ id: String) -> Int32? {
        guard let index = Self.index(of: id, in: ids), !isHidden[index] else { return nil }
        return Int32(index)
    }

    /// The number of a concept that a query must name rightly.
    func requireConcept(_ id: String) throws(LearningPathError) -> Int32 {
        if let found = concept(id) { return found }
        throw LearningPathError(
            .unknownConcept,
            "The graph has no concept '\(id)'.\(ConceptSuggestions.hint(suggestions(for: id)))")
    }

    /// The number of a concept, a requirement node or a missing target.
    func atom(_ id: String) -> Int32? {
        if let index = Self.index(of: id, in: ids) { return Int32(index) }
        return Self.index(of: id, in: missingIDs).map { Int32($0 + ids.count) }
    }

    /// The id of an atom.
    func id(_ atom: Int32) -> String {
        Int(atom) < ids.count ? ids[Int(atom)] : missingIDs[Int(atom) - ids.count]
    }

    /// The ids of the visible among ascending atoms.
    func visibleIDs(_ atoms: some Sequence<Int32>) -> [String] {
        atoms.compactMap { Int($0) < ids.count && isHidden[Int($0)] ? nil : id($0) }
    }

    /// The hard requirements at a threshold; the default one is ready made.
    ///
    /// - Complexity: O(concepts + edges) for another threshold.
    func requirements(theta: Double) throws(LearningPathError) -> HardRequirements {
        if theta == Self.defaultTheta { return defaultRequirements }
        guard theta >= 0, theta <= 1 else {
            throw LearningPathError(
                .invalidArgument, "theta is \(theta); give a threshold from 0 to 1.")
        }
        return HardRequirements(
            edges: edges, conceptCount: ids.count, missingCount: missingIDs.count, theta: theta)
    }

    static func index(of id: String, in ids: [String]) -> Int? {
        var low = 0
        var high = ids.count
        while low < high {
            let middle = (low + high) / 2
            if UTF8Order.precedes(ids[middle], id) { low = middle + 1 } else { high = middle }
        }
        return low < ids.count && UTF8Order.equal(ids[low], id) ? low : nil
    }

    static func sortedUnique(_ texts: [String]) -> [String] {
        var result: [String] = []
        for text in texts.sorted(by: UTF8Order.precedes) {
            if let last = result.last, UTF8Order.equal(last, text) { continue }
            result.append(text)
        }
        return result
    }

    static func check(_ sorted: [Concept]) throws(LearningPathError) {
        for (index, concept) in sorted.enumerated() {
            if concept.id.isEmpty {
                throw LearningPathError(
                    .invalidGraph, "A concept has an empty id. Give every concept an id.")
            }
            if index > 0, UTF8Order.equal(sorted[index - 1].id, concept.id) {
                throw LearningPathError(
                    .invalidGraph, "Two concepts have the id '\(concept.id)'. Make ids unique.")
            }
            if concept.minutes < 0 {
                throw LearningPathError(
                    .invalidGraph,
                    "Concept '\(concept.id)' takes \(concept.minutes) minutes. Give 0 or more.")
            }
            if !(concept.difficulty >= 0 && concept.difficulty <= 1) {
                throw LearningPathError(
                    .invalidGraph,
                    "Concept '\(concept.id)' has difficulty \(concept.difficulty). Give 0 to 1.")
            }
        }
    }

    static func check(
        strength: Double, of: String, needs: String
    ) throws(LearningPathError) {
        guard strength > 0, strength <= 1 else {
            throw LearningPathError(
                .invalidGraph,
                "The edge from '\(of)' to '\(needs)' has strength \(strength). "
                    + "Give a number above 0, at most 1.")
        }
    }
}
