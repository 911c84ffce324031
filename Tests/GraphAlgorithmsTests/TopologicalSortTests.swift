import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `Sorting topologically` {
    @Test(arguments: [false, true])
    func `gives the smallest order on any small acyclic graph`(hasIncoming: Bool) throws {
        for seed in UInt64(0)..<300 {
            var model = EdgeListGraph.random(seed: seed, isDirected: true)
            var random = SplitMix64(seed: seed)
            let place = Array(0..<model.nodeCount).shuffled(using: &random)
            model.edges = model.edges.compactMap { edge in
                if edge.source == edge.target { return nil }
                return place[edge.source] < place[edge.target]
                    ? edge : .init(edge.target, edge.source)
            }
            let result = try TopologicalSort().run(on: model.frozen(hasIncoming: hasIncoming))
            let order = result.order.map { Int($0) }
            #expect(order == model.oracleTopologicalOrder(), "seed \(seed): \(model)")
            #expect(result.cycle == nil, "seed \(seed)")
            var levels = [Int32](repeating: 0, count: model.nodeCount)
            for node in order {
                for edge in model.edges where edge.target == node {
                    levels[node] = max(levels[node], levels[edge.source] + 1)
                }
            }
            #expect(result.levels == levels, "seed \(seed): \(model)")
        }
    }

    @Test func `shows a shortest cycle through the lowest node on any`() throws {
        var cyclic = 0
        for seed in UInt64(0)..<400 {
            let model = EdgeListGraph.random(seed: seed, isDirected: true, maxNodes: 14)
            let result = try TopologicalSort().run(on: model.frozen())
            let reaches = model.oracleReachability()
            let lowest = (0..<model.nodeCount).first { reaches[$0][$0] }
            #expect(result.cycle?.first.map { Int($0) } == lowest, "seed \(seed): \(model)")
            #expect(result.order.map { Int($0) } == model.oracleTopologicalOrder(), "seed \(seed)")
            guard let cycle = result.cycle, let lowest else { continue }
            cyclic += 1
            #expect(cycle.count == model.oracleShortestCycle(through: lowest), "seed \(seed)")
            #expect(Set(cycle).count == cycle.count, "seed \(seed)")
            for (source, target) in zip(cycle, cycle.dropFirst() + cycle.prefix(1)) {
                let isEdge = model.edges.contains {
                    $0.source == Int(source) && $0.target == Int(target)
                }
                #expect(isEdge, "seed \(seed): \(model)")
            }
            for node in 0..<model.nodeCount {
                let isBehind = (0..<model.nodeCount).contains {
                    reaches[$0][$0] && ($0 == node || reaches[$0][node])
                }
                #expect((result.levels[node] < 0) == isBehind, "seed \(seed): \(model)")
            }
        }
        #expect(cyclic > 50)
    }

    @Test func `takes the lowest of very many ready nodes`() {
        var random = SplitMix64(seed: 1)
        var set = LowestFirstSet(capacity: 300_000)
        var model: Set<UInt32> = []
        for _ in 0..<2000 {
            if random.oneIn(3), let lowest = model.min() {
                #expect(set.popLowest() == lowest)
                model.remove(lowest)
            } else {
                let index = UInt32(random.below(300_000))
                set.insert(index)
                model.insert(index)
            }
        }
        for index in model.sorted() { #expect(set.popLowest() == index) }
        #expect(set.popLowest() == nil)
    }

    @Test func `refuses an undirected graph`() throws {
        let graph = try EdgeListGraph(nodeCount: 2, isDirected: false, [(0, 1)]).frozen()
        #expect(failureCode { try TopologicalSort().run(on: graph) } == .notDirected)
    }
}
