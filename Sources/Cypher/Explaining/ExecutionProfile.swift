/// What the operators of a plan do while it runs.
///
/// Between two steps of a pipeline stands a probe: it counts the row that passes and says whose
/// work begins, and whose goes on when the row is done.
final class ExecutionProfile {
    private(set) var profiles: [PlanOperator.Profile]
    private var current: Int?
    private var since = ContinuousClock.now
    private var hitsBefore: UInt64 = 0
    private var bytesBefore = 0

    init(operatorCount: Int) {
        profiles = Array(repeating: PlanOperator.Profile(), count: operatorCount)
    }

    func count(_ number: Int) { profiles[number].rows += 1 }

    /// Ends the work of one operator and begins that of another; returns the former.
    @discardableResult
    func enter(_ number: Int?, _ execution: Execution) -> Int? {
        let now = ContinuousClock.now
        if let current {
            profiles[current].time += now - since
            profiles[current].storeHits += execution.storeHits - hitsBefore
            profiles[current].memoryBytes += max(0, execution.keptBytes - bytesBefore)
        }
        since = now
        hitsBefore = execution.storeHits
        bytesBefore = execution.keptBytes
        defer { current = number }
        return current
    }
}

/// Stands between two steps of a plan that is profiled.
struct Probe: Sendable {
    /// The operator whose row passes.
    let counts: Int?
    /// The operator that works next.
    let enters: Int
}

extension PlanOperator {
    /// The same tree with what its operators did.
    func profiled(_ profile: ExecutionProfile) -> PlanOperator {
        var copy = self
        copy.profile = profile.profiles[safe: number]
        copy.children = children.map { $0.profiled(profile) }
        return copy
    }
}
