internal import LMDB
internal import PropertyGraph

// Scans at an earlier position: what is there today and has not changed since, merged with what
// changed and was there then.
extension GraphView {
    /// Calls `body` for each id, ascending, until it returns false.
    ///
    /// - Parameters:
    ///   - today: The ids of today, ascending, without those given later.
    ///   - wasThere: Whether an entity that changed since belongs to the answer.
    private func mergePast(
        _ entity: EntityKind, _ past: PastSnapshot, _ today: [UInt64],
        wasThere: (UInt64) throws -> Bool, _ body: (UInt64) throws -> Bool
    ) throws {
        let touched = try past.touched(entity, self)
        var next = 0
        for id in today {
            while next < touched.count, touched[next] < id {
                if try wasThere(touched[next]), try !body(touched[next]) { return }
                next += 1
            }
            if next < touched.count, touched[next] == id { continue }
            guard try body(id) else { return }
        }
        while next < touched.count {
            if try wasThere(touched[next]), try !body(touched[next]) { return }
            next += 1
        }
    }

    func forEachPastNode(_ past: PastSnapshot, _ body: (UInt64) throws -> Bool) throws {
        var today: [UInt64] = []
        try forEachCurrentNode { id in
            guard id < past.moment.nextNode else { return false }
            today.append(id)
            return true
        }
        try mergePast(
            .node, past, today, wasThere: { try pastNodeExists(NodeID($0), past) }, body)
    }

    func forEachPastLocator(
        _ past: PastSnapshot, _ body: (EdgeID, EdgeLocator) throws -> Bool
    ) throws {
        var today: [UInt64] = []
        try forEachCurrentLocator { id, _ in
            guard id.rawValue < past.moment.nextEdge else { return false }
            today.append(id.rawValue)
            return true
        }
        try mergePast(
            .edge, past, today, wasThere: { try pastLocator(EdgeID($0), past) != nil }
        ) { id in
            guard let locator = try pastLocator(EdgeID(id), past) else { return true }
            return try body(EdgeID(id), locator)
        }
    }

    func forEachPastMember(
        _ entity: EntityKind, _ symbol: UInt32, _ past: PastSnapshot,
        _ body: (UInt64) throws -> Bool
    ) throws {
        var today: [UInt64] = []
        let limit = past.nextID(entity)
        try forEachCurrentMember(entity, symbol) { id in
            guard id < limit else { return false }
            today.append(id)
            return true
        }
        try mergePast(
            entity, past, today, wasThere: { try pastHas(entity, $0, symbol, past) }, body)
    }

    /// Whether an entity existed with a label or type.
    private func pastHas(
        _ entity: EntityKind, _ id: UInt64, _ symbol: UInt32, _ past: PastSnapshot
    ) throws -> Bool {
        switch entity {
        case .node: try pastLabelNumbers(id, past)?.contains(symbol) ?? false
        case .edge: try pastLocator(EdgeID(id), past)?.type == symbol
        }
    }

    /// The answer to a property scan: indexes are of today, so what they say is a set of
    /// candidates, with all that changed since; each is looked at again.
    func pastIDs(_ scan: PropertyScan, _ past: PastSnapshot, _ entry: SchemaEntry?) throws
        -> [UInt64]
    {
        var found: [(value: PropertyValue, id: UInt64)] = []
        func consider(_ id: UInt64) throws {
            guard id < past.nextID(scan.entity),
                let value = try pastValue(scan.entity, id, scan.property, past),
                scan.predicate.isSatisfied(by: value)
            else { return }
            found.append((value, id))
        }
        if let entry {
            let all = PropertyScan(
                entity: scan.entity, symbol: scan.symbol, property: scan.property,
                predicate: scan.predicate, order: .byID, limit: .max)
            let touched = try past.touched(scan.entity, self)
            let changed = Set(touched)
            for id in try idsByIndex(all, entry) where !changed.contains(id) { try consider(id) }
            for id in touched where try pastHas(scan.entity, id, scan.symbol, past) {
                try consider(id)
            }
        } else {
            try forEachPastMember(scan.entity, scan.symbol, past) { id in
                try consider(id)
                return true
            }
        }
        if scan.order == .byID {
            found.sort { $0.id < $1.id }
        } else {
            found.sort {
                let order = OrderedKey.compare($0.value, $1.value)
                return order == 0 ? $0.id < $1.id : order < 0
            }
            if scan.order == .descending { found.reverse() }
        }
        return found.prefix(scan.limit).map { $0.id }
    }

    /// A count at the earlier position.
    ///
    /// - Complexity: O(changes since); of edges at a label O(edges of the type).
    func pastCount(_ statistic: Statistic, _ past: PastSnapshot) throws -> Int {
        switch statistic {
        case .nodes: return try countDifference(.node, past, statistic) { _ in true }
        case .edges: return try countDifference(.edge, past, statistic) { _ in true }
        case .label(let label):
            return try countDifference(.node, past, statistic) { $0.labels.contains(label) }
        case .type(let type):
            return try countDifference(.edge, past, statistic) { $0.locator?.type == type }
        case .labelType(let label, let type, let isOut):
            var total = 0
            try forEachPastMember(.edge, type, past) { id in
                guard let locator = try pastLocator(EdgeID(id), past) else { return true }
                let end = isOut ? locator.source : locator.target
                if try pastHas(.node, end, label, past) { total += 1 }
                return true
            }
            return total
        }
    }

    /// Today's count, less what came since, more what went.
    private func countDifference(
        _ entity: EntityKind, _ past: PastSnapshot, _ statistic: Statistic,
        _ counts: (EntityImage) -> Bool
    ) throws -> Int {
        var total = try currentCount(statistic)
        // What came since has ids of its own; what changed is compared with what it is today.
        for id in try past.touched(entity, self) {
            if case .image(let image) = try pastEntity(entity, id, past), counts(image) {
                total += 1
            }
            if let today = try currentShape(entity, id), counts(today) { total -= 1 }
        }
        var id = past.nextID(entity)
        let end = entity == .node ? try counters().nextNode : try counters().nextEdge
        while id < end {
            if let today = try currentShape(entity, id), counts(today) { total -= 1 }
            id += 1
        }
        return total
    }

    /// Labels or ends of an entity today, without its properties; nil when there is none.
    private func currentShape(_ entity: EntityKind, _ id: UInt64) throws -> EntityImage? {
        var shape = EntityImage()
        switch entity {
        case .node:
            guard let bytes = try bytes.get(tables.node, FixedKey(be64: id).span) else {
                return nil
            }
            guard let record = RecordView(bytes) else {
                throw GraphStoreError.corrupted("record of node \(id)")
            }
            shape.labels = (0..<record.labelCount).map { record.label(at: $0) }
        case .edge:
            guard let locator = try currentLocator(EdgeID(id)) else { return nil }
            shape.locator = locator
        }
        return shape
    }
}
