import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `Finding components` {
    @Test(arguments: [false, true])
    func `weak ones agree with spreading labels on any small graph`(hasIncoming: Bool) throws {
        for seed in UInt64(0)..<300 {
            let model = EdgeListGraph.random(seed: seed)
            let result = try ConnectedComponents().run(on: model.frozen(hasIncoming: hasIncoming))
            let expected = model.oracleComponents()
            #expect(result.labels.map { Int($0) } == expected, "seed \(seed): \(model)")
            #expect(result.componentCount == Set(expected).count, "seed \(seed)")
            let sizes = Dictionary(grouping: expected) { $0 }.mapValues(\.count)
            #expect(result.largestSize == sizes.values.max() ?? 0, "seed \(seed)")
            let largest = sizes.filter { $0.value == result.largestSize }.keys.min()
            #expect(result.largestLabel.map { Int($0) } == largest, "seed \(seed)")
        }
    }

    /// The giant component is skipped in the last round: what hangs on it must still be found.
    @Test(arguments: [false, true])
    func `weak ones agree when most nodes are in one`(isDirected: Bool) throws {
        for seed in UInt64(0)..<20 {
            var model = EdgeListGraph.hubs(
                seed: seed, nodeCount: 400, edgeCount: 700, isDirected: isDirected)
            // Satellites whose only edge comes late in the row of a hub.
            for node in 400..<410 { model.edges.append(.init(0, node)) }
            model.nodeCount = 412
            for hasIncoming in [false, true] {
                let graph = try model.frozen(hasIncoming: hasIncoming)
                let labels = try ConnectedComponents().run(on: graph).labels
                #expect(labels.map { Int($0) } == model.oracleComponents(), "seed \(seed)")
            }
        }
    }

    @Test(arguments: [false, true])
    func `strong ones agree with reachability on any small graph`(hasIncoming: Bool) throws {
        for seed in UInt64(0)..<300 {
            let model = EdgeListGraph.random(seed: seed, maxNodes: 14)
            let graph = try model.frozen(hasIncoming: hasIncoming)
            let result = try StronglyConnectedComponents().run(on: graph)
            let expected = model.oracleStrongComponents()
            #expect(result.labels.map { Int($0) } == expected, "seed \(seed): \(model)")
            #expect(result.componentCount == Set(expected).count, "seed \(seed)")
            let sizes = Dictionary(grouping: expected) { $0 }.mapValues(\.count)
            #expect(result.largestSize == sizes.values.max() ?? 0, "seed \(seed)")
            guard graph.isDirected else { continue }
            // As a graph of more arcs than 32 bits can count is searched.
            let same = try StronglyConnectedComponents().search(graph, UInt64.self, RunOptions())
            #expect(same.labels == result.labels && same.largestSize == result.largestSize)
        }
    }

    /// Circles that hang on one another by single arcs, with ways in and out that no circle has:
    /// many components close below open ones.
    @Test(arguments: [false, true])
    func `strong ones agree on circles within circles`(hasIncoming: Bool) throws {
        for seed in UInt64(0)..<40 {
            var model = EdgeListGraph.hubs(
                seed: seed, nodeCount: 60, edgeCount: 40 + Int(seed) * 3, isDirected: true)
            for first in stride(from: 0, to: 60, by: 6) {
                let size = 1 + (first + Int(seed)) % 6
                for step in 0..<size {
                    model.edges.append(.init(first + step, first + (step + 1) % size))
                }
            }
            let graph = try model.frozen(hasIncoming: hasIncoming)
            let result = try StronglyConnectedComponents().run(on: graph)
            let expected = model.oracleStrongComponents()
            #expect(result.labels.map { Int($0) } == expected, "seed \(seed)")
            #expect(result.componentCount == Set(expected).count, "seed \(seed)")
        }
    }

    @Test func `strong ones do not exhaust the stack on a long circle`() throws {
        let count = 100_000
        let circle = EdgeListGraph(
            nodeCount: count, edges: (0..<count).map { .init($0, ($0 + 1) % count) })
        let result = try StronglyConnectedComponents().run(on: circle.frozen(hasIncoming: false))
        #expect(result.componentCount == 1)
        #expect(result.largestSize == count)
    }
}
