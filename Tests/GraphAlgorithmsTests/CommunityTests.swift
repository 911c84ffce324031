import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `Communities by modularity` {
    /// So many nodes that groups are summed up in several parts; the largest is in the first.
    @Test func `a partition is worth the same summed up in parts`() throws {
        let model = EdgeListGraph.hubs(
            seed: 4, nodeCount: 1_000, edgeCount: 4_000, isDirected: false, isWeighted: true)
        let labels = (0..<1_000).map { UInt32($0 < 500 ? $0 % 3 : $0) }
        let whole = try PartitionQuality().run(on: model.frozen(), labels: labels)
        #expect(whole.groupCount == 503)
        #expect(whole.largestSize == 167)
        for threads in RunOptions.threadCounts {
            let parts = try PartitionQuality().run(
                on: model.frozen(), labels: labels, options: .eager(threads: threads))
            #expect(parts.groupCount == 503 && parts.largestSize == 167)
            #expect(parts.maxConductance == whole.maxConductance)
            #expect(abs(parts.modularity - whole.modularity) < 1e-12)
            #expect(abs(parts.coverage - whole.coverage) < 1e-12)
        }
    }

    private static let resolutions = [1, 0.3, 2.5, 0]

    private func ints(_ labels: [UInt32]) -> [Int] { labels.map { Int($0) } }

    /// Whether each label is the lowest node that has it.
    private func areLowest(_ labels: [UInt32]) -> Bool {
        var seen: Set<UInt32> = []
        return labels.enumerated().allSatisfy { node, label in
            seen.insert(label).inserted ? Int(label) == node : true
        }
    }

    /// Expects what both algorithms promise of their answers.
    private func check(
        _ result: Louvain.Result, _ model: EdgeListGraph, _ resolution: Double, _ comment: Comment
    ) {
        let labels = ints(result.communities)
        let modularity = model.oracleModularity(of: labels, resolution: resolution)
        #expect(abs(result.quality.modularity - modularity) < 1e-9, comment)
        #expect(areLowest(result.communities), comment)
        #expect(result.quality.groupCount == Set(labels).count, comment)
        var tried = labels
        for node in labels.indices {
            for label in Set(labels).union([model.nodeCount]) where label != labels[node] {
                tried[node] = label
                let moved = model.oracleModularity(of: tried, resolution: resolution)
                #expect(moved <= modularity + 1e-8, "node \(node) to \(label), \(comment)")
            }
            tried[node] = labels[node]
        }
    }

    @Test func `are such that no single node does better elsewhere`() throws {
        for seed in UInt64(1)...300 {
            let model = EdgeListGraph.random(seed: seed, maxNodes: 12)
            let graph = try model.frozen()
            let resolution = Self.resolutions[Int(seed % 4)]
            let options = RunOptions(seed: seed % 5)
            let louvain = try Louvain(resolution: resolution).run(on: graph, options: options)
            check(louvain, model, resolution, "louvain, seed \(seed): \(model)")
            let leiden = try Leiden(resolution: resolution).run(on: graph, options: options)
            check(leiden, model, resolution, "leiden, seed \(seed): \(model)")
        }
    }

    @Test func `of Leiden are connected, whatever the graph`() throws {
        for seed in UInt64(1)...1000 {
            let model = EdgeListGraph.random(seed: seed, maxNodes: 40)
            let kernel = Leiden(resolution: Self.resolutions[Int(seed % 3)])
            let found = try kernel.run(on: model.frozen(), options: RunOptions(seed: seed % 7))
            #expect(model.oracleAreConnected(ints(found.communities)), "\(seed): \(model)")
        }
        let large = EdgeListGraph.hubs(
            seed: 8, nodeCount: 3000, edgeCount: 9000, isDirected: true, isWeighted: true)
        for seed in UInt64(0)...3 {
            let found = try Leiden().run(on: large.frozen(), options: RunOptions(seed: seed))
            #expect(large.oracleAreConnected(ints(found.communities)))
        }
    }

    @Test(arguments: RunOptions.threadCounts)
    func `found by several threads keep what is promised`(threads: Int) throws {
        for seed in UInt64(1)...6 {
            let model = EdgeListGraph.hubs(
                seed: seed, nodeCount: 3000, edgeCount: 9000, isDirected: seed % 2 == 0,
                isWeighted: seed % 3 == 0)
            var options = RunOptions.eager(threads: threads)
            options.seed = seed % 4
            let graph = try model.frozen()
            let resolution = Self.resolutions[Int(seed % 3)]
            let louvain = try Louvain(resolution: resolution).run(on: graph, options: options)
            let leiden = try Leiden(resolution: resolution).run(on: graph, options: options)
            #expect(model.oracleAreConnected(ints(leiden.communities)), "seed \(seed)")
            for result in [louvain, leiden] {
                let labels = ints(result.communities)
                let modularity = model.oracleModularity(of: labels, resolution: resolution)
                #expect(abs(result.quality.modularity - modularity) < 1e-9, "seed \(seed)")
                #expect(areLowest(result.communities), "seed \(seed)")
                let gain = greatestGain(model, labels, resolution)
                #expect(
                    gain < Louvain.tolerance + 1e-9, "one node alone gains \(gain), seed \(seed)")
            }
        }
    }

    /// By how much modularity would rise if the best single node moved to the best community.
    private func greatestGain(
        _ model: EdgeListGraph, _ labels: [Int], _ resolution: Double
    ) -> Double {
        var degrees = [Double](repeating: 0, count: labels.count)
        var ties = [[Int: Double]](repeating: [:], count: labels.count)
        for edge in model.edges {
            let weight = model.isWeighted ? edge.weight : 1
            degrees[edge.source] += weight
            degrees[edge.target] += weight
            guard edge.source != edge.target else { continue }
            ties[edge.source][labels[edge.target], default: 0] += weight
            ties[edge.target][labels[edge.source], default: 0] += weight
        }
        var totals: [Int: Double] = [:]
        for node in labels.indices { totals[labels[node], default: 0] += degrees[node] }
        let total = degrees.reduce(0, +)
        var greatest = -Double.infinity
        for node in labels.indices {
            func worth(_ label: Int, _ ties: Double) -> Double {
                let others = (totals[label] ?? 0) - (label == labels[node] ? degrees[node] : 0)
                return ties - resolution * degrees[node] * others / total
            }
            let stay = worth(labels[node], ties[node][labels[node]] ?? 0)
            // To a community of its own, or to that of a neighbour.
            greatest = max(greatest, 2 * (0 - stay) / total)
            for (label, weight) in ties[node] where label != labels[node] {
                greatest = max(greatest, 2 * (worth(label, weight) - stay) / total)
            }
        }
        return greatest
    }

    @Test func `cut where they do not hang together, whoever does it`() throws {
        for seed in UInt64(1)...200 {
            let model = EdgeListGraph.random(seed: seed, maxNodes: 40)
            var random = SplitMix64(seed: seed)
            let count = model.nodeCount
            let labels = (0..<count).map { _ in UInt32(random.below(min(count, 4))) }
            let kept = model.edges.filter { labels[$0.source] == labels[$0.target] }
            let pieces = EdgeListGraph(nodeCount: count, edges: kept).oracleComponents()
            for threads in RunOptions.threadCounts {
                let options = RunOptions.eager(threads: threads)
                let level = try LevelGraph(
                    model.frozen(), isWeighted: false, for: "test", options: options)
                var found = labels
                let hasSplit = try Partition.splitDisconnected(
                    &found, since: nil, level, options: options)
                #expect(hasSplit == (Set(pieces).count > Set(labels).count), "\(seed): \(model)")
                #expect(
                    try Partition.lowestMembers(found, options)
                        == Partition.lowestMembers(pieces.map { UInt32($0) }, options),
                    "\(seed): \(model)")
                // Nobody left a community since, so none is looked at.
                var same = labels
                let again = try Partition.splitDisconnected(
                    &same, since: labels, level, options: options)
                #expect(!again && same == labels)
            }
        }
    }

    @Test func `are found in the same way by many small stretches`() throws {
        let size = 6
        var edges: [(Int, Int)] = []
        for clique in 0..<500 {
            for node in 0..<size {
                for other in 0..<node {
                    edges.append((clique * size + other, clique * size + node))
                }
            }
            edges.append((clique * size, (clique + 1) % 500 * size + 1))
        }
        let graph = try EdgeListGraph(nodeCount: 3000, isDirected: false, edges).frozen()
        let expected = (0..<3000).map { UInt32($0 / size * size) }
        for seed in UInt64(0)...2 {
            var options = RunOptions.eager(threads: 2)
            options.seed = seed
            #expect(
                try Louvain(resolution: 50).run(on: graph, options: options).communities
                    == expected)
            #expect(
                try Leiden(resolution: 50).run(on: graph, options: options).communities
                    == expected)
        }
    }

    @Test func `of Louvain coarsen level by level and never get worse`() throws {
        for seed in UInt64(1)...200 {
            let model = EdgeListGraph.random(seed: seed, maxNodes: 40)
            let levels = try Louvain().run(on: model.frozen()).levels.map(ints)
            for (finer, coarser) in zip(levels, levels.dropFirst()) {
                let pairs = Set(zip(finer, coarser).map { [$0, $1] })
                #expect(pairs.count == Set(finer).count, "\(seed): \(model)")
                #expect(
                    model.oracleModularity(of: coarser)
                        >= model.oracleModularity(of: finer) - 1e-9, "\(seed): \(model)")
            }
        }
    }

    @Test func `find cliques that hang on a ring`() throws {
        let size = 6
        var edges: [(Int, Int)] = []
        for clique in 0..<8 {
            for node in 0..<size {
                for other in 0..<node {
                    edges.append((clique * size + other, clique * size + node))
                }
            }
            edges.append((clique * size, (clique + 1) % 8 * size + 1))
        }
        for isDirected in [true, false] {
            let graph = try EdgeListGraph(nodeCount: 48, isDirected: isDirected, edges).frozen()
            let expected = (0..<48).map { UInt32($0 / size * size) }
            #expect(try Louvain().run(on: graph).communities == expected)
            #expect(try Leiden().run(on: graph).communities == expected)
            let apart = edges.filter { $0.0 / size == $0.1 / size }
            let pieces = try EdgeListGraph(nodeCount: 48, isDirected: isDirected, apart).frozen()
            #expect(try LabelPropagation().run(on: pieces).communities == expected)
        }
    }

    @Test func `reach what is known of the karate club`() throws {
        let karate = try #require(try GoldenGraph.networkX().first { $0.name == "karate" }).graph
        var plain = karate
        plain.isWeighted = false
        let graph = try plain.frozen()
        // The optimum is 0.41979 (Brandes and others, 2008).
        #expect(try Leiden().run(on: graph).quality.modularity > 0.4195)
        #expect(try Louvain().run(on: graph).quality.modularity > 0.415)
    }

    @Test func `of one node each stay so at a high resolution, and join at a low one`() throws {
        let model = EdgeListGraph.hubs(seed: 2, nodeCount: 60, edgeCount: 300, isDirected: false)
        let graph = try model.frozen()
        #expect(try Leiden(resolution: 1e6).run(on: graph).quality.groupCount == 60)
        let pieces = Set(model.oracleComponents()).count
        #expect(try Leiden(resolution: 0).run(on: graph).quality.groupCount == pieces)
        #expect(try Louvain(resolution: 0).run(on: graph).quality.groupCount == pieces)
    }
}

@Suite struct `The quality of a partition` {
    @Test func `agrees with the definitions for any labels`() throws {
        for seed in UInt64(1)...1000 {
            let model = EdgeListGraph.random(seed: seed)
            var random = SplitMix64(seed: seed)
            let labels = (0..<model.nodeCount).map { _ in 1_000_000 + random.below(4) }
            let resolution = [1, 0.5][Int(seed % 2)]
            let quality = try PartitionQuality(resolution: resolution)
                .run(on: model.frozen(), labels: labels.map { UInt32($0) })
            let modularity = model.oracleModularity(of: labels, resolution: resolution)
            #expect(abs(quality.modularity - modularity) < 1e-9, "\(seed): \(model)")
            #expect(abs(quality.coverage - model.oracleCoverage(of: labels)) < 1e-9)
            #expect(quality.groupCount == Set(labels).count)
            let conductances = model.oracleConductances(of: labels)
            for (label, expected) in conductances {
                let first = try #require(labels.firstIndex(of: label))
                let found = quality.conductances[first]
                #expect(
                    expected.map { abs(found - $0) < 1e-9 } ?? found.isNaN,
                    "label \(label) of \(labels), \(seed): \(model)")
            }
            let known = conductances.values.compactMap(\.self)
            let mean = known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
            #expect((quality.meanConductance ?? -1) - (mean ?? -1) < 1e-9)
            #expect((quality.maxConductance ?? -1) - (known.max() ?? -1) < 1e-9)
        }
    }

    @Test func `needs a label for each node`() throws {
        let graph = try EdgeListGraph(nodeCount: 3, [(0, 1)]).frozen()
        let code = failureCode { try PartitionQuality().run(on: graph, labels: [0, 1]) }
        #expect(code == .invalidParameter)
    }
}

@Suite struct `Label propagation` {
    @Test func `ends with one of the heaviest labels around each node`() throws {
        for seed in UInt64(1)...1000 {
            let model = EdgeListGraph.random(seed: seed)
            let found = try LabelPropagation()
                .run(on: model.frozen(), options: RunOptions(seed: seed % 3))
            #expect(found.hasConverged)
            let votes = votes(model, found.communities)
            for node in 0..<model.nodeCount {
                let own = votes[node][found.communities[node]] ?? 0
                #expect(own >= (votes[node].values.max() ?? 0), "\(node), \(seed): \(model)")
            }
        }
    }

    @Test(arguments: RunOptions.threadCounts)
    func `by several threads ends with one of the heaviest labels around each node`(
        threads: Int
    ) throws {
        for seed in UInt64(0)...5 {
            let model = EdgeListGraph.hubs(
                seed: seed, nodeCount: 3000, edgeCount: [4000, 9000][Int(seed % 2)],
                isDirected: seed % 3 == 0, isWeighted: seed % 2 == 0)
            var options = RunOptions.eager(threads: threads)
            options.seed = seed
            let graph = try model.frozen()
            let level = try LevelGraph(
                graph, isWeighted: model.isWeighted, for: "test", options: options)
            let hasPasses = LabelPasses(level, options: options) != nil
            #expect(hasPasses, "The graph is large enough.")
            let found = try LabelPropagation().run(on: graph, options: options)
            #expect(found.hasConverged)
            let votes = votes(model, found.communities)
            for node in 0..<model.nodeCount {
                let own = votes[node][found.communities[node]] ?? 0
                #expect(own >= (votes[node].values.max() ?? 0), "\(node), seed \(seed)")
            }
        }
    }

    /// What the labels around each node weigh.
    private func votes(_ model: EdgeListGraph, _ labels: [UInt32]) -> [[UInt32: Double]] {
        var votes = [[UInt32: Double]](repeating: [:], count: model.nodeCount)
        for edge in model.edges where edge.source != edge.target {
            let weight = model.isWeighted ? edge.weight : 1
            votes[edge.source][labels[edge.target], default: 0] += weight
            votes[edge.target][labels[edge.source], default: 0] += weight
        }
        return votes
    }

    @Test func `ends in time where labels could go round for ever`() throws {
        let model = EdgeListGraph.hubs(seed: 4, nodeCount: 500, edgeCount: 3000, isDirected: false)
        let found = try LabelPropagation(maxIterations: 1).run(on: model.frozen())
        #expect(found.communities.count == 500)
        let large = EdgeListGraph.hubs(seed: 4, nodeCount: 3000, edgeCount: 9000, isDirected: false)
        let options = RunOptions.eager(threads: 2)
        let short = try LabelPropagation(maxIterations: 1).run(on: large.frozen(), options: options)
        #expect(short.communities.count == 3000 && !short.hasConverged)
    }

    @Test func `in rounds agrees with Graphalytics's definition`() throws {
        for seed in UInt64(1)...1000 {
            let model = EdgeListGraph.random(seed: seed)
            let rounds = 1 + Int(seed % 12)
            let options = RunOptions.eager(threads: [1, 2, 7][Int(seed % 3)])
            let found = try SynchronousLabelPropagation(iterations: rounds)
                .run(on: model.frozen(), options: options)
            let expected = model.oracleSynchronousLabels(rounds: rounds)
            #expect(found.labels.map { Int($0) } == expected, "\(seed), \(rounds): \(model)")
            #expect(found.communityCount == Set(expected).count)
        }
    }

    @Test(arguments: ["louvain", "leiden", "label-propagation"])
    func `and modularity refuse weights that make no sense`(name: String) throws {
        let algorithm = try AlgorithmCatalog.descriptor(named: name)
        for (weight, code) in [
            (-1.0, AlgorithmError.Code.negativeWeight), (.infinity, .invalidWeight),
        ] {
            let graph = try EdgeListGraph(
                nodeCount: 2, isWeighted: true, edges: [.init(0, 1, weight: weight)]
            ).frozen()
            #expect(failureCode { try algorithm.run(on: graph) } == code)
            let plain = try algorithm.run(on: graph, parameters: ["weighted": "false"])
            #expect(plain.summary("communities") == .integer(1))
        }
        let bare = try EdgeListGraph(nodeCount: 2, [(0, 1)]).frozen(hasIncoming: false)
        #expect(failureCode { try algorithm.run(on: bare) } == .missingIncoming)
    }
}
