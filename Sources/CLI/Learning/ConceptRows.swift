import Cypher
import GraphAlgorithms
import PropertyGraph

/// Answers as rows for programs, in CSV and plain text: each row speaks of one concept by its id.
struct ConceptRows {
    let curriculum: Curriculum
    let costs: LearningCosts

    private func listing(_ columns: String..., rows: [[JSON]]) -> Listing {
        Listing(columns.map { .init($0, $0) }, rows: rows, ifEmpty: "")
    }

    private func named(_ id: String) -> [JSON] { [.string(id), .string(curriculum.title(id))] }

    /// - Parameter common: What all ways share.
    func alternatives(_ plans: [LearningAlternative], common: Set<PropertyKey>) -> Listing {
        let rows = plans.enumerated().flatMap { place, plan in
            plan.concepts.map { id in
                [.count(place + 1)] + named(id)
                    + [.integer(costs.minutes(id)), .boolean(!common.contains(PropertyKey(id)))]
            }
        }
        return listing("way", "id", "title", "minutes", "own", rows: rows)
    }

    func modules(_ modules: [LearningModule]) -> Listing {
        let rows = modules.enumerated().flatMap { place, module in
            module.concepts.map { id in
                [.count(place + 1)] + named(id) + [.integer(costs.minutes(id))]
            }
        }
        return listing("module", "id", "title", "minutes", rows: rows)
    }

    /// The minutes are those of each concept; a chain costs those of all but its first.
    func chains(_ chains: [LearningChain]) -> Listing {
        let rows = chains.enumerated().flatMap { place, chain in
            chain.ids.enumerated().map { step, id in
                [.count(place + 1), .count(step + 1)] + named(id)
                    + [.integer(curriculum.minutes(id))]
            }
        }
        return listing("chain", "step", "id", "title", "minutes", rows: rows)
    }

    /// A row for each option of each unmet group; the groups of a concept are numbered.
    func gaps(_ gaps: [LearningGaps.Gap]) -> Listing {
        let rows = gaps.flatMap { gap in
            gap.groups.enumerated().flatMap { place, group in
                group.map { named(gap.concept) + [.count(place + 1)] + named($0) }
            }
        }
        return listing("id", "title", "group", "missing", "missingTitle", rows: rows)
    }

    /// A row for each concept on the way to a goal, or for what stands in the way.
    ///
    /// `of` is what needs the concept, or the goal without a plan.
    func explanation(_ concept: String, _ explanation: LearningExplanation) -> Listing {
        var rows: [[JSON]] = []
        func add(
            _ id: String, _ status: String, of: String? = nil, group: String? = nil,
            option: String? = nil, instead: String? = nil, strength: Double? = nil,
            reason: String? = nil
        ) {
            rows.append(
                named(id) + [
                    .string(status), .optional(of), .optional(group), .optional(option),
                    .optional(instead), strength.map { .double($0) } ?? .null, .optional(reason),
                ])
        }
        switch explanation {
        case .because(let way):
            for (id, edge) in zip(way.ids, way.edges) {
                add(id, "needed", of: edge.of, strength: edge.strength, reason: edge.reason)
            }
            if let goal = way.ids.last { add(goal, "goal") }
        case .absent(.known): add(concept, "known")
        case .absent(.excluded): add(concept, "excluded")
        case .absent(.notNeeded): add(concept, "notNeeded")
        case .absent(.noPlan(let goals)):
            for goal in goals { add(concept, "noPlan", of: goal.goal, reason: goal.sentence) }
        case .absent(.replaced(let of, let group, let option, let metBy)):
            for id in metBy {
                add(concept, "replaced", of: of, group: group, option: option, instead: id)
            }
        }
        return listing(
            "id", "title", "status", "of", "group", "option", "instead", "strength", "reason",
            rows: rows)
    }
}
