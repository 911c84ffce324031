import PropertyGraph

/// Nodes sorted by their groups.
struct GroupMembers: Sendable {
    /// The members of group `g` are `members[starts[g] ..< starts[g + 1]]`, ascending.
    let starts: [UInt32]
    let members: [UInt32]

    /// - Parameters:
    ///   - groups: The group of each node.
    ///   - count: Beyond every group.
    /// - Complexity: O(nodes + count).
    init(_ groups: [UInt32], count: Int) {
        var starts = [UInt32](repeating: 0, count: count + 2)
        for group in groups { starts[Int(group) + 2] &+= 1 }
        for group in starts.indices.dropFirst() { starts[group] &+= starts[group - 1] }
        var members = [UInt32](repeating: 0, count: groups.count)
        for (node, group) in groups.enumerated() {
            let place = starts[Int(group) + 1]
            members[Int(place)] = UInt32(truncatingIfNeeded: node)
            starts[Int(group) + 1] = place &+ 1
        }
        starts.removeLast()
        self.starts = starts
        self.members = members
    }

    var groupCount: Int { starts.count - 1 }

    /// Where the members of a group stand.
    func places(of group: Int) -> Range<Int> { Int(starts[group])..<Int(starts[group + 1]) }

    /// At most about `count` ranges that cover all groups, with about as many members each.
    func stretches(_ count: Int) -> [Range<Int>] {
        let size = max(members.count / max(count, 1), 1)
        var ranges: [Range<Int>] = []
        var first = 0
        for group in 0..<groupCount
        where group + 1 == groupCount || Int(starts[group + 1] &- starts[first]) >= size {
            ranges.append(first..<group + 1)
            first = group + 1
        }
        return ranges
    }
}
