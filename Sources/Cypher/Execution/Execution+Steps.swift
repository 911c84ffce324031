internal import GraphStore
internal import PropertyGraph

extension Execution {
    /// Pushes the row under way through the steps from `place` on, and calls `next` for each that
    /// comes out; false when `next` wants no more.
    func push<T: GraphReading & ~Copyable>(
        _ steps: [Step], _ place: Int, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        var place = place
        do {
            // Steps that give a row or none are taken in turn, without a call for each.
            while place < steps.count {
                try tick()
                switch steps[place] {
                case .filter(let code): guard try holds(code, txn) else { return true }
                case .require(let slot, let isNode):
                    guard isThere(slot, asNode: isNode) else { return true }
                case .assign(let assignments): try assign(assignments, txn)
                case .seekID(let slot, let code):
                    guard case .integer(let number) = try value(code, txn), number >= 0 else {
                        return true
                    }
                    let id = NodeID(UInt64(number))
                    guard try txn.contains(id) else { return true }
                    slots[slot] = .node(id)
                default: return try branch(steps, place, txn, next)
                }
                place += 1
            }
        } catch {
            // What failed further on has its place already.
            throw located(error, at: range(of: steps[place]))
        }
        return try next()
    }

    private func isThere(_ slot: Int, asNode: Bool) -> Bool {
        switch (slots[slot], asNode) {
        case (.node(let id), true): !deletedNodes.contains(id)
        case (.relationship, false): true
        default: false
        }
    }

    private func assign<T: GraphReading & ~Copyable>(
        _ assignments: [(slot: Int, code: Code)], _ txn: borrowing T
    ) throws {
        // All are computed before any is set: one may read what another sets.
        if assignments.count == 1 {
            slots[assignments[0].slot] = try value(assignments[0].code, txn)
            return
        }
        let values = try assignments.map { try value($0.code, txn) }
        for (assignment, value) in zip(assignments, values) { slots[assignment.slot] = value }
    }

    /// Pushes the row through a step that can give many, and those behind it.
    private func branch<T: GraphReading & ~Copyable>(
        _ steps: [Step], _ place: Int, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        switch steps[place] {
        case .filter, .require, .assign, .seekID: return try push(steps, place, txn, next)
        case .probe(let probe):
            guard let profile else { return try push(steps, place + 1, txn, next) }
            if let number = probe.counts { profile.count(number) }
            let before = profile.enter(probe.enters, self)
            defer { profile.enter(before, self) }
            return try push(steps, place + 1, txn, next)
        case .scanNodes(let slot):
            return try scan(nil, slot, txn) { try push(steps, place + 1, txn, next) }
        case .scanLabel(let slot, let label):
            return try scan(label, slot, txn) { try push(steps, place + 1, txn, next) }
        case .seek(let found):
            return try seek(found, txn) { try push(steps, place + 1, txn, next) }
        case .orderedScan(let scan):
            return try self.scan(scan, txn) { try push(steps, place + 1, txn, next) }
        case .expand(let expansion):
            return try expand(expansion, txn) { try push(steps, place + 1, txn, next) }
        case .expandPath(let expansion):
            return try expandPath(expansion, steps, place, txn, next)
        case .repeatGroup(let group):
            return try repeatGroup(group, txn) { try push(steps, place + 1, txn, next) }
        case .shortestPaths(let search):
            return try shortestPaths(search, txn) { try push(steps, place + 1, txn, next) }
        case .optional(let pipeline, let new):
            var isThere = false
            var wantsMore = true
            _ = try push(pipeline.steps, 0, txn) {
                isThere = true
                wantsMore = try push(steps, place + 1, txn, next)
                return wantsMore
            }
            if isThere { return wantsMore }
            for slot in new { slots[slot] = .null }
            return try push(steps, place + 1, txn, next)
        case .unwind(let code, let slot):
            return try unwind(try value(code, txn), slot) {
                try push(steps, place + 1, txn, next)
            }
        case .subquery(let plan, let isOptional):
            var isThere = false
            let wantsMore = try run(plan, txn) {
                isThere = true
                return try push(steps, place + 1, txn, next)
            }
            if isThere || !isOptional { return wantsMore }
            for slot in plan.outputs { slots[slot] = .null }
            return try push(steps, place + 1, txn, next)
        case .call(let step):
            return try call(step, txn) { try push(steps, place + 1, txn, next) }
        case .loadCSV(let step):
            return try load(step, txn) { try push(steps, place + 1, txn, next) }
        case .first(let count, let pipeline):
            var left = count
            var wantsMore = true
            _ = try push(pipeline.steps, 0, txn) {
                left -= 1
                wantsMore = try push(steps, place + 1, txn, next)
                return wantsMore && left > 0
            }
            return wantsMore
        }
    }

    /// Pushes the row through a search and the steps behind it. Filters right behind a search over
    /// rows are tested before a row is made, where columns decide them.
    private func expandPath<T: GraphReading & ~Copyable>(
        _ expansion: PathExpansion, _ steps: [Step], _ place: Int, _ txn: borrowing T,
        _ next: () throws -> Bool
    ) throws -> Bool {
        guard derived != nil, expansion.endsOnly, !expansion.isInto, place + 1 < steps.count,
            case .filter = steps[place + 1], let from = node(expansion.from)
        else { return try expandPath(expansion, txn) { try push(steps, place + 1, txn, next) } }
        guard let graph = try rows(for: expansion, txn) else {
            return try reach(expansion, txn, mayUseRows: false) {
                try push(steps, place + 1, txn, next)
            }
        }
        let tests = try placeTests(steps, from: place + 1, of: expansion.to, in: graph, txn)
        let behind = place + 1 + tests.count
        return try reach(expansion, over: graph, from, nil, tests) {
            try push(steps, behind, txn, next)
        }
    }

    private func unwind(_ list: Value, _ slot: Int, _ next: () throws -> Bool) throws -> Bool {
        switch list {
        case .null: return true
        case .list(let elements):
            for element in elements {
                try tick()
                slots[slot] = element
                guard try next() else { return false }
            }
            return true
        default:
            slots[slot] = list
            return try next()
        }
    }

    // MARK: Relationships

    /// Calls `body` for each relationship of a node in a direction, of the types; a loop comes
    /// once also where both directions are meant.
    func forEachRelationship<T: GraphReading & ~Copyable>(
        of node: NodeID, _ direction: Direction, _ types: TypeTest, _ txn: borrowing T,
        _ body: (Neighbor) throws -> Bool
    ) throws {
        guard !deletedNodes.contains(node) else { return }
        var wantsMore = true
        for side in direction == .both ? [Direction.outgoing, .incoming] : [direction] {
            func visit(_ neighbor: Neighbor) throws -> Bool {
                try tick()
                storeHits &+= 1
                // The loop was seen among the outgoing.
                if direction == .both, side == .incoming, neighbor.node == node { return true }
                if case .test(let test) = types {
                    let holds = try hasLabels(
                        .relationship(neighbor.edge), test, txn, SourceRange(start: 0, end: 0))
                    guard case .boolean(true) = holds else { return true }
                }
                wantsMore = try body(neighbor)
                return wantsMore
            }
            switch types {
            case .names(let names):
                for name in names where wantsMore {
                    try txn.forEachNeighbor(of: node, side, type: name, visit)
                }
            case .every, .test:
                try txn.forEachNeighbor(of: node, side, visit)
            }
            guard wantsMore else { return }
        }
    }

    private func expand<T: GraphReading & ~Copyable>(
        _ step: Expansion, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        guard let from = node(step.from) else { return true }
        if step.isRelationshipBound { return try follow(step, from, txn, next) }
        if step.isInto {
            guard let into = node(step.to) else { return true }
            return try connect(step, from, into, txn, next)
        }
        let (relationship, to) = (step.relationship, step.to)
        let isPlain = step.distinctFrom.isEmpty
        var wantsMore = true
        func take(_ neighbor: Neighbor) throws -> Bool {
            if !isPlain, !isUnused(neighbor.edge, in: step.distinctFrom) { return true }
            slots[relationship] = .relationship(neighbor.edge)
            slots[to] = .node(neighbor.node)
            wantsMore = try next()
            return wantsMore
        }
        guard case .names(let names) = step.types, step.direction != .both, deletedNodes.isEmpty
        else {
            try forEachRelationship(of: from, step.direction, step.types, txn, take)
            return wantsMore
        }
        // One type and one direction is one run of blocks, with nothing to look at in between.
        for name in names where wantsMore {
            try txn.forEachNeighbor(of: from, step.direction, type: name) {
                try tick(1)
                return try take($0)
            }
        }
        return wantsMore
    }

    /// Goes over a relationship that is bound already.
    private func follow<T: GraphReading & ~Copyable>(
        _ step: Expansion, _ from: NodeID, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        guard case .relationship(let id) = slots[step.relationship],
            isUnused(id, in: step.distinctFrom), let edge = try txn.edge(id),
            try isOf(step.types, edge, txn)
        else { return true }
        var ends: [NodeID] = []
        if step.direction != .incoming, edge.source == from { ends.append(edge.target) }
        if step.direction != .outgoing, edge.target == from, edge.source != edge.target {
            ends.append(edge.source)
        } else if step.direction == .incoming, edge.target == from {
            ends.append(edge.source)
        }
        for end in ends {
            if step.isInto {
                guard node(step.to) == end else { continue }
            } else {
                slots[step.to] = .node(end)
            }
            guard try next() else { return false }
        }
        return true
    }

    private func isOf<T: GraphReading & ~Copyable>(
        _ types: TypeTest, _ edge: Edge, _ txn: borrowing T
    ) throws -> Bool {
        switch types {
        case .every: return true
        case .names(let names): return names.contains(edge.type)
        case .test(let test):
            let holds = try hasLabels(
                .relationship(edge.id), test, txn, SourceRange(start: 0, end: 0))
            if case .boolean(true) = holds { return true }
            return false
        }
    }
}
