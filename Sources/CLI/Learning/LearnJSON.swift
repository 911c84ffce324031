import GraphAlgorithms
import PropertyGraph

/// Answers of learning queries as JSON, with the names that the reference of learning paths gives.
enum LearnJSON {
    static func ids(_ ids: [String]) -> JSON { .array(ids.map { .string($0) }) }

    static func plan(_ plan: LearningPlan) -> JSON {
        var members: [(String, JSON)] = [
            ("order", .array(plan.order.map { ids($0) })),
            ("minutes", .integer(plan.minutes)),
            ("progress", plan.progress.map { progress($0) } ?? .null),
            ("optimal", .boolean(plan.isOptimal)),
            ("lowerBound", .integer(plan.lowerBound)),
            ("recommended", ids(plan.recommended)),
        ]
        if !plan.corequisites.isEmpty {
            members.append(("corequisites", .array(plan.corequisites.map { ids($0) })))
        }
        if !plan.unreachable.isEmpty {
            members.append(("unreachable", unreachable(plan.unreachable)))
        }
        return .object(members)
    }

    static func unreachable(_ goals: [UnreachableGoal]) -> JSON {
        .array(
            goals.map { goal in
                var members: [(String, JSON)] = [
                    ("goal", .string(goal.goal)), ("reason", .string(goal.reason.name)),
                ]
                if !goal.reason.ids.isEmpty { members.append(("ids", ids(goal.reason.ids))) }
                return .object(members)
            })
    }

    static func schedule(_ schedule: LearningSchedule) -> JSON {
        .array(
            schedule.weeks.map { week in
                .object([
                    ("start", .string(week.start.description)),
                    ("minutes", .integer(week.minutes)),
                    (
                        "steps",
                        .array(
                            week.items.map { item in
                                .object([
                                    ("ids", ids(item.ids)), ("minutes", .integer(item.minutes)),
                                ])
                            })
                    ),
                ])
            })
    }

    static func requirement(_ edge: Requirement) -> JSON {
        .object([
            ("of", .string(edge.of)), ("needs", .string(edge.needs)),
            ("strength", .double(edge.strength)), ("reason", .optional(edge.reason)),
        ])
    }

    static func ends(_ ends: LearningLint.Ends) -> [(String, JSON)] {
        [("of", .string(ends.of)), ("needs", .string(ends.needs))]
    }

    /// Four decimals at most; 0 and 1 without a point.
    private static func progress(_ progress: LearningProgress) -> JSON {
        if progress.tenThousandths % 10_000 == 0 {
            return .integer(progress.tenThousandths / 10_000)
        }
        return .double(progress.value)
    }
}
