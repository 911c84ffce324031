import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `Betweenness of nodes and edges` {
    /// A small graph of any kind, with weights above 0.
    private func model(_ seed: UInt64) -> EdgeListGraph {
        var model = EdgeListGraph.random(seed: seed, maxNodes: 10)
        for place in model.edges.indices where model.edges[place].weight == 0 {
            model.edges[place].weight = 1
        }
        return model
    }

    private func areClose(_ left: [Double], _ right: [Double]) -> Bool {
        left.count == right.count
            && zip(left, right).allSatisfy { abs($0 - $1) <= 1e-9 * max(1, abs($1)) }
    }

    @Test func `agrees with its definition on graphs of every kind`() throws {
        for seed in UInt64(1)...1000 {
            let model = model(seed)
            let graph = try model.frozen(hasIncoming: seed % 4 != 0)
            let options = RunOptions.eager(threads: [1, 2, 7][Int(seed % 3)])
            let found = try BetweennessCentrality(isWeighted: model.isWeighted)
                .run(on: graph, options: options)
            #expect(areClose(found.values, model.oracleBetweenness()), "\(seed): \(model)")
            #expect(found.sourceCount == model.nodeCount)
        }
    }

    @Test func `agrees with its definition from some sources`() throws {
        for seed in UInt64(1)...300 where model(seed).nodeCount > 1 {
            let model = model(seed)
            let sources = (0..<model.nodeCount).filter { ($0 + Int(seed)) % 3 == 0 }
            let kernel = BetweennessCentrality(
                sources: (sources + sources).map { UInt32($0) }, isWeighted: model.isWeighted)
            let found = try kernel.run(on: model.frozen())
            #expect(
                areClose(found.values, model.oracleBetweenness(sources: sources)),
                "\(seed): \(model)")
        }
    }

    @Test func `of edges agrees with its definition`() throws {
        for seed in UInt64(1)...1000 {
            let model = model(seed)
            let graph = try model.frozen()
            let values = try EdgeBetweenness(isWeighted: model.isWeighted).run(on: graph)
            var found: [[Int]: Double] = [:]
            let edges = EdgeRecords(graph)
            for (place, arc) in edges.arcs.enumerated() {
                let ends = [Int(edges.sources[place]), Int(edges.targets[place])]
                if ends[0] != ends[1] { found[ends, default: 0] += values[arc] }
            }
            let expected = model.oracleEdgeBetweenness()
            #expect(Set(found.keys) == Set(expected.keys), "\(seed): \(model)")
            for (ends, value) in expected {
                #expect(abs(found[ends, default: -1] - value) < 1e-9, "\(seed): \(ends) \(model)")
            }
        }
    }

    @Test(arguments: [true, false])
    func `takes the short ways of large graphs without another answer`(isDirected: Bool) throws {
        let model = EdgeListGraph.hubs(
            seed: 3, nodeCount: 400, edgeCount: 4000, isDirected: isDirected)
        var weighted = model
        weighted.isWeighted = true
        for place in weighted.edges.indices { weighted.edges[place].weight = 1 }
        let plain = try BetweennessCentrality().run(on: model.frozen()).values
        let byWeight = try BetweennessCentrality(isWeighted: true).run(on: weighted.frozen()).values
        #expect(areClose(plain, byWeight))
        let withoutIncoming = try BetweennessCentrality()
            .run(on: model.frozen(hasIncoming: false)).values
        #expect(areClose(plain, withoutIncoming))
    }

    @Test func `normalised it is the share of pairs`() throws {
        let star = try EdgeListGraph(nodeCount: 5, isDirected: false, (1..<5).map { (0, $0) })
            .frozen()
        #expect(try BetweennessCentrality().run(on: star).values == [6, 0, 0, 0, 0])
        let shares = try BetweennessCentrality(isNormalized: true).run(on: star).values
        #expect(areClose(shares, [1, 0, 0, 0, 0]))
        let edges = try EdgeBetweenness(isNormalized: true).run(on: star)
        #expect(edges.allSatisfy { abs($0 - 0.4) < 1e-12 })
        let pair = try EdgeListGraph(nodeCount: 2, isDirected: false, [(0, 1)]).frozen()
        #expect(try BetweennessCentrality(isNormalized: true).run(on: pair).values == [0, 0])
    }

    @Test func `estimated from drawn sources it is right on average`() throws {
        let model = EdgeListGraph.hubs(seed: 5, nodeCount: 60, edgeCount: 150, isDirected: false)
        let graph = try model.frozen()
        let exact = try BetweennessCentrality().run(on: graph).values
        var mean = [Double](repeating: 0, count: 60)
        for seed in UInt64(0)..<400 {
            let kernel = BetweennessCentrality(sampleSize: 15)
            let found = try kernel.run(on: graph, options: RunOptions(seed: seed))
            #expect(found.sourceCount == 15)
            for node in mean.indices { mean[node] += found.values[node] / 400 }
        }
        #expect(zip(mean, exact).allSatisfy { abs($0 - $1) <= 0.15 * max($1, 20) })
        let all = try BetweennessCentrality(sampleSize: 1000).run(on: graph)
        #expect(areClose(all.values, exact))
    }

    @Test func `refuses weights that make no sense and nodes that do not exist`() throws {
        func code(_ kernel: BetweennessCentrality, _ weight: Double?) throws -> AlgorithmError.Code?
        {
            let model = EdgeListGraph(
                nodeCount: 2, isWeighted: weight != nil, edges: [.init(0, 1, weight: weight ?? 1)])
            let graph = try model.frozen()
            let edges = EdgeBetweenness(
                sources: kernel.sources, sampleSize: kernel.sampleSize,
                isWeighted: kernel.isWeighted)
            let code = failureCode { try kernel.run(on: graph) }
            #expect(failureCode { try edges.run(on: graph) } == code)
            return code
        }
        #expect(try code(.init(isWeighted: true), -1) == .negativeWeight)
        #expect(try code(.init(isWeighted: true), 0) == .invalidWeight)
        #expect(try code(.init(isWeighted: true), .infinity) == .invalidWeight)
        #expect(try code(.init(isWeighted: true), nil) == .missingWeights)
        #expect(try code(.init(sources: [2]), nil) == .nodeNotFound)
        #expect(try code(.init(sampleSize: 0), nil) == .invalidParameter)
        #expect(try code(.init(isWeighted: false), -1) == nil)
    }
}

@Suite struct `Betweenness where paths are beyond counting` {
    /// A chain of diamonds: each doubles, or more, the number of shortest paths.
    private func diamonds(_ count: Int, width: Int) -> EdgeListGraph {
        var edges: [(Int, Int)] = []
        for place in 0..<count {
            let first = place * (width + 1)
            for middle in 1...width {
                edges.append((first, first + middle))
                edges.append((first + middle, first + width + 1))
            }
        }
        return EdgeListGraph(nodeCount: count * (width + 1) + 1, isDirected: false, edges)
    }

    @Test(arguments: [2, 5], [false, true])
    func `splits them evenly all the same`(width: Int, isWeighted: Bool) throws {
        // 5 to the power of 700 is beyond any double.
        let count = 700
        var model = diamonds(count, width: width)
        model.isWeighted = isWeighted
        let graph = try model.frozen()
        let last = UInt32(model.nodeCount - 1)
        let kernel = BetweennessCentrality(sources: [0], isWeighted: isWeighted)
        let values = try kernel.run(on: graph).values
        // Paths from 0 to each node behind lead through one middle node of every diamond.
        for place in stride(from: 0, to: count, by: 97) {
            let behind = Double(model.nodeCount - 1 - (place + 1) * (width + 1))
            let middle = (behind + 1) / Double(width) / 2
            let found = values[place * (width + 1) + 1]
            #expect(abs(found - middle) < 1e-9 * middle, "diamond \(place)")
            let joint = values[(place + 1) * (width + 1)]
            #expect(abs(joint - behind / 2) < 1e-9 * max(behind, 1), "diamond \(place)")
        }
        #expect(values[Int(last)] == 0)
        let edges = try EdgeBetweenness(sources: [0], isWeighted: isWeighted).run(on: graph)
        let arc = try #require(graph.outgoing.firstArc(from: 0, to: 1))
        #expect(
            abs(edges[arc] - (Double(model.nodeCount - 1 - width) / Double(width) + 1) / 2) < 1e-6)
    }

    @Test func `counts are the same with exponents as without`() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<1000 {
            var (sum, exponent) = (Double(1 + random.below(9)), Int32(0))
            var plain = sum
            for _ in 0..<random.below(200) {
                let other = Double(1 + random.below(1 << 20)) * (random.oneIn(3) ? 1e60 : 1)
                var (value, scale) = (other, Int32(0))
                PathCounts.normalise(&value, &scale)
                PathCounts.add(value, scale, to: &sum, &exponent)
                plain += other
            }
            let ratio = sum / plain * (exponent == 0 ? 1 : 0x1p512)
            #expect(exponent <= 1 && abs(ratio - 1) < 1e-12)
        }
    }
}
