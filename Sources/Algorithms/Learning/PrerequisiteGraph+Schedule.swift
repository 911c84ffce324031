public import PropertyGraph

extension PrerequisiteGraph {
    /// Returns a plan's steps filled into weeks, in plan order.
    ///
    /// A step that is longer than what is left of a week moves on to the next. One that is longer
    /// than a week starts on a fresh week and takes whole weeks: the rest of its last week stays
    /// free.
    ///
    /// - Parameters:
    ///   - plan: A plan of this graph, made by the same query.
    ///   - minutesPerWeek: Above 0.
    ///   - start: The first day of the first week.
    ///   - query: What the learner brings; only mastery matters here.
    /// - Throws: `.invalidArgument`; `.unknownConcept` for a plan of another graph; `.overflow`.
    /// - Complexity: O(steps + weeks).
    public func schedule(
        _ plan: LearningPlan, minutesPerWeek: Int64, start: CalendarDate,
        query: LearningPathQuery = LearningPathQuery()
    ) throws(LearningPathError) -> LearningSchedule {
        guard minutesPerWeek > 0 else {
            throw LearningPathError(
                .invalidArgument,
                "Cannot fill weeks of \(minutesPerWeek) minutes; give 1 or more.")
        }
        let hard = try requirements(theta: query.theta)
        let cost = try LearnerState(query, graph: self, hard: hard).cost
        var calendar = Calendar(capacity: minutesPerWeek, start: start)
        for step in plan.order {
            var members: [Int32] = []
            for name in step { members.append(try requireConcept(name)) }
            try calendar.add(step, minutes: try LearnerState.sum(members, cost))
        }
        calendar.close()
        return LearningSchedule(weeks: calendar.weeks)
    }

    private struct Calendar {
        let capacity: Int64
        let start: CalendarDate
        var weeks: [LearningSchedule.Week] = []
        private var items: [LearningSchedule.Item] = []
        private var used: Int64 = 0

        /// The longest calendar: two thousand years.
        private static let limit = 104_000

        init(capacity: Int64, start: CalendarDate) {
            self.capacity = capacity
            self.start = start
        }

        mutating func add(_ ids: [String], minutes: Int64) throws(LearningPathError) {
            if minutes > capacity - used { close() }
            guard minutes > capacity else {
                items.append(LearningSchedule.Item(ids: ids, minutes: minutes))
                used += minutes
                return
            }
            var left = minutes
            while left > 0 {
                guard weeks.count < Self.limit else {
                    throw LearningPathError(
                        .invalidArgument,
                        "The plan does not end within \(Self.limit) weeks of \(capacity) minutes. "
                            + "Give more minutes a week.")
                }
                let part = min(left, capacity)
                items.append(LearningSchedule.Item(ids: ids, minutes: part))
                used = part
                left -= part
                close()
            }
        }

        /// Ends a week that has something in it.
        mutating func close() {
            guard !items.isEmpty else { return }
            let day = start.daysSinceEpoch &+ Int64(weeks.count) * 7
            weeks.append(
                LearningSchedule.Week(
                    start: CalendarDate(daysSinceEpoch: day), items: items, minutes: used))
            items = []
            used = 0
        }
    }
}
