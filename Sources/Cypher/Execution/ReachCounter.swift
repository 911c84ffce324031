internal import GraphStore
internal import PropertyGraph

/// Counts the nodes at the ends of paths, each once, whichever row they are reached from.
///
/// What one row reaches is distinct already, so as long as there is but one row nothing is looked up.
final class ReachCounter: Collector {
    /// Nodes, as a search gives them. Those in a graph are indirect, for it is many buffers.
    private enum Found {
        indirect case neighbors(Neighbors)
        indirect case places([UInt32], CSRGraph)
        case nodes([NodeID])
        /// So many neighbours of a node, which are listed when they are wanted.
        case counted(Int, of: NodeID)

        var count: Int {
            switch self {
            case .neighbors(let neighbors): neighbors.count
            case .places(let places, _): places.count
            case .nodes(let nodes): nodes.count
            case .counted(let count, _): count
            }
        }

        func forEach(_ body: (NodeID) throws -> Void) rethrows {
            switch self {
            case .neighbors(let neighbors): try neighbors.forEach(body)
            case .places(let places, let graph):
                for place in places { try body(NodeID(graph.id(of: place))) }
            case .nodes(let nodes): try nodes.forEach(body)
            case .counted: break
            }
        }
    }

    /// The neighbours of one node, counted where they stand: rows are ascending, so that equals are
    /// beside each other.
    private struct Neighbors {
        let graph: CSRGraph
        let rows: CSRRows
        let row: Int
        /// The node that does not count.
        let without: UInt32?
        private(set) var count = 0

        init(_ graph: CSRGraph, _ rows: CSRRows, of start: UInt32, isWithoutStart: Bool) {
            self.graph = graph
            self.rows = rows
            row = Int(start)
            without = isWithoutStart ? start : nil
            var found = 0
            forEachPlace { _ in found += 1 }
            count = found
        }

        var arcs: Range<Int> { Int(rows.offsets[row])..<Int(rows.offsets[row + 1]) }

        @inline(__always)
        private func forEachPlace(_ body: (UInt32) throws -> Void) rethrows {
            let targets = rows.targets.span
            var last = without
            for arc in arcs {
                let node = targets[arc]
                if node == last || node == without { continue }
                last = node
                try body(node)
            }
        }

        func forEach(_ body: (NodeID) throws -> Void) rethrows {
            try forEachPlace { try body(NodeID(graph.id(of: $0))) }
        }
    }

    private let step: ReachCount
    /// What the only row reaches.
    private var first: Found?
    /// What all rows reach, where there are several.
    private var seen: NodeSet?
    private var count = 0

    private static let bytesPerNode = 16

    init(_ step: ReachCount) { self.step = step }

    func accept<T: GraphReading & ~Copyable>(
        _ execution: Execution, _ txn: borrowing T
    ) throws -> Bool {
        guard let from = execution.node(step.expansion.from) else { return true }
        let found = try reached(from, execution, txn)
        if first == nil, seen == nil {
            count = found.count
            try execution.keep(count * Self.bytesPerNode)
            first = found
            return true
        }
        var seen = self.seen ?? NodeSet(isOnly: true)
        self.seen = nil
        if let first { try forEach(first, execution, txn) { _ = seen.insert($0) } }
        first = nil
        let before = count
        try forEach(found, execution, txn) { if seen.insert($0) { count += 1 } }
        try execution.keep((count - before) * Self.bytesPerNode)
        self.seen = seen
        return true
    }

    private func forEach<T: GraphReading & ~Copyable>(
        _ found: Found, _ execution: Execution, _ txn: borrowing T, _ body: (NodeID) -> Void
    ) throws {
        guard case .counted(_, let node) = found else { return found.forEach(body) }
        _ = try forEachNeighbor(of: node, execution, txn, body)
    }

    private func reached<T: GraphReading & ~Copyable>(
        _ from: NodeID, _ execution: Execution, _ txn: borrowing T
    ) throws -> Found {
        let expansion = step.expansion
        let isNear =
            expansion.minimum == 1 && expansion.maximum == 1 && step.conditions.isEmpty
        let isOneRun = isNear && self.isOneRun
        let units = isOneRun ? DerivedGraphs.costOfNeighbors : 0
        if let graph = try execution.rows(for: expansion, spending: units, txn) {
            if isNear, let start = graph.place(of: from.rawValue),
                let rows = expansion.direction == .outgoing ? graph.outgoing : graph.incoming
            {
                let neighbors = Neighbors(
                    graph, rows, of: start, isWithoutStart: step.isWithoutStart)
                try execution.tick(UInt64(neighbors.arcs.count) &+ 1)
                return .neighbors(neighbors)
            }
            var places = try execution.places(expansion, over: graph, from)
            if step.isWithoutStart, let start = graph.place(of: from.rawValue),
                let place = places.firstIndex(of: start)
            {
                places.remove(at: place)
            }
            if step.conditions.isEmpty { return .places(places, graph) }
            var kept: [UInt32] = []
            for place in places {
                execution.slots[expansion.to] = .node(NodeID(graph.id(of: place)))
                if try isCounted(execution, txn) { kept.append(place) }
            }
            return .places(kept, graph)
        }
        if isOneRun, execution.deletedNodes.isEmpty {
            // Of the first row a list is wanted only where others follow.
            let isFirst = first == nil && seen == nil
            var (count, nodes) = (0, [NodeID]())
            let steps = try forEachNeighbor(of: from, execution, txn) {
                if isFirst { count += 1 } else { nodes.append($0) }
            }
            if steps > DerivedGraphs.fewNeighbors { execution.wentOver(steps, expansion.types) }
            return isFirst ? .counted(count, of: from) : .nodes(nodes)
        }
        var nodes: [NodeID] = []
        _ = try execution.reach(expansion, txn, mayUseRows: false) {
            guard let end = execution.node(expansion.to), !step.isWithoutStart || end != from,
                try isCounted(execution, txn)
            else { return true }
            nodes.append(end)
            return true
        }
        return .nodes(nodes)
    }

    /// Whether the neighbours of a node are those along one type in one direction.
    private var isOneRun: Bool {
        let expansion = step.expansion
        guard case .names(let types) = expansion.types, types.count == 1 else { return false }
        return expansion.direction != .both && expansion.condition == nil
            && expansion.distinctFrom.isEmpty
    }

    /// Calls `body` for each neighbour of one node that counts, once: along one type they come in
    /// order, so that equals are beside each other. Returns how many relationships there are.
    private func forEachNeighbor<T: GraphReading & ~Copyable>(
        of node: NodeID, _ execution: Execution, _ txn: borrowing T, _ body: (NodeID) -> Void
    ) throws -> UInt64 {
        guard case .names(let types) = step.expansion.types else { return 0 }
        let without = step.isWithoutStart ? node : nil
        var last = without
        var steps: UInt64 = 0
        var told: UInt64 = 0
        try txn.forEachNeighbor(of: node, step.expansion.direction, type: types[0]) { neighbor in
            steps &+= 1
            if steps & 0xFF == 0 {
                try execution.tick(steps &- told)
                told = steps
            }
            if neighbor.node == last || neighbor.node == without { return true }
            last = neighbor.node
            body(neighbor.node)
            return true
        }
        try execution.tick(steps &- told)
        return steps
    }

    private func isCounted<T: GraphReading & ~Copyable>(
        _ execution: Execution, _ txn: borrowing T
    ) throws -> Bool {
        for condition in step.conditions {
            try execution.tick()
            guard try execution.holds(condition, txn) else { return false }
        }
        return true
    }

    func finish<T: GraphReading & ~Copyable>(
        _ execution: Execution, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        execution.slots[step.slot] = .integer(Int64(count))
        return try next()
    }
}
