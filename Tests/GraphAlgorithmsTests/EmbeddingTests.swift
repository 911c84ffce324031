import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `Nodes as vectors` {
    /// Two groups of ten, all joined within and by one edge between.
    private func twoGroups() throws -> CSRGraph {
        var pairs: [(Int, Int)] = [(0, 10)]
        for group in 0..<2 {
            for left in 0..<10 {
                for right in 0..<left { pairs.append((group * 10 + left, group * 10 + right)) }
            }
        }
        return try EdgeListGraph(nodeCount: 20, isDirected: false, pairs).frozen()
    }

    private func cosine(_ vectors: NodeVectors, _ a: Int, _ b: Int) -> Double {
        let (x, y) = (vectors[UInt32(a)], vectors[UInt32(b)])
        let product = zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        let left = x.reduce(0) { $0 + Double($1) * Double($1) }
        let right = y.reduce(0) { $0 + Double($1) * Double($1) }
        return product / (left * right).squareRoot()
    }

    /// The mean likeness within groups less that between them.
    private func contrast(_ vectors: NodeVectors) -> Double {
        var (within, between) = (0.0, 0.0)
        for left in 1..<10 {
            for right in 1..<10 where left != right {
                within += cosine(vectors, left, right) + cosine(vectors, left + 10, right + 10)
                between += 2 * cosine(vectors, left, right + 10)
            }
        }
        return (within - between) / 144
    }

    @Test func `nodes of one group lie nearer to one another than to those of another`() throws {
        let graph = try twoGroups()
        for seed in UInt64(0)..<3 {
            let options = RunOptions(seed: seed)
            let projected = try FastRP(dimension: 32).run(on: graph, options: options)
            #expect(contrast(projected) > 0.4, "seed \(seed)")
            let learnt = try Node2Vec(dimension: 16, epochs: 10, rate: 0.05)
                .run(on: graph, options: options)
            #expect(contrast(learnt) > 0.25, "seed \(seed)")
        }
    }

    @Test func `a projection is the mean of means, in single precision`() throws {
        for seed in UInt64(0)..<60 {
            let model = EdgeListGraph.random(seed: seed)
            let graph = try model.frozen()
            let start = try FastRP(dimension: 7, roundWeights: [], selfWeight: 1).run(on: graph)
            // The start comes brought to length 1; all numbers of a vector are ±√3 or 0.
            var round = (0..<model.nodeCount).map { node in
                start[UInt32(node)].map { $0 == 0 ? 0 : ($0 > 0 ? 1 : -1) * 3.0.squareRoot() }
            }
            var sums = round.map { _ in [Double](repeating: 0, count: 7) }
            for weight in [0.5, 2] {
                var next = sums.map { _ in [Double](repeating: 0, count: 7) }
                var totals = [Double](repeating: 0, count: model.nodeCount)
                for arc in model.arcs {
                    let share = model.isWeighted ? arc.weight : 1
                    totals[arc.source] += share
                    for place in 0..<7 {
                        next[arc.source][place] += share * round[arc.target][place]
                    }
                }
                for node in next.indices where totals[node] > 0 {
                    for place in 0..<7 { next[node][place] /= totals[node] }
                    let length = next[node].reduce(0) { $0 + $1 * $1 }.squareRoot()
                    // What cancels out but for rounding has no direction to speak of.
                    guard length > 1e-6 else { continue }
                    for place in 0..<7 { sums[node][place] += weight * next[node][place] / length }
                }
                round = next
            }
            let found = try FastRP(dimension: 7, roundWeights: [0.5, 2]).run(on: graph)
            for node in 0..<model.nodeCount {
                let isTiny = round[node].allSatisfy { abs($0) < 1e-5 }
                guard !isTiny else { continue }
                for (value, right) in zip(found[UInt32(node)], sums[node]) {
                    #expect(abs(Double(value) - right) < 2e-3, "seed \(seed), \(node): \(model)")
                }
            }
        }
    }

    @Test func `another seed gives other vectors, the same seed the same bytes`() throws {
        let graph = try twoGroups()
        let kernels: [(RunOptions) throws -> NodeVectors] = [
            { try FastRP(dimension: 8).run(on: graph, options: $0) },
            { try Node2Vec(dimension: 8).run(on: graph, options: $0) },
        ]
        for kernel in kernels {
            let one = try kernel(RunOptions(threads: 1, seed: 1))
            #expect(one != (try kernel(RunOptions(threads: 1, seed: 2))))
            #expect(one == (try kernel(RunOptions(threads: 2, seed: 1))))
        }
    }

    @Test func `numbers out of range are refused`() throws {
        let graph = try twoGroups()
        for dimension in [0, 4097] {
            let code = failureCode { try FastRP(dimension: dimension).run(on: graph) }
            #expect(code == .invalidParameter)
        }
        #expect(failureCode { try FastRP(selfWeight: .nan).run(on: graph) } == .invalidParameter)
        #expect(failureCode { try Node2Vec(window: 0).run(on: graph) } == .invalidParameter)
        #expect(failureCode { try Node2Vec(rate: 0).run(on: graph) } == .invalidParameter)
        #expect(
            failureCode { try NodeVectors(dimension: 2, values: [1, 2, 3]) } == .invalidParameter)
        #expect(
            failureCode { try NodeVectors(dimension: 1, values: [.nan]) } == .invalidParameter)
        let many = try NodeVectors(dimension: 1, values: [1, 2, 3])
        #expect(
            failureCode { try NearestNeighbors(maxNodes: 2).run(on: many) } == .tooLarge)
        let negative = try EdgeListGraph(
            nodeCount: 2, isWeighted: true, edges: [.init(0, 1, weight: -1)]
        ).frozen()
        #expect(failureCode { try FastRP().run(on: negative) } == .negativeWeight)
        #expect(failureCode { try Node2Vec().run(on: negative) } == .negativeWeight)
    }
}
