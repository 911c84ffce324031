import PropertyGraph

/// Lines up nodes so that little weight points backwards.
enum LineUp {
    /// The arcs that point backwards.
    ///
    /// Nodes without outgoing arcs go to the end of the line, others to its front: those without
    /// incoming ones, and else the one whose outgoing weight exceeds its incoming weight most, the
    /// lowest of several.
    static func backwardArcs(
        _ cyclic: CyclicArcs, _ incoming: CSRRows, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> [Int] {
        var line = Line(cyclic, incoming)
        try line.fill(&ticker)
        return cyclic.arcs.filter { arc in
            let target = cyclic.rows.targets[arc]
            return line.places[Int(cyclic.sources[arc])] > line.places[Int(target)]
        }
    }
}

private struct Line {
    private let cyclic: CyclicArcs
    private let incoming: CSRRows
    private(set) var places: [Int]
    private var isPlaced: [Bool]
    private var outDegrees: [Int]
    private var inDegrees: [Int]
    /// Outgoing less incoming weight among nodes not yet placed.
    private var excess: [Double]
    private var front = 0
    private var back: Int

    init(_ cyclic: CyclicArcs, _ incoming: CSRRows) {
        self.cyclic = cyclic
        self.incoming = incoming
        let count = cyclic.nodeCount
        places = [Int](repeating: 0, count: count)
        isPlaced = [Bool](repeating: false, count: count)
        outDegrees = [Int](repeating: 0, count: count)
        inDegrees = [Int](repeating: 0, count: count)
        excess = [Double](repeating: 0, count: count)
        back = count
        for arc in cyclic.arcs {
            let (source, target) = (Int(cyclic.sources[arc]), Int(cyclic.rows.targets[arc]))
            outDegrees[source] += 1
            inDegrees[target] += 1
            excess[source] += cyclic.weight(of: arc)
            excess[target] -= cyclic.weight(of: arc)
        }
    }

    mutating func fill(_ ticker: inout CancellationTicker) throws(AlgorithmError) {
        var heap = DistanceHeap()
        var ends: [UInt32] = []
        for node in 0..<UInt32(truncatingIfNeeded: cyclic.nodeCount) {
            heap.push(.init(distance: -excess[Int(node)], node: node))
            if outDegrees[Int(node)] == 0 || inDegrees[Int(node)] == 0 { ends.append(node) }
        }
        while true {
            if let node = ends.popLast() {
                guard !isPlaced[Int(node)] else { continue }
                try place(node, &heap, &ends, &ticker)
            } else if let best = heap.pop() {
                // Stale: placed, or its excess has changed since.
                guard !isPlaced[Int(best.node)], best.distance == -excess[Int(best.node)]
                else { continue }
                try place(best.node, &heap, &ends, &ticker)
            } else {
                return
            }
        }
    }

    private mutating func place(
        _ node: UInt32, _ heap: inout DistanceHeap, _ ends: inout [UInt32],
        _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        isPlaced[Int(node)] = true
        if outDegrees[Int(node)] == 0 {
            back -= 1
            places[Int(node)] = back
        } else {
            places[Int(node)] = front
            front += 1
        }
        for arc in cyclic.rows.range(of: node) {
            let target = cyclic.rows.targets[arc]
            guard cyclic.isInside(node, target), !isPlaced[Int(target)] else { continue }
            inDegrees[Int(target)] -= 1
            excess[Int(target)] += cyclic.weight(of: arc)
            note(target, inDegrees[Int(target)], &heap, &ends)
        }
        for arc in incoming.range(of: node) {
            let source = incoming.targets[arc]
            guard cyclic.isInside(source, node), !isPlaced[Int(source)] else { continue }
            outDegrees[Int(source)] -= 1
            excess[Int(source)] -= incoming.weights?[arc] ?? 1
            note(source, outDegrees[Int(source)], &heap, &ends)
        }
        try ticker.tick(
            4 * (cyclic.rows.degree(of: node) &+ incoming.degree(of: node)) &+ 8)
    }

    private mutating func note(
        _ node: UInt32, _ degree: Int, _ heap: inout DistanceHeap, _ ends: inout [UInt32]
    ) {
        if degree == 0 { ends.append(node) }
        heap.push(.init(distance: -excess[Int(node)], node: node))
    }
}
