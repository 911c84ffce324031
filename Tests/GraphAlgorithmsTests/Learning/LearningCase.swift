import Foundation
import GraphAlgorithms

/// One graph with queries and their expected answers, as the data sets write it.
struct LearningCase: Decodable {
    struct Node: Decodable {
        var id: String
        var title: String?
        var minutes: Int64?
        var difficulty: Double?
    }
    struct Edge: Decodable {
        var of: String
        var needs: String
        var strength: Double?
        var group: String?
        var coreq: Bool?
        var reason: String?
    }
    struct Query: Decodable {
        var id: String
        var op: String
        var goals: [String]?
        var known: [String]?
        var exclude: [String]?
        var cycles: String?
        var theta: Double?
        var k: Int?
        var from: String?
        var to: String?
        var concept: String?
        var minutes: Int64?
        var expect: JSONValue
    }
    var seed: Int?
    var concepts: [Node]
    var requires: [Edge]
    var queries: [Query]

    init(json: String) throws {
        self = try JSONDecoder().decode(LearningCase.self, from: Data(json.utf8))
    }

    func graph() throws -> PrerequisiteGraph {
        try PrerequisiteGraph(
            concepts: concepts.map {
                Concept(
                    id: $0.id, title: $0.title, minutes: $0.minutes ?? 60,
                    difficulty: $0.difficulty ?? 0.5)
            },
            requirements: requires.map {
                Requirement(
                    of: $0.of, needs: $0.needs, strength: $0.strength ?? 1, group: $0.group,
                    isCorequisite: $0.coreq ?? false, reason: $0.reason)
            })
    }
}

extension LearningCase.Query {
    var options: LearningPathQuery {
        var query = LearningPathQuery(known: known ?? [], exclude: exclude ?? [])
        // Not of time: a slow moment must not decide a test.
        query.budget = .steps(100_000_000)
        query.theta = theta ?? PrerequisiteGraph.defaultTheta
        query.cycles = cycles == "together" ? .together : .report
        return query
    }
}

/// Finds the data sets that lie beside the package; they are not part of it.
enum SharedData {
    /// The text of a file under `shared`; nil, with the reason printed, when it is absent.
    static func text(_ name: String) -> String? {
        path(name).flatMap { try? String(contentsOfFile: $0, encoding: .utf8) }
    }

    /// The place of a file under `shared`; nil, with the reason printed, when it is absent.
    static func path(_ name: String, file: String = #filePath) -> String? {
        // Tests/GraphAlgorithmsTests/Learning/X.swift lies four levels below the package.
        var root = URL(fileURLWithPath: file)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        for up in ["..", "../.."] {
            let path = root.appendingPathComponent("\(up)/shared/\(name)").path
            if FileManager.default.isReadableFile(atPath: path) { return path }
        }
        print("Skipped: no '\(name)' beside the package.")
        return nil
    }
}
