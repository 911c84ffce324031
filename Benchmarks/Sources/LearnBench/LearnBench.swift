import Foundation
import GraphAlgorithms

/// Plans goals of a learning graph, and prints what each costs and how long it takes.
///
///     learn-bench plan DIR GOALS [--budget-ms N]     cycles together, one JSON object a goal
///     learn-bench need DIR GOAL...                   must and may
///     learn-bench frontier DIR [GOAL...]             all that is ready, or ready for goals
///     learn-bench chain-plan FILE.tsv GOAL           a plan over "and" only
///
/// DIR holds concepts.csv and requirements.csv as `datasets/debian-packages/make.py --learning`
/// writes them; GOALS is a file with one id a line.
@main struct LearnBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else {
            FileHandle.standardError.write(Data("See the head of LearnBench.swift.\n".utf8))
            exit(64)
        }
        let path = arguments[2]
        switch arguments[1] {
        case "plan": try plans(try packages(path), arguments)
        case "need": try need(try packages(path), Array(arguments[3...]))
        case "frontier": try frontier(try packages(path), Array(arguments[3...]))
        default: try chainPlan(path, arguments[3])
        }
    }

    static func milliseconds(_ body: () throws -> Void) rethrows -> Double {
        let time = try ContinuousClock().measure { try body() }
        return Double(time.components.attoseconds) / 1e15 + Double(time.components.seconds) * 1e3
    }

    static func plans(_ graph: PrerequisiteGraph, _ arguments: [String]) throws {
        let goals = try String(contentsOfFile: arguments[3], encoding: .utf8)
            .split(separator: "\n").map(String.init)
        var query = LearningPathQuery()
        query.cycles = .together
        if let index = arguments.firstIndex(of: "--budget-ms"),
            let limit = Int(arguments[index + 1])
        {
            query.budget = .time(.milliseconds(limit))
        }
        for goal in goals {
            var line = ""
            let time = try milliseconds {
                do {
                    let plan = try graph.plan(goals: [goal], query: query)
                    line =
                        "\"minutes\": \(plan.minutes), \"count\": \(plan.concepts.count), "
                        + "\"optimal\": \(plan.isOptimal), \"lower\": \(plan.lowerBound)"
                } catch let error as LearningPathError where error.code == .unreachable {
                    let reasons = error.unreachable.map {
                        "\($0.reason.name) \($0.reason.ids.prefix(4))"
                    }
                    line = "\"unreachable\": \(String(reflecting: reasons.joined(separator: "; ")))"
                }
            }
            print("{\"goal\": \"\(goal)\", \(line), \"ms\": \(time)}")
        }
    }

    static func need(_ graph: PrerequisiteGraph, _ goals: [String]) throws {
        var query = LearningPathQuery()
        query.cycles = .together
        for _ in 0..<3 {
            var line = ""
            let time = try milliseconds {
                let need = try graph.need(goals: goals, query: query)
                line = "must \(need.must.count), may \(need.may.count)"
            }
            print("\(line): \(time) ms")
        }
    }

    static func frontier(_ graph: PrerequisiteGraph, _ goals: [String]) throws {
        var query = LearningPathQuery()
        if !goals.isEmpty { query.cycles = .together }
        for _ in 0..<5 {
            var count = 0
            let time = try milliseconds {
                count = try graph.frontier(goals: goals, query: query).entries.count
            }
            print("\(count) entries: \(time) ms")
        }
    }

    static func chainPlan(_ path: String, _ goal: String) throws {
        var concepts: [Concept] = []
        var requirements: [Requirement] = []
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            .dropFirst()
        {
            let row = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            concepts.append(Concept(id: row[0]))
            for use in row[3].split(separator: " ") {
                requirements.append(Requirement(of: row[0], needs: String(use)))
            }
        }
        let graph = try PrerequisiteGraph(concepts: concepts, requirements: requirements)
        for _ in 0..<10 {
            var count = 0
            let time = try milliseconds { count = try graph.plan(goals: [goal]).concepts.count }
            print("\(count) concepts: \(time) ms")
        }
    }

    // MARK: Data

    static func packages(_ folder: String) throws -> PrerequisiteGraph {
        var concepts: [Concept] = []
        for row in try rows("\(folder)/concepts.csv") where row[6] == "Concept" {
            concepts.append(Concept(id: row[0], minutes: Int64(row[2]) ?? 60))
        }
        let requirements = try rows("\(folder)/requirements.csv").map { row in
            Requirement(
                of: row[0], needs: row[1], strength: Double(row[3]) ?? 1,
                group: row[4].isEmpty ? nil : row[4])
        }
        return try PrerequisiteGraph(concepts: concepts, requirements: requirements)
    }

    /// The rows of a CSV file below its head; quoted cells hold no line ends.
    static func rows(_ path: String) throws -> [[String]] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst().map {
            line in
            var cells: [String] = []
            var cell: [UInt8] = []
            var isQuoted = false
            for byte in line.utf8 {
                if byte == 0x22 {
                    isQuoted.toggle()
                } else if byte == 0x2C, !isQuoted {
                    cells.append(String(decoding: cell, as: UTF8.self))
                    cell = []
                } else {
                    cell.append(byte)
                }
            }
            return cells + [String(decoding: cell, as: UTF8.self)]
        }
    }
}
