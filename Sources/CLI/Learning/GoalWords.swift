import Cypher
import GraphAlgorithms
import PropertyGraph

/// What a plan and a calendar say of their goals: which they lead to, and which are out of reach.
struct GoalWords {
    let console: Console
    let curriculum: Curriculum
    let goals: [String]
    let unreachable: [UnreachableGoal]

    /// The titles of the goals that can be reached; empty where none can.
    var reached: String {
        let lost = Set(unreachable.map { PropertyKey($0.goal) })
        return titles(goals.filter { !lost.contains(PropertyKey($0)) })
    }

    private func titles(_ ids: [String]) -> String {
        TextWidth.printable(ids.map { curriculum.title($0) }.joined(separator: ", "))
    }

    /// Prints what is said in place of an empty plan, and why.
    func printNothing() throws {
        let style = console.style
        let reached = reached
        if reached.isEmpty && !unreachable.isEmpty {
            try console.output.line("There is no way to \(titles(unreachable.map(\.goal))).")
        } else {
            try console.output.line(
                "\(style.good("Nothing left to learn")) for \(reached): you are there.")
        }
        try printOutOfReach()
    }

    /// Prints why goals are out of reach, after the steps to the others.
    func printOutOfReach() throws {
        for goal in unreachable { try console.remark("Out of reach", goal.sentence) }
    }

    /// Says on standard error what is out of reach, where the output has no place for it.
    func noteOutOfReach() throws {
        for goal in unreachable { try console.note("Out of reach: \(goal.sentence)") }
    }
}

extension Console {
    /// Prints a remark below a plan, in lines that fit the terminal.
    func remark(_ title: String, _ text: String) throws {
        try output.line("")
        let width = max(40, (terminal.columns ?? 100) - 2)
        let lines = TextWidth.wrapped("\(title): \(TextWidth.printable(text))", to: width)
        for (index, part) in lines.enumerated() {
            try output.line((index == 0 ? "" : "  ") + part)
        }
    }
}
