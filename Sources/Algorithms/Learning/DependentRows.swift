/// Hard edges in the direction of learning: for each visible concept those that need it, directly or
/// through requirement nodes only; ascending, each once.
struct DependentRows {
    private(set) var start: [Int32] = [0]
    private(set) var target: [Int32] = []

    /// - Complexity: O(concepts + edges × log of the longest row), without requirement nodes.
    init(_ graph: PrerequisiteGraph, _ hard: HardRequirements) {
        start.reserveCapacity(hard.conceptCount + 1)
        for concept in 0..<Int32(hard.conceptCount) {
            if !graph.isHidden[Int(concept)] {
                var owners = hard.uses(of: concept).map {
                    hard.groupOwner[Int(hard.usedGroup[$0])]
                }
                if graph.hasHidden { owners = Self.visible(owners, graph, hard) }
                owners.sort()
                var last: Int32 = -1
                for owner in owners where owner != last {
                    target.append(owner)
                    last = owner
                }
            }
            start.append(Int32(target.count))
        }
    }

    /// The concepts that need one.
    func row(of concept: Int32) -> ArraySlice<Int32> {
        target[Int(start[Int(concept)])..<Int(start[Int(concept) + 1])]
    }

    /// The same edges the other way round: what each concept needs.
    func reversed() -> DependentRows {
        var rows = self
        (rows.start, rows.target) = HardRequirements.transpose(
            start: start, target: target, targetCount: start.count - 1)
        return rows
    }

    private static func visible(
        _ owners: [Int32], _ graph: PrerequisiteGraph, _ hard: HardRequirements
    ) -> [Int32] {
        var seen: Set<Int32> = []
        var stack = owners
        var result: [Int32] = []
        while let owner = stack.popLast() {
            guard seen.insert(owner).inserted else { continue }
            guard graph.isHidden[Int(owner)] else {
                result.append(owner)
                continue
            }
            for use in hard.uses(of: owner) {
                stack.append(hard.groupOwner[Int(hard.usedGroup[use])])
            }
        }
        return result
    }
}
