internal import GraphStore
internal import PropertyGraph

// Steps that find nodes: scans and lookups in indexes.

extension Execution {
    func scan<T: GraphReading & ~Copyable>(
        _ label: Label?, _ slot: Int, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        var wantsMore = true
        try txn.forEachNodeID(label: label) { id in
            try tick()
            storeHits &+= 1
            slots[slot] = .node(id)
            wantsMore = try next()
            return wantsMore
        }
        return wantsMore
    }

    /// The nodes that an index finds.
    func seek<T: GraphReading & ~Copyable>(
        _ step: IndexSeek, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        var condition = step.condition
        switch step.seek {
        case .equals(let code):
            let wanted = try value(code, txn)
            guard let stored = wanted.storable else { return true }
            if wanted.isEqualAsIndexed { condition = nil }
            if let only = try step.onlyNode(stored, txn) {
                guard let id = only else { return true }
                try tick(1)
                slots[step.slot] = .node(id)
                if let condition, try !holds(condition, txn) { return true }
                return try next()
            }
        // A prefix is one of bytes in either.
        case .startsWith: condition = nil
        default: break
        }
        for predicate in try predicates(step.seek, txn) {
            for id in try txn.nodeIDs(label: step.label, where: step.key, predicate) {
                try tick()
                storeHits &+= 1
                slots[step.slot] = .node(id)
                if let condition, try !holds(condition, txn) { continue }
                guard try next() else { return false }
            }
        }
        return true
    }

    /// How many nodes an index finds.
    func count<T: GraphReading & ~Copyable>(_ step: IndexSeek, _ txn: borrowing T) throws -> Int64 {
        var count: Int64 = 0
        for predicate in try predicates(step.seek, txn) {
            count += Int64(try txn.nodeCount(label: step.label, where: step.key, predicate))
        }
        try tick(UInt64(clamping: count) &+ 1)
        return count
    }

    /// What an index is asked; nothing where no node can be found.
    private func predicates<T: GraphReading & ~Copyable>(
        _ seek: Seek, _ txn: borrowing T
    ) throws -> [PropertyPredicate] {
        var predicates: [PropertyPredicate] = []
        switch seek {
        case .equals(let code):
            if let stored = try value(code, txn).storable { predicates = [.equals(stored)] }
        case .isIn(let code):
            guard case .list(let elements) = try value(code, txn) else { break }
            // Equal elements would find a node twice.
            let distinct = Set(elements.map { ValueKey(values: [$0]) })
            predicates = distinct.compactMap { $0.values[0].storable.map { .equals($0) } }
        case .startsWith(let code):
            if case .string(let prefix) = try value(code, txn) {
                predicates = [.startsWith(prefix)]
            }
        case .range(let from, let fromInclusive, let to, let toInclusive):
            func bound(_ code: Code?, _ isInclusive: Bool) throws -> PropertyBound?? {
                guard let code else { return .some(nil) }
                guard let stored = try value(code, txn).storable else { return nil }
                return isInclusive ? .including(stored) : .excluding(stored)
            }
            if let low = try bound(from, fromInclusive), let high = try bound(to, toInclusive) {
                // Nothing lies between a number and a string.
                if let low, let high,
                    Value(low.value).comparison(with: Value(high.value)) == nil
                {
                    break
                }
                predicates = [.range(from: low, to: high)]
            }
        case .exists: predicates = [.exists]
        }
        return predicates
    }

    // MARK: In order

    /// The nodes of a label in the order of a property, as many as are wanted.
    func scan<T: GraphReading & ~Copyable>(
        _ scan: OrderedScan, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        if scan.includesAbsent, scan.isDescending {
            guard try scanAbsent(scan, txn, next) else { return false }
        }
        for predicate in try predicates(scan.seek, txn) {
            guard try self.scan(scan, predicate, txn, next) else { return false }
        }
        return scan.includesAbsent && !scan.isDescending ? try scanAbsent(scan, txn, next) : true
    }

    /// Reads the index in growing pieces: how many nodes later steps let pass is not known.
    private func scan<T: GraphReading & ~Copyable>(
        _ scan: OrderedScan, _ predicate: PropertyPredicate, _ txn: borrowing T,
        _ next: () throws -> Bool
    ) throws -> Bool {
        let skip = try rows(scan.skip, "SKIP", txn) ?? 0
        let limit = try rows(scan.limit, "LIMIT", txn) ?? 0
        let wanted = skip.addingReportingOverflow(limit)
        var most = wanted.overflow ? .max : wanted.partialValue
        guard most > 0 else { return true }
        var given = 0
        while true {
            let ids = try txn.nodeIDs(
                label: scan.label, where: scan.key, predicate,
                order: scan.isDescending ? .descending : .ascending, limit: most)
            try keep(ids.count * 8)
            defer { release(ids.count * 8) }
            for id in ids.dropFirst(given) {
                try tick()
                storeHits &+= 1
                slots[scan.slot] = .node(id)
                guard try next() else { return false }
            }
            guard ids.count == most else { return true }
            given = ids.count
            most = most.multipliedReportingOverflow(by: 4).overflow ? .max : max(most * 4, 256)
        }
    }

    /// The nodes of a label without the property.
    private func scanAbsent<T: GraphReading & ~Copyable>(
        _ scan: OrderedScan, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        if let graph = try derivedGraph(.column(scan.key, scan.label), isScan: true, txn),
            let column = graph.nodeColumns[scan.key.name]
        {
            guard column.presence != nil else { return true }
            for row in 0..<column.count where !column.isPresent(row) {
                try tick()
                slots[scan.slot] = .node(NodeID(graph.id(of: UInt32(truncatingIfNeeded: row))))
                guard try next() else { return false }
            }
            return true
        }
        var wantsMore = true
        try txn.forEachNodeID(label: scan.label, reading: [scan.key]) { id, values in
            try tick()
            storeHits &+= 1
            guard values[0] == nil else { return true }
            slots[scan.slot] = .node(id)
            wantsMore = try next()
            return wantsMore
        }
        return wantsMore
    }
}

extension Value {
    /// Whether what an index takes for equal to it is so for `=` too, and the other way round.
    fileprivate var isEqualAsIndexed: Bool {
        switch self {
        case .boolean, .integer, .string: true
        default: false
        }
    }
}
