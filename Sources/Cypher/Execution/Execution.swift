internal import GraphStore
internal import PropertyGraph

/// One run of a query: its frame, parameters, limits, and what it has deleted.
final class Execution {
    /// The row under way.
    var slots: [Value]
    private let setting: QuerySetting
    var procedures: ProcedureRegistry { setting.options.procedures }
    var limits: QueryLimits { setting.options.limits }
    /// The moment the query runs at: when it first asks.
    private(set) lazy var clock = SystemTime.now()
    /// Nodes and relationships that the query deleted; their types can still be asked for.
    var deletedNodes: Set<NodeID> = []
    var deletedRelationships: [EdgeID: EdgeType] = [:]

    private var steps: UInt64 = 0
    private(set) var usedBytes = 0
    /// What was kept in all, also what was let go since.
    private(set) var keptBytes = 0
    /// How many nodes, relationships, labels and properties were read.
    var storeHits: UInt64 = 0
    /// What the operators do, when the query is profiled.
    var profile: ExecutionProfile?
    /// Rows and columns of the database that it runs on; nil inside of transactions that write.
    var derived: DerivedGraphs?
    var database: GraphDatabase? { setting.database }
    var making: DerivedGraphs.Making { setting.options.making }
    /// Whether the graph cannot change while it runs.
    var isReading = false
    /// Neighbours of nodes that steps were asked about again, by the slots of relationships.
    var neighborLists: [Int: NeighborList] = [:]
    /// The properties that were read of nodes, each once, and the reads before they are counted.
    var propertyReads: [PropertyReads] = []
    var fewReads = 0
    /// The rows that were searched last.
    var lastRows: SearchedRows?
    /// Where slots are filled in the text of the query.
    let slotRanges: [Int: SourceRange]
    private let deadline: ContinuousClock.Instant?
    private let mostBytes: Int

    /// Whether the query must end, for long runs outside of it.
    var isStopped: @Sendable () -> Bool {
        { [deadline, setting, isCancelled = limits.isCancelled] in
            isCancelled() || setting.isStopped
                || deadline.map { ContinuousClock.now > $0 } ?? false
        }
    }

    init(_ compiled: CompiledPlan, _ setting: QuerySetting, start: ContinuousClock.Instant) {
        slots = compiled.emptySlots
        slotRanges = compiled.slotRanges
        self.setting = setting
        deadline = setting.options.limits.time.map { start + $0 }
        mostBytes = setting.options.limits.memoryBytes ?? .max
    }

    // MARK: Limits

    /// Counts one unit of work: a row, an expansion.
    @inline(__always)
    func tick() throws {
        steps &+= 1
        if steps & 0x3FF == 0 { try checkLimits() }
    }

    /// Counts so many units of work, each of which looks at something stored.
    @inline(__always)
    func tick(_ count: UInt64) throws {
        let before = steps
        steps &+= count
        storeHits &+= count
        if before >> 10 != steps >> 10 { try checkLimits() }
    }

    /// Looks whether the query must end, where work is counted elsewhere.
    func checkLimits() throws {
        if let most = limits.expansions, steps > most {
            throw limit("It has taken \(most) steps", "maximumExpansions")
        }
        if let deadline, ContinuousClock.now > deadline {
            throw limit("It has run for \(limits.time.map { "\($0)" } ?? "its time")", "time")
        }
        if setting.isStopped || limits.isCancelled() {
            throw CypherError(
                .limitExceeded, .runtime, .queryCancelled,
                "The query was stopped.")
        }
    }

    /// Counts memory that a row or value keeps until the query ends.
    func keep(_ bytes: Int) throws {
        usedBytes += bytes
        keptBytes += bytes
        if usedBytes > mostBytes {
            throw limit("It needs more than \(mostBytes) bytes of memory", "memoryBytes")
        }
    }

    /// Refuses a value under way that would need more than is left.
    func ensure(_ bytes: Int) throws {
        if bytes > mostBytes || usedBytes > mostBytes - bytes {
            throw limit("It needs more than \(mostBytes) bytes of memory", "memoryBytes")
        }
    }

    func release(_ bytes: Int) { usedBytes -= bytes }

    /// How many bytes may still be used; nil without a limit.
    var memoryLeft: Int? { limits.memoryBytes.map { max(0, $0 - usedBytes) } }

    private func limit(_ what: String, _ name: String) -> CypherError {
        CypherError(
            .limitExceeded, .runtime, .limitExceeded,
            "\(what), which is the limit. Narrow the pattern, add a LIMIT, or raise `\(name)`.")
    }

    /// About the bytes that a copy of the row under way takes.
    var rowBytes: Int {
        var bytes = 48 + slots.count * MemoryLayout<Value>.stride
        for slot in slots {
            // Paths are made for their row; other values are most often shared among rows.
            switch slot {
            case .path: bytes += slot.heapBytes
            case .list(let elements):
                if case .relationship? = elements.first { bytes += slot.heapBytes }
            default: continue
            }
        }
        return bytes
    }

    /// The value of a parameter; nil where none was given.
    func parameter(_ name: String) -> Value? { setting.values[name] }

    // MARK: Slots

    func node(_ slot: Int) -> NodeID? {
        if case .node(let id) = slots[slot] { id } else { nil }
    }

    func relationships(_ slot: Int) -> [EdgeID] {
        switch slots[slot] {
        case .relationship(let id): return [id]
        case .list(let elements):
            return elements.compactMap {
                if case .relationship(let id) = $0 { id } else { nil }
            }
        default: return []
        }
    }

    /// Whether a relationship stands in none of the slots.
    func isUnused(_ edge: EdgeID, in slots: [Int]) -> Bool {
        for slot in slots {
            switch self.slots[slot] {
            case .relationship(let id): if id == edge { return false }
            case .list(let elements):
                for case .relationship(let id) in elements where id == edge { return false }
            default: break
            }
        }
        return true
    }
}

/// Rows that were searched. By reference: a graph is many buffers.
final class SearchedRows {
    let part: DerivedGraphs.Part
    let graph: CSRGraph

    init(part: DerivedGraphs.Part, graph: CSRGraph) {
        self.part = part
        self.graph = graph
    }
}

/// A list that grows, and is refused where it needs more memory than is left.
struct GrowingList {
    private(set) var values: [Value] = []
    private var bytes = 0
    private var next = 1 << 14

    mutating func append(_ value: Value, _ execution: Execution) throws {
        values.append(value)
        bytes += MemoryLayout<Value>.stride + value.heapBytes
        guard bytes >= next else { return }
        try execution.ensure(bytes)
        next = bytes + (1 << 14)
    }
}

/// What a query may use. Reaching a limit is an error, and nothing of the query stays.
public struct QueryLimits: Sendable {
    /// How long it may run.
    public var time: Duration? = .seconds(60)
    /// About how much memory its rows and values may take, in bytes.
    public var memoryBytes: Int? = 1 << 30
    /// How many rows it may give.
    public var rows: Int? = 10_000_000
    /// How many steps it may take: nodes looked at, relationships gone over.
    public var expansions: UInt64? = 10_000_000_000
    /// Gives the bytes of a file that LOAD CSV names; nil refuses every file.
    ///
    /// It is asked with the text of the query as it stands there: give only files of folders that
    /// were allowed, links resolved, and throw for all others, best with
    /// `CypherError.fileNotAllowed`, which then shows the place in the query.
    public var openCSV: (@Sendable (String) throws -> [UInt8])?
    /// Asked now and then: true stops the query.
    public var isCancelled: @Sendable () -> Bool = { false }

    /// The standard limits.
    public init() {}
}

/// The moment a query runs at, the same throughout.
struct QueryClock: Sendable {
    let secondsSinceEpoch: Int64
    let nanoseconds: Int32
}
