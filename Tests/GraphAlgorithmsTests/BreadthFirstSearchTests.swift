import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `Searching breadth first` {
    /// Checks depths against the model, and that each parent is the lowest node one level nearer.
    private func verify(
        _ result: BreadthFirstSearch.Result, _ model: EdgeListGraph, _ comment: Comment
    ) {
        let source = Int(result.source)
        let expected = model.oracleDepths(from: source)
        #expect(result.depths.map { $0 < 0 ? nil : Int($0) } == expected, comment)
        var parents = [UInt32](repeating: .max, count: model.nodeCount)
        parents[source] = result.source
        for arc in model.arcs where arc.target != source {
            guard let near = expected[arc.source], let far = expected[arc.target], far == near + 1
            else { continue }
            parents[arc.target] = min(parents[arc.target], UInt32(arc.source))
        }
        #expect(result.parents == parents, comment)
        #expect(result.reached == expected.count { $0 != nil }, comment)
        #expect(result.maxDepth == expected.compactMap { $0 }.max(), comment)
    }

    @Test(arguments: [false, true])
    func `agrees with the obvious distances on any small graph`(hasIncoming: Bool) throws {
        for seed in UInt64(0)..<300 {
            let model = EdgeListGraph.random(seed: seed)
            guard model.nodeCount > 0 else { continue }
            let graph = try model.frozen(hasIncoming: hasIncoming)
            let source = UInt32(seed % UInt64(model.nodeCount))
            let result = try #require(
                try BreadthFirstSearch(sources: [source]).run(on: graph).first)
            verify(result, model, "seed \(seed): \(model)")
        }
    }

    @Test(arguments: [false, true])
    func `agrees on graphs dense enough to be searched from below`(isDirected: Bool) throws {
        for seed in UInt64(0)..<12 {
            let nodes = 64 + Int(seed) * 23
            let model = EdgeListGraph.hubs(
                seed: seed, nodeCount: nodes, edgeCount: nodes * 9, isDirected: isDirected)
            let graph = try model.frozen()
            let sources = [0, UInt32(nodes / 2), UInt32(nodes - 1)]
            for threads in RunOptions.threadCounts {
                let results = try BreadthFirstSearch(sources: sources)
                    .run(on: graph, options: .eager(threads: threads))
                for result in results { verify(result, model, "seed \(seed)") }
            }
        }
    }

    /// Two crowds joined by a chain: the second is searched from below after levels that were not,
    /// when the queue no longer holds all that is reached.
    @Test(arguments: [false, true])
    func `agrees where it turns from below to above and below again`(hasParents: Bool) throws {
        var pairs: [(Int, Int)] = []
        for first in [0, 300] {
            // Each of a hundred nodes is joined with each of the next hundred.
            for node in 0..<100 {
                for other in 100..<200 { pairs.append((first + node, first + other)) }
            }
        }
        for node in 200..<300 { pairs.append((node - 1, node)) }
        // The chain's end meets all of the first hundred at once.
        for node in 300..<400 { pairs.append((299, node)) }
        let model = EdgeListGraph(nodeCount: 500, isDirected: false, pairs)
        let kernel = BreadthFirstSearch(sources: [0, 450], hasParents: hasParents)
        for threads in RunOptions.threadCounts {
            let results = try kernel.run(on: model.frozen(), options: .eager(threads: threads))
            for result in results {
                if hasParents { verify(result, model, "\(threads) threads") }
                let expected = model.oracleDepths(from: Int(result.source))
                #expect(result.depths.map { $0 < 0 ? nil : Int($0) } == expected)
            }
        }
    }

    @Test(arguments: [2, 12])
    func `finds the same depths without parents`(degree: Int) throws {
        for seed in UInt64(0)..<24 {
            let model = EdgeListGraph.hubs(
                seed: seed, nodeCount: 90 + Int(seed), edgeCount: (90 + Int(seed)) * degree,
                isDirected: seed % 2 == 0)
            let graph = try model.frozen()
            for source in [UInt32(0), 44, 89] {
                let whole = try BreadthFirstSearch(sources: [source, 1]).run(on: graph)
                let kernel = BreadthFirstSearch(sources: [source, 1], hasParents: false)
                for threads in RunOptions.threadCounts {
                    let bare = try kernel.run(on: graph, options: .eager(threads: threads))
                    #expect(bare.map(\.depths) == whole.map(\.depths), "seed \(seed)")
                    #expect(bare.map(\.reached) == whole.map(\.reached), "seed \(seed)")
                    #expect(bare.allSatisfy { $0.parents.isEmpty })
                }
            }
            let output = try AlgorithmCatalog.descriptor(named: "bfs").run(
                on: graph, parameters: ["source": "44"])
            let depths = try BreadthFirstSearch(sources: [44]).run(on: graph)[0].depths
            guard case .integers(let column) = output.columns[0].values else {
                Issue.record("Depths are whole numbers.")
                continue
            }
            #expect(column == depths.map { $0 < 0 ? .min : Int64($0) })
            for row in depths.indices {
                #expect(
                    output.columns[0][row] == (depths[row] < 0 ? nil : .integer(column[row])))
            }
        }
    }

    @Test(arguments: [4, 40])
    func `stops at the depth asked for`(degree: Int) throws {
        let model = EdgeListGraph.hubs(
            seed: 9, nodeCount: 300, edgeCount: 300 * degree / 4, isDirected: true)
        let graph = try model.frozen()
        let whole = try BreadthFirstSearch(sources: [1]).run(on: graph)[0]
        for depth in 0...whole.maxDepth {
            let part = try BreadthFirstSearch(sources: [1], maxDepth: depth).run(on: graph)[0]
            #expect(part.depths == whole.depths.map { $0 > depth ? -1 : $0 })
            #expect(part.maxDepth == depth)
            #expect(part.reached == part.depths.count { $0 >= 0 })
        }
    }

    @Test func `refuses sources beyond the graph`() throws {
        let graph = try EdgeListGraph(nodeCount: 2, [(0, 1)]).frozen()
        #expect(
            failureCode { try BreadthFirstSearch(sources: [2]).run(on: graph) } == .nodeNotFound)
        #expect(try BreadthFirstSearch(sources: []).run(on: graph).isEmpty)
    }
}
