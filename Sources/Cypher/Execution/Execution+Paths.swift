internal import GraphStore
internal import PropertyGraph

extension Execution {
    /// Every path of a length, depth first; no relationship is used twice.
    func expandPath<T: GraphReading & ~Copyable>(
        _ step: PathExpansion, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        if step.endsOnly { return try reach(step, txn, next) }
        guard let from = node(step.from) else { return true }
        if step.isRelationshipBound { return try followList(step, from, txn, next) }
        let into = step.isInto ? node(step.to) : nil
        if step.isInto, into == nil { return true }
        if let maximum = step.maximum, maximum < step.minimum { return true }
        var walk = Walk(start: from)
        while let (current, isNew) = walk.current {
            if isNew {
                if walk.path.count >= step.minimum, into == nil || into == current {
                    slots[step.relationships] = .list(
                        step.isReversed
                            ? walk.path.reversed().map { .relationship($0) }
                            : walk.path.map { .relationship($0) })
                    if into == nil { slots[step.to] = .node(current) }
                    guard try next() else { return false }
                }
                if let maximum = step.maximum, walk.path.count >= maximum {
                    walk.back()
                    continue
                }
                walk.open(try candidates(of: current, step, walk, txn))
            }
            if !walk.forward() { walk.back() }
        }
        return true
    }

    /// The relationships by which a path can go on.
    private func candidates<T: GraphReading & ~Copyable>(
        of node: NodeID, _ step: PathExpansion, _ walk: borrowing Walk, _ txn: borrowing T
    ) throws -> [Neighbor] {
        var found: [Neighbor] = []
        try forEachRelationship(of: node, step.direction, step.types, txn) { neighbor in
            if walk.uses(neighbor.edge) { return true }
            guard isUnused(neighbor.edge, in: step.distinctFrom) else { return true }
            if let condition = step.condition {
                slots[step.step] = .relationship(neighbor.edge)
                guard try holds(condition, txn) else { return true }
            }
            found.append(neighbor)
            return true
        }
        return found
    }

    /// Follows a list of relationships that is bound already.
    private func followList<T: GraphReading & ~Copyable>(
        _ step: PathExpansion, _ from: NodeID, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        guard case .list = slots[step.relationships] else { return true }
        let list = relationships(step.relationships)
        var current = from
        for id in step.isReversed ? list.reversed() : list {
            guard isUnused(id, in: step.distinctFrom), let edge = try txn.edge(id) else {
                return true
            }
            if step.direction != .incoming, edge.source == current {
                current = edge.target
            } else if step.direction != .outgoing, edge.target == current {
                current = edge.source
            } else {
                return true
            }
            if let condition = step.condition {
                slots[step.step] = .relationship(id)
                guard try holds(condition, txn) else { return true }
            }
        }
        if list.count < step.minimum || list.count > step.maximum ?? .max { return true }
        if step.isInto {
            guard node(step.to) == current else { return true }
        } else {
            slots[step.to] = .node(current)
        }
        return try next()
    }

    // MARK: Groups

    /// Repeats a pipeline: every way through it, one after another.
    func repeatGroup<T: GraphReading & ~Copyable>(
        _ group: GroupRepetition, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        guard let from = node(group.from) else { return true }
        let into = group.isInto ? node(group.to) : nil
        if group.isInto, into == nil { return true }
        return try round(
            group, GroupState(lists: group.lists.map { _ in [] }), at: from, into, txn, next)
    }

    private struct GroupState {
        var rounds = 0
        var lists: [[Value]]
        var edges: [EdgeID] = []
    }

    /// How many rounds a group may have where nothing else ends it: each is a level of recursion.
    private static let maximumRounds = 200

    private func round<T: GraphReading & ~Copyable>(
        _ group: GroupRepetition, _ state: GroupState, at current: NodeID, _ into: NodeID?,
        _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        if state.rounds >= group.minimum, into == nil || into == current {
            for (list, values) in zip(group.lists, state.lists) { slots[list.list] = .list(values) }
            slots[group.all] = .list(state.edges.map { .relationship($0) })
            if into == nil { slots[group.to] = .node(current) }
            guard try next() else { return false }
        }
        guard state.rounds < min(group.maximum ?? .max, Self.maximumRounds) else { return true }
        slots[group.innerStart] = .node(current)
        return try push(group.inner.steps, 0, txn) {
            let edges = group.relationships.flatMap { relationships($0) }
            guard edges.allSatisfy({ !state.edges.contains($0) }),
                edges.allSatisfy({ isUnused($0, in: group.distinctFrom) }),
                let end = node(group.innerEnd)
            else { return true }
            var after = state
            after.rounds += 1
            after.edges += edges
            for (place, list) in group.lists.enumerated() {
                after.lists[place].append(slots[list.inner])
            }
            let before = slots
            defer { slots = before }
            return try round(group, after, at: end, into, txn, next)
        }
    }
}

/// A walk in depth, whose stack is a list and not the program's.
struct Walk {
    private struct Level {
        let node: NodeID
        var candidates: [Neighbor] = []
        var place = 0
        var isOpen = false
    }

    private var levels: [Level]
    private(set) var path: [EdgeID] = []
    private var used: Set<EdgeID> = []

    init(start: NodeID) { levels = [Level(node: start)] }

    /// The node the walk stands on, and whether it has just come there.
    var current: (node: NodeID, isNew: Bool)? { levels.last.map { ($0.node, !$0.isOpen) } }

    func uses(_ edge: EdgeID) -> Bool {
        path.count < 16 ? path.contains(edge) : used.contains(edge)
    }

    /// Says where the walk can go from here.
    mutating func open(_ candidates: [Neighbor]) {
        levels[levels.count - 1].candidates = candidates
        levels[levels.count - 1].isOpen = true
    }

    /// Goes over the next candidate; false when there is none left.
    mutating func forward() -> Bool {
        let last = levels.count - 1
        guard levels[last].place < levels[last].candidates.count else { return false }
        let neighbor = levels[last].candidates[levels[last].place]
        levels[last].place += 1
        path.append(neighbor.edge)
        used.insert(neighbor.edge)
        levels.append(Level(node: neighbor.node))
        return true
    }

    /// Goes back over the last relationship.
    mutating func back() {
        levels.removeLast()
        if let edge = path.popLast() { used.remove(edge) }
    }
}
