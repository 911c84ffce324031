/// Counts the steps of a search, and tells when its budget is spent.
struct SearchMeter {
    private let stepLimit: Int
    private let deadline: ContinuousClock.Instant?
    /// How many steps were made.
    private(set) var steps = 0
    /// Whether the budget ran out.
    private(set) var isSpent = false

    init(_ budget: SearchBudget) {
        switch budget {
        case .steps(let count):
            stepLimit = max(0, count)
            deadline = nil
        case .time(let duration):
            stepLimit = .max
            deadline = ContinuousClock.now.advanced(by: duration)
        }
    }

    /// Whether the time is over; a budget of steps has none.
    mutating func isLate() -> Bool {
        if !isSpent, let deadline, ContinuousClock.now >= deadline { isSpent = true }
        return isSpent && deadline != nil
    }

    /// Makes a step; false when none is left.
    mutating func step() -> Bool {
        if isSpent { return false }
        guard steps < stepLimit else {
            isSpent = true
            return false
        }
        steps += 1
        return !isLate()
    }
}
