/// What concepts cost a learner, in minutes: with partial credit, what mastery leaves of them.
///
/// The figures that `LearningPlan.minutes` is the sum of.
public struct LearningCosts: Sendable {
    private let graph: PrerequisiteGraph
    private let cost: [Int64]

    init(_ graph: PrerequisiteGraph, _ cost: [Int64]) {
        self.graph = graph
        self.cost = cost
    }

    /// What one concept costs; 0 for an id that is none.
    public func minutes(_ id: String) -> Int64 { graph.concept(id).map { cost[Int($0)] } ?? 0 }

    /// What some concepts cost together; the largest number where the sum does not fit 64 bits.
    public func minutes(_ ids: [String]) -> Int64 {
        ids.reduce(0) { sum, id in
            let (total, overflows) = sum.addingReportingOverflow(minutes(id))
            return overflows ? .max : total
        }
    }
}

extension PrerequisiteGraph {
    /// Returns what each concept costs who asks a query, whether it is known or not.
    ///
    /// - Throws: `.invalidArgument` for mastery outside 0...1.
    /// - Complexity: O(concepts + mastery × log concepts).
    public func costs(
        query: LearningPathQuery = LearningPathQuery()
    ) throws(LearningPathError) -> LearningCosts {
        let hard = try requirements(theta: query.theta)
        return LearningCosts(self, try LearnerState(query, graph: self, hard: hard).cost)
    }
}
