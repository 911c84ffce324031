internal import GraphStore
internal import PropertyGraph

extension Execution {
    /// Runs a query that only reads, and calls `emit` for each row, which stands in the slots of
    /// its outputs; false when `emit` wants no more.
    func run<T: GraphReading & ~Copyable>(
        _ plan: QueryPlan, _ txn: borrowing T, _ emit: () throws -> Bool
    ) throws -> Bool {
        guard plan.isDistinct else {
            for part in plan.parts where try !run(part, part.count, txn, emit) { return false }
            return true
        }
        var seen: Set<ValueKey> = []
        var kept = 0
        defer { release(kept) }
        for part in plan.parts {
            let wantsMore = try run(part, part.count, txn) {
                let key = ValueKey(values: plan.outputs.map { slots[$0] })
                guard seen.insert(key).inserted else { return true }
                try keep(64 + key.bytes)
                kept += 64 + key.bytes
                return try emit()
            }
            guard wantsMore else { return false }
        }
        return true
    }

    /// Gives the rows that come out of the first `count` stages.
    private func run<T: GraphReading & ~Copyable>(
        _ stages: [QueryPlan.Stage], _ count: Int, _ txn: borrowing T, _ emit: () throws -> Bool
    ) throws -> Bool {
        guard count > 0 else { return try emit() }
        do {
            return try run(stages, at: count - 1, txn, emit)
        } catch {
            // What has no place yet is of the barrier.
            throw located(error, at: stages[count - 1].range)
        }
    }

    private func run<T: GraphReading & ~Copyable>(
        _ stages: [QueryPlan.Stage], at place: Int, _ txn: borrowing T, _ emit: () throws -> Bool
    ) throws -> Bool {
        // The stage is looked at in its place: a copy would count its references.
        switch stages[place].barrier {
        case .aggregateScan(let scan):
            return try run(stages, place, txn) {
                profile?.enter(stages[place].operatorNumber, self)
                return try at(stages[place].range) { try aggregate(scan, txn, emit) }
            }
        case .distinct(let slots):
            // Where nothing changes the graph, rows need not wait for the last of them.
            var seen: Set<ValueKey> = []
            // Single nodes, which only equal themselves, stand apart.
            var seenNodes = NodeSet(isOnly: true)
            var kept = 0
            defer { release(kept) }
            let only = slots.count == 1 ? slots.first : nil
            return try run(stages, place, txn) {
                try push(stages[place].pipeline.steps, 0, txn) {
                    if let only, case .node(let node) = self.slots[only] {
                        guard seenNodes.insert(node) else { return true }
                        try at(stages[place].range) { try keep(16) }
                        kept += 16
                        return try emit()
                    }
                    let key = ValueKey(values: slots.map { self.slots[$0] })
                    guard seen.insert(key).inserted else { return true }
                    try at(stages[place].range) { try keep(96 + key.bytes) }
                    kept += 96 + key.bytes
                    return try emit()
                }
            }
        case .limit(let skip, let limit):
            var ahead = try rows(skip, "SKIP", txn) ?? 0
            var left = try rows(limit, "LIMIT", txn) ?? .max
            var wantsMore = true
            if left == 0 { return true }
            _ = try run(stages, place, txn) {
                try push(stages[place].pipeline.steps, 0, txn) {
                    if ahead > 0 {
                        ahead -= 1
                        return true
                    }
                    left -= 1
                    wantsMore = try emit()
                    return wantsMore && left > 0
                }
            }
            return wantsMore
        case .none, .change:
            return try run(stages, place, txn) {
                try push(stages[place].pipeline.steps, 0, txn, emit)
            }
        case .countSeek(let seek, let slot):
            return try run(stages, place, txn) {
                profile?.enter(stages[place].operatorNumber, self)
                slots[slot] = .integer(try at(stages[place].range) { try self.count(seek, txn) })
                return try emit()
            }
        // Each by its own type, so that what it does with a row is compiled for that.
        case .countReach(let count):
            return try gather(ReachCounter(count), stages, place, txn, emit)
        case .aggregate(let keys, let aggregates):
            let collector = AggregatingCollector(keys: keys, aggregates: aggregates)
            return try gather(collector, stages, place, txn, emit)
        case .sort(let sort):
            let collector = try SortingCollector(sort, self, txn)
            return try gather(collector, stages, place, txn, emit)
        }
    }

    /// Hands the rows of a stage to its collector, and gives those that come out of it.
    private func gather<C: Collector, T: GraphReading & ~Copyable>(
        _ collector: C, _ stages: [QueryPlan.Stage], _ place: Int, _ txn: borrowing T,
        _ emit: () throws -> Bool
    ) throws -> Bool {
        if !collector.isFull {
            _ = try run(stages, place, txn) {
                try push(stages[place].pipeline.steps, 0, txn) {
                    try at(stages[place].range) { try collector.accept(self, txn) }
                        && !collector.isFull
                }
            }
        }
        profile?.enter(stages[place].operatorNumber, self)
        return try collector.finish(self, txn, emit)
    }

    /// Runs a query that changes the graph, and returns its rows: copies of the frame.
    ///
    /// Every stage is finished before the next begins, so that a clause sees all that earlier
    /// clauses did and nothing of what it does itself.
    func update(_ plan: QueryPlan, _ txn: inout WriteTransaction) throws -> [[Value]] {
        var all: [[Value]] = []
        var seen: Set<ValueKey> = []
        let start = slots
        for part in plan.parts {
            var rows = [start]
            for stage in part {
                rows = try self.stage(stage, rows, &txn)
            }
            for row in rows {
                if plan.isDistinct {
                    let key = ValueKey(values: plan.outputs.map { row[$0] })
                    guard seen.insert(key).inserted else { continue }
                    try keep(64 + key.bytes)
                }
                all.append(row)
            }
        }
        return all
    }

    func stage(
        _ stage: QueryPlan.Stage, _ rows: [[Value]], _ txn: inout WriteTransaction
    ) throws -> [[Value]] {
        do {
            return try self.results(of: stage, rows, &txn)
        } catch {
            throw located(error, at: stage.range)
        }
    }

    private func results(
        of stage: QueryPlan.Stage, _ rows: [[Value]], _ txn: inout WriteTransaction
    ) throws -> [[Value]] {
        var results: [[Value]] = []
        switch stage.barrier {
        case .aggregateScan(let scan):
            profile?.enter(stage.operatorNumber, self)
            for row in rows {
                slots = row
                _ = try aggregate(scan, txn) {
                    try keep(rowBytes)
                    results.append(slots)
                    return true
                }
            }
            return results
        case .countSeek(let seek, let slot):
            profile?.enter(stage.operatorNumber, self)
            for row in rows {
                slots = row
                slots[slot] = .integer(try count(seek, txn))
                try keep(rowBytes)
                results.append(slots)
            }
            return results
        default: break
        }
        let collector = try self.collector(stage.barrier, txn)
        for row in rows where !collector.isFull {
            slots = row
            _ = try push(stage.pipeline.steps, 0, txn) {
                guard try at(stage.range, { try collector.accept(self, txn) }) else {
                    return false
                }
                if collector.passesOn {
                    try at(stage.range) { try keep(rowBytes) }
                    results.append(slots)
                    return !collector.isFull
                }
                return true
            }
        }
        profile?.enter(stage.operatorNumber, self)
        if !collector.passesOn {
            _ = try collector.finish(self, txn) {
                try keep(rowBytes)
                results.append(slots)
                return true
            }
        }
        release(rows.count * rowBytes)
        if case .change(let change) = stage.barrier {
            return try self.change(change, results, &txn)
        }
        return results
    }

    private func collector<T: GraphReading & ~Copyable>(
        _ barrier: Barrier, _ txn: borrowing T
    ) throws -> any Collector {
        switch barrier {
        case .none, .change, .aggregateScan, .countSeek: return PassingCollector()
        case .countReach(let count): return ReachCounter(count)
        case .aggregate(let keys, let aggregates):
            return AggregatingCollector(keys: keys, aggregates: aggregates)
        case .distinct(let slots): return DistinctCollector(slots: slots)
        case .sort(let sort): return try SortingCollector(sort, self, txn)
        case .limit(let skip, let limit):
            return LimitingCollector(
                skip: try rows(skip, "SKIP", txn) ?? 0, limit: try rows(limit, "LIMIT", txn))
        }
    }

    func rows<T: GraphReading & ~Copyable>(
        _ code: Code?, _ clause: String, atLeast least: Int64 = 0, _ txn: borrowing T
    ) throws -> Int? {
        guard let code else { return nil }
        let range: SourceRange? = if case .parameter(_, let range) = code { range } else { nil }
        guard case .integer(let count) = try value(code, txn) else {
            throw CypherError(
                .syntaxError, .runtime, .invalidArgumentType,
                "\(clause) takes an integer. Give a whole number of \(least) or more.", at: range)
        }
        guard count >= 0 else {
            throw CypherError(
                .syntaxError, .runtime, .negativeIntegerArgument,
                "\(clause) takes no negative number. Give a whole number of \(least) or more.",
                at: range)
        }
        guard count >= least else {
            throw CypherError(
                .argumentError, .runtime, .numberOutOfRange,
                "\(clause) takes no \(count). Give a whole number of \(least) or more.", at: range)
        }
        return Int(clamping: count)
    }
}
