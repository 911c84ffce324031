import PropertyGraph
import Synchronization
import TestSupport
import Testing

@Suite struct `Building frozen graphs` {
    /// An arc as the obvious builder makes it.
    private struct Arc: Hashable {
        var source: Int
        var target: Int
        var row: Int
    }

    /// Rows by sorting, parallel edges and loops dropped when asked.
    private func obviousArcs(_ graph: EdgeListGraph, isSimple: Bool) -> [Arc] {
        var arcs: [Arc] = []
        for (row, edge) in graph.edges.enumerated() {
            arcs.append(Arc(source: edge.source, target: edge.target, row: row))
            if !graph.isDirected, edge.source != edge.target {
                arcs.append(Arc(source: edge.target, target: edge.source, row: row))
            }
        }
        if isSimple {
            var best: [[Int]: Arc] = [:]
            for arc in arcs where arc.source != arc.target {
                let old = best[[arc.source, arc.target]]
                let isLighter =
                    graph.isWeighted
                    && old.map { graph.edges[arc.row].weight < graph.edges[$0.row].weight } ?? false
                if old == nil || isLighter { best[[arc.source, arc.target]] = arc }
            }
            arcs = Array(best.values)
        }
        return arcs.sorted { ($0.source, $0.target, $0.row) < ($1.source, $1.target, $1.row) }
    }

    private func arcs(of rows: CSRRows, isTransposed: Bool = false) -> [Arc] {
        var arcs: [Arc] = []
        for node in 0..<UInt32(rows.offsets.count - 1) {
            for arc in rows.range(of: node) {
                let ends = (Int(node), Int(rows.targets[arc]))
                arcs.append(
                    Arc(
                        source: isTransposed ? ends.1 : ends.0,
                        target: isTransposed ? ends.0 : ends.1, row: Int(rows.edges?[arc] ?? 0)))
            }
        }
        return arcs
    }

    private func build(
        _ graph: EdgeListGraph, isSimple: Bool
    ) throws -> CSRGraphBuilder.Outcome {
        let sources = graph.edges.map { UInt32($0.source) }
        let targets = graph.edges.map { UInt32($0.target) }
        let weights = graph.edges.map(\.weight)
        let rows = graph.edges.indices.map { UInt64($0) }
        let column = CSRColumn(integers: graph.edges.indices.map { $0 % 3 == 0 ? nil : Int64($0) })
        let builder = CSRGraphBuilder(isDirected: graph.isDirected, isSimple: isSimple)
        return try builder.buildWithInputRows(
            nodeCount: graph.nodeCount, sources: sources.span, targets: targets.span,
            weights: graph.isWeighted ? weights.span : nil, edges: rows.span,
            columns: ["row": column])
    }

    @Test(arguments: [false, true])
    func `agrees with sorting on any small graph`(isSimple: Bool) throws {
        for seed in UInt64(0)..<300 {
            let model = EdgeListGraph.random(seed: seed)
            let outcome = try build(model, isSimple: isSimple)
            let graph = outcome.graph
            let expected = obviousArcs(model, isSimple: isSimple)
            #expect(arcs(of: graph.outgoing) == expected, "seed \(seed): \(model)")
            let incoming = try #require(graph.incoming)
            let transposed = expected.sorted {
                ($0.target, $0.source, $0.row) < ($1.target, $1.source, $1.row)
            }
            #expect(
                arcs(of: incoming, isTransposed: true) == transposed, "seed \(seed): \(model)")
            let edgeCount = Set(expected.map(\.row)).count
            #expect(graph.edgeCount == (isSimple ? edgeCount : model.edges.count), "seed \(seed)")
        }
    }

    @Test func `puts weights, ids and columns beside their arcs`() throws {
        for seed in UInt64(300)..<400 {
            let model = EdgeListGraph.random(seed: seed, isWeighted: true)
            let outcome = try build(model, isSimple: false)
            let outgoing = outcome.graph.outgoing
            let column = try #require(outcome.graph.edgeColumns["row"])
            #expect(column.count == outgoing.arcCount, "seed \(seed)")
            for arc in 0..<outgoing.arcCount {
                let row = Int(outcome.inputRows[arc])
                #expect(outgoing.edges?[arc] == UInt64(row), "seed \(seed)")
                #expect(outgoing.weights?[arc] == model.edges[row].weight, "seed \(seed)")
                #expect(
                    column.integer(at: arc) == (row % 3 == 0 ? nil : Int64(row)), "seed \(seed)")
            }
        }
    }

    @Test(arguments: [false, true])
    func `gives the same rows whatever stands beside them, sorted input or not`(
        isSimple: Bool
    ) throws {
        for seed in UInt64(400)..<700 {
            var model = EdgeListGraph.random(seed: seed, isWeighted: true)
            if seed % 3 == 0 { model = sorted(model) }
            let whole = try build(model, isSimple: isSimple).graph
            let builder = CSRGraphBuilder(isDirected: model.isDirected, isSimple: isSimple)
            let sources = model.edges.map { UInt32($0.source) }
            let targets = model.edges.map { UInt32($0.target) }
            let weighted = try builder.build(
                nodeCount: model.nodeCount, sources: sources, targets: targets,
                weights: model.edges.map(\.weight))
            let plain = try builder.build(
                nodeCount: model.nodeCount, sources: sources, targets: targets)
            for graph in [weighted, plain] {
                #expect(graph.edgeCount == whole.edgeCount, "seed \(seed)")
                for (own, other) in [
                    (graph.outgoing, whole.outgoing), (graph.incoming, whole.incoming),
                ] {
                    let (own, other) = (try #require(own), try #require(other))
                    #expect(all(own.offsets) == all(other.offsets), "seed \(seed)")
                    #expect(all(own.targets) == all(other.targets), "seed \(seed)")
                    guard let weights = own.weights else { continue }
                    #expect(all(weights) == other.weights.map(all), "seed \(seed)")
                }
            }
            #expect(weighted.isWeighted && !plain.isWeighted)
        }
    }

    private func all<Element>(_ column: CSRBuffer<Element>) -> [Element] {
        (0..<column.count).map { column[$0] }
    }

    /// The same edges, ascending by source and target; by lower and higher end where they have no
    /// direction.
    private func sorted(_ graph: EdgeListGraph) -> EdgeListGraph {
        func ends(_ edge: EdgeListGraph.Edge) -> (Int, Int) {
            graph.isDirected
                ? (edge.source, edge.target)
                : (min(edge.source, edge.target), max(edge.source, edge.target))
        }
        return EdgeListGraph(
            nodeCount: graph.nodeCount, isDirected: graph.isDirected, isWeighted: graph.isWeighted,
            edges: graph.edges.sorted { ends($0) < ends($1) })
    }

    @Test func `moves texts and booleans with their edges`() throws {
        let graph = try CSRGraphBuilder().build(
            nodeCount: 3, sources: CSRBuffer([2, 0, 1]), targets: CSRBuffer([0, 1, 2]),
            columns: [
                "text": CSRColumn(strings: ["two", nil, "öne"]),
                "flag": CSRColumn(booleans: [true, false, nil]),
                "number": CSRColumn(doubles: [2.5, 0.5, nil]),
            ])
        let text = try #require(graph.edgeColumns["text"])
        #expect((0..<3).map { text.string(at: $0) } == [nil, "öne", "two"])
        let flag = try #require(graph.edgeColumns["flag"])
        #expect((0..<3).map { flag.boolean(at: $0) } == [false, nil, true])
        let number = try #require(graph.edgeColumns["number"])
        #expect((0..<3).map { number.double(at: $0) } == [0.5, nil, 2.5])
    }

    @Test func `keeps input that is already sorted as it is`() throws {
        let sources: [UInt32] = [0, 0, 1, 3]
        let targets: [UInt32] = [1, 1, 0, 3]
        let outcome = try CSRGraphBuilder().buildWithInputRows(
            nodeCount: 4, sources: sources.span, targets: targets.span)
        #expect((0..<4).map { outcome.inputRows[$0] } == [0, 1, 2, 3])
        #expect((0..<5).map { outcome.graph.outgoing.offsets[$0] } == [0, 2, 3, 3, 4])
    }

    @Test func `leaves incoming rows out when asked`() throws {
        let graph = try EdgeListGraph(nodeCount: 2, [(0, 1)]).frozen(hasIncoming: false)
        #expect(graph.incoming == nil)
    }

    @Test func `shares rows between directions of an undirected graph`() throws {
        let graph = try EdgeListGraph(nodeCount: 3, isDirected: false, [(2, 1), (0, 0)]).frozen()
        #expect(graph.outgoing.arcCount == 3)
        #expect(graph.edgeCount == 2)
        #expect(graph.incoming?.arcCount == 3)
    }

    private func failure(_ body: () throws -> Void) -> CSRBuildError? {
        #expect(throws: CSRBuildError.self, performing: body)
    }

    @Test func `names the row of an edge beyond the nodes`() throws {
        for isDirected in [true, false] {
            let error = failure {
                _ = try EdgeListGraph(nodeCount: 2, isDirected: isDirected, [(0, 1), (1, 2)])
                    .frozen()
            }
            #expect(error?.code == .nodeOutOfRange)
            #expect(error?.message.contains("row 1 names node 2") == true)
        }
    }

    @Test func `refuses columns of different lengths`() throws {
        let short = failure {
            _ = try CSRGraphBuilder().build(nodeCount: 2, sources: [0], targets: [])
        }
        #expect(short?.code == .lengthMismatch)
        let weights = failure {
            _ = try CSRGraphBuilder().build(
                nodeCount: 2, sources: [0], targets: [1], weights: [1, 2])
        }
        #expect(weights?.code == .lengthMismatch)
        let column = failure {
            _ = try CSRGraphBuilder().build(
                nodeCount: 2, sources: [0], targets: [1],
                columns: ["x": CSRColumn(integers: [])])
        }
        #expect(column?.code == .lengthMismatch)
    }

    @Test func `refuses weights that are no numbers`() throws {
        let error = failure {
            _ = try CSRGraphBuilder().build(
                nodeCount: 2, sources: [0, 1], targets: [1, 0], weights: [1, .nan])
        }
        #expect(error?.code == .invalidWeight)
        #expect(error?.message.contains("row 1") == true)
    }

    @Test func `refuses node ids out of order and too many nodes`() throws {
        let unordered = failure {
            _ = try CSRGraphBuilder().build(
                nodeCount: 2, sources: [], targets: [], nodeIDs: CSRBuffer([7, 7]))
        }
        #expect(unordered?.code == .unorderedNodeIDs)
        let few = failure {
            _ = try CSRGraphBuilder().build(
                nodeCount: 2, sources: [], targets: [], nodeIDs: CSRBuffer([7]))
        }
        #expect(few?.code == .lengthMismatch)
        let many = failure {
            _ = try CSRGraphBuilder().build(
                nodeCount: 1 << 32, sources: [], targets: [])
        }
        #expect(many?.code == .tooLarge)
    }

    @Test func `finds nodes by their ids`() throws {
        let graph = try CSRGraphBuilder().build(
            nodeCount: 3, sources: [0], targets: [2], nodeIDs: CSRBuffer([10, 20, 40]))
        #expect(graph.index(ofID: 20) == 1)
        #expect(graph.index(ofID: 30) == nil)
        #expect(graph.id(of: 2) == 40)
    }

    // MARK: Stopping

    /// Counts questions, and says yes from the given one on.
    private final class Doubt: Sendable {
        private let asked = Atomic(0)
        private let patience: Int
        init(_ patience: Int) { self.patience = patience }
        var count: Int { asked.load(ordering: .relaxed) }
        func isCancelled() -> Bool {
            asked.wrappingAdd(1, ordering: .relaxed).oldValue >= patience
        }
    }

    @Test(arguments: [false, true], [false, true])
    func `ends when told to, whichever question is answered so, and the next is as ever`(
        isDirected: Bool, isSimple: Bool
    ) throws {
        let model = EdgeListGraph.hubs(
            seed: 5, nodeCount: 40, edgeCount: 300, isDirected: isDirected, isWeighted: true)
        let builder = CSRGraphBuilder(isDirected: isDirected, isSimple: isSimple)
        let sources = model.edges.map { UInt32($0.source) }
        let targets = model.edges.map { UInt32($0.target) }
        let weights = model.edges.map(\.weight)
        let ids = model.edges.indices.map { UInt64($0) }
        let columns = [
            "text": CSRColumn(strings: ids.map { $0 % 5 == 0 ? nil : "\($0)" }),
            "number": CSRColumn(integers: ids.map { Int64($0) }),
        ]
        for kind in 0..<3 {
            func build(_ doubt: Doubt) throws -> CSRGraph {
                try builder.build(
                    nodeCount: 40, sources: sources, targets: targets,
                    weights: kind > 0 ? weights : nil, edges: kind > 1 ? ids : nil,
                    columns: kind > 1 ? columns : [:], isCancelled: { doubt.isCancelled() })
            }
            let whole = try build(Doubt(.max))
            var patience = 0
            while true {
                let doubt = Doubt(patience)
                do {
                    let graph = try build(doubt)
                    #expect(doubt.count <= patience)
                    #expect(all(graph.outgoing.targets) == all(whole.outgoing.targets))
                    break
                } catch let error as CSRBuildError {
                    #expect(error.code == .cancelled)
                    #expect(doubt.count == patience + 1, "It goes on after it was told to end.")
                }
                patience += 1
            }
            #expect(patience > 1, "It asks too seldom to be tested.")
        }
    }

    @Test func `is asked again and again, also within the row of a hub`() throws {
        let count = 600_000
        // All edges of one node in the first pass, and many nodes without any.
        let sources = (0..<UInt32(count)).map { $0 % 3 &* 7 &+ 5 }
        let targets = [UInt32](repeating: 2, count: count)
        for isDirected in [true, false] {
            let doubt = Doubt(.max)
            _ = try CSRGraphBuilder(isDirected: isDirected).build(
                nodeCount: 300_000, sources: sources, targets: targets,
                isCancelled: { doubt.isCancelled() })
            // Counting and three passes go over all edges.
            #expect(doubt.count >= 4 * count >> 18, "\(doubt.count)")
        }
    }
}
