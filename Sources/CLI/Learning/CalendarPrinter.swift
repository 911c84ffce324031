import Cypher
import GraphAlgorithms
import PropertyGraph

/// Prints a schedule as a calendar: a block for each week, with what to do in it.
struct CalendarPrinter {
    let console: Console
    let curriculum: Curriculum
    let schedule: LearningSchedule
    let goals: GoalWords

    func print() throws {
        let style = console.style
        guard let last = schedule.weeks.last else { return try goals.printNothing() }
        try console.output.line(style.bold("Your weeks to \(goals.reached)"))
        let total = schedule.weeks.reduce(Int64(0)) { $0 + $1.minutes }
        try console.output.line(
            "\(NumberText.counted(schedule.weeks.count, "week")), \(NumberText.minutes(total)), "
                + "done by \(Self.end(of: last).description)")
        let width =
            schedule.weeks.flatMap(\.items).map {
                TextWidth.columns(NumberText.minutes($0.minutes))
            }.max() ?? 0
        var previous: [String] = []
        for (number, week) in schedule.weeks.enumerated() {
            try console.output.line()
            let days = "\(week.start.description) to \(Self.end(of: week).description)"
            try console.output.line(
                style.name("Week \(number + 1)") + "  \(days)  "
                    + style.dim(NumberText.minutes(week.minutes)))
            for item in week.items {
                let isRest = item.ids.elementsEqual(previous, by: UTF8Order.equal)
                previous = item.ids
                let names = item.ids.map { curriculum.title($0) }.joined(separator: " + ")
                let time = TextWidth.padded(
                    NumberText.minutes(item.minutes), to: width, alignsRight: true)
                try console.output.line(
                    "  \(style.dim(time))  \(TextWidth.printable(names))"
                        + (isRest ? style.dim(" (goes on)") : ""))
            }
        }
        try goals.printOutOfReach()
    }

    private static func end(of week: LearningSchedule.Week) -> CalendarDate {
        CalendarDate(daysSinceEpoch: week.start.daysSinceEpoch &+ 6)
    }
}
