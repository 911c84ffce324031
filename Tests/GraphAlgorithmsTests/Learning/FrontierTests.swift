import GraphAlgorithms
import Testing

@Suite struct `What a frontier unlocks` {
    /// The answer looks only at what an entry brings closer; here the whole frontier is asked for
    /// anew with the entry known. Among the graphs are blocks, alternatives among corequisites,
    /// concepts that need themselves, and requirement nodes.
    @Test(arguments: UInt64(1)...300)
    func `is what the frontier gains once an entry is known`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let graph = try graph(&random)
        let known = names.filter { _ in Int.random(in: 0..<5, using: &random) == 0 }
        let entries = try graph.frontier(query: LearningPathQuery(known: known)).entries
        let now = Set(entries.flatMap(\.ids))
        for entry in entries {
            let later = try graph.frontier(query: LearningPathQuery(known: known + entry.ids))
            let gained = Set(later.entries.flatMap(\.ids)).subtracting(now).subtracting(entry.ids)
            #expect(entry.unlocks == gained.count, "\(entry.ids), knowing \(known)")
        }
    }

    private let names = (10..<22).map { "c\($0)" }

    private func graph(_ random: inout SeededGenerator) throws -> PrerequisiteGraph {
        let hiddenCount = Int.random(in: 0...2, using: &random)
        let concepts = names.enumerated().map { place, name in
            Concept(id: name, isRequirement: place < hiddenCount)
        }
        var requirements: [Requirement] = []
        for (place, name) in names.enumerated() {
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let needed = names[Int.random(in: 0..<names.count, using: &random)]
                let group = [nil, "a", "b"][Int.random(in: 0...2, using: &random)]
                let isCorequisite = Int.random(in: 0...1, using: &random) == 0
                // A requirement node that needs itself is had with a block and named by nobody, so
                // the learner of the second question would not have it.
                if place < hiddenCount, needed == name { continue }
                requirements.append(
                    Requirement(
                        of: name, needs: needed, group: group, isCorequisite: isCorequisite))
            }
        }
        return try PrerequisiteGraph(concepts: concepts, requirements: requirements)
    }
}
