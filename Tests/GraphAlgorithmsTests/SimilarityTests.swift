import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `Nodes that are alike` {
    /// The formulas, by sets.
    private func score(
        _ measure: NodeSimilarity.Measure, _ sets: [Set<Int>], _ holders: [Set<Int>], _ u: Int,
        _ v: Int
    ) -> Double {
        let common = sets[u].intersection(sets[v])
        if common.isEmpty { return 0 }
        let count = Double(common.count)
        let (a, b) = (Double(sets[u].count), Double(sets[v].count))
        switch measure {
        case .jaccard: return count / Double(sets[u].union(sets[v]).count)
        case .overlap: return count / min(a, b)
        case .cosine: return count / (a * b).squareRoot()
        case .adamicAdar:
            return common.sorted().reduce(0) {
                holders[$1].count > 1 ? $0 + 1 / naturalLogarithm(Double(holders[$1].count)) : $0
            }
        case .resourceAllocation:
            return common.sorted().reduce(0) { $0 + 1 / Double(holders[$1].count) }
        }
    }

    @Test(arguments: NodeSimilarity.Measure.allCases, Neighborhoods.Direction.allCases)
    func `pairs and lists agree with the formulas`(
        measure: NodeSimilarity.Measure, direction: Neighborhoods.Direction
    ) throws {
        for seed in UInt64(0)..<40 {
            let model = EdgeListGraph.random(seed: seed)
            let count = model.nodeCount
            var out = [Set<Int>](repeating: [], count: count)
            var into = out
            for arc in model.arcs where arc.source != arc.target {
                out[arc.source].insert(arc.target)
                into[arc.target].insert(arc.source)
            }
            let both = zip(out, into).map { $0.union($1) }
            let (sets, holders) =
                switch direction {
                case .out: (out, into)
                case .in: (into, out)
                case .both: (both, both)
                }
            let graph = try model.frozen()
            let kernel = NodeSimilarity(measure, direction: direction)
            let nodes = 0..<count
            let pairs = nodes.flatMap { u in
                nodes.map { (source: UInt32(u), target: UInt32($0)) }
            }
            let scores = try kernel.scores(of: pairs, on: graph)
            let right = nodes.flatMap { u in nodes.map { score(measure, sets, holders, u, $0) } }
            #expect(scores == right, "seed \(seed): \(model)")
            let found = try kernel.mostAlike(3, on: graph)
            for node in nodes {
                let best = nodes.filter { $0 != node && right[node * count + $0] > 0 }
                    .sorted { (right[node * count + $1], $0) < (right[node * count + $0], $1) }
                    .prefix(3)
                let row = found.offsets[node]..<found.offsets[node + 1]
                #expect(found.nodes[row].map { Int($0) } == Array(best), "seed \(seed), \(node)")
                #expect(
                    Array(found.scores[row]) == best.map { right[node * count + $0] },
                    "seed \(seed), \(node)")
            }
        }
    }

    @Test func `none are listed for a count of 0, and a negative one is refused`() throws {
        let graph = try EdgeListGraph(nodeCount: 3, isDirected: false, [(0, 1), (1, 2)]).frozen()
        #expect(try NodeSimilarity(.jaccard).mostAlike(0, on: graph).nodes.isEmpty)
        #expect(
            failureCode { try NodeSimilarity(.jaccard).mostAlike(-1, on: graph) }
                == .invalidParameter)
        let oneWay = try EdgeListGraph(nodeCount: 2, [(0, 1)]).frozen(hasIncoming: false)
        #expect(
            failureCode { try NodeSimilarity(.cosine).mostAlike(1, on: oneWay) }
                == .missingIncoming)
    }

    @Test func `nearest vectors are those of the obvious comparison`() throws {
        var random = SplitMix64(seed: 7)
        for (count, dimension) in [(0, 3), (1, 1), (90, 5), (150, 33)] {
            let values = (0..<(count * dimension)).map { _ in Float(random.below(21)) - 10 }
            let vectors = try NodeVectors(dimension: dimension, values: values)
            #expect(vectors.values == values)
            for metric in NearestNeighbors.Metric.allCases {
                let found = try NearestNeighbors(count: 4, metric: metric).run(on: vectors)
                for node in 0..<count {
                    let (own, best) = (vectors[UInt32(node)], found.offsets[node])
                    var right: [(score: Double, node: Int)] = []
                    for other in 0..<count where other != node {
                        let theirs = vectors[UInt32(other)]
                        right.append((score: nearness(metric, own, theirs), node: other))
                    }
                    right.sort { ($1.score, $0.node) < ($0.score, $1.node) }
                    #expect(found.offsets[node + 1] - best == min(4, count - 1))
                    for (place, expected) in right.prefix(4).enumerated() {
                        #expect(abs(found.scores[best + place] - expected.score) < 1e-6)
                    }
                }
            }
        }
    }

    private func nearness(
        _ metric: NearestNeighbors.Metric, _ a: [Float], _ b: [Float]
    ) -> Double {
        var (product, left, right, square) = (0.0, 0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            product += Double(x * y)
            left += Double(x * x)
            right += Double(y * y)
            square += Double((x - y) * (x - y))
        }
        if metric == .euclidean { return 1 / (1 + square.squareRoot()) }
        return left * right > 0 ? product / (left * right).squareRoot() : 0
    }
}
