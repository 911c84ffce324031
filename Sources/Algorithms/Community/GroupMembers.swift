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

    /// Where each node stands among the members.
    func placeOfNode() -> [UInt32] {
        var places = [UInt32](repeating: 0, count: members.count)
        for place in members.indices {
            places[Int(members[place])] = UInt32(truncatingIfNeeded: place)
        }
        return places
    }

    /// Ranges of groups with about so many arcs and members each, which cover all groups.
    func stretches(_ offsets: Span<UInt64>, of size: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var first = 0
        var work = 0
        for group in 0..<groupCount {
            for place in places(of: group) {
                let node = Int(members[place])
                work += Int(truncatingIfNeeded: offsets[node + 1] &- offsets[node]) + 1
            }
            if work >= size {
                ranges.append(first..<group + 1)
                (first, work) = (group + 1, 0)
            }
        }
        if first < groupCount { ranges.append(first..<groupCount) }
        return ranges
    }
}
