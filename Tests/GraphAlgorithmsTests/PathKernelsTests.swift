import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `Distances with negative weights` {
    @Test func `a cycle of negative weight is shown, and what it reaches has no distance`() throws {
        // 0 → 1 → 2 → 3 → 1 loses one at each turn; 4 lies behind it, 5 beside it.
        let graph = try EdgeListGraph(
            nodeCount: 7, isWeighted: true,
            edges: [
                .init(0, 1, weight: 5), .init(1, 2, weight: 1), .init(2, 3, weight: 1),
                .init(3, 1, weight: -3), .init(3, 4, weight: 9), .init(0, 5, weight: -2),
            ]
        ).frozen()
        let result = try BellmanFord(sources: [0]).run(on: graph)[0]
        #expect(result.negativeCycle == [1, 2, 3])
        let lost = -Double.infinity
        #expect(result.distances == [0, lost, lost, lost, lost, -2, .infinity])
        #expect(result.parents == [0, .max, .max, .max, .max, 0, .max])
        #expect(result.reached == 6)
    }

    @Test func `a loop of negative weight at the source is a cycle`() throws {
        let graph = try EdgeListGraph(
            nodeCount: 2, isWeighted: true,
            edges: [.init(0, 0, weight: -1), .init(0, 1, weight: 4)]
        ).frozen()
        let result = try BellmanFord(sources: [0]).run(on: graph)[0]
        #expect(result.negativeCycle == [0])
        #expect(result.distances == [-.infinity, -.infinity])
    }

    @Test func `distances agree with the obvious ones, parents with the distances`() throws {
        for seed in UInt64(0)..<300 {
            var model = EdgeListGraph.random(seed: seed, isDirected: true, isWeighted: true)
            guard model.nodeCount > 0 else { continue }
            // Heights make some weights negative and leave every cycle as it was.
            for index in model.edges.indices {
                let edge = model.edges[index]
                model.edges[index].weight += Double(edge.source * 7 % 5 - edge.target * 7 % 5)
            }
            let result = try BellmanFord(sources: [0]).run(on: try model.frozen())[0]
            #expect(result.negativeCycle == nil)
            #expect(result.distances == model.oracleDistances(from: 0), "seed \(seed): \(model)")
            for node in 0..<model.nodeCount where result.distances[node] < .infinity && node > 0 {
                let parent = Int(result.parents[node])
                let isTight = model.arcs.contains {
                    $0.source == parent && $0.target == node
                        && result.distances[parent] + $0.weight == result.distances[node]
                }
                #expect(isTight, "seed \(seed), node \(node)")
            }
        }
    }

    @Test func `a weight of minus infinity is refused`() throws {
        let graph = try EdgeListGraph(
            nodeCount: 2, isWeighted: true, edges: [.init(0, 1, weight: -.infinity)]
        ).frozen()
        #expect(failureCode { try BellmanFord(sources: [0]).run(on: graph) } == .invalidWeight)
    }
}

@Suite struct `Searching straight at the target` {
    /// A grid of streets whose crossings have places; weights are at least the lengths.
    private func grid(_ side: Int) throws -> (graph: CSRGraph, x: [Double], y: [Double]) {
        var random = SplitMix64(seed: 3)
        var edges: [EdgeListGraph.Edge] = []
        for node in 0..<(side * side) {
            let toTheRight = 1 + Double(random.below(100)) / 100
            let down = 1 + Double(random.below(100)) / 100
            if node % side + 1 < side { edges.append(.init(node, node + 1, weight: toTheRight)) }
            if node / side + 1 < side { edges.append(.init(node, node + side, weight: down)) }
        }
        let model = EdgeListGraph(
            nodeCount: side * side, isDirected: false, isWeighted: true, edges: edges)
        let nodes = 0..<(side * side)
        let x = nodes.map { Double($0 % side) }
        let y = nodes.map { Double($0 / side) }
        return (try model.frozen(), x, y)
    }

    @Test func `landmarks and places find paths as cheap, and visit fewer nodes`() throws {
        let (graph, x, y) = try grid(40)
        let starts: [UInt32] = (0..<20).map { $0 * 13 }
        let pairs = starts.map { (source: $0, target: 1599 - $0 / 13 * 31) }
        let plain = try AStar(pairs: pairs, guide: .none).run(on: graph)
        let index = try LandmarkIndex(of: graph, count: 6)
        let guides: [AStar.Guide] = [
            .landmarks(index), .places(try Places(.plane, x: x, y: y)),
            .places(try Places(.sphere, x: x.map { $0 / 10 }, y: y.map { $0 / 10 })),
        ]
        for guide in guides {
            let guided = try AStar(pairs: pairs, guide: guide).run(on: graph)
            #expect(guided.paths.map { $0?.cost } == plain.paths.map { $0?.cost })
            #expect(guided.visited < plain.visited * 3 / 4)
        }
    }

    @Test func `places that mean nothing cost time but not the answer`() throws {
        for seed in UInt64(0)..<150 {
            let model = EdgeListGraph.random(seed: seed)
            guard model.nodeCount > 0 else { continue }
            var random = SplitMix64(seed: seed)
            let nodes = 0..<model.nodeCount
            let places = try Places(
                seed % 2 == 0 ? .plane : .sphere, x: nodes.map { _ in Double(random.below(90)) },
                y: nodes.map { _ in Double(random.below(90)) })
            let graph = try model.frozen()
            let pairs = nodes.map { (source: UInt32(0), target: UInt32($0)) }
            let costs = try AStar(pairs: pairs, guide: .places(places)).run(on: graph).paths
                .map { $0?.cost ?? .infinity }
            #expect(costs == model.oracleDistances(from: 0), "seed \(seed): \(model)")
        }
    }

    @Test func `a saved index comes back as it was, and only for its own graph`() throws {
        for isDirected in [false, true] {
            let model = EdgeListGraph.hubs(
                seed: 4, nodeCount: 90, edgeCount: 300, isDirected: isDirected, isWeighted: true)
            let graph = try model.frozen()
            let index = try LandmarkIndex(of: graph, count: 5)
            let bytes = index.encoded()
            let read = try LandmarkIndex(decoding: bytes, for: graph)
            #expect(read.landmarks == index.landmarks && read.table == index.table)
            #expect(Set(index.landmarks).count == 5)
            var changed = model
            changed.edges[7].weight += 1
            let other = try changed.frozen()
            #expect(
                failureCode { try LandmarkIndex(decoding: bytes, for: other) }
                    == .invalidParameter)
            let stale = AStar(pairs: [(source: 0, target: 1)], guide: .landmarks(index))
            #expect(failureCode { try stale.run(on: other) } == .invalidParameter)
            for place in stride(from: 0, to: bytes.count, by: 5) {
                var damaged = bytes
                damaged[place] ^= 0x11
                #expect(
                    failureCode { try LandmarkIndex(decoding: damaged, for: graph) }
                        == .damagedGraph)
                #expect(
                    failureCode { try LandmarkIndex(decoding: Array(bytes[..<place]), for: graph) }
                        == .damagedGraph)
            }
        }
    }

    @Test func `places that do not fit the graph are refused`() throws {
        let graph = try EdgeListGraph(nodeCount: 3, [(0, 1)]).frozen()
        let places = try Places(.plane, x: [0, 1], y: [0, 1])
        let kernel = AStar(pairs: [(source: 0, target: 1)], guide: .places(places))
        #expect(failureCode { try kernel.run(on: graph) } == .invalidParameter)
        #expect(failureCode { try Places(.plane, x: [.nan], y: [0]) } == .invalidParameter)
        #expect(failureCode { try LandmarkIndex(of: graph, count: 0) } == .invalidParameter)
    }
}

@Suite struct `Several paths between two nodes` {
    /// Every path that visits no node twice, by cost.
    private func simplePaths(_ model: EdgeListGraph, _ source: Int, _ target: Int) -> [Double] {
        var least: [[Double]] = Array(
            repeating: Array(repeating: .infinity, count: model.nodeCount), count: model.nodeCount)
        for arc in model.arcs {
            let weight = model.isWeighted ? arc.weight : 1
            least[arc.source][arc.target] = min(least[arc.source][arc.target], weight)
        }
        var costs: [Double] = []
        func extend(_ path: [Int], _ cost: Double) {
            guard let last = path.last, last != target else { return costs.append(cost) }
            for next in 0..<model.nodeCount
            where least[last][next] < .infinity && !path.contains(next) {
                extend(path + [next], cost + least[last][next])
            }
        }
        extend([source], 0)
        return costs.sorted()
    }

    @Test func `the k shortest cost what the k cheapest of all do`() throws {
        for seed in UInt64(0)..<200 {
            let model = EdgeListGraph.random(seed: seed, maxNodes: 8)
            guard model.nodeCount > 1 else { continue }
            let right = simplePaths(model, 0, model.nodeCount - 1)
            let kernel = KShortestPaths(from: 0, to: UInt32(model.nodeCount - 1), count: 40)
            let paths = try kernel.run(on: try model.frozen())
            #expect(paths.count == min(right.count, 40), "seed \(seed): \(model)")
            for (path, cost) in zip(paths, right) {
                #expect(abs(path.cost - cost) <= 1e-9 * max(1, cost), "seed \(seed): \(model)")
            }
        }
    }

    @Test func `few paths are the first of many, although parts that wait are forgotten`() throws {
        var random = SplitMix64(seed: 7)
        // Layers of 4 nodes with small weights, so that many paths cost the same.
        var edges: [EdgeListGraph.Edge] = []
        for layer in 0..<12 {
            for (from, to) in (0..<16).map({ ($0 / 4, $0 % 4) }) {
                edges.append(
                    .init(
                        layer * 4 + from, layer * 4 + 4 + to, weight: Double(1 + random.below(4))))
            }
        }
        let graph = try EdgeListGraph(nodeCount: 52, isWeighted: true, edges: edges).frozen()
        let many = try KShortestPaths(from: 0, to: 51, count: 4_000).run(on: graph)
        #expect(Set(many.map(\.nodes)).count == 4_000)
        #expect(zip(many, many.dropFirst()).allSatisfy { $0.cost <= $1.cost })
        for count in [1, 2, 30, 300, 1_000] {
            let few = try KShortestPaths(from: 0, to: 51, count: count).run(on: graph)
            #expect(few == Array(many.prefix(count)), "\(count)")
        }
    }

    @Test func `k of 0 gives none, and one beyond the range is refused`() throws {
        let graph = try EdgeListGraph(nodeCount: 2, [(0, 1)]).frozen()
        #expect(try KShortestPaths(from: 0, to: 1, count: 0).run(on: graph).isEmpty)
        for count in [-1, 100_001] {
            let code = failureCode {
                try KShortestPaths(from: 0, to: 1, count: count).run(on: graph)
            }
            #expect(code == .invalidParameter)
        }
        let negative = try EdgeListGraph(
            nodeCount: 2, isWeighted: true, edges: [.init(0, 1, weight: -1)]
        ).frozen()
        #expect(
            failureCode { try KShortestPaths(from: 0, to: 1, count: 1).run(on: negative) }
                == .negativeWeight)
    }

    @Test func `the list of all shortest paths ends at its limit and says so`() throws {
        // A chain of diamonds: 2 to the power of 5 paths.
        var edges: [(Int, Int)] = []
        for step in 0..<5 {
            for middle in [1, 2] {
                edges.append((step * 3, step * 3 + middle))
                edges.append((step * 3 + middle, step * 3 + 3))
            }
        }
        let graph = try EdgeListGraph(nodeCount: 16, edges).frozen()
        let all = try AllShortestPaths(from: 0, to: 15).run(on: graph)
        #expect(all.paths.count == 32 && all.isComplete)
        let some = try AllShortestPaths(from: 0, to: 15, limit: 31).run(on: graph)
        #expect(some.paths == Array(all.paths.dropLast()) && !some.isComplete)
        let exact = try AllShortestPaths(from: 0, to: 15, limit: 32).run(on: graph)
        #expect(exact.isComplete)
    }
}

@Suite struct `All pairs, neighbourhoods and walks` {
    @Test func `all pairs agree with a search from each node`() throws {
        for seed in UInt64(0)..<80 {
            let model = EdgeListGraph.random(seed: seed)
            let result = try AllPairsShortestPaths().run(on: try model.frozen())
            let right = (0..<model.nodeCount).flatMap { model.oracleDistances(from: $0) }
            #expect(result.distances == right, "seed \(seed)")
        }
    }

    @Test func `a graph too large for all pairs is refused with the memory it would take`() throws {
        let graph = try EdgeListGraph(nodeCount: 5000, edges: []).frozen()
        let error = failure { try AllPairsShortestPaths().run(on: graph) }
        #expect(error?.code == .tooLarge && error?.message.contains("200 MB") == true)
        let small = try EdgeListGraph(nodeCount: 3, edges: []).frozen()
        let little = failure { try AllPairsShortestPaths(maxNodes: 2).run(on: small) }
        #expect(little?.message.contains("about 1 MB") == true, "\(little?.message ?? "")")
    }

    @Test func `a neighbourhood of no hops is its source alone`() throws {
        let graph = try EdgeListGraph(nodeCount: 4, [(0, 1), (1, 2), (3, 0)]).frozen()
        let none = try Neighborhoods(sources: [1], hops: 0).run(on: graph)[0]
        #expect(none.nodes == [1] && none.sizes == [1])
        let into = try Neighborhoods(sources: [1], hops: 2, direction: .in).run(on: graph)[0]
        #expect(into.nodes == [1, 0, 3] && into.sizes == [1, 2, 3])
        #expect((0..<3).map { into.depth(at: $0) } == [0, 1, 2])
    }

    @Test func `walks prefer heavy edges in proportion to their weights`() throws {
        let graph = try EdgeListGraph(
            nodeCount: 4, isWeighted: true,
            edges: [.init(0, 1, weight: 1), .init(0, 2, weight: 3), .init(0, 3, weight: 0)]
        ).frozen()
        let walks = try RandomWalks(sources: [0], walksPerNode: 4000, length: 5).run(on: graph)
        var counts = [0, 0, 0, 0]
        for walk in 0..<walks.count {
            #expect(walks[walk].count == 2)
            counts[Int(walks[walk].last ?? 0)] += 1
        }
        // Three in four, within five standard deviations.
        #expect(abs(counts[2] - 3000) < 140 && counts[3] == 0)
    }

    @Test func `walks that avoid going back do so`() throws {
        // A ring: with p large a walk keeps its direction.
        let ring = EdgeListGraph(
            nodeCount: 50, isDirected: false, (0..<50).map { ($0, ($0 + 1) % 50) })
        let kernel = RandomWalks(sources: [0], walksPerNode: 20, length: 40, returning: 1000)
        let walks = try kernel.run(on: try ring.frozen())
        let visited = (0..<20).map { Set(walks[$0]).count }
        #expect(visited.reduce(0, +) > 20 * 38)
        let seeded = RunOptions(seed: 9)
        #expect(try kernel.run(on: try ring.frozen(), options: seeded).nodes != walks.nodes)
    }

    @Test func `walks beyond their limits are refused`() throws {
        let graph = try EdgeListGraph(nodeCount: 2000, edges: []).frozen()
        let many = RandomWalks(walksPerNode: 1_000_000, length: 1_000_000)
        #expect(failureCode { try many.run(on: graph) } == .tooLarge)
        #expect(failureCode { try RandomWalks(returning: 0).run(on: graph) } == .invalidParameter)
        #expect(failureCode { try RandomWalks(length: -1).run(on: graph) } == .invalidParameter)
    }
}
