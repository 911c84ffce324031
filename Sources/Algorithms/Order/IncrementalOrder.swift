import PropertyGraph

/// A topological order that edges are added to, each as long as it closes no cycle.
///
/// - SeeAlso: Pearce, Kelly, *A Dynamic Topological Sort Algorithm for Directed Acyclic Graphs*
///   (2006).
struct IncrementalOrder {
    private let cyclic: CyclicArcs
    private let incoming: CSRRows
    private var places: [Int]
    private var isLeftOut: [Bool]
    private var isSeen: [Bool]

    /// Orders the arcs of strong components without some.
    init(
        _ cyclic: CyclicArcs, _ incoming: CSRRows, without arcs: [Int],
        _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        self.cyclic = cyclic
        self.incoming = incoming
        places = [Int](repeating: 0, count: cyclic.nodeCount)
        isSeen = [Bool](repeating: false, count: cyclic.nodeCount)
        isLeftOut = [Bool](repeating: false, count: cyclic.rows.arcCount)
        for arc in arcs { isLeftOut[arc] = true }
        var missing = [Int](repeating: 0, count: cyclic.nodeCount)
        for arc in cyclic.arcs where !isLeftOut[arc] { missing[Int(cyclic.rows.targets[arc])] += 1 }
        var ready = (0..<UInt32(truncatingIfNeeded: cyclic.nodeCount)).filter {
            missing[Int($0)] == 0
        }
        var place = 0
        while let node = ready.popLast() {
            places[Int(node)] = place
            place += 1
            for target in successors(of: node) {
                missing[Int(target)] -= 1
                if missing[Int(target)] == 0 { ready.append(target) }
            }
            try ticker.tick(cyclic.rows.degree(of: node) &+ 1)
        }
    }

    /// Adds arcs, the heaviest first and of equals the first, unless one closes a cycle; returns
    /// those that do.
    mutating func putBack(
        _ arcs: [Int], _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> [Int] {
        let sorted = Set(arcs).sorted {
            (cyclic.weight(of: $1), $0) < (cyclic.weight(of: $0), $1)
        }
        var rest: [Int] = []
        for arc in sorted {
            if try add(arc, &ticker) { isLeftOut[arc] = false } else { rest.append(arc) }
        }
        return rest
    }

    /// Makes room in the order for an arc; false when its target leads to its source.
    private mutating func add(
        _ arc: Int, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> Bool {
        let (source, target) = (cyclic.sources[arc], cyclic.rows.targets[arc])
        let (low, high) = (places[Int(target)], places[Int(source)])
        guard low < high else { return true }
        // What the target leads to, up to the source's place.
        guard let after = try reach(target, isForward: true, upTo: high, source, &ticker)
        else { return false }
        let before = try reach(source, isForward: false, upTo: low, noNode, &ticker) ?? []
        // What leads to the source moves before what the target leads to, in the same places.
        let nodes =
            before.sorted { places[Int($0)] < places[Int($1)] }
            + after.sorted { places[Int($0)] < places[Int($1)] }
        let free = nodes.map { places[Int($0)] }.sorted()
        for (node, place) in zip(nodes, free) { places[Int(node)] = place }
        return true
    }

    /// What a node leads to, or is led to from, no further than a place; nil when `goal` is met.
    private mutating func reach(
        _ start: UInt32, isForward: Bool, upTo limit: Int, _ goal: UInt32,
        _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> [UInt32]? {
        var found = [start]
        isSeen[Int(start)] = true
        defer { for node in found { isSeen[Int(node)] = false } }
        var head = 0
        while head < found.count {
            let node = found[head]
            head += 1
            let neighbors = isForward ? successors(of: node) : predecessors(of: node)
            try ticker.tick(neighbors.count &+ 8)
            for next in neighbors where !isSeen[Int(next)] {
                if next == goal { return nil }
                let place = places[Int(next)]
                guard isForward ? place <= limit : place >= limit else { continue }
                isSeen[Int(next)] = true
                found.append(next)
            }
        }
        return found
    }

    private func successors(of node: UInt32) -> [UInt32] {
        cyclic.rows.range(of: node).compactMap { arc in
            let target = cyclic.rows.targets[arc]
            return cyclic.isInside(node, target) && !isLeftOut[arc] ? target : nil
        }
    }

    /// Those with an arc to the node that is not left out; incoming rows have no arc numbers, so
    /// the row of each is looked at.
    private func predecessors(of node: UInt32) -> [UInt32] {
        incoming.range(of: node).compactMap { place in
            let source = incoming.targets[place]
            guard cyclic.isInside(source, node),
                var arc = cyclic.rows.firstArc(from: source, to: node)
            else { return nil }
            let end = cyclic.rows.range(of: source).upperBound
            while arc < end, cyclic.rows.targets[arc] == node {
                if !isLeftOut[arc] { return source }
                arc += 1
            }
            return nil
        }
    }
}
