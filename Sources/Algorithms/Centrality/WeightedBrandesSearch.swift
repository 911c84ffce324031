import PropertyGraph

/// One source's part of betweenness by weight: Dijkstra outward, dependencies back in the reverse
/// of the order in which nodes were settled.
struct WeightedBrandesSearch {
    private let rows: CSRRows
    private var distances: [Double]
    /// How many shortest paths lead to each node, as `PathCounts` has it.
    private var paths: [Double]
    private var exponents: [Int32]
    private var dependencies: [Double]
    private var isSettled: [Bool]
    private var order: [UInt32] = []
    private var heap = DistanceHeap()

    /// - Parameter rows: Without parallel arcs, with weights above 0.
    init(_ rows: CSRRows) {
        self.rows = rows
        let count = rows.offsets.count - 1
        distances = [Double](repeating: .infinity, count: count)
        paths = [Double](repeating: 0, count: count)
        exponents = [Int32](repeating: 0, count: count)
        dependencies = paths
        isSettled = [Bool](repeating: false, count: count)
    }

    /// The nodes reached, without the source, and the source's dependency on each.
    ///
    /// - Parameter arcSums: The dependency on each arc of a shortest path is added here, unless
    ///   it is empty.
    mutating func dependencies(
        of source: UInt32, arcSums: inout [Double], _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> BrandesSearch.Dependencies {
        try settle(from: source, &ticker)
        guard let weights = rows.weights else { return .init(nodes: [], values: []) }
        paths[Int(source)] = 1
        for node in order {
            for arc in rows.range(of: node) {
                let target = Int(rows.targets[arc])
                if distances[Int(node)] + weights[arc] == distances[target] {
                    PathCounts.add(
                        paths[Int(node)], exponents[Int(node)], to: &paths[target],
                        &exponents[target])
                }
            }
        }
        var found: (nodes: [UInt32], values: [Double]) = ([], [])
        for node in order.reversed() {
            var sum = 0.0
            for arc in rows.range(of: node) {
                let target = Int(rows.targets[arc])
                if distances[Int(node)] + weights[arc] == distances[target], paths[target] > 0 {
                    let ratio =
                        paths[Int(node)] / paths[target]
                        * PathCounts.factor(exponents[Int(node)], over: exponents[target])
                    let share = ratio * (1 + dependencies[target])
                    sum += share
                    if !arcSums.isEmpty { arcSums[arc] += share }
                }
            }
            dependencies[Int(node)] = sum
            if node != source {
                found.nodes.append(node)
                found.values.append(sum)
            }
            try ticker.tick(rows.degree(of: node) + 1)
        }
        forget()
        return BrandesSearch.Dependencies(nodes: found.nodes, values: found.values)
    }

    private mutating func forget() {
        for node in order {
            distances[Int(node)] = .infinity
            paths[Int(node)] = 0
            exponents[Int(node)] = 0
            dependencies[Int(node)] = 0
            isSettled[Int(node)] = false
        }
        order.removeAll(keepingCapacity: true)
    }

    private mutating func settle(
        from source: UInt32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        guard let weights = rows.weights else { return }
        distances[Int(source)] = 0
        heap.push(.init(distance: 0, node: source))
        while let nearest = heap.pop() {
            let node = Int(nearest.node)
            if isSettled[node] { continue }
            isSettled[node] = true
            order.append(nearest.node)
            let row = rows.range(of: nearest.node)
            for arc in row {
                let target = rows.targets[arc]
                let distance = nearest.distance + weights[arc]
                if distance < distances[Int(target)] {
                    distances[Int(target)] = distance
                    heap.push(.init(distance: distance, node: target))
                }
            }
            try ticker.tick(row.count + 8)
        }
    }
}
