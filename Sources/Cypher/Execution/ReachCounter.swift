internal import GraphStore
internal import PropertyGraph

/// Counts the nodes at the ends of paths, each once, whichever row they are reached from.
///
/// What one row reaches is distinct already, so as long as there is but one row nothing is looked up.
final class ReachCounter: Collector {
    /// Nodes, as a search gives them.
    private enum Found {
        case places([UInt32], CSRGraph)
        case nodes([NodeID])

        var count: Int {
            switch self {
            case .places(let places, _): places.count
            case .nodes(let nodes): nodes.count
            }
        }

        func forEach(_ body: (NodeID) throws -> Void) rethrows {
            switch self {
            case .places(let places, let graph):
                for place in places { try body(NodeID(graph.id(of: place))) }
            case .nodes(let nodes): try nodes.forEach(body)
            }
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
            try execution.keep(found.count * Self.bytesPerNode)
            first = found
            count = found.count
            return true
        }
        var seen = self.seen ?? NodeSet(isOnly: true)
        self.seen = nil
        first?.forEach { _ = seen.insert($0) }
        first = nil
        let before = count
        found.forEach { if seen.insert($0) { count += 1 } }
        try execution.keep((count - before) * Self.bytesPerNode)
        self.seen = seen
        return true
    }

    private func reached<T: GraphReading & ~Copyable>(
        _ from: NodeID, _ execution: Execution, _ txn: borrowing T
    ) throws -> Found {
        let expansion = step.expansion
        if let graph = try execution.rows(for: expansion, txn) {
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
        var nodes: [NodeID] = []
        _ = try execution.reach(expansion, txn) {
            guard let end = execution.node(expansion.to), !step.isWithoutStart || end != from,
                try isCounted(execution, txn)
            else { return true }
            nodes.append(end)
            return true
        }
        return .nodes(nodes)
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
