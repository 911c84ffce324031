internal import GraphStore
internal import PropertyGraph

// Searches over compressed sparse rows, where those of the types are held. They give the same as
// the searches over blocks of the store, at a tenth of the cost.

extension Execution {
    /// The rows of relationships of some types as the transaction sees them, if they are held.
    func relationships<T: GraphReading & ~Copyable>(
        _ types: TypeTest, spending units: UInt64 = 0, _ txn: borrowing T
    ) throws -> CSRGraph? {
        guard derived != nil, let part = Self.part(types) else { return nil }
        if let lastRows, lastRows.part == part { return lastRows.graph }
        guard let graph = try derivedGraph(part, spending: units, txn), graph.incoming != nil
        else { return nil }
        lastRows = SearchedRows(part: part, graph: graph)
        return graph
    }

    /// The rows that a search for the ends of paths can go over, if they are held: one along
    /// directions, over every relationship of its types.
    func rows<T: GraphReading & ~Copyable>(
        for step: PathExpansion, spending units: UInt64 = 0, _ txn: borrowing T
    ) throws -> CSRGraph? {
        guard step.direction != .both, step.condition == nil, step.distinctFrom.isEmpty else {
            return nil
        }
        return try relationships(step.types, spending: units, txn)
    }

    /// Tells how many relationships a search without rows went over.
    func wentOver(_ count: UInt64, _ types: TypeTest) {
        guard let derived, let part = Self.part(types) else { return }
        derived.spend(DerivedGraphs.costOfSearch &+ count &* DerivedGraphs.costOfStep, part)
    }

    private static func part(_ types: TypeTest) -> DerivedGraphs.Part? {
        switch types {
        case .every: .relationships(nil)
        case .names(let names): .relationships(names)
        case .test: nil
        }
    }

    /// Every node at the end of a path along directions, once; as `reachAlong`.
    ///
    /// - Parameter tests: What nodes must pass to be given.
    func reach(
        _ step: PathExpansion, over graph: CSRGraph, _ from: NodeID, _ into: NodeID?,
        _ tests: [PlaceTest], _ next: () throws -> Bool
    ) throws -> Bool {
        let wanted = into.flatMap { graph.place(of: $0.rawValue) }
        if into != nil, wanted == nil { return true }
        var goesOn = true
        _ = try search(step, over: graph, from) { found, new in
            for place in new {
                let node = found[place]
                if let wanted {
                    if node != wanted { continue }
                    goesOn = try next()
                    return false
                }
                if !tests.isEmpty, try !passes(node, tests) { continue }
                slots[step.to] = .node(NodeID(graph.id(of: node)))
                goesOn = try next()
                guard goesOn else { return false }
            }
            return true
        }
        return goesOn
    }

    /// Room for what most searches find, so that it need not grow in steps.
    private static let placesAtFirst = 60

    /// Every node at the end of a path along directions, once, in the order they are found.
    func places(
        _ step: PathExpansion, over graph: CSRGraph, _ from: NodeID
    ) throws -> [UInt32] {
        let found = try search(step, over: graph, from) { _, _ in true }
        return step.minimum == 0 ? found : Array(found.dropFirst())
    }

    /// Searches for the nodes at the ends of paths along directions, level by level.
    ///
    /// - Parameter visit: Is given the nodes found so far and which of them are new ends; false ends
    ///   the search.
    /// - Returns: The nodes in the order they were found, behind the start: it is at the end of a
    ///   path that may be empty, or of a cycle, which finds it again.
    private func search(
        _ step: PathExpansion, over graph: CSRGraph, _ from: NodeID,
        _ visit: (_ found: [UInt32], _ new: Range<Int>) throws -> Bool
    ) throws -> [UInt32] {
        guard let derived, let start = graph.place(of: from.rawValue),
            let rows = step.direction == .outgoing ? graph.outgoing : graph.incoming
        else { return [] }
        var found: [UInt32] = []
        found.reserveCapacity(Self.placesAtFirst)
        found.append(start)
        var scratch = derived.takeScratch()
        scratch.reserveMarks(graph.nodeCount)
        var keptBytes = 0
        defer {
            for node in found { scratch.marks[Int(node >> 6)] = 0 }
            derived.give(scratch)
            release(keptBytes)
        }
        if step.minimum == 0 { scratch.marks[Int(start >> 6)] |= 1 << UInt64(start & 63) }
        let most = step.maximum ?? .max
        // The start is behind the nodes that are given, unless a path may be empty.
        var (depth, level, given) = (0, 0, step.minimum == 0 ? 0 : 1)
        while try visit(found, given..<found.count), depth < most, level < found.count {
            depth += 1
            given = found.count
            try Self.expand(rows, level..<given, &scratch.marks, &found, self)
            level = given
            try keep((found.count - given) * 4)
            keptBytes += (found.count - given) * 4
        }
        return found
    }

    /// Adds the neighbours of a level of nodes that have no mark yet.
    private static func expand(
        _ rows: CSRRows, _ level: Range<Int>, _ marks: inout [UInt64], _ found: inout [UInt32],
        _ execution: Execution
    ) throws {
        let offsets = rows.offsets.span
        let targets = rows.targets.span
        for place in level {
            let row = Int(found[place])
            let arcs = Int(offsets[row])..<Int(offsets[row + 1])
            try execution.tick(UInt64(arcs.count) &+ 1)
            for arc in arcs {
                let node = targets[arc]
                let word = Int(node >> 6)
                let bit = UInt64(1) << UInt64(node & 63)
                if marks[word] & bit != 0 { continue }
                marks[word] |= bit
                found.append(node)
            }
        }
    }

    // MARK: Shortest paths

    /// The relationships of one shortest path between two nodes, from both ends; as `meeting`.
    func meeting(
        _ search: ShortestSearch, over graph: CSRGraph, _ from: NodeID, _ to: NodeID
    ) throws -> [EdgeID]? {
        guard let derived, let start = graph.place(of: from.rawValue),
            let end = graph.place(of: to.rawValue), let incoming = graph.incoming
        else { return nil }
        let isForward = search.direction == .outgoing
        let rows = isForward ? [graph.outgoing, incoming] : [incoming, graph.outgoing]
        var scratch = derived.takeScratch()
        scratch.reserveWays(graph.nodeCount)
        // All nodes of each side, those at its edge last.
        var visited = [[start], [end]]
        var levels = [0, 0]
        var keptBytes = 0
        defer {
            for side in 0..<2 {
                for node in visited[side] { scratch.before[side][Int(node)] = 0 }
            }
            derived.give(scratch)
            release(keptBytes)
        }
        // A start is before itself.
        scratch.before[0][Int(start)] = start + 1
        scratch.before[1][Int(end)] = end + 1
        var depth = 0
        while depth < search.maximum ?? .max {
            let edge = (0..<2).map { visited[$0].count - levels[$0] }
            guard edge[0] > 0, edge[1] > 0 else { return nil }
            let side = edge[0] <= edge[1] ? 0 : 1
            depth += 1
            let level = levels[side]..<visited[side].count
            levels[side] = visited[side].count
            let meeting = try Self.advance(
                rows[side], level, side, &scratch, &visited[side], self)
            if let meeting {
                return Self.path(over: meeting, side, scratch, rows)
            }
            let new = visited[side].count - levels[side]
            try keep(new * 4)
            keptBytes += new * 4
        }
        return nil
    }

    /// Where two searches meet: an arc of one side, from a node of its own to one of the other.
    private struct Meeting {
        let from: UInt32
        let to: UInt32
        let arc: Int
    }

    /// Goes one level further from one side, until it meets the other. As every level is finished
    /// before the next, any meeting is on a shortest path.
    private static func advance(
        _ rows: CSRRows, _ level: Range<Int>, _ side: Int, _ scratch: inout SearchScratch,
        _ visited: inout [UInt32], _ execution: Execution
    ) throws -> Meeting? {
        let offsets = rows.offsets.span
        let targets = rows.targets.span
        for place in level {
            let node = visited[place]
            let arcs = Int(offsets[Int(node)])..<Int(offsets[Int(node) + 1])
            try execution.tick(UInt64(arcs.count) &+ 1)
            for arc in arcs {
                let neighbor = targets[arc]
                if scratch.before[1 - side][Int(neighbor)] != 0 {
                    return Meeting(from: node, to: neighbor, arc: arc)
                }
                guard scratch.before[side][Int(neighbor)] == 0 else { continue }
                scratch.before[side][Int(neighbor)] = node + 1
                scratch.arcs[side][Int(neighbor)] = UInt32(truncatingIfNeeded: arc)
                visited.append(neighbor)
            }
        }
        return nil
    }

    private static func path(
        over meeting: Meeting, _ side: Int, _ scratch: SearchScratch, _ rows: [CSRRows]
    ) -> [EdgeID] {
        /// From a node back to the start of a side.
        func edges(from node: UInt32, _ side: Int) -> [EdgeID] {
            var edges: [EdgeID] = []
            var current = node
            while scratch.before[side][Int(current)] != current + 1 {
                let arc = Int(scratch.arcs[side][Int(current)])
                edges.append(EdgeID(rows[side].edges?[arc] ?? 0))
                current = scratch.before[side][Int(current)] - 1
            }
            return edges
        }
        let over = EdgeID(rows[side].edges?[meeting.arc] ?? 0)
        let (near, far) = side == 0 ? (meeting.from, meeting.to) : (meeting.to, meeting.from)
        return edges(from: near, 0).reversed() + [over] + edges(from: far, 1)
    }
}
