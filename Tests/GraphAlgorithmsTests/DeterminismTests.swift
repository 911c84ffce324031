import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `The same seed` {
    /// The bits of an answer, so that even zeros of two signs differ.
    private func bits(_ output: AlgorithmOutput) -> [[UInt64]] {
        func bits(_ value: OutputValue?) -> [UInt64] {
            switch value {
            case nil: [0]
            case .integer(let value): [1, UInt64(bitPattern: value)]
            case .double(let value): [2, value.bitPattern]
            case .string(let text): [3] + text.utf8.map { UInt64($0) }
            case .boolean(let value): [4, value ? 1 : 0]
            case .node(let node): [5, UInt64(node)]
            case .nodes(let nodes): [6] + nodes.map { UInt64($0) }
            case .vector(let values): [7] + values.map { UInt64($0.bitPattern) }
            }
        }
        return output.columns.map { column in
            (0..<column.count).flatMap { bits(column[$0]) }
        } + output.summary.map { bits($0.value) }
    }

    @Test(arguments: namesOfNodeKernels, [true, false])
    func `gives the same bytes on one, two and seven threads`(
        name: String, isDirected: Bool
    ) throws {
        let algorithm = try AlgorithmCatalog.descriptor(named: name)
        let model = EdgeListGraph.hubs(
            seed: 9, nodeCount: 3000, edgeCount: 12_000, isDirected: isDirected, isWeighted: true)
        guard (algorithm.needs.isDirected ?? isDirected) == isDirected else { return }
        let graph = try model.frozen().grouped
        let parameters = parametersToTry(algorithm)
        for seed in [UInt64(0), 42] {
            var answers: [[[UInt64]]] = []
            for threads in RunOptions.threadCounts {
                var options = RunOptions.eager(threads: threads)
                options.seed = seed
                answers.append(
                    bits(try algorithm.run(on: graph, parameters: parameters, options: options)))
            }
            #expect(answers.allSatisfy { $0 == answers[0] }, "seed \(seed)")
        }
    }

    @Test(arguments: namesOfNodeKernels)
    func `or none, an empty graph and a lone node have answers too`(name: String) throws {
        let algorithm = try AlgorithmCatalog.descriptor(named: name)
        for nodes in 0...2 {
            let isDirected = algorithm.needs.isDirected ?? (nodes == 1)
            let graph = try EdgeListGraph(
                nodeCount: nodes, isDirected: isDirected, isWeighted: true, edges: []
            ).frozen().grouped
            let needed = groups.filter { name, _ in
                algorithm.parameters.contains { UTF8Order.equal($0.name, name) }
            }
            let output = try algorithm.run(on: graph, parameters: needed)
            guard case .nodes = output.rows else { continue }
            #expect(output.columns.allSatisfy { $0.count == nodes }, "\(nodes) nodes")
        }
    }
}
