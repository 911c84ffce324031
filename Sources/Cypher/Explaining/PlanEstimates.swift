internal import PropertyGraph

/// How many rows steps give, as far as counts tell.
struct PlanEstimates {
    let knowledge: Compiler.Knowledge

    func rows(of step: Step, _ rows: Double) -> Double {
        switch step {
        case .scanNodes: return rows * Double(knowledge.nodeCount(nil))
        case .scanLabel(_, let label): return rows * Double(knowledge.nodeCount(label))
        case .seek(let found): return rows * nodes(found.label, found.key, found.seek)
        case .orderedScan(let scan): return rows * nodes(scan.label, scan.key, scan.seek)
        case .seekID: return rows
        case .expand(let step):
            return rows * fanOut(step.types, step.direction) * (step.isInto ? share : 1)
        case .expandPath(let step):
            let all = Double(knowledge.nodeCount(nil))
            let each = max(fanOut(step.types, step.direction), 0.5)
            let reached =
                step.endsOnly
                ? min(all, pow(each, step.maximum ?? 8)) : pow(each, step.maximum ?? 4)
            return rows * (step.isInto ? min(1, reached * share) : reached)
        case .repeatGroup, .unwind: return rows * 10
        case .filter: return rows * 0.5
        case .first(let count, let pipeline):
            return rows * min(Double(count), self.rows(of: pipeline, 1))
        case .optional(let pipeline, _): return rows * max(1, self.rows(of: pipeline, 1))
        case .subquery(let plan, _): return rows * self.rows(of: plan)
        case .call: return rows * 10
        case .loadCSV: return rows * 1_000
        case .shortestPaths, .require, .assign, .probe: return rows
        }
    }

    func rows(of barrier: Barrier, _ rows: Double) -> Double {
        switch barrier {
        case .none, .change: rows
        case .countReach, .countSeek: 1
        case .aggregate(let keys, _): keys.isEmpty ? 1 : max(1, rows.squareRoot())
        case .aggregateScan(let scan):
            scan.keys.isEmpty
                ? 1 : max(1, Double(knowledge.nodeCount(scan.label)).squareRoot())
        case .distinct: max(min(rows, 1), rows * 0.8)
        case .sort(let sort): limited(rows, sort.limit)
        case .limit(_, let limit): limited(rows, limit)
        }
    }

    private func limited(_ rows: Double, _ limit: Code?) -> Double {
        guard case .constant(.integer(let count))? = limit else { return rows }
        return min(rows, Double(count))
    }

    private func rows(of pipeline: Pipeline, _ rows: Double) -> Double {
        pipeline.steps.reduce(rows) { self.rows(of: $1, $0) }
    }

    private func rows(of plan: QueryPlan) -> Double {
        plan.parts.reduce(0) { sum, stages in
            sum
                + stages.reduce(1.0) {
                    rows(of: $1.barrier, rows(of: $1.pipeline, $0))
                }
        }
    }

    /// One pair of nodes out of all.
    private var share: Double { 1 / Double(max(1, knowledge.nodeCount(nil))) }

    /// How many relationships of the types a node has, on average.
    func fanOut(_ types: TypeTest, _ direction: Direction) -> Double {
        let edges: Int
        switch types {
        case .names(let names): edges = names.reduce(0) { $0 + knowledge.edgeCount($1) }
        case .every, .test: edges = knowledge.edgeCount(nil)
        }
        return Double(edges) * share * (direction == .both ? 2 : 1)
    }

    /// How many nodes of a label a lookup finds.
    func nodes(_ label: Label, _ key: PropertyKey, _ seek: Seek) -> Double {
        let count = Double(knowledge.nodeCount(label))
        switch seek {
        case .equals: return max(1, count / Double(max(1, knowledge.distinct(label, key))))
        case .isIn: return min(count, 4 * nodes(label, key, .equals(.constant(.null))))
        case .startsWith: return count / 20
        case .range(let from, _, let to, _):
            return from != nil && to != nil ? count / 10 : count / 3
        case .exists: return count
        }
    }

    private func pow(_ base: Double, _ exponent: Int) -> Double {
        var result = 1.0
        for _ in 0..<min(exponent, 16) { result = min(result * base, 1e15) }
        return result
    }
}
