internal import PropertyGraph

/// Gathers steps into stages.
struct StageBuilder {
    private var stages: [QueryPlan.Stage] = []
    private var steps: [Step] = []
    /// The keyword of the clause that is compiled.
    var range: SourceRange?

    mutating func add(_ step: Step) { steps.append(step) }

    mutating func add(_ more: [Step]) { steps += more }

    mutating func end(_ barrier: Barrier) {
        stages.append(
            QueryPlan.Stage(pipeline: Pipeline(steps: steps), barrier: barrier, range: range))
        steps = []
    }

    /// - Parameter outputs: The slots that are asked for in the end.
    mutating func finish(keeping outputs: [Int]) -> [QueryPlan.Stage] {
        if !steps.isEmpty || stages.isEmpty { end(.none) }
        if case .sort(var sort)? = stages.last?.barrier {
            sort.kept = outputs
            stages[stages.count - 1].barrier = .sort(sort)
        }
        return stages
    }

    /// Groups rows; where they are all nodes, of which only properties are asked, as one step.
    mutating func endAggregation(
        _ keys: [(code: Code, slot: Int)], _ aggregates: [Aggregate], isNaive: Bool
    ) {
        if !isNaive, stages.isEmpty, let scan = ScanAggregation(steps, keys, aggregates) {
            steps = []
            return end(.aggregateScan(scan))
        }
        if !isNaive, keys.isEmpty {
            if stages.isEmpty, let (seek, slot) = countedSeek(aggregates) {
                steps = []
                return end(.countSeek(seek, slot: slot))
            }
            if let count = ReachCount(&steps, aggregates) { return end(.countReach(count)) }
        }
        end(.aggregate(keys: keys, aggregates: aggregates))
    }

    /// The lookup by which all rows are found, where they are only counted, and the slot of the
    /// count.
    private func countedSeek(_ aggregates: [Aggregate]) -> (IndexSeek, slot: Int)? {
        guard steps.count == 1, case .seek(let seek) = steps[0], case .startsWith = seek.seek,
            aggregates.count == 1
        else { return nil }
        switch (aggregates[0].kind, aggregates[0].argument) {
        case (.countAll, _), (.count, .slot(seek.slot)?): return (seek, aggregates[0].slot)
        default: return nil
        }
    }

    /// Makes the scan that the rows begin with one in the order that is wanted, where an index
    /// has it; false where none does.
    ///
    /// Rows come out of a pipeline in the order of its first step, whatever the others do.
    mutating func scan(
        inOrderOf key: SortKey, _ skip: Code?, _ limit: Code,
        _ knowledge: Compiler.Knowledge
    ) -> Bool {
        guard stages.isEmpty, let first = steps.first,
            case .property(.slot(let slot), let property, _) = origin(of: key.code)
        else { return false }
        let label: Label
        let seek: Seek
        switch first {
        case .scanLabel(slot, let found): (label, seek) = (found, .exists)
        case .seek(let found) where found.slot == slot && found.key == property:
            switch found.seek {
            case .range, .startsWith, .exists: (label, seek) = (found.label, found.seek)
            case .equals, .isIn: return false
            }
        default: return false
        }
        guard knowledge.hasIndex(label, property) else { return false }
        var includesAbsent = false
        if case .exists = seek { includesAbsent = !isRequired(property, of: slot) }
        steps[0] = .orderedScan(
            OrderedScan(
                slot: slot, label: label, key: property, seek: seek,
                isDescending: key.isDescending, includesAbsent: includesAbsent, skip: skip,
                limit: limit))
        return true
    }

    /// What a slot was assigned in these steps; else the code itself.
    private func origin(of code: Code) -> Code {
        guard case .slot(let slot) = code else { return code }
        var found = code
        for case .assign(let values) in steps {
            for value in values where value.slot == slot { found = value.code }
        }
        return found
    }

    /// Whether a node without the property is left out by a filter.
    private func isRequired(_ key: PropertyKey, of slot: Int) -> Bool {
        steps.contains { step in
            guard case .filter(.isNull(.property(.slot(slot), key, _), isNegated: true)) = step
            else { return false }
            return true
        }
    }
}
