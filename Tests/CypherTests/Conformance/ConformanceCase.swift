import Foundation
import GraphStore
import PropertyGraph

@testable import Cypher

/// One case of the conformance suite.
struct ConformanceCase: Decodable, Sendable {
    struct Procedure: Decodable, Sendable {
        let name: String
        let inputs: [[String]]
        let outputs: [[String]]
        let columns: [String]?
        let rows: [[String]]?
    }

    struct Expectation: Decodable, Sendable {
        let kind: String
        let ordered: Bool?
        let unorderedLists: Bool?
        let columns: [String]?
        let rows: [[String]]?
        let type: String?
        let phase: String?
        let detail: String?
    }

    struct Control: Decodable, Sendable {
        let query: String
        let expect: Expectation
    }

    let id: String
    let tags: [String]?
    let setup: [String]?
    let procedures: [Procedure]?
    let params: [String: String]?
    let query: String
    let expect: Expectation
    let sideEffects: [String: Int]?
    let control: [Control]?

    /// What went wrong; nil when all is as expected.
    ///
    /// - Parameter scratch: An empty graph.
    func failure(isNaive: Bool, scratch: GraphDatabase) -> String? {
        do {
            // What changes nothing can share one empty graph.
            let isShared = (setup ?? []).isEmpty && sideEffects ?? ["": 1] == [:]
            let db = isShared ? scratch : try GraphDatabase.temporary()
            defer { if !isShared { db.close() } }
            var options = QueryOptions()
            options.isNaive = isNaive
            try register(&options, scratch)
            for statement in setup ?? [] { _ = try db.query(statement, options: options) }
            var parameters: [String: CypherValue] = [:]
            for (name, literal) in params ?? [:] {
                let result = try scratch.query("RETURN \(literal) AS value")
                parameters[name] = result.rows[0][0]
            }
            let before = try GraphFacts(db)
            if let problem = run(query, parameters, expect, db, options) { return problem }
            let after = try GraphFacts(db)
            if let wanted = sideEffects ?? (expect.kind == "error" ? [:] : nil) {
                let found = before.difference(to: after)
                if found != wanted { return "side effects \(found), expected \(wanted)" }
            }
            for control in control ?? [] {
                if let problem = run(control.query, parameters, control.expect, db, options) {
                    return "control: \(problem)"
                }
            }
            return nil
        } catch {
            return "threw \(error)"
        }
    }

    private func run(
        _ query: String, _ parameters: [String: CypherValue], _ expect: Expectation,
        _ db: GraphDatabase, _ options: QueryOptions
    ) -> String? {
        do {
            let result = try db.query(query, parameters: parameters, options: options)
            return Self.difference(result, expect)
        } catch let error as CypherError {
            guard expect.kind == "error" else { return "threw \(error)" }
            let isSame =
                error.kind.rawValue == expect.type
                && (expect.detail == "*" || error.detail.rawValue == expect.detail)
                && (expect.phase == "any time" || error.phase.rawValue == expect.phase)
            return isSame
                ? nil
                : "threw \(error.kind.rawValue) \(error.phase.rawValue) \(error.detail.rawValue), "
                    + "expected \(expect.type ?? "") \(expect.phase ?? "") \(expect.detail ?? "")"
        } catch {
            return "threw \(error)"
        }
    }

    private static func difference(_ result: QueryResult, _ expect: Expectation) -> String? {
        if expect.kind == "error" {
            return "gave \(result.rows.count) rows, expected \(expect.detail ?? "an error")"
        }
        if expect.kind == "empty" {
            return result.rows.isEmpty ? nil : "gave \(result.rows.count) rows, expected none"
        }
        guard result.columns == expect.columns ?? [] else {
            return "columns \(result.columns), expected \(expect.columns ?? [])"
        }
        let sorts = expect.unorderedLists ?? false
        var found = result.rows.map { row in row.map { $0.canonical(sortsLists: sorts) } }
        var wanted = (expect.rows ?? []).map { row in
            row.map { LiteralReader.canonical($0, sortsLists: sorts) }
        }
        if expect.ordered != true {
            found.sort { $0.lexicographicallyPrecedes($1) }
            wanted.sort { $0.lexicographicallyPrecedes($1) }
        }
        return found == wanted ? nil : "rows \(found), expected \(wanted)"
    }

    /// The procedures of the case: tables that are searched for the arguments.
    private func register(_ options: inout QueryOptions, _ db: GraphDatabase) throws {
        for procedure in procedures ?? [] {
            let rows = try (procedure.rows ?? []).map { row in
                try row.map { literal in
                    try db.query("RETURN \(literal) AS value").rows[0][0]
                }
            }
            let inputs = procedure.inputs.map { $0[0] }
            let outputs = procedure.outputs.map { $0[0] }
            let columns = procedure.columns ?? []
            let signature = ProcedureSignature(
                procedure.name, inputs: procedure.inputs.map { .init($0[0], $0[1]) },
                outputs: procedure.outputs.map { .init($0[0], $0[1]) })
            options.procedures.register(signature) { arguments in
                rows.filter { row in
                    zip(inputs, arguments).allSatisfy { name, argument in
                        guard let place = columns.firstIndex(of: name) else { return true }
                        return Value(row[place]).isEquivalent(to: Value(argument))
                    }
                }.map { row in
                    outputs.map { name in
                        columns.firstIndex(of: name).map { row[$0] } ?? .null
                    }
                }
            }
        }
    }
}

/// What the suite counts of a graph.
struct GraphFacts {
    private var nodes: Set<NodeID> = []
    private var edges: Set<EdgeID> = []
    private var properties: Set<String> = []
    private var labels: Set<String> = []

    init(_ db: GraphDatabase) throws {
        var facts = self
        try db.read { txn in
            try txn.forEachNode { node in
                facts.nodes.insert(node.id)
                facts.labels.formUnion(node.labels.map(\.name))
                for (key, value) in node.properties {
                    facts.properties.insert("n\(node.id) \(key) \(value)")
                }
                return true
            }
            try txn.forEachEdge { edge in
                facts.edges.insert(edge.id)
                for (key, value) in edge.properties {
                    facts.properties.insert("e\(edge.id) \(key) \(value)")
                }
                return true
            }
        }
        self = facts
    }

    private init() {}

    func difference(to other: GraphFacts) -> [String: Int] {
        var result: [String: Int] = [:]
        func count<Element>(_ name: String, _ before: Set<Element>, _ after: Set<Element>) {
            let (new, gone) = (after.subtracting(before).count, before.subtracting(after).count)
            if new > 0 { result["+\(name)"] = new }
            if gone > 0 { result["-\(name)"] = gone }
        }
        count("nodes", nodes, other.nodes)
        count("relationships", edges, other.edges)
        count("properties", properties, other.properties)
        count("labels", labels, other.labels)
        return result
    }
}
