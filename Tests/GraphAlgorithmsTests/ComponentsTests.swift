import PropertyGraph
import Synchronization
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

    /// Graphs of many shapes, each large enough for many stretches of nodes.
    private func shapes(seed: UInt64) -> [(name: String, model: EdgeListGraph)] {
        let count = 600
        let last = count - 1
        var random = SplitMix64(seed: seed)
        let order = (0..<count).shuffled(using: &random)
        func graph(_ name: String, _ edges: [EdgeListGraph.Edge]) -> [(String, EdgeListGraph)] {
            [true, false].map {
                (name, EdgeListGraph(nodeCount: count, isDirected: $0, edges: edges))
            }
        }
        let shapes = [
            graph("no edges", []),
            graph("loops", (0..<count).map { .init($0, $0) }),
            graph("a path up", (0..<last).map { .init($0, $0 + 1) }),
            graph("a path down", (0..<last).map { .init(last - $0, last - $0 - 1) }),
            graph("a shuffled path", (0..<last).map { .init(order[$0], order[$0 + 1]) }),
            graph("a star around the lowest", (1..<count).map { .init(0, $0) }),
            graph("a star around the highest", (0..<last).map { .init(last, $0) }),
            graph("rays into the highest", (0..<last).map { .init($0, last) }),
            graph("two combs", (0..<count - 2).map { .init($0, $0 + 2) }),
            graph("equal pairs", (0..<count / 2).map { .init(order[2 * $0], order[2 * $0 + 1]) }),
            graph(
                "few edges",
                (0..<count / 2).map { _ in
                    .init(
                        .random(in: 0..<count, using: &random),
                        .random(in: 0..<count / 4, using: &random))
                }),
            graph(
                "more edges",
                (0..<count).map { _ in
                    .init(
                        .random(in: 0..<count, using: &random),
                        .random(in: 0..<count, using: &random))
                }),
        ]
        return shapes.flatMap(\.self)
    }

    /// Threads meet in the same trees all the time, and each run in another order.
    @Test func `weak ones are the same on any number of threads, whatever the shape`() throws {
        for seed in UInt64(0)..<4 {
            for (name, model) in shapes(seed: seed) {
                let expected = model.oracleComponents()
                let sizes = Dictionary(grouping: expected) { $0 }.mapValues(\.count)
                for hasIncoming in [false, true] {
                    let graph = try model.frozen(hasIncoming: hasIncoming)
                    for threads in RunOptions.threadCounts {
                        let result = try ConnectedComponents().run(
                            on: graph, options: .eager(threads: threads))
                        let place = "\(name), seed \(seed), \(threads) threads"
                        #expect(result.labels.map { Int($0) } == expected, "\(place)")
                        #expect(result.componentCount == sizes.count, "\(place)")
                        #expect(result.largestSize == sizes.values.max(), "\(place)")
                        let largest = sizes.filter { $0.value == result.largestSize }.keys.min()
                        #expect(result.largestLabel.map { Int($0) } == largest, "\(place)")
                    }
                }
            }
        }
    }

    @Test(arguments: RunOptions.threadCounts)
    func `weak ones can be cancelled in each phase`(threads: Int) throws {
        let model = EdgeListGraph.hubs(
            seed: 3, nodeCount: 3000, edgeCount: 9000, isDirected: true)
        let graph = try model.frozen()
        let questions = Atomic<Int>(0)
        var options = RunOptions.eager(threads: threads)
        options.isCancelled = {
            questions.wrappingAdd(1, ordering: .relaxed)
            return false
        }
        _ = try ConnectedComponents().run(on: graph, options: options)
        let asked = questions.load(ordering: .relaxed)
        #expect(asked > 100)
        for limit in stride(from: 0, to: asked, by: 40) {
            questions.store(0, ordering: .relaxed)
            options.isCancelled = {
                questions.wrappingAdd(1, ordering: .relaxed).oldValue >= limit
            }
            let code = failureCode { try ConnectedComponents().run(on: graph, options: options) }
            #expect(code == .cancelled, "after \(limit) questions")
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
