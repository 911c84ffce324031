import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

@Suite struct `The quality of a partition, run by name` {
    private let algorithm = PartitionQuality.descriptor

    @Test(arguments: UInt64(1)...40)
    func `is that of the kernel, however groups are written`(seed: UInt64) throws {
        let model = EdgeListGraph.random(seed: seed)
        let graph = try model.frozen()
        var random = SplitMix64(seed: seed)
        let labels = (0..<graph.nodeCount).map { _ in UInt32(random.below(4)) }
        let columns: [CSRColumn] = [
            CSRColumn(integers: labels.map { Int64($0) - 2 }),
            CSRColumn(doubles: labels.map { Double($0) / 2 }),
            CSRColumn(strings: labels.map { "group \($0)" }),
        ]
        let expected = try PartitionQuality().run(on: graph, labels: labels)
        for column in columns {
            let output = try algorithm.run(
                on: graph.with(nodeColumns: ["g": column]), parameters: ["community": "g"])
            #expect(output.summary == expected.summary)
            #expect(output.rows == .records(expected.groupCount))
            guard case .integers(let sizes)? = output.column("nodes")?.values else { continue }
            #expect(sizes == sizes.sorted(by: >))
            #expect(sizes.reduce(0, +) == Int64(graph.nodeCount))
        }
    }

    @Test func `of two groups of booleans tells each with its lowest node`() throws {
        let graph = try EdgeListGraph(
            nodeCount: 5, isDirected: false, [(0, 1), (2, 3), (3, 4), (2, 4), (1, 2)]
        ).frozen().with(nodeColumns: [
            "g": CSRColumn(booleans: [true, true, false, false, false])
        ])
        let output = try algorithm.run(on: graph, parameters: ["community": "g"])
        #expect(output.column("community")?[0] == .node(2))
        #expect(output.column("community")?[1] == .node(0))
        #expect(output.column("nodes")?[0] == .integer(3))
        #expect(output.column("conductance")?[1] == .double(1.0 / 3))
        #expect(output.summary("coverage") == .double(0.8))
    }

    @Test func `takes texts of other bytes for other groups, and two zeros for one`() throws {
        let graph = try EdgeListGraph(nodeCount: 2, isDirected: false, [(0, 1)]).frozen()
        func groups(_ column: CSRColumn) throws -> OutputValue? {
            try algorithm.run(
                on: graph.with(nodeColumns: ["g": column]), parameters: ["community": "g"]
            ).summary("communities")
        }
        let texts = try groups(CSRColumn(strings: ["é", "e\u{301}"]))
        #expect(texts == .integer(2))
        let zeros = try groups(CSRColumn(doubles: [0, -0.0]))
        #expect(zeros == .integer(1))
    }

    @Test func `refuses a node without a group, and a column that is not there`() throws {
        let graph = try CSRGraphBuilder().build(
            nodeCount: 2, sources: [0], targets: [1], nodeIDs: CSRBuffer([10, 20]))
        let holed = graph.with(nodeColumns: ["g": CSRColumn(strings: ["a", nil])])
        let missing = failure { try algorithm.run(on: holed, parameters: ["community": "g"]) }
        #expect(missing?.code == .invalidParameter)
        #expect(missing?.message.contains("node 20 has no 'g'") == true)
        let unknown = failure { try algorithm.run(on: graph, parameters: ["community": "g"]) }
        #expect(unknown?.code == .invalidParameter)
    }
}

@Suite struct `A saved landmark index, run by name` {
    @Test(arguments: UInt64(1)...60)
    func `leads to paths as cheap as without it, and refuses any other graph`(
        seed: UInt64
    ) throws {
        let model = EdgeListGraph.random(seed: seed)
        let graph = try model.frozen()
        guard graph.nodeCount > 1 else { return }
        let made = try LandmarkIndex.descriptor.run(on: graph, parameters: ["count": "3"])
        let bytes = try #require(made.document)
        #expect(made.summary("index_bytes") == .integer(Int64(bytes.count)))
        let pairs = (0..<graph.nodeCount).map { "\($0):\(graph.nodeCount - 1 - $0)" }
        let texts = ["pairs": pairs.joined(separator: ",")]
        let plain = try ShortestPath.descriptor.run(on: graph, parameters: texts)
        for algorithm in [ShortestPath.descriptor, AStar.descriptor] {
            let led = try algorithm.run(
                on: graph, parameters: texts.merging(["index": "file"]) { $1 },
                readFile: { _ throws(AlgorithmError) in bytes })
            for row in pairs.indices {
                guard case .double(let cost)? = plain.column("cost")?[row] else {
                    #expect(led.column("cost")?[row] == nil)
                    continue
                }
                guard case .double(let found)? = led.column("cost")?[row] else {
                    Issue.record("There is a path for \(pairs[row]).")
                    continue
                }
                #expect(abs(found - cost) <= 1e-9 * max(1, cost), "\(pairs[row])")
            }
            var other = model
            other.edges.append(.init(0, 1, weight: 0.125))
            let changed = try other.frozen()
            let error = failure {
                try algorithm.run(
                    on: changed, parameters: texts.merging(["index": "file"]) { $1 },
                    readFile: { _ throws(AlgorithmError) in bytes })
            }
            #expect(error?.code == .invalidParameter)
            #expect(error?.message.hasPrefix("'file'") == true)
        }
    }

    @Test func `is refused where files cannot be read`() throws {
        let graph = try EdgeListGraph(nodeCount: 2, [(0, 1)]).frozen()
        let error = failure {
            try ShortestPath.descriptor.run(
                on: graph, parameters: ["source": "0", "target": "1", "index": "x"])
        }
        #expect(error?.code == .invalidParameter)
    }
}
