internal import LMDB
public import PropertyGraph

/// What is known of the size and shape of a graph, for choosing how to answer a query.
///
/// Counts are exact and of the snapshot it was read from. What `analyze` found is scaled to them:
/// shares are taken to have stayed as they were.
public struct DatabaseStatistics: Sendable {
    /// When and on what `analyze` ran last.
    public struct Analysis: Hashable, Sendable {
        /// The position that was read.
        public let position: UInt64
        /// When, in microseconds since 1970 UTC.
        public let microsecondsSinceEpoch: Int64
        /// The transactions since then: 0 when nothing changed.
        public let changesSince: UInt64
        /// Nodes and edges at that time.
        public let nodes, edges: Int
        /// Whether enough may have changed that it is worth running again: nodes or edges by more
        /// than a tenth, or as many transactions as a tenth of both.
        public let isStale: Bool
    }

    /// Edges of one type between nodes of two labels, as analysed.
    public struct Pattern: Hashable, Sendable {
        /// The label at the source.
        public let source: Label
        /// The edge type.
        public let type: EdgeType
        /// The label at the target.
        public let target: Label
        /// How many there were.
        public let count: Int
    }

    /// One property of one label or edge type, as analysed.
    public struct Property: Sendable {
        /// Whether it is of nodes or of edges.
        public let entity: EntityKind
        /// The label or the edge type.
        public let labelOrType: String
        /// The property.
        public let key: PropertyKey
        /// What was found.
        public let statistics: PropertyStatistics
    }

    /// What a predicate is taken to select where nothing was analysed; the constants are those of
    /// Neo4j's planner.
    public enum Default {
        /// `property = value`.
        public static let equality = 0.1
        /// `property < value`.
        public static let range = 0.3
        /// `property STARTS WITH text`.
        public static let prefix = 0.1
        /// `property IS NOT NULL`.
        public static let existence = 0.5
    }

    private struct Subject: Hashable, Sendable {
        let entity: EntityKind
        let name: PropertyKey
        var key: PropertyKey?

        init(_ entity: EntityKind, _ name: String, _ key: PropertyKey? = nil) {
            self.entity = entity
            self.name = PropertyKey(name)
            self.key = key
        }
    }

    private struct End: Hashable, Sendable {
        let label: Label
        let type: EdgeType
        let isOut: Bool
    }

    /// When `analyze` ran last; nil when it never did.
    public let analysis: Analysis?
    /// The patterns that were found, most frequent first.
    public private(set) var patterns: [Pattern] = []
    /// The properties that were analysed, by label or type and key.
    public private(set) var properties: [Property] = []
    private var nodeTotal = 0
    private var edgeTotal = 0
    private var totals: [Subject: Int] = [:]
    private var ends: [End: Int] = [:]
    private var analysed: [Subject: PropertyStatistics] = [:]
    /// Properties that alone are unique, or that must exist.
    private var unique: Set<Subject> = []
    private var required: Set<Subject> = []
    private var patternCounts: [Pattern: Int] = [:]

    // MARK: Counts

    /// How many nodes there are, or how many with a label: exact.
    public func nodes(_ label: Label? = nil) -> Int {
        label.map { totals[Subject(.node, $0.name)] ?? 0 } ?? nodeTotal
    }

    /// How many edges there are, or how many of a type: exact.
    public func edges(_ type: EdgeType? = nil) -> Int {
        type.map { totals[Subject(.edge, $0.name)] ?? 0 } ?? edgeTotal
    }

    /// How many edges of a type leave (or reach) nodes with a label: exact.
    public func edges(_ type: EdgeType, at label: Label, _ direction: Direction) -> Int {
        var total = 0
        if direction != .incoming { total += ends[End(label: label, type: type, isOut: true)] ?? 0 }
        if direction != .outgoing {
            total += ends[End(label: label, type: type, isOut: false)] ?? 0
        }
        return total
    }

    /// How many edges of a type (or of any) a node with a label (or any node) has on average:
    /// exact.
    public func degree(_ label: Label?, _ type: EdgeType?, _ direction: Direction) -> Double {
        let count = nodes(label)
        guard count > 0 else { return 0 }
        let sides = direction == .both ? 2 : 1
        guard let label else { return Double(edges(type) * sides) / Double(count) }
        if let type { return Double(edges(type, at: label, direction)) / Double(count) }
        var total = 0
        for (end, edges) in ends where end.label == label {
            if direction == .both || end.isOut == (direction == .outgoing) { total += edges }
        }
        return Double(total) / Double(count)
    }

    /// How many edges of a type run from nodes with a label to nodes with a label: as analysed and
    /// scaled to the edges of today, else as if the labels at the two ends did not depend on each
    /// other.
    public func edges(from source: Label, _ type: EdgeType, to target: Label) -> Double {
        let leaving = Double(edges(type, at: source, .outgoing))
        let reaching = Double(edges(type, at: target, .incoming))
        let bound = min(leaving, reaching)
        if analysis != nil {
            let known = patternCounts[Pattern(source: source, type: type, target: target, count: 0)]
            let then = typeThen[Subject(.edge, type.name)] ?? 0
            if then > 0 {
                return min(bound, Double(known ?? 0) * Double(edges(type)) / Double(then))
            }
        }
        let total = Double(edges(type))
        return total > 0 ? leaving * reaching / total : 0
    }

    /// Edges of a type when it was analysed.
    private var typeThen: [Subject: Int] = [:]

    // MARK: Properties

    /// What `analyze` found of a property of nodes with a label; nil when it found none.
    public func property(_ key: PropertyKey, of label: Label) -> PropertyStatistics? {
        analysed[Subject(.node, label.name, key)]
    }

    /// What `analyze` found of a property of edges of a type; nil when it found none.
    public func property(_ key: PropertyKey, of type: EdgeType) -> PropertyStatistics? {
        analysed[Subject(.edge, type.name, key)]
    }

    /// How many different values a property of nodes with a label has, estimated.
    ///
    /// Values that a unique constraint keeps apart grow with the nodes; others are taken to stay
    /// as many as they were. Without an analysis it is the inverse of the default selectivity.
    public func distinct(_ label: Label, _ key: PropertyKey) -> Int {
        distinct(Subject(.node, label.name, key), nodes(label))
    }

    /// How many different values a property of edges of a type has, estimated; as for nodes.
    public func distinct(_ type: EdgeType, _ key: PropertyKey) -> Int {
        distinct(Subject(.edge, type.name, key), edges(type))
    }

    private func distinct(_ subject: Subject, _ count: Int) -> Int {
        let known = analysed[subject]
        if unique.contains(subject) {
            return Int((Double(count) * (1 - (known?.nullFraction ?? 0))).rounded())
        }
        if let known { return min(known.distinct, count) }
        return analysis == nil ? min(count, Int(1 / Default.equality)) : 0
    }

    /// The share of the nodes with a label that satisfies a predicate, estimated: between 0 and 1.
    ///
    /// - SeeAlso: Selinger et al., *Access Path Selection in a Relational Database Management
    ///   System* (1979).
    public func selectivity(
        of predicate: PropertyPredicate, on key: PropertyKey, of label: Label
    ) -> Double {
        selectivity(predicate, Subject(.node, label.name, key), nodes(label))
    }

    /// The share of the edges of a type that satisfies a predicate, estimated.
    public func selectivity(
        of predicate: PropertyPredicate, on key: PropertyKey, of type: EdgeType
    ) -> Double {
        selectivity(predicate, Subject(.edge, type.name, key), edges(type))
    }

    private func selectivity(
        _ predicate: PropertyPredicate, _ subject: Subject, _ count: Int
    ) -> Double {
        if case .exists = predicate, required.contains(subject) { return 1 }
        if case .equals = predicate, unique.contains(subject) {
            return count > 0 ? 1 / Double(count) : 0
        }
        if let known = analysed[subject] { return known.selectivity(of: predicate) }
        // Analysed, and yet nothing had it: what has it now came since.
        if analysis != nil { return 0 }
        return switch predicate {
        case .exists: Default.existence
        case .equals: Default.equality
        case .range: Default.range
        case .startsWith: Default.prefix
        }
    }
}

extension DatabaseStatistics.Analysis {
    init(_ head: AnalysisHead, nodes: Int, edges: Int, position: UInt64) {
        self.position = head.position
        microsecondsSinceEpoch = head.microsecondsSinceEpoch
        changesSince = position >= head.position ? position - head.position : 0
        self.nodes = Int(clamping: head.nodes)
        self.edges = Int(clamping: head.edges)
        let difference = abs(self.nodes - nodes) + abs(self.edges - edges)
        let size = max(nodes + edges, 10)
        isStale = difference > size / 10 || Int(clamping: changesSince) > size / 10
    }
}

extension DatabaseStatistics {
    init(reading view: borrowing GraphView) throws {
        let prefix = FixedKey(ascii: MetaKey.analysis)
        var head: AnalysisHead?
        var found: [(AnalysedProperty, PropertyStatistics)] = []
        var cursor = try view.bytes.cursor(view.tables.meta)
        var isThere = try cursor.seek(atOrAfter: prefix.span)
        while isThere, cursor.key.hasPrefix(prefix.span) {
            // What cannot be read only guides: `check` tells of it, and here it is as if absent.
            if cursor.key.byteCount == MetaKey.analysis.utf8.count {
                head = AnalysisHead(cursor.value)
            } else if let property = AnalysedProperty(cursor.key),
                let statistics = PropertyStatistics(cursor.value)
            {
                found.append((property, statistics))
            }
            isThere = try cursor.next()
        }
        let (nodes, edges) = (
            try view.currentCount(.nodes), try view.currentCount(.edges)
        )
        let position = try view.counters().position
        analysis = head.map { Analysis($0, nodes: nodes, edges: edges, position: position) }
        nodeTotal = nodes
        edgeTotal = edges
        try loadCounts(view)
        loadConstraints(view)
        if let head { try loadAnalysis(head, found, view) }
    }

    private mutating func loadCounts(_ view: borrowing GraphView) throws {
        var cursor = try view.bytes.cursor(view.tables.stat)
        var isThere = try cursor.first()
        while isThere {
            guard let statistic = Statistic(cursor.key), cursor.value.byteCount == 8 else {
                throw GraphStoreError.corrupted("a count")
            }
            let count = Int(clamping: cursor.value.loadLE64(at: 0))
            switch statistic {
            case .nodes, .edges: break
            case .label(let label):
                totals[Subject(.node, try view.catalog.label(label).name)] = count
            case .type(let type):
                totals[Subject(.edge, try view.catalog.edgeType(type).name)] = count
            case .labelType(let label, let type, let isOut):
                let end = End(
                    label: try view.catalog.label(label), type: try view.catalog.edgeType(type),
                    isOut: isOut)
                ends[end] = count
            }
            isThere = try cursor.next()
        }
    }

    private mutating func loadConstraints(_ view: borrowing GraphView) {
        for entry in view.catalog.entries where entry.isOnline {
            guard let object = try? view.describe(entry) else { continue }
            let subjects = object.properties.map { Subject(entry.entity, object.labelOrType, $0) }
            if entry.kind.isUnique, subjects.count == 1 { unique.formUnion(subjects) }
            if entry.kind == .existence || entry.kind == .key { required.formUnion(subjects) }
        }
    }

    private mutating func loadAnalysis(
        _ head: AnalysisHead, _ found: [(AnalysedProperty, PropertyStatistics)],
        _ view: borrowing GraphView
    ) throws {
        let catalog = view.catalog
        for (triple, count) in head.triples {
            let (source, target) = (
                try catalog.label(triple.source), try catalog.label(triple.target)
            )
            let type = try catalog.edgeType(triple.type)
            patternCounts[Pattern(source: source, type: type, target: target, count: 0)] =
                Int(clamping: count)
            patterns.append(
                Pattern(source: source, type: type, target: target, count: Int(clamping: count)))
        }
        patterns.sort {
            ($1.count, $0.source, $0.type, $0.target) < ($0.count, $1.source, $1.type, $1.target)
        }
        for (type, count) in head.types {
            typeThen[Subject(.edge, try catalog.edgeType(type).name)] = Int(clamping: count)
        }
        for (property, statistics) in found {
            let name =
                property.entity == .node
                ? try catalog.label(property.symbol).name
                : try catalog.edgeType(property.symbol).name
            let key = try catalog.propertyKey(property.property)
            analysed[Subject(property.entity, name, key)] = statistics
            properties.append(
                Property(
                    entity: property.entity, labelOrType: name, key: key, statistics: statistics))
        }
        properties.sort {
            if $0.entity != $1.entity { return $0.entity == .node }
            if !UTF8Order.equal($0.labelOrType, $1.labelOrType) {
                return UTF8Order.precedes($0.labelOrType, $1.labelOrType)
            }
            return $0.key < $1.key
        }
    }
}
