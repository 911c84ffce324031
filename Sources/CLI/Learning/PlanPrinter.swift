import Cypher
import GraphAlgorithms
import PropertyGraph

/// Prints a plan that a person enjoys to read.
struct PlanPrinter {
    let console: Console
    let curriculum: Curriculum
    let plan: LearningPlan
    let goals: [String]
    let query: LearningPathQuery
    /// Weeks to head the steps with; nil heads them with areas.
    let schedule: LearningSchedule?
    /// What each concept costs.
    let costs: LearningCosts
    /// The command that notes a step as known, from its ids; nil where no learner is kept.
    let marking: (([String]) -> String)?

    /// One line of the plan.
    private struct Row {
        let number: String
        let title: String
        let time: String
        let total: String
        let because: String
        /// What stands above it; nil when nothing new does.
        let heading: String?
    }

    func print() throws {
        let style = console.style
        let words = GoalWords(
            console: console, curriculum: curriculum, goals: goals, unreachable: plan.unreachable)
        guard !plan.order.isEmpty else { return try words.printNothing() }
        try line(style.bold("Your way to \(words.reached)"))
        try line(summary())
        try printRows(rows())
        try printNotes(words)
    }

    private func line(_ text: String = "") throws { try console.output.line(text) }

    // MARK: Head

    private func summary() -> String {
        var text = "\(NumberText.counted(plan.concepts.count, "concept")), "
        text += NumberText.minutes(plan.minutes)
        if let schedule {
            text += ", \(NumberText.counted(schedule.weeks.count, "week"))"
        }
        if let progress = plan.progress, progress.tenThousandths > 0 {
            let share = progress.value
            text += "  \(Self.bar(share)) \(NumberText.fixed(share * 100, 0)) % behind you"
        }
        return text
    }

    private static func bar(_ share: Double) -> String {
        let filled = max(0, min(20, Int((share * 20).rounded(.down))))
        return String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
    }

    // MARK: Steps

    private func rows() -> [Row] {
        let because = Reasons(curriculum, plan, theta: query.theta)
        let headings = schedule == nil ? stages() : weekOfStep()
        var rows: [Row] = []
        var total: Int64 = 0
        for (place, step) in plan.order.enumerated() {
            let heading = headings[place]
            for (index, id) in step.enumerated() {
                let minutes = costs.minutes(id)
                total += minutes
                var title = curriculum.title(id)
                if step.count > 1 {
                    title = (index == 0 ? "┌ " : index == step.count - 1 ? "└ " : "├ ") + title
                }
                rows.append(
                    Row(
                        number: index == 0 ? String(place + 1) : "", title: title,
                        time: NumberText.minutes(minutes), total: NumberText.minutes(total),
                        because: because.text(for: id, goals: goals),
                        heading: index == 0 ? heading : nil))
            }
        }
        return rows
    }

    /// The heading of each step that begins a stage: so many hours, and what they are about.
    ///
    /// A stage is as many hours as make at most eight of them, from a few round numbers.
    private func stages() -> [Int: String] {
        guard plan.order.count > 8 else { return [:] }
        let lengths: [Int64] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]
        let length = 60 * (lengths.first { $0 * 60 * 8 >= plan.minutes } ?? 5_000)
        var starts: [Int] = []
        var total: Int64 = 0
        var stage: Int64 = -1
        for (place, step) in plan.order.enumerated() {
            // A step belongs to the stage in which it begins.
            if total / length > stage {
                stage = total / length
                starts.append(place)
            }
            total += costs.minutes(step)
        }
        var result: [Int: String] = [:]
        for (number, start) in starts.enumerated() {
            let end = number + 1 < starts.count ? starts[number + 1] : plan.order.count
            let areas = areas(of: plan.order[start..<end])
            result[start] = "Stage \(number + 1)" + (areas.isEmpty ? "" : ": \(areas)")
        }
        return result
    }

    /// The areas of some steps, the most frequent first: at most three.
    private func areas(of steps: ArraySlice<[String]>) -> String {
        var counts: [PropertyKey: Int] = [:]
        for area in steps.joined().compactMap({ curriculum.area($0) }) {
            counts[PropertyKey(area), default: 0] += 1
        }
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return sorted.prefix(3).map { $0.key.name }.joined(separator: ", ")
    }

    /// The heading of each step that begins a week, by its place in the plan.
    private func weekOfStep() -> [Int: String] {
        guard let schedule else { return [:] }
        var result: [Int: String] = [:]
        var step = -1
        var current: [String] = []
        for (number, week) in schedule.weeks.enumerated() {
            for (index, item) in week.items.enumerated() {
                // A step longer than a week stands in several; it counts where it begins.
                let continues = item.ids.elementsEqual(current, by: UTF8Order.equal)
                if !continues { step += 1 }
                current = item.ids
                if index == 0, !continues {
                    result[step] =
                        "Week \(number + 1), \(week.start.description), \(NumberText.minutes(week.minutes))"
                }
            }
        }
        return result
    }

    private func printRows(_ rows: [Row]) throws {
        let style = console.style
        let number = max(2, rows.map { TextWidth.columns($0.number) }.max() ?? 0)
        let time = rows.map { TextWidth.columns($0.time) }.max() ?? 0
        let total = max(5, rows.map { TextWidth.columns($0.total) }.max() ?? 0)
        var title = rows.map { TextWidth.columns($0.title) }.max() ?? 0
        let fixed = number + time + total + 8
        if let columns = console.terminal.columns {
            title = max(16, min(title, (columns - fixed) / 2))
        }
        let room = console.terminal.columns.map { $0 - fixed - title }
        var isFirst = true
        for row in rows {
            if let heading = row.heading {
                try line()
                try line(style.name(TextWidth.printable(heading)))
            } else if isFirst {
                try line()
            }
            isFirst = false
            let name = TextWidth.truncated(TextWidth.printable(row.title), to: title)
            var text = TextWidth.padded(row.number, to: number, alignsRight: true) + "  "
            text += style.bold(TextWidth.padded(name, to: title)) + "  "
            text += TextWidth.padded(row.time, to: time, alignsRight: true) + "  "
            text += style.dim(TextWidth.padded(row.total, to: total, alignsRight: true))
            let because = TextWidth.printable(row.because)
            let cut = room.map { $0 < 12 ? "" : TextWidth.truncated(because, to: $0) } ?? because
            if !cut.isEmpty { text += "  " + style.dim(cut) }
            try line(text)
        }
    }

    // MARK: Foot

    private func printNotes(_ goals: GoalWords) throws {
        if !plan.corequisites.isEmpty {
            let blocks = plan.corequisites.map {
                $0.map { curriculum.title($0) }.joined(separator: " + ")
            }
            try console.remark(
                "Together", "because they need each other: \(blocks.joined(separator: "; "))")
        }
        if !plan.recommended.isEmpty {
            let titles = plan.recommended.prefix(6).map { curriculum.title($0) }
            let more = plan.recommended.count > 6 ? ", …" : ""
            try console.remark("Good to have", titles.joined(separator: ", ") + more)
        }
        try goals.printOutOfReach()
        if !plan.isOptimal {
            try console.remark(
                "Perhaps",
                "there is a shorter way; none is below \(NumberText.minutes(plan.lowerBound)).")
        }
        if let next = plan.order.first { try printNext(next) }
    }

    /// Prints the first step, and how to go on from it.
    private func printNext(_ step: [String]) throws {
        let style = console.style
        try line()
        let titles = step.map { curriculum.title($0) }.joined(separator: " and ")
        try line("\(style.good("Next:")) \(TextWidth.printable(titles)).")
        guard !console.isQuiet else { return }
        let it = step.count == 1 ? "it" : "them"
        let hint =
            if let marking {
                "When you know \(it), run \(marking(step))"
            } else {
                "When you know \(it), plan again with --known "
                    + (query.known + step).joined(separator: ",")
            }
        try line(style.dim(TextWidth.printable(hint)))
    }
}

/// Why each concept of a plan is in it: the first step behind it that needs it.
private struct Reasons {
    private var texts: [PropertyKey: String] = [:]

    init(_ curriculum: Curriculum, _ plan: LearningPlan, theta: Double) {
        var places: [PropertyKey: Int] = [:]
        for (place, step) in plan.order.enumerated() {
            for id in step { places[PropertyKey(id)] = place }
        }
        var best: [PropertyKey: (place: Int, edge: Requirement)] = [:]
        for edge in curriculum.requirements where edge.strength >= theta {
            let needs = PropertyKey(edge.needs)
            guard places[needs] != nil, let place = places[PropertyKey(edge.of)] else { continue }
            if let found = best[needs] {
                // A reason in words is worth more than an early need.
                let isBetter =
                    (found.edge.reason == nil, found.place) > (edge.reason == nil, place)
                guard isBetter else { continue }
            }
            best[needs] = (place, edge)
        }
        for (needs, found) in best {
            let title = curriculum.title(found.edge.of)
            texts[needs] = "for \(title)" + (found.edge.reason.map { ": \($0)" } ?? "")
        }
    }

    /// The reason of a concept, or that it is a goal.
    func text(for id: String, goals: [String]) -> String {
        if goals.contains(where: { UTF8Order.equal($0, id) }) { return "your goal" }
        return texts[PropertyKey(id)] ?? ""
    }
}

private func > (lhs: (Bool, Int), rhs: (Bool, Int)) -> Bool {
    lhs.0 == rhs.0 ? lhs.1 > rhs.1 : lhs.0 && !rhs.0
}
