import PropertyGraph

/// The edges of a prerequisite graph as columns, one row an edge, grouped by the concept that needs.
///
/// Targets are *atoms*: concepts `0 ..< conceptCount`, then the missing targets. Within a concept
/// the rows keep the order of the input; an edge given twice is one row.
struct RequirementTable: Sendable {
    /// `conceptCount + 1` positions: the rows of a concept.
    var start: [Int32] = [0]
    /// The atom needed.
    var needs: [Int32] = []
    /// The strength.
    var strength: [Double] = []
    /// The index of the group's name, −1 for an edge without one.
    var group: [Int32] = []
    /// Whether both ends may be learned in one block.
    var isCorequisite: [Bool] = []
    /// Why, in words.
    var reason: [String?] = []
    /// Edges given more than once: the row, and how many copies were dropped.
    var duplicates: [(row: Int32, copies: Int)] = []
    /// The names of groups, ascending.
    var groupNames: [String] = []

    /// One edge before it is filed.
    struct Row {
        var of: Int32
        var needs: Int32
        var strength: Double
        var group: Int32
        var isCorequisite: Bool
        var reason: String?

        /// Whether all that an edge carries is the same.
        func isSame(as other: Row) -> Bool {
            needs == other.needs && strength == other.strength && group == other.group
                && isCorequisite == other.isCorequisite
                && RequirementTable.same(reason, other.reason)
        }
    }

    /// An empty table.
    init() {}

    /// Files rows by concept.
    ///
    /// - Complexity: O(rows + rows of one pair of ends, squared).
    init(_ rows: [Row], conceptCount: Int, groupNames: [String]) {
        self.groupNames = groupNames
        var counts = [Int32](repeating: 0, count: conceptCount + 1)
        for row in rows { counts[Int(row.of) + 1] += 1 }
        for index in 0..<conceptCount { counts[index + 1] += counts[index] }
        var order = [Int32](repeating: 0, count: rows.count)
        var next = counts
        for (index, row) in rows.enumerated() {
            order[Int(next[Int(row.of)])] = Int32(index)
            next[Int(row.of)] += 1
        }
        start.reserveCapacity(conceptCount + 1)
        for concept in 0..<conceptCount {
            let positions = order[Int(counts[concept])..<Int(counts[concept + 1])]
            append(positions.map { rows[Int($0)] })
        }
    }

    /// How many edges there are, each counted once.
    var count: Int { needs.count }

    /// The rows of a concept.
    func rows(of concept: Int32) -> Range<Int> {
        Int(start[Int(concept)])..<Int(start[Int(concept) + 1])
    }

    /// The name of a row's group; nil for an edge that stands alone.
    func groupName(_ row: Int) -> String? {
        group[row] < 0 ? nil : groupNames[Int(group[row])]
    }

    private mutating func append(_ rows: [Row]) {
        let base = needs.count
        // Copies lie beside each other once sorted by target (and by place, to keep the first).
        let byTarget = rows.indices.sorted { (rows[$0].needs, $0) < (rows[$1].needs, $1) }
        var firstOf = [Int](rows.indices)
        var runStart = 0
        for position in byTarget.indices {
            let index = byTarget[position]
            if rows[byTarget[runStart]].needs != rows[index].needs { runStart = position }
            for earlier in byTarget[runStart..<position]
            where firstOf[earlier] == earlier && rows[earlier].isSame(as: rows[index]) {
                firstOf[index] = earlier
                break
            }
        }
        var place = [Int](repeating: 0, count: rows.count)
        var copies: [Int: Int] = [:]
        for (index, row) in rows.enumerated() {
            guard firstOf[index] == index else {
                copies[place[firstOf[index]], default: 0] += 1
                continue
            }
            place[index] = needs.count
            needs.append(row.needs)
            strength.append(row.strength)
            group.append(row.group)
            isCorequisite.append(row.isCorequisite)
            reason.append(row.reason)
        }
        for row in base..<needs.count {
            if let dropped = copies[row] { duplicates.append((Int32(row), dropped)) }
        }
        start.append(Int32(needs.count))
    }

    private static func same(_ lhs: String?, _ rhs: String?) -> Bool {
        switch (lhs, rhs) {
        case (nil, nil): true
        case (let a?, let b?): UTF8Order.equal(a, b)
        default: false
        }
    }
}
