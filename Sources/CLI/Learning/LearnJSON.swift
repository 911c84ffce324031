import GraphAlgorithms
import PropertyGraph

/// Answers of learning queries as JSON, with the names that the reference of learning paths gives.
enum LearnJSON {
    static func ids(_ ids: [String]) -> JSON { .array(ids.map { .string($0) }) }

    static func plan(_ plan: LearningPlan) -> JSON {
        var members: [(String, JSON)] = [
            ("order", .array(plan.order.map { ids($0) })),
            ("minutes", .integer(plan.minutes)),
            ("progress", progress(plan.progress)),
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
    static func progress(_ progress: LearningProgress?) -> JSON {
        guard let progress else { return .null }
        if progress.tenThousandths % 10_000 == 0 {
            return .integer(progress.tenThousandths / 10_000)
        }
        return .double(progress.value)
    }

    static func alternative(_ plan: LearningAlternative) -> JSON {
        .object([("set", ids(plan.concepts)), ("minutes", .integer(plan.minutes))])
    }

    static func entry(_ entry: FrontierEntry) -> JSON {
        .object([("ids", ids(entry.ids)), ("unlocks", .count(entry.unlocks))])
    }

    static func gaps(_ gaps: LearningGaps) -> JSON {
        .object([
            (
                "gaps",
                .object(gaps.gaps.map { ($0.concept, .array($0.groups.map { ids($0) })) })
            ),
            ("inner", ids(gaps.inner)),
        ])
    }

    static func bottleneck(_ found: Bottleneck) -> JSON {
        .object([
            ("id", .string(found.id)), ("gates", .count(found.gates)),
            ("minutes", .integer(found.minutes)),
        ])
    }

    static func chain(_ chain: LearningChain) -> JSON {
        .object([("ids", ids(chain.ids)), ("minutes", .integer(chain.minutes))])
    }

    static func module(_ module: LearningModule) -> JSON {
        .object([("concepts", ids(module.concepts)), ("minutes", .integer(module.minutes))])
    }

    static func lint(_ lint: LearningLint) -> JSON {
        .object([
            (
                "cycles",
                .array(
                    lint.cycles.map {
                        .object([
                            ("members", ids($0.members)),
                            ("witness", ids($0.witness)),
                        ])
                    })
            ),
            ("missing", .array(lint.missing.map { .object(ends($0)) })),
            ("selfLoops", ids(lint.selfLoops)),
            (
                "duplicates",
                .array(
                    lint.duplicates.map {
                        .object(ends($0.edge) + [("copies", .count($0.copies))])
                    })
            ),
            ("unreachable", ids(lint.unreachable)),
            (
                "implied",
                .array(
                    lint.implied.map {
                        .object(ends($0.edge) + [("through", .string($0.through))])
                    })
            ),
            (
                "harder",
                .array(
                    lint.harder.map {
                        .object(
                            ends($0.edge)
                                + [("by", .double(Double($0.byMillionths) / 1_000_000))])
                    })
            ),
        ])
    }
}
