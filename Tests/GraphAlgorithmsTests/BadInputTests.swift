import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

/// What every algorithm of the catalog does with input it cannot work with. The tests walk the
/// catalog, so that no new algorithm is forgotten.
@Suite struct `Input that an algorithm cannot work with` {
    /// Six nodes, with a cycle where the algorithm allows one.
    private func graph(
        _ algorithm: AlgorithmDescriptor, weight: Double = 2.5, scale: Double = 1
    ) throws -> CSRGraph {
        var model = EdgeListGraph(
            nodeCount: 6, isDirected: algorithm.needs.isDirected ?? true, isWeighted: true,
            edges: [
                .init(0, 1, weight: 2), .init(1, 2, weight: 3), .init(2, 3, weight: 1),
                .init(2, 4, weight: 2), .init(4, 5, weight: 1.5), .init(1, 3, weight: 4),
            ])
        if algorithm.family != .order { model.edges.append(.init(3, 0)) }
        for edge in model.edges.indices { model.edges[edge].weight *= scale }
        model.edges.append(.init(0, 2, weight: weight))
        return try model.frozen().grouped
    }

    /// Parameters with which the algorithm runs on that graph.
    private func parameters(_ algorithm: AlgorithmDescriptor) -> [String: String] {
        let names = Set(algorithm.parameters.map(\.name))
        var texts = groups
        texts["weighted"] = "true"
        texts["terminals"] = "0,3,5"
        if names.contains("target") || algorithm.family == .paths { texts["source"] = "0" }
        texts["target"] = "3"
        return texts.filter { names.contains($0.key) }
    }

    private static let names = AlgorithmCatalog.all.map(\.name)

    /// Texts that a parameter does not take.
    private func wrong(_ kind: ParameterDescriptor.Kind) -> [String] {
        func outside(_ range: ParameterRange) -> [String] {
            [range.lower - 1, 2 * range.upper + 2, range.includesUpper ? .infinity : range.upper]
                .map { Int64(exactly: $0).map { "\($0)" } ?? "\($0)" }
        }
        return switch kind {
        case .integer(let range):
            ["", "x", "1.5", "nan", " 1", "99999999999999999999"] + outside(range)
        case .number(let range): ["", "x", "nan", "-inf", "1,5", "-1e999"] + outside(range)
        case .boolean: ["", "yes", "TRUE", "1"]
        case .choice: ["", "nothing"]
        case .column: ["nothing"]
        case .file: ["junk"]
        case .node: ["", "999999", "-1", "0,1", "1.0"]
        case .nodes: ["", ",", "0,", "999999", "0,999999", "-1"]
        case .pairs: ["", "0", "0:", ":0", "0:999999", "0:1:2", "0:1,", "0-1"]
        }
    }

    @Test(arguments: names)
    func `is refused by a typed error, whichever parameter it is`(name: String) throws {
        let algorithm = try AlgorithmCatalog.descriptor(named: name)
        let graph = try graph(algorithm)
        let usual = parameters(algorithm)
        // What is refused below is refused for the one parameter that is wrong.
        _ = try algorithm.run(on: graph, parameters: usual)
        for parameter in algorithm.parameters {
            for text in wrong(parameter.kind) {
                var texts = usual
                texts[parameter.name] = text
                let error = failure {
                    try algorithm.run(
                        on: graph, parameters: texts,
                        readFile: { _ throws(AlgorithmError) in [1, 2, 3] })
                }
                let expected: [AlgorithmError.Code] =
                    parameter.kind == .file
                    ? [.damagedGraph] : [.invalidParameter, .nodeNotFound]
                #expect(
                    error.map { expected.contains($0.code) } == true,
                    "\(parameter.name)='\(text)': \(error?.message ?? "no error")")
                let subject =
                    [.file, .column].contains(parameter.kind) ? text : parameter.name
                #expect(error?.message.contains("'\(subject)'") == true, "\(error?.message ?? "")")
            }
            guard parameter.isRequired else { continue }
            let code = failureCode {
                try algorithm.run(on: graph, parameters: usual.filter { $0.key != parameter.name })
            }
            #expect(code == .missingParameter)
        }
        let unknown = failureCode { try algorithm.run(on: graph, parameters: ["zzz": "1"]) }
        #expect(unknown == .unknownParameter)
    }

    @Test(arguments: names)
    func `is no graph without nodes, or with one: that has an answer or names the node`(
        name: String
    ) throws {
        let algorithm = try AlgorithmCatalog.descriptor(named: name)
        for nodes in [0, 1] {
            let graph = try EdgeListGraph(
                nodeCount: nodes, isDirected: algorithm.needs.isDirected ?? true,
                isWeighted: true, edges: []
            ).frozen().grouped
            var texts = parameters(algorithm)
            let namesNodes = !Set(texts.keys).isDisjoint(with: ["source", "target", "terminals"])
            let code = failureCode { try algorithm.run(on: graph, parameters: texts) }
            // The one node is the source, but neither target nor terminal.
            let isAbsent =
                namesNodes && (nodes == 0 || texts["source"] != "0" || texts["target"] != nil)
            #expect(code == (isAbsent ? .nodeNotFound : nil), "\(nodes) nodes")
            guard nodes == 1, namesNodes else { continue }
            for key in ["source", "target", "terminals"] where texts[key] != nil {
                texts[key] = "0"
            }
            let single = failureCode { try algorithm.run(on: graph, parameters: texts) }
            // There is no flow from a node to itself.
            let hasAnswer = algorithm.family != .flow || texts["target"] == nil
            #expect(single == (hasAnswer ? nil : .invalidParameter))
        }
    }

    @Test(arguments: names)
    func `are weights outside of the range that its help tells`(name: String) throws {
        let algorithm = try AlgorithmCatalog.descriptor(named: name)
        let range = algorithm.needs.weights == .unused ? .any : algorithm.needs.weightRange
        let refusesNegative = ![.any, .finite, .aboveMinusInfinity].contains(range)
        let refusesInfinite = [.finite, .summable, .positive].contains(range)
        let expected: [(Double, AlgorithmError.Code?)] = [
            (-1, refusesNegative ? .negativeWeight : nil),
            (
                -.infinity,
                refusesNegative
                    ? .negativeWeight
                    : refusesInfinite || range == .aboveMinusInfinity ? .invalidWeight : nil
            ),
            (.infinity, refusesInfinite ? .invalidWeight : nil),
            (0, range == .positive ? .invalidWeight : nil),
            (-0.0, range == .positive ? .invalidWeight : nil),
        ]
        for (weight, code) in expected {
            let graph = try graph(algorithm, weight: weight)
            let error = failure { try algorithm.run(on: graph, parameters: parameters(algorithm)) }
            #expect(error?.code == code, "\(weight): \(error?.message ?? "an answer")")
        }
    }

    @Test(arguments: names, [1e-300, 1e-200, 1e-100, 1e100, 1e200, 1e307])
    func `are weights whose sums or squares no number holds, or they do no harm`(
        name: String, scale: Double
    ) throws {
        let algorithm = try AlgorithmCatalog.descriptor(named: name)
        let graph = try graph(algorithm, weight: 2 * scale, scale: scale)
        do {
            let output = try algorithm.run(on: graph, parameters: parameters(algorithm))
            for entry in output.summary {
                guard case .double(let value)? = entry.value else { continue }
                #expect(value.isFinite || algorithm.needs.weightRange == .any, "\(entry)")
            }
            for column in output.columns {
                guard case .vectors(let vectors) = column.values else { continue }
                for row in 0..<vectors.count {
                    let isFinite = vectors[UInt32(row)].allSatisfy { $0.isFinite }
                    #expect(isFinite, "\(column.name) \(row)")
                }
            }
        } catch {
            // Katz needs an attenuation below one over the greatest eigenvalue.
            #expect([.invalidWeight, .invalidParameter].contains(error.code), "\(error)")
        }
    }
}
