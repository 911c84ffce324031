/// Finds and breaks the cycles of hard edges, row by row of the edge table.
struct CycleFinder {
    private let graph: PrerequisiteGraph
    private let theta: Double
    private var isCut: [Bool]

    init(_ graph: PrerequisiteGraph, theta: Double) {
        self.graph = graph
        self.theta = theta
        isCut = [Bool](repeating: false, count: graph.edges.count)
    }

    /// The components with a cycle that is not of corequisites alone, by smallest member.
    ///
    /// - Parameter withLoops: Whether an edge from a concept to itself is a cycle.
    func components(among nodes: [Int32], withLoops: Bool) -> [[Int32]] {
        var local = [Int32](repeating: -1, count: graph.ids.count)
        for (index, node) in nodes.enumerated() { local[Int(node)] = Int32(index) }
        var start: [Int32] = [0]
        var target: [Int32] = []
        for node in nodes {
            for row in hardRows(of: node) where local[Int(graph.edges.needs[row])] >= 0 {
                target.append(local[Int(graph.edges.needs[row])])
            }
            start.append(Int32(target.count))
        }
        let found = RequirementComponents(start: start, target: target)
        var members = [[Int32]](repeating: [], count: Int(found.count))
        for (index, node) in nodes.enumerated() {
            members[Int(found.component[index])].append(node)
        }
        var isCyclic = [Bool](repeating: false, count: members.count)
        for (index, node) in nodes.enumerated() {
            for row in hardRows(of: node) where !graph.edges.isCorequisite[row] {
                let other = local[Int(graph.edges.needs[row])]
                if other >= 0, found.component[Int(other)] == found.component[index],
                    withLoops || Int(other) != index
                {
                    isCyclic[Int(found.component[index])] = true
                }
            }
        }
        return members.indices.filter { isCyclic[$0] }.map { members[$0] }
            .sorted { ($0.first ?? 0) < ($1.first ?? 0) }
    }

    /// The shortest cycle within a component.
    func witness(of nodes: [Int32], withLoops: Bool) -> [Int32] {
        var local: [Int32: Int32] = [:]
        for (index, node) in nodes.enumerated() { local[node] = Int32(index) }
        let edges = nodes.map { node in
            hardRows(of: node).compactMap { row -> PrerequisiteCycle.Edge? in
                let needs = graph.edges.needs[row]
                guard withLoops || needs != node, let target = local[needs] else { return nil }
                return PrerequisiteCycle.Edge(
                    target: target, isPlain: !graph.edges.isCorequisite[row])
            }
        }
        return (PrerequisiteCycle(edges).shortestPlain() ?? []).map { nodes[$0] }
    }

    /// The rows that break all cycles: of each shortest cycle in turn the weakest edge.
    mutating func weakest() -> [Int] {
        var cut: [Int] = []
        let all = Array(0..<Int32(graph.ids.count))
        var work = Array(components(among: all, withLoops: true).reversed())
        while let nodes = work.popLast() {
            let cycle = witness(of: nodes, withLoops: true)
            guard let row = weakestRow(on: cycle) else { continue }
            isCut[row] = true
            cut.append(row)
            work.append(contentsOf: components(among: nodes, withLoops: true).reversed())
        }
        return cut
    }

    private func weakestRow(on cycle: [Int32]) -> Int? {
        var best: Int?
        for (index, of) in cycle.enumerated().sorted(by: { $0.element < $1.element }) {
            let needs = cycle[(index + 1) % cycle.count]
            for row in hardRows(of: of) where graph.edges.needs[row] == needs {
                if let found = best, graph.edges.strength[found] <= graph.edges.strength[row] {
                    continue
                }
                best = row
            }
        }
        return best
    }

    private func hardRows(of node: Int32) -> [Int] {
        graph.edges.rows(of: node).filter {
            graph.edges.strength[$0] >= theta && !isCut[$0]
                && Int(graph.edges.needs[$0]) < graph.ids.count
        }
    }
}
