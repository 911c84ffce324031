internal import LMDB
internal import PropertyGraph

/// One run of `analyze` over a snapshot.
///
/// Nodes, edges by their records, and edges by their rows are walked once each. Where there are
/// more than `tracked` properties, counted for each label and type, the walks are repeated for the
/// next ones, so that memory stays bounded.
struct GraphAnalysis {
    /// Properties that one walk follows.
    static let tracked = 256

    private(set) var head = AnalysisHead()
    private(set) var properties: [AnalysedProperty: PropertyStatistics] = [:]
    private var summaries: [AnalysedProperty: PropertySummary] = [:]
    private var hasMore = false
    /// The labels of each node, as a number of a set of labels, 0 for none; in chunks, for ids may
    /// be far apart.
    private var setOfNode: [UInt64: [UInt16]] = [:]
    private static let chunkBits: UInt64 = 13
    private var sets: [[UInt32]] = [[]]
    private var setNumbers: [[UInt32]: UInt16] = [[]: 0]
    private var steps = 0
    private let progress: (Int) throws -> Void

    init(progress: @escaping (Int) throws -> Void) { self.progress = progress }

    mutating func run(_ view: borrowing GraphView) throws {
        let counters = try view.counters()
        head.position = counters.position
        head.microsecondsSinceEpoch = WallClock.microsecondsSinceEpoch()
        head.nodes = UInt64(try view.currentCount(.nodes))
        head.edges = UInt64(try view.currentCount(.edges))
        for (_, type) in view.catalog.names(.edgeType) {
            let count = try view.currentCount(.type(type))
            if count > 0 { head.types[type] = UInt64(count) }
        }
        var isFirst = true
        repeat {
            hasMore = false
            try walkNodes(view, isFirst)
            try walkRecords(view)
            try walkRows(view, isFirst)
            for (property, summary) in summaries {
                let statistic: Statistic =
                    property.entity == .node ? .label(property.symbol) : .type(property.symbol)
                properties[property] = summary.statistics(of: try view.currentCount(statistic))
            }
            summaries.removeAll()
            isFirst = false
        } while hasMore
    }

    private mutating func step() throws {
        steps += 1
        if steps & 0xFFF == 0 { try progress(steps) }
    }

    /// Whether a property is followed in this walk.
    private mutating func follows(_ property: AnalysedProperty) -> Bool {
        if summaries[property] != nil { return true }
        if properties[property] != nil { return false }
        guard summaries.count < Self.tracked else {
            hasMore = true
            return false
        }
        let seed = UInt64(property.symbol) << 32 | UInt64(property.property)
        summaries[property] = PropertySummary(seed: seed)
        return true
    }

    // MARK: Walks

    private mutating func walkNodes(_ view: borrowing GraphView, _ isFirst: Bool) throws {
        var labels: [UInt32] = []
        var cursor = try view.bytes.cursor(view.tables.node)
        var found = try cursor.first()
        while found {
            try step()
            guard cursor.key.byteCount == 8 else { throw GraphStoreError.corrupted("node key") }
            let id = cursor.key.loadBE64(at: 0)
            guard let record = RecordView(cursor.value) else {
                throw GraphStoreError.corrupted("record of node \(id)")
            }
            labels.removeAll(keepingCapacity: true)
            for index in 0..<record.labelCount { labels.append(record.label(at: index)) }
            if labels.isEmpty {
                found = try cursor.next()
                continue
            }
            if isFirst { setLabels(of: id, number(of: labels)) }
            try add(cursor.value, .node, id, labels, view)
            found = try cursor.next()
        }
    }

    private mutating func setLabels(of node: UInt64, _ number: UInt16) {
        let place = Int(node & (1 << Self.chunkBits - 1))
        setOfNode[
            node >> Self.chunkBits, default: Array(repeating: 0, count: 1 << Self.chunkBits)
        ][place] = number
    }

    /// The number of a set of labels; sets beyond the first 65,535 count as none.
    private mutating func number(of labels: [UInt32]) -> UInt16 {
        if let known = setNumbers[labels] { return known }
        guard sets.count < Int(UInt16.max) else { return 0 }
        let number = UInt16(truncatingIfNeeded: sets.count)
        sets.append(labels)
        setNumbers[labels] = number
        return number
    }

    private mutating func walkRecords(_ view: borrowing GraphView) throws {
        var walk = try AscendingWalk(view.bytes.cursor(view.tables.edgeRecord))
        var cursor = try view.bytes.cursor(view.tables.edge)
        var found = try cursor.first()
        while found {
            guard cursor.key.byteCount == 8, let slots = EdgeChunk.decode(cursor.value) else {
                throw GraphStoreError.corrupted("edge chunk")
            }
            let base = cursor.key.loadBE64(at: 0) << UInt64(EdgeChunk.bits)
            for (slot, locator) in slots.enumerated() {
                guard let locator, locator.hasRecord else { continue }
                try step()
                let id = base | UInt64(slot)
                guard try walk.advance(to: id) else {
                    throw GraphStoreError.corrupted("edge \(id) has no record")
                }
                try add(walk.value, .edge, id, [locator.type], view)
            }
            found = try cursor.next()
        }
    }

    /// Rows at their sources: the labels at both ends, and inline values.
    private mutating func walkRows(_ view: borrowing GraphView, _ isFirst: Bool) throws {
        guard isFirst || !view.catalog.inlineProperties.isEmpty else { return }
        var counts: [UInt64: UInt64] = [:]
        var type: UInt32 = 0
        func flush(_ head: inout AnalysisHead, _ sets: [[UInt32]]) {
            for (pair, count) in counts {
                for source in sets[Int(pair >> 16)] {
                    for target in sets[Int(pair & 0xFFFF)] {
                        let triple = LabelTriple(source: source, type: type, target: target)
                        head.triples[triple, default: 0] += count
                    }
                }
            }
            counts.removeAll(keepingCapacity: true)
        }
        var cursor = try view.bytes.cursor(view.tables.out)
        var found = try cursor.first()
        while found {
            guard cursor.key.byteCount >= 12, var reader = AdjacencyReader(cursor.value) else {
                throw GraphStoreError.corrupted("a block of adjacency")
            }
            let source = cursor.key.loadBE64(at: 0)
            let next = cursor.key.loadBE32(at: 8)
            if next != type { flush(&head, sets) }
            type = next
            let inline = view.catalog.inlineProperties[type].map {
                AnalysedProperty(.edge, type, $0)
            }
            let wantsValues = inline.map { follows($0) } ?? false
            let sourceSet = isFirst ? set(source) << 16 : 0
            while reader.next() {
                try step()
                if isFirst {
                    counts[sourceSet | set(reader.neighbor), default: 0] += 1
                }
                guard wantsValues, let inline else { continue }
                switch reader.inlineValue() {
                case .integer(let value): summaries[inline]?.add(.integer(value))
                case .double(let value): summaries[inline]?.add(.double(value))
                case .absent, .elsewhere: break
                }
            }
            found = try cursor.next()
        }
        flush(&head, sets)
        setOfNode = [:]
    }

    private func set(_ node: UInt64) -> UInt64 {
        guard let chunk = setOfNode[node >> Self.chunkBits] else { return 0 }
        return UInt64(chunk[Int(node & (1 << Self.chunkBits - 1))])
    }

    private mutating func add(
        _ bytes: RawSpan, _ entity: EntityKind, _ id: UInt64, _ symbols: [UInt32],
        _ view: borrowing GraphView
    ) throws {
        guard let record = RecordView(bytes) else {
            throw GraphStoreError.corrupted("record of \(entity) \(id)")
        }
        for index in 0..<record.propertyCount {
            let key = record.key(at: index)
            let wanted = symbols.filter { follows(AnalysedProperty(entity, $0, key)) }
            if wanted.isEmpty { continue }
            if record.isSpilled(at: index) {
                let hash = try hash(ofLong: key, entity, id, view)
                for symbol in wanted {
                    summaries[AnalysedProperty(entity, symbol, key)]?.addLong(hash)
                }
                continue
            }
            guard let value = record.value(at: index) else {
                throw GraphStoreError.corrupted("property \(key) of \(entity) \(id)")
            }
            for symbol in wanted { summaries[AnalysedProperty(entity, symbol, key)]?.add(value) }
        }
    }

    /// A long value by its size and its first bytes: reading all of it could take gigabytes.
    private func hash(
        ofLong property: UInt32, _ entity: EntityKind, _ id: UInt64, _ view: borrowing GraphView
    ) throws -> UInt64 {
        let key = FixedKey.blob(entity, id, property)
        guard let blob = try view.bytes.get(view.tables.blob, key.span) else {
            throw GraphStoreError.corrupted("the long value of property \(property)")
        }
        return blob.extracting(first: 4_096).hash64(seed: UInt64(blob.byteCount))
    }
}
