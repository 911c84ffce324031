import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `Spectral centralities` {
    private func isClose(_ left: Double, _ right: Double, _ tolerance: Double = 1e-9) -> Bool {
        abs(left - right) <= tolerance * max(1, abs(right))
    }

    @Test func `satisfy the equations that define them`() throws {
        for seed in UInt64(1)...1000 {
            let model = EdgeListGraph.random(seed: seed)
            guard model.nodeCount > 0 else { continue }
            let graph = try model.frozen()
            let options = RunOptions.eager(threads: [1, 2, 7][Int(seed % 3)])
            let isWeighted = model.isWeighted
            func pulled(_ values: [Double]) -> [Double] {
                var sums = [Double](repeating: 0, count: model.nodeCount)
                for arc in model.arcs {
                    sums[arc.target] += values[arc.source] * (isWeighted ? arc.weight : 1)
                }
                return sums
            }
            let comment = Comment(rawValue: "\(seed): \(model)")
            let katz = try KatzCentrality(
                attenuation: 1e-6, tolerance: 1e-12, isWeighted: isWeighted
            ).run(on: graph, options: options)
            let sums = pulled(katz.values)
            #expect(
                zip(katz.values, sums).allSatisfy { isClose($0, 1 + 1e-6 * $1) }, comment)

            var outflow = [Double](repeating: 0, count: model.nodeCount)
            for arc in model.arcs { outflow[arc.source] += isWeighted ? arc.weight : 1 }
            let mean = outflow.reduce(0, +) / Double(model.nodeCount)
            let article = try ArticleRank(tolerance: 1e-12, isWeighted: isWeighted)
                .run(on: graph, options: options)
            let shares = zip(article.values, outflow).map { $1 > 0 ? $0 / ($1 + mean) : 0 }
            #expect(
                zip(article.values, pulled(shares)).allSatisfy { isClose($0, 0.15 + 0.85 * $1) },
                comment)

            let eigen = try EigenvectorCentrality(
                tolerance: 1e-9, maxIterations: 3000, isWeighted: isWeighted
            ).run(on: graph, options: options)
            #expect(isClose(eigen.values.reduce(0) { $0 + $1 * $1 }, 1), comment)
            if eigen.hasConverged {
                let next = zip(pulled(eigen.values), eigen.values).map { $0 + $1 }
                let norm = next.reduce(0) { $0 + $1 * $1 }.squareRoot()
                #expect(
                    zip(eigen.values, next).allSatisfy { isClose($0, $1 / norm, 1e-8) }, comment)
            }
        }
    }

    @Test func `of hubs and authorities agree on a small example`() throws {
        // Two hubs lead to one authority, one of them to another.
        let graph = try EdgeListGraph(nodeCount: 5, [(0, 2), (1, 2), (0, 3)]).frozen()
        let found = try HITS(tolerance: 1e-12).run(on: graph)
        let golden = (1 + 5.0.squareRoot()) / 2
        #expect(isClose(found.authorities[2] / found.authorities[3], golden))
        #expect(isClose(found.hubs[0] / found.hubs[1], golden))
        #expect(found.hubs[4] == 0 && found.authorities[0] == 0)
        #expect(isClose(found.hubs.reduce(0, +), 1) && isClose(found.authorities.reduce(0, +), 1))
        let bare = try HITS().run(on: EdgeListGraph(nodeCount: 3, []).frozen())
        #expect(bare.hubs == [0, 0, 0] && bare.authorities == [0, 0, 0])
    }

    @Test func `refuse an attenuation under which values grow without end`() throws {
        let graph = try EdgeListGraph(
            nodeCount: 40, isDirected: false,
            (0..<40).flatMap { node in (0..<node).map { ($0, node) } }
        ).frozen()
        let error = failure { try KatzCentrality(attenuation: 0.9).run(on: graph) }
        #expect(error?.code == .invalidParameter)
        #expect(error?.message.contains("largest in-degree is safe") == true)
        #expect(try KatzCentrality(attenuation: 0.02).run(on: graph).hasConverged)
        let normal = try KatzCentrality(attenuation: 0.02, isNormalized: true).run(on: graph)
        #expect(isClose(normal.values.reduce(0) { $0 + $1 * $1 }, 1))
    }

    @Test(arguments: ["eigenvector", "katz", "hits", "article-rank", "closeness", "pagerank"])
    func `and closeness refuse weights that make no sense`(name: String) throws {
        let algorithm = try AlgorithmCatalog.descriptor(named: name)
        let negative = try EdgeListGraph(
            nodeCount: 2, isWeighted: true, edges: [.init(0, 1, weight: -1)]
        ).frozen()
        let weighted = ["weighted": "true"]
        #expect(
            failureCode { try algorithm.run(on: negative, parameters: weighted) }
                == .negativeWeight)
        #expect(failureCode { try algorithm.run(on: negative) } == nil)
        let plain = try EdgeListGraph(nodeCount: 2, [(0, 1)]).frozen()
        #expect(
            failureCode { try algorithm.run(on: plain, parameters: weighted) } == .missingWeights)
        let bare = try EdgeListGraph(nodeCount: 2, [(0, 1)]).frozen(hasIncoming: false)
        #expect(failureCode { try algorithm.run(on: bare) } == .missingIncoming)
    }
}

@Suite struct `Personalised PageRank and its modes` {
    @Test func `jumps to the restart set alone`() throws {
        // 0 → 1 → 2, and 3 that nobody leads to.
        let graph = try EdgeListGraph(nodeCount: 4, [(0, 1), (1, 2)]).frozen()
        let kernel = PageRank(damping: 0.5, tolerance: 1e-14, restart: [0, 0])
        let ranks = try kernel.run(on: graph).ranks
        // All jumps end at 0: r0 = x, r1 = x/2, r2 = x/4.
        for (rank, expected) in zip(ranks, [4.0 / 7, 2.0 / 7, 1.0 / 7, 0]) {
            #expect(abs(rank - expected) < 1e-12)
        }
        #expect(failureCode { try PageRank(restart: []).run(on: graph) } == .invalidParameter)
        #expect(failureCode { try PageRank(restart: [4]).run(on: graph) } == .nodeNotFound)
    }

    @Test func `of all nodes is the plain one`() throws {
        for seed in UInt64(1)...200 {
            let model = EdgeListGraph.random(seed: seed)
            guard model.nodeCount > 0 else { continue }
            let graph = try model.frozen()
            let all = (0..<UInt32(model.nodeCount)).map { $0 }
            let plain = try PageRank(iterations: 20, isWeighted: model.isWeighted).run(on: graph)
            let same = try PageRank(
                iterations: 20, isWeighted: model.isWeighted, restart: all
            ).run(on: graph)
            #expect(zip(plain.ranks, same.ranks).allSatisfy { abs($0 - $1) < 1e-12 })
            #expect(abs(same.ranks.reduce(0, +) - 1) < 1e-9)
        }
    }

    @Test func `of GAP loses the rank of nodes without outgoing edges`() throws {
        let graph = try EdgeListGraph(nodeCount: 2, [(0, 1)]).frozen()
        for tolerance in [1e-4, 1e-12] {
            let ranks = try PageRank(damping: 0.85, tolerance: tolerance, mode: .gap)
                .run(on: graph).ranks
            #expect(abs(ranks[0] - 0.075) < 1e-6 && abs(ranks[1] - 0.075 * 1.85) < 1e-6)
        }
        let cycle = try EdgeListGraph(nodeCount: 3, [(0, 1), (1, 2), (2, 0), (0, 2)]).frozen()
        let gap = try PageRank(tolerance: 1e-12, mode: .gap).run(on: cycle).ranks
        let standard = try PageRank(tolerance: 1e-12).run(on: cycle).ranks
        #expect(zip(gap, standard).allSatisfy { abs($0 - $1) < 1e-10 })
    }
}

@Suite struct `Degree and closeness` {
    @Test func `count every edge at both ends`() throws {
        for seed in UInt64(1)...1000 {
            let model = EdgeListGraph.random(seed: seed)
            let found = try DegreeCentrality().run(on: model.frozen())
            var degrees = [Int](repeating: 0, count: model.nodeCount)
            var ins = degrees
            for edge in model.edges {
                degrees[edge.source] += 1
                degrees[edge.target] += 1
                ins[edge.target] += 1
            }
            #expect(found.degrees == degrees, "\(seed): \(model)")
            #expect(found.incoming == (model.isDirected ? ins : degrees))
            let strengths = model.oracleStrengths()
            #expect(zip(found.strengths, strengths).allSatisfy { abs($0 - $1) < 1e-9 })
        }
    }

    @Test func `sum distances as their definitions say`() throws {
        for seed in UInt64(1)...1000 {
            // More nodes than one batch of searches holds, now and then.
            let model = EdgeListGraph.random(seed: seed, maxNodes: seed % 250 == 0 ? 150 : 12)
            let graph = try model.frozen()
            let isOutward = seed % 2 == 0
            let kernel = ClosenessCentrality(isOutward: isOutward, isWeighted: model.isWeighted)
            let options = RunOptions.eager(threads: [1, 2, 7][Int(seed % 3)])
            let found = try kernel.run(on: graph, options: options)
            var turned = model
            if !isOutward {
                turned.edges = model.edges.map { .init($0.target, $0.source, weight: $0.weight) }
            }
            for node in 0..<model.nodeCount {
                var distances = turned.oracleDistances(from: node)
                distances.remove(at: node)
                let reached = distances.filter { $0 < .infinity }
                let sum = reached.reduce(0, +)
                let share = Double(reached.count) / Double(max(model.nodeCount - 1, 1))
                let closeness = sum > 0 ? Double(reached.count) / sum * share : 0
                let harmonic = reached.filter { $0 > 0 }.reduce(0) { $0 + 1 / $1 }
                #expect(abs(found.closeness[node] - closeness) < 1e-9, "\(node), \(seed): \(model)")
                #expect(abs(found.harmonic[node] - harmonic) < 1e-9, "\(node), \(seed): \(model)")
            }
        }
    }

    @Test func `answer for the nodes asked for alone`() throws {
        let graph = try EdgeListGraph(nodeCount: 4, isDirected: false, [(0, 1), (1, 2)]).frozen()
        let found = try ClosenessCentrality(sources: [1, 1]).run(on: graph)
        #expect(found.sourceCount == 1)
        #expect(abs(found.closeness[1] - 2.0 / 3) < 1e-12)
        #expect(found.closeness[0].isNaN && found.harmonic[3].isNaN)
        #expect(
            failureCode { try ClosenessCentrality(sources: [4]).run(on: graph) } == .nodeNotFound)
    }
}
