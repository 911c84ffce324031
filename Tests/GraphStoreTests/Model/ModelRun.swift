import LMDB
import PropertyGraph
import StoreTestSupport
import TestSupport

@testable import GraphStore

/// Operations that one closure makes.
struct Plan: Sendable {
    var operations: [GraphOperation] = []
    /// Whether the closure goes on after an operation was refused.
    var goesOn = false
    /// The model as it should look at the end of the closure; compared there when set.
    var expectation: ModelGraph?

    func run(on model: inout ModelGraph) throws {
        for operation in operations {
            do {
                try operation.apply(to: &model)
            } catch let refusal as ModelGraph.Refusal {
                if !goesOn { throw refusal }
            }
        }
    }

    func run(on txn: inout GraphStore.WriteTransaction) throws {
        for operation in operations {
            do {
                try operation.apply(to: &txn)
            } catch let error as GraphStoreError {
                if !goesOn || !Self.refusals.contains(error.code) { throw error }
            }
        }
        if let expectation { try Comparison.everything(txn, expectation) }
    }

    private static let refusals: Set<GraphStoreError.Code> = [
        .nodeNotFound, .edgeNotFound, .nodeHasEdges, .schemaExists, .schemaNotFound,
        .nameExists, .nameNotFound,
    ]
}

/// How a closure ended.
enum Verdict: Equatable {
    case committed
    case refused(String)
    case failed

    init(_ body: () throws -> Void) throws {
        do {
            try body()
            self = .committed
        } catch let refusal as ModelGraph.Refusal {
            self = .refused(refusal.code)
        } catch let error as GraphStoreError {
            self = .refused(error.code.rawValue)
        } catch is GraphOperation.Failure {
            self = .failed
        }
    }
}

/// A store and a model that live through the same random life.
struct ModelRun {
    private let directory = TemporaryDirectory()
    private var options = GraphDatabaseOptions()
    private var db: GraphDatabase
    private var model = ModelGraph()
    private var replica = FeedReplica()
    private var generator: OperationGenerator
    private var generation = 0
    /// How many operations were made.
    private(set) var operations = 0

    init(seed: UInt64) throws {
        generator = OperationGenerator(seed: seed, renames: true)
        options.buildsIndexes = false
        options.groupTime.nanoseconds = 1 << 62
        options.durability = [.durable, .durable, .grouped(maxDelay: .zero)][Int(seed % 3)]
        if seed % 2 == 1 {
            options.initialMapSizeBytes = 1 << 20
            options.growthHeadroomBytes = 0
        }
        db = try GraphDatabase(path: directory.file("store-0"), options: options)
        if seed % 4 == 0 { try passAContainer() }
    }

    /// Lives through at least so many transactions or events, and so many operations.
    mutating func run(transactions: Int, operations wanted: Int) throws {
        var steps = 0
        while steps < transactions || operations < wanted {
            steps += 1
            switch generator.random.below(100) {
            case 0..<80: try transaction()
            case 80..<92: try group()
            case 92..<94: try hub()
            case 94..<95: try reopen()
            case 95..<96: try build()
            case 96..<97: try compact()
            case 97..<98: try holdReader()
            default: try compareAll()
            }
        }
        try compareAll()
        try reopen()
        try compareAll()
        let report = try db.check()
        if let finding = report.findings.first {
            throw Disagreement("check found \(report.findingCount), first \(finding)")
        }
        try expectSame(report.counts.nodes, model.nodes.count, "nodes checked")
        try expectSame(report.counts.edges, model.edges.count, "edges checked")
        db.close()
    }

    // MARK: Transactions

    private mutating func plan(_ count: Int) -> Plan {
        var plan = Plan()
        plan.goesOn = generator.random.percent(60)
        var trial = model
        for _ in 0..<count {
            let operation = generator.next(for: trial)
            plan.operations.append(operation)
            try? operation.apply(to: &trial)
        }
        if generator.random.percent(5) { plan.operations.append(.fail) }
        return plan
    }

    /// Runs a plan on the model, and notes what must be seen inside the closure.
    private mutating func predict(_ plan: inout Plan) throws -> Verdict {
        operations += plan.operations.count
        let watches = generator.random.percent(4)
        let before = model
        var inside: ModelGraph?
        let verdict = try Verdict {
            try model.write { copy in
                try plan.run(on: &copy)
                if watches { inside = copy }
            }
        }
        plan.expectation = inside
        // A closure that is refused has touched things too, which must look untouched.
        if verdict != .committed { model = before }
        return verdict
    }

    private mutating func transaction() throws {
        var plan = plan(1 + generator.random.below(7))
        let expected = try predict(&plan)
        let done = plan
        let verdict = try Verdict { try db.write { try done.run(on: &$0) } }
        try expectSame(verdict, expected, "outcome of \(plan.operations)")
        try db.read { try Comparison.touched($0, model) }
    }

    /// Several closures that wait together, and so share a commit.
    private mutating func group() throws {
        let gate = WriterGate()
        try gate.hold(db)
        var slots: [(slot: ResultSlot<Bool>, expected: Verdict, plan: Plan)] = []
        let count = 2 + generator.random.below(5)
        for place in 0..<count {
            var plan = plan(1 + generator.random.below(4))
            let expected = try predict(&plan)
            let slot = ResultSlot<Bool>()
            let done = plan
            // Heavy ones run after the small ones, in the order they came.
            let isHeavy = place == count - 1 && generator.random.percent(40)
            try db.submit(
                {
                    try done.run(on: &$0)
                    return true
                }, isHeavy: isHeavy, slot
            ) { slot.finish($0) }
            slots.append((slot, expected, plan))
        }
        gate.open()
        for (slot, expected, plan) in slots {
            let verdict = try Verdict { _ = try slot.wait() }
            try expectSame(verdict, expected, "outcome in a group of \(plan.operations)")
        }
        try db.read { try Comparison.touched($0, model) }
    }

    /// Many edges at one node, or the end of many: runs split and melt.
    private mutating func hub() throws {
        guard let hub = model.nodes.keys.min() else { return }
        var plan = Plan()
        let others = model.nodes.keys.sorted()
        let mine = (model.incident[hub] ?? []).sorted()
        if mine.count > 900 {
            for edge in mine where generator.random.percent(80) {
                plan.operations.append(.deleteEdge(edge))
            }
        } else {
            for step in 0..<450 {
                let other = generator.random.pick(others)
                let (source, target) = step % 3 == 0 ? (other, hub) : (hub, other)
                let weight = ValueGenerator.number(using: &generator.random)
                plan.operations.append(
                    .createEdge("R", source, target, step % 5 == 0 ? [:] : ["w": weight]))
            }
        }
        let expected = try predict(&plan)
        let done = plan
        let verdict = try Verdict { try db.writeAlone { try done.run(on: &$0) } }
        try expectSame(verdict, expected, "outcome at a hub")
        try db.read { try Comparison.touched($0, model) }
    }

    /// Ids that run beyond one container of 8,192.
    private mutating func passAContainer() throws {
        var plan = Plan()
        for _ in 0..<8_150 { plan.operations.append(.createNode([], [:])) }
        for id in 1..<8_150 where id % 1_000 != 0 {
            plan.operations.append(.deleteNode(NodeID(UInt64(id))))
        }
        let done = plan
        try model.write { try done.run(on: &$0) }
        try db.write { try done.run(on: &$0) }
    }

    /// An index is built in slices while the life goes on, with a restart in the middle.
    private mutating func build() throws {
        let name = "built"
        let symbol = generator.random.pick(["A", "B"])
        let object = ModelGraph.SchemaObject(
            name: name, kind: .index, isOverNodes: true, symbol: symbol,
            keys: generator.random.pick([["p"], ["q", "w"]]))
        let isTwin = model.schema.values.contains {
            $0.isOverNodes && $0.kind.isOrdered && $0.symbol == symbol && $0.keys == object.keys
        }
        guard !isTwin, model.schema[PropertyKey(name)] == nil else { return }
        _ = try db.write {
            try $0.createIndex(
                label: Label(object.symbol), properties: object.keys, name: object.name,
                building: .inSlices)
        }
        model.building = [object]
        while true {
            let number = try db.write { try $0.buildSlice(atMost: 7) }
            try expectSame(number != nil, true, "a slice is built")
            let isOnline = try db.read { txn in
                try txn.schemaObjects().contains { $0.name == name && $0.state == .online }
            }
            if isOnline { break }
            for _ in 0..<generator.random.below(3) { try transaction() }
            if generator.random.percent(10) { try reopen() }
            if generator.random.percent(10) {
                let report = try db.check()
                try expectSame(report.findings.first?.description, nil, "findings in a building")
            }
        }
        let built = model.building[0]
        model.building = []
        try model.write { try $0.create(built) }
        try expectSame(try db.write { try $0.buildSlice(atMost: 7) }, nil, "slices after the last")
        try db.read { try Comparison.touched($0, model) }
    }

    // MARK: Events

    private mutating func reopen() throws {
        db.close()
        db = try GraphDatabase(path: directory.file("store-\(generation)"), options: options)
        try db.read { try Comparison.touched($0, model) }
    }

    private mutating func compact() throws {
        let old = directory.file("store-\(generation)")
        generation += 1
        try db.environment.copy(to: directory.file("store-\(generation)"), compacting: true)
        try reopen()
        TemporaryDirectory.remove(old)
    }

    /// A snapshot stays what it was while transactions come and go.
    private mutating func holdReader() throws {
        // Growing the map would wait for the reader, which waits for the writes.
        guard options.initialMapSizeBytes == nil else { return }
        let (db, before) = (db, model)
        try db.read { snapshot in
            for _ in 0..<8 { try transaction() }
            try Comparison.everything(snapshot, before)
        }
    }

    private mutating func compareAll() throws {
        try db.read { txn in
            try Comparison.everything(txn, model)
            try QueryComparison.allIndexes(txn, model, &generator)
            try replica.follow(txn, model)
        }
    }
}
