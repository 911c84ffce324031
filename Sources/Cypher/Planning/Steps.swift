internal import GraphStore
internal import PropertyGraph
internal import Synchronization

/// Steps that rows are pushed through, each for every row that reaches it.
struct Pipeline: Sendable {
    var steps: [Step] = []
}

/// One step of a pipeline. Each takes the frame as it is, changes slots, and hands it on, once,
/// never or many times.
indirect enum Step: Sendable {
    /// Binds a node slot to every node.
    case scanNodes(slot: Int)
    /// Binds a node slot to every node of a label.
    case scanLabel(slot: Int, Label)
    /// Binds a node slot to the nodes of a label with a property that satisfies something.
    case seek(IndexSeek)
    /// Binds a node slot to the nodes of a label in the order of a property.
    case orderedScan(OrderedScan)
    /// Binds a node slot to the node with an id.
    case seekID(slot: Int, Code)
    /// Goes from a bound node over its relationships.
    case expand(Expansion)
    /// Goes over paths of any length.
    case expandPath(PathExpansion)
    /// Repeats a pipeline, for `((a)-[r]->(b)){1,5}`.
    case repeatGroup(GroupRepetition)
    /// Shortest paths between two bound nodes.
    case shortestPaths(ShortestSearch)
    /// Lets pass what is true.
    case filter(Code)
    /// Lets pass a bound node (or relationship) only if it is what the slot says it must be.
    case require(slot: Int, isNode: Bool)
    /// Sets slots.
    case assign([(slot: Int, code: Code)])
    /// Rows of the pipeline; if there are none, one with its slots null.
    case optional(Pipeline, slots: [Int])
    case unwind(Code, slot: Int)
    /// Rows of a subquery, with its slots.
    case subquery(QueryPlan, isOptional: Bool)
    case call(ProcedureStep)
    /// A row for each record of a file.
    case loadCSV(CSVLoading)
    /// So many rows of the pipeline for each row; for `ANY`.
    case first(Int, Pipeline)
    /// Tells a profile that a row passes.
    case probe(Probe)
}

enum Seek: Sendable {
    case equals(Code)
    case isIn(Code)
    case startsWith(Code)
    case range(from: Code?, fromInclusive: Bool, to: Code?, toInclusive: Bool)
    case exists
}

/// Nodes that an index finds. By reference: it is handed over for every run.
final class IndexSeek: Sendable {
    let slot: Int
    let label: Label
    let key: PropertyKey
    let seek: Seek
    /// The condition that it answers, to be tested of a value whose equals an index tells otherwise
    /// than `=` does; nil where it stands among the filters that follow.
    let condition: Code?
    /// The unique constraint that was found last, in 16 bits, and below it the stamp of the catalog
    /// that it is of; 0 where there was none.
    private let unique = Atomic<UInt64>(0)

    init(slot: Int, label: Label, key: PropertyKey, seek: Seek, condition: Code?) {
        self.slot = slot
        self.label = label
        self.key = key
        self.seek = seek
        self.condition = condition
    }

    /// The only node with a value; as `GraphReading.onlyNode`.
    func onlyNode<T: GraphReading & ~Copyable>(
        _ value: PropertyValue, _ txn: borrowing T
    ) throws -> NodeID?? {
        guard let stamp = txn.catalogStamp else {
            return try txn.onlyNode(label: label, key, value)
        }
        let known = unique.load(ordering: .relaxed)
        var number = UInt32(truncatingIfNeeded: known >> 48)
        if number == 0 || known << 16 != stamp << 16 {
            guard let found = txn.uniqueNumber(label: label, key) else { return nil }
            number = found
            if found <= UInt16.max {
                unique.store(UInt64(found) << 48 | stamp, ordering: .relaxed)
            }
        }
        if let answer = try txn.onlyNode(inUnique: number, value) { return answer }
        return try txn.onlyNode(label: label, key, value)
    }
}

/// Nodes of a label in the order of a property, read from its index as far as rows are wanted.
struct OrderedScan: Sendable {
    let slot: Int
    let label: Label
    let key: PropertyKey
    /// A range, a prefix, or everything.
    let seek: Seek
    let isDescending: Bool
    /// Whether nodes without the property have their place too: behind all values, for null is the
    /// greatest.
    let includesAbsent: Bool
    /// How many rows are wanted.
    let skip: Code?
    let limit: Code
}

/// From a node to its neighbours.
struct Expansion: Sendable {
    let from: Int
    let relationship: Int
    let to: Int
    let direction: Direction
    let types: TypeTest
    /// Whether `to` is bound already: then only its relationships count.
    let isInto: Bool
    /// Whether `relationship` is bound already.
    let isRelationshipBound: Bool
    /// Slots of relationships (or lists of them) that must be others.
    let distinctFrom: [Int]
}

/// Which types of relationships are meant.
enum TypeTest: Sendable {
    case every
    /// Ascending, each once.
    case names([EdgeType])
    case test(LabelTest)
}

struct PathExpansion: Sendable {
    let from: Int
    /// The slot of the list of relationships.
    let relationships: Int
    let to: Int
    let direction: Direction
    let types: TypeTest
    let minimum: Int
    let maximum: Int?
    let isInto: Bool
    let isRelationshipBound: Bool
    let distinctFrom: [Int]
    /// A slot for the relationship of a step, and what must be true of it.
    let step: Int
    let condition: Code?
    /// Whether the written pattern runs from `to` to `from`, so that the list is turned round.
    let isReversed: Bool
    /// Whether only the node at the end counts, so that each is visited once.
    let endsOnly: Bool
}

struct GroupRepetition: Sendable {
    let from: Int
    let to: Int
    let isInto: Bool
    let inner: Pipeline
    /// The slots inside of the group where a round begins and ends.
    let innerStart: Int
    let innerEnd: Int
    let minimum: Int
    let maximum: Int?
    /// Inner slots and the lists they become.
    let lists: [(inner: Int, list: Int)]
    /// Inner relationship slots in the order of the path.
    let relationships: [Int]
    /// The list of all relationships, round after round; none may repeat.
    let all: Int
    let distinctFrom: [Int]
}

struct ShortestSearch: Sendable {
    let from: Int
    let to: Int
    let relationships: Int
    let direction: Direction
    let types: TypeTest
    let minimum: Int
    let maximum: Int?
    let step: Int
    let condition: Code?
    /// How many paths are wanted; nil means all of the shortest length.
    let count: Int?
    /// Whether `count` is of lengths, all paths of which are wanted.
    let isGrouped: Bool
}

struct ProcedureStep: Sendable {
    let name: String
    let arguments: [Code]
    let signature: ProcedureSignature
    /// The place of each wanted result among the outputs, and its slot.
    let outputs: [(output: Int, slot: Int)]
    let range: SourceRange
}

/// What takes all rows of a stage before it gives the next ones.
enum Barrier: Sendable {
    /// Rows as they are: a change that follows must not be seen by what came before.
    case none
    case aggregate(keys: [(code: Code, slot: Int)], aggregates: [Aggregate])
    /// As `aggregate`, of nodes of which only properties are asked; the stage has no pipeline.
    case aggregateScan(ScanAggregation)
    /// Counts the nodes that can be reached from those of the rows, each once.
    case countReach(ReachCount)
    /// Counts what an index finds, without a row for each; the stage has no pipeline.
    case countSeek(IndexSeek, slot: Int)
    case distinct([Int])
    case sort(Sort)
    case limit(skip: Code?, limit: Code?)
    case change(ChangeStep)
}

/// What rows are ordered by.
struct SortKey: Sendable {
    let code: Code
    let isDescending: Bool
}

/// An order of rows, and which of them are wanted.
struct Sort: Sendable {
    /// At least one.
    let keys: [SortKey]
    let skip: Code?
    let limit: Code?
    /// The slots that are asked for afterwards; nil means any.
    var kept: [Int]?
}

struct Aggregate: Sendable {
    enum Kind: Sendable {
        case countAll, count, sum, average, minimum, maximum, collect, deviation, deviationOfAll
        case percentileContinuous, percentileDiscrete
    }

    let kind: Kind
    let argument: Code?
    let second: Code?
    let isDistinct: Bool
    let slot: Int
    let range: SourceRange
}

/// Aggregates over all nodes, or those of a label.
struct ScanAggregation: Sendable {
    /// The slot of the node, for plans that are shown.
    let slot: Int
    let label: Label?
    /// What is read of each node, each once.
    let properties: [PropertyKey]
    /// Which property each key of a group is, and its slot.
    let keys: [(property: Int, slot: Int)]
    /// Aggregates with the property they are of; nil for the node itself.
    let aggregates: [(aggregate: Aggregate, property: Int?)]

    /// Nil where more is asked of the nodes.
    init?(_ steps: [Step], _ keys: [(code: Code, slot: Int)], _ aggregates: [Aggregate]) {
        guard steps.count == 1 else { return nil }
        switch steps[0] {
        case .scanNodes(let slot): (self.slot, label) = (slot, nil)
        case .scanLabel(let slot, let label): (self.slot, self.label) = (slot, label)
        default: return nil
        }
        var properties: [PropertyKey] = []
        func place(_ code: Code, of slot: Int) -> Int? {
            guard case .property(.slot(slot), let key, _) = code else { return nil }
            if let known = properties.firstIndex(of: key) { return known }
            properties.append(key)
            return properties.count - 1
        }
        var keyPlaces: [(property: Int, slot: Int)] = []
        for key in keys {
            guard let property = place(key.code, of: slot) else { return nil }
            keyPlaces.append((property, key.slot))
        }
        var parts: [(aggregate: Aggregate, property: Int?)] = []
        for aggregate in aggregates {
            switch (aggregate.kind, aggregate.argument) {
            case (.countAll, _), (.count, .slot(slot)?): parts.append((aggregate, nil))
            case (_, let argument?) where aggregate.second == nil:
                guard let property = place(argument, of: slot) else { return nil }
                parts.append((aggregate, property))
            default: return nil
            }
        }
        self.properties = properties
        self.keys = keyPlaces
        self.aggregates = parts
    }
}

/// What changes the graph.
indirect enum ChangeStep: Sendable {
    case create([CreatePath])
    case merge(MergeStep)
    case set([SetStep])
    case delete([Code], isDetaching: Bool, [SourceRange])
    case forEach(slot: Int, Code, [ChangeStep], SourceRange)
    /// A subquery that changes the graph, run for each row.
    case subquery(QueryPlan, isOptional: Bool)
    /// A procedure that changes the graph, and the condition of its YIELD.
    case call(ProcedureStep)
    /// A subquery whose rows come in transactions of their own; see `updateInBatches`.
    case batches(BatchedCall)
}

/// The elements of a new path, in the order they are made.
struct CreatePath: Sendable {
    enum Element: Sendable {
        case node(slot: Int, labels: [LabelTest], properties: Code?, SourceRange)
        case relationship(
            slot: Int, type: LabelTest, from: Int, to: Int, properties: Code?, SourceRange)
        /// A node that must be there already.
        case bound(slot: Int, SourceRange)
    }

    let elements: [Element]
    let path: (slot: Int, parts: [PathPart])?
}

struct MergeStep: Sendable {
    /// Finds what is there.
    let match: Pipeline
    let create: CreatePath
    let onCreate: [SetStep]
    let onMatch: [SetStep]
    /// Property maps, none of whose values may be null.
    let properties: [(code: Code, range: SourceRange)]
}

enum SetStep: Sendable {
    case property(Code, PropertyKey, Code, SourceRange)
    case element(Code, key: Code, Code, SourceRange)
    case replace(slot: Int, Code, SourceRange)
    case add(slot: Int, Code, SourceRange)
    case labels(slot: Int, [LabelTest], isRemoval: Bool, SourceRange)
}

/// A query in stages: rows are pushed through the pipeline of a stage and collected by its barrier.
struct QueryPlan: Sendable {
    struct Stage: Sendable {
        var pipeline = Pipeline()
        var barrier = Barrier.none
        /// The keyword of its last clause.
        var range: SourceRange?
        /// The operator of the barrier, when the plan is profiled.
        var operatorNumber: Int?
    }

    /// Single queries whose rows follow one another.
    var parts: [[Stage]] = []
    /// Whether rows that were given before are left out.
    var isDistinct = false
    /// The slots of the columns, the same for every part.
    var outputs: [Int] = []
    var columns: [String] = []

    /// Whether it changes the graph.
    var isUpdating: Bool {
        parts.contains { $0.contains { if case .change = $0.barrier { true } else { false } } }
    }
}
