internal import LMDB
internal import PropertyGraph

/// Builds a sound database from the records of a damaged one: nodes, edges between them, byte tables,
/// then indexes and constraints over what is there.
struct SalvageRebuild {
    var report = SalvageReport()
    private let environment: Environment
    private let tables: Tables
    private let names: SalvagedNames
    private let isCancelled: () -> Bool
    private var state = WriteState(counters: Counters(), catalog: Catalog())
    /// What waits for the next transaction.
    private var waiting: [(inout WriteTransaction) throws -> Void] = []
    private var lostProperties = 0
    private var lostEdges = 0

    private static let changesPerCommit = 2_000

    init(
        _ environment: Environment, _ tables: Tables, _ names: SalvagedNames,
        _ isCancelled: @escaping () -> Bool
    ) {
        self.environment = environment
        self.tables = tables
        self.names = names
        self.isCancelled = isCancelled
    }

    mutating func run(_ raw: borrowing ReadTransaction) throws {
        let log = try SalvagedLog(raw, isCancelled)
        try addNodes(raw)
        try addLostNodes(raw, log)
        try addEdges(raw, log)
        try addByteTables(raw)
        try addObjects()
        try keepNextIDs(raw)
        report.nodes = Int(clamping: state.counters.nextNode) &- 1
        try countAll()
        report.note(
            report.bareNodes, "node came back without its properties",
            "nodes came back without their properties")
        report.note(
            lostProperties, "property could not be read", "properties could not be read")
        report.note(lostEdges, "edge has lost one of its ends", "edges have lost one of their ends")
        report.note(
            names.lost, "name of a label, type or property is lost",
            "names of labels, types or properties are lost")
        report.note(
            names.lostObjects, "index or constraint is lost", "indexes or constraints are lost")
    }

    // MARK: Nodes

    private mutating func addNodes(_ raw: borrowing ReadTransaction) throws {
        let view = raw.view
        var cursor = try view.bytes.cursor(view.tables.node)
        while try cursor.next() {
            guard cursor.key.byteCount == 8, let record = RecordView(cursor.value),
                record.isValid
            else { continue }
            let id = cursor.key.loadBE64(at: 0)
            guard Self.isPossible(id) else { continue }
            var labels: [Label] = []
            for index in 0..<record.labelCount {
                if let label = try? view.catalog.label(record.label(at: index)) {
                    labels.append(label)
                }
            }
            try add(
                Node(
                    id: NodeID(id), labels: labels,
                    properties: try properties(cursor.value, .node, id, view)))
        }
        try flush()
    }

    /// An id that counters can go on from.
    private static func isPossible(_ id: UInt64) -> Bool { id > 0 && id < 1 << 62 }

    /// The properties of a valid record, as far as they can be read.
    private mutating func properties(
        _ bytes: RawSpan, _ entity: EntityKind, _ id: UInt64, _ view: borrowing GraphView
    ) throws -> Properties {
        var properties: Properties = [:]
        guard let record = RecordView(bytes) else { return properties }
        for index in 0..<record.propertyCount {
            let number = record.key(at: index)
            var value: PropertyValue?
            if record.isSpilled(at: index) {
                let key = FixedKey.blob(entity, id, number)
                if let blob = try view.bytes.get(view.tables.blob, key.span) {
                    value = ValueCodec.decode(blob)
                }
            } else {
                value = record.value(at: index)
            }
            if let value, value.isStorable, let key = try? view.catalog.propertyKey(number) {
                properties[key] = value
            } else {
                lostProperties += 1
            }
        }
        return properties
    }

    private mutating func add(_ node: Node) throws {
        try later { txn in
            guard try !txn.contains(node.id) else { return }
            let next = txn.state.counters.nextNode
            txn.state.counters.nextNode = node.id.rawValue
            try txn.createNode(labels: node.labels, properties: node.properties)
            txn.state.counters.nextNode = max(next, node.id.rawValue + 1)
        }
    }

    /// Nodes that labels or the log name, and whose record is gone.
    private mutating func addLostNodes(
        _ raw: borrowing ReadTransaction, _ log: SalvagedLog
    ) throws {
        var lost: [UInt64: [Label]] = [:]
        let view = raw.view
        var cursor = try view.bytes.cursor(view.tables.member)
        var lows: [UInt16] = []
        while try cursor.next() {
            let key = cursor.key
            guard key.byteCount == 13, key.loadUInt8(at: 0) == EntityKind.node.rawValue,
                IDContainer.isValid(cursor.value)
            else { continue }
            lows.removeAll(keepingCapacity: true)
            guard IDContainer.decode(cursor.value, into: &lows),
                let label = try? view.catalog.label(key.loadBE32(at: 1))
            else { continue }
            let base = key.loadBE64(at: 5) << UInt64(IDContainer.bits)
            for low in lows {
                let id = base | UInt64(low)
                if Self.isPossible(id), try !exists(NodeID(id)) {
                    lost[id, default: []].append(label)
                }
            }
        }
        for (id, labels) in lost.sorted(by: { $0.key < $1.key }) {
            if let node = log.nodes[NodeID(id)] {
                report.fromChangeLog += 1
                try add(node)
            } else {
                report.bareNodes += 1
                try add(Node(id: NodeID(id), labels: labels, properties: [:]))
            }
        }
        for node in log.nodes.values.sorted(by: { $0.id < $1.id })
        where try log.isWhole && lost[node.id.rawValue] == nil && !exists(node.id) {
            report.fromChangeLog += 1
            try add(node)
        }
        try flush()
    }

    private func exists(_ id: NodeID) throws -> Bool {
        let tables = tables
        return try environment.read {
            try $0.view.get(tables.node, FixedKey(be64: id.rawValue).span) != nil
        }
    }

    // MARK: Edges

    private mutating func addEdges(_ raw: borrowing ReadTransaction, _ log: SalvagedLog) throws {
        let view = raw.view
        var cursor = try view.bytes.cursor(view.tables.edge)
        while try cursor.next() {
            guard cursor.key.byteCount == 8, let slots = EdgeChunk.decode(cursor.value) else {
                continue
            }
            let base = cursor.key.loadBE64(at: 0) << UInt64(EdgeChunk.bits)
            for (slot, locator) in slots.enumerated() {
                if let locator { try add(base | UInt64(slot), locator, nil, log, view) }
            }
        }
        try flush()
        for isOut in [true, false] {
            var rows = try view.bytes.cursor(isOut ? view.tables.out : view.tables.in)
            var entries: [AdjacencyEntry] = []
            while try rows.next() {
                entries.removeAll(keepingCapacity: true)
                let key = rows.key
                guard key.byteCount == 12 || key.byteCount == 28,
                    AdjacencyBlock.decode(rows.value, into: &entries) != nil
                else { continue }
                let (node, type) = (key.loadBE64(at: 0), key.loadBE32(at: 8))
                for row in entries where (try? view.currentLocator(EdgeID(row.edge))) == nil {
                    let locator = EdgeLocator(
                        source: isOut ? node : row.neighbor, target: isOut ? row.neighbor : node,
                        type: type, hasRecord: true)
                    try add(row.edge, locator, isOut ? row.inline : nil, log, view)
                }
            }
            try flush()
        }
        if log.isWhole {
            for edge in log.edges.values.sorted(by: { $0.id < $1.id }) { try add(edge) }
        }
        try flush()
    }

    /// An edge whose ends are known; its properties stand in its row, its record and the log.
    private mutating func add(
        _ id: UInt64, _ locator: EdgeLocator, _ inline: InlineValue?, _ log: SalvagedLog,
        _ view: borrowing GraphView
    ) throws {
        guard Self.isPossible(id), Self.isPossible(locator.source),
            Self.isPossible(locator.target),
            let type = try? view.catalog.edgeType(locator.type)
        else { return lostEdges += 1 }
        if let edge = log.edges[EdgeID(id)], edge.source.rawValue == locator.source,
            edge.target.rawValue == locator.target
        {
            return try add(edge)
        }
        var values: Properties = [:]
        let record = try view.bytes.get(view.tables.edgeRecord, FixedKey(be64: id).span)
        if let record, RecordView(record)?.isValid == true {
            values = try properties(record, .edge, id, view)
        } else if locator.hasRecord, inline == nil {
            lostProperties += 1
        }
        if let number = view.catalog.inlineProperties[locator.type],
            let key = try? view.catalog.propertyKey(number)
        {
            let value =
                try inline
                ?? view.inlineValue(
                    view.tables.out, locator.source, locator.type, locator.target, id)
            switch value {
            case .integer(let value): values[key] = .integer(value)
            case .double(let value): values[key] = .double(value)
            case .absent, .elsewhere: break
            case nil: lostProperties += 1
            }
        }
        try add(
            Edge(
                id: EdgeID(id), type: type, source: NodeID(locator.source),
                target: NodeID(locator.target), properties: values))
    }

    private mutating func add(_ edge: Edge) throws {
        for end in [edge.source, edge.target] where try !exists(end) {
            report.bareNodes += 1
            try add(Node(id: end, labels: [], properties: [:]))
            try flush()
        }
        try later { txn in
            guard try !txn.contains(edge.id) else { return }
            let next = txn.state.counters.nextEdge
            txn.state.counters.nextEdge = edge.id.rawValue
            try txn.createEdge(
                edge.type, from: edge.source, to: edge.target, properties: edge.properties)
            txn.state.counters.nextEdge = max(next, edge.id.rawValue + 1)
        }
    }

    // MARK: The rest

    private mutating func addByteTables(_ raw: borrowing ReadTransaction) throws {
        for (name, _) in names.catalog.names(.byteTable) {
            guard let old = raw.existingByteTable(name) else { continue }
            try raw.forEachEntry(of: old) { key, value in
                let (key, value) = (key.bytes(), value.bytes())
                try later { txn in
                    try txn.put(key, value, in: try txn.byteTable(name))
                }
                return true
            }
        }
        try flush()
    }

    private mutating func addObjects() throws {
        for object in names.objects {
            do {
                try later { _ = try $0.createSchemaObject(object) }
                try flush()
            } catch let error as GraphStoreError where error.code != .storage {
                waiting.removeAll()
                report.losses.append(
                    "The \(object.kind.word) '\(object.name)' could not be made again: "
                        + error.message)
            }
        }
    }

    /// Ids that were given before are not given again.
    private mutating func keepNextIDs(_ raw: borrowing ReadTransaction) throws {
        guard let old = try? raw.view.counters(), Self.isPossible(old.nextNode),
            Self.isPossible(old.nextEdge)
        else { return }
        state.counters.nextNode = max(state.counters.nextNode, old.nextNode)
        state.counters.nextEdge = max(state.counters.nextEdge, old.nextEdge)
        state.mustStore = true
        try commit([])
    }

    private mutating func countAll() throws {
        let tables = tables
        (report.nodes, report.edges) = try environment.read { transaction in
            let view = GraphView(transaction.view, CatalogSnapshot(Catalog()), tables)
            return (try view.count(.nodes), try view.count(.edges))
        }
    }

    // MARK: Transactions

    private mutating func later(
        _ change: @escaping (inout WriteTransaction) throws -> Void
    ) throws {
        waiting.append(change)
        if waiting.count >= Self.changesPerCommit { try flush() }
    }

    private mutating func flush() throws {
        if isCancelled() { throw SalvagedTables.cancelled }
        guard !waiting.isEmpty else { return }
        try commit(waiting)
        waiting.removeAll()
    }

    private mutating func commit(
        _ changes: [(inout WriteTransaction) throws -> Void]
    ) throws {
        state = try environment.commitGrowing(state, tables) { txn in
            txn.state.beginClosure()
            for change in changes { try change(&txn) }
            try txn.checkConstraints()
            guard txn.state.isChanged else { return }
            try txn.finishPosition(
                time: WallClock.microsecondsSinceEpoch(), token: .random(in: .min ... .max))
        }
    }
}
