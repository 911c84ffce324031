/// The hard edges at one threshold, as groups of alternatives: concept → groups → options.
///
/// The groups of a concept are numbered in a row, in the order of their first edges. Options ascend
/// by atom, each once. Soft edges are kept beside them for the order of steps.
struct HardRequirements: Sendable {
    let conceptCount: Int
    let atomCount: Int
    /// `conceptCount + 1` positions: the groups of a concept.
    private(set) var groupStart: [Int32]
    /// The concept each group belongs to.
    private(set) var groupOwner: [Int32] = []
    /// The index of each group's name, −1 for an edge that stands alone.
    private(set) var groupName: [Int32] = []
    /// `groups + 1` positions: the options of a group.
    private(set) var optionStart: [Int32] = [0]
    /// The atom of each option.
    private(set) var option: [Int32] = []
    /// Whether the option may be learned in one block with the group's owner.
    private(set) var isCorequisite: [Bool] = []
    /// `atomCount + 1` positions: the groups in which an atom is an option.
    private(set) var usedStart: [Int32] = []
    private(set) var usedGroup: [Int32] = []
    /// `conceptCount + 1` positions: soft prerequisites of a concept (concepts only).
    private(set) var softStart: [Int32] = [0]
    private(set) var softNeeds: [Int32] = []
    /// `conceptCount + 1` positions: the concepts that have this one as a soft prerequisite.
    private(set) var softUserStart: [Int32] = []
    private(set) var softUser: [Int32] = []
    /// Concepts with a corequisite option, ascending.
    private(set) var corequisiteConcepts: [Int32] = []
    /// Whether some group has two options or more.
    private(set) var hasAlternatives = false

    /// Sorts edges into hard and soft.
    ///
    /// - Complexity: O(concepts + edges × log of the largest group).
    init(edges: RequirementTable, conceptCount: Int, missingCount: Int, theta: Double) {
        self.conceptCount = conceptCount
        atomCount = conceptCount + missingCount
        groupStart = [0]
        groupStart.reserveCapacity(conceptCount + 1)
        var lastConcept = [Int32](repeating: -1, count: edges.groupNames.count)
        var place = [Int](repeating: 0, count: edges.groupNames.count)
        var groups: [[(atom: Int32, isCorequisite: Bool)]] = []
        var names: [Int32] = []
        for concept in 0..<Int32(conceptCount) {
            groups.removeAll(keepingCapacity: true)
            names.removeAll(keepingCapacity: true)
            for row in edges.rows(of: concept) {
                let atom = edges.needs[row]
                guard edges.strength[row] >= theta else {
                    if Int(atom) < conceptCount { softNeeds.append(atom) }
                    continue
                }
                let entry = (atom, edges.isCorequisite[row])
                let name = Int(edges.group[row])
                if name >= 0, lastConcept[name] == concept {
                    groups[place[name]].append(entry)
                    continue
                }
                if name >= 0 {
                    lastConcept[name] = concept
                    place[name] = groups.count
                }
                groups.append([entry])
                names.append(Int32(name))
            }
            for group in groups { append(group, of: concept) }
            groupName.append(contentsOf: names)
            groupStart.append(Int32(groupOwner.count))
            softStart.append(Int32(softNeeds.count))
        }
        indexUses()
    }

    private mutating func append(_ group: [(atom: Int32, isCorequisite: Bool)], of owner: Int32) {
        groupOwner.append(owner)
        let first = option.count
        if group.count == 1 {
            option.append(group[0].atom)
            isCorequisite.append(group[0].isCorequisite)
        } else {
            for entry in group.sorted(by: { $0.atom < $1.atom }) {
                if option.count > first, option[option.count - 1] == entry.atom {
                    if entry.isCorequisite { isCorequisite[option.count - 1] = true }
                    continue
                }
                option.append(entry.atom)
                isCorequisite.append(entry.isCorequisite)
            }
        }
        if option.count - first > 1 { hasAlternatives = true }
        optionStart.append(Int32(option.count))
    }

    private mutating func indexUses() {
        (usedStart, usedGroup) = Self.transpose(
            start: optionStart, target: option, targetCount: atomCount)
        (softUserStart, softUser) = Self.transpose(
            start: softStart, target: softNeeds, targetCount: conceptCount)
        findCorequisiteConcepts()
    }

    private mutating func findCorequisiteConcepts() {
        corequisiteConcepts = []
        for group in groupOwner.indices where options(of: group).contains(where: isBlockable) {
            if corequisiteConcepts.last != groupOwner[group] {
                corequisiteConcepts.append(groupOwner[group])
            }
        }
    }

    private func isBlockable(_ position: Int) -> Bool {
        isCorequisite[position] && Int(option[position]) < conceptCount
    }

    /// For each target the rows that hold it.
    static func transpose(
        start: [Int32], target: [Int32], targetCount: Int
    ) -> (start: [Int32], row: [Int32]) {
        var counts = [Int32](repeating: 0, count: targetCount + 1)
        for atom in target { counts[Int(atom) + 1] += 1 }
        for index in 0..<targetCount { counts[index + 1] += counts[index] }
        var next = counts
        var rows = [Int32](repeating: 0, count: target.count)
        for row in 0..<max(start.count - 1, 0) {
            for position in Int(start[row])..<Int(start[row + 1]) {
                let atom = Int(target[position])
                rows[Int(next[atom])] = Int32(row)
                next[atom] += 1
            }
        }
        return (counts, rows)
    }

    /// The same requirements with every edge inside a strongly connected component a corequisite.
    ///
    /// - Complexity: O(concepts + edges).
    func together() -> HardRequirements {
        let component = RequirementComponents(self).component
        var result = self
        for group in groupOwner.indices {
            let owner = component[Int(groupOwner[group])]
            for position in options(of: group) {
                let atom = Int(option[position])
                if atom < conceptCount, component[atom] == owner {
                    result.isCorequisite[position] = true
                }
            }
        }
        result.findCorequisiteConcepts()
        return result
    }
}

extension HardRequirements {
    /// The groups of a concept.
    func groups(of concept: Int32) -> Range<Int> {
        Int(groupStart[Int(concept)])..<Int(groupStart[Int(concept) + 1])
    }

    /// The positions of a group's options.
    func options(of group: Int) -> Range<Int> {
        Int(optionStart[group])..<Int(optionStart[group + 1])
    }

    /// The positions in `usedGroup` of the groups that an atom can meet.
    func uses(of atom: Int32) -> Range<Int> {
        Int(usedStart[Int(atom)])..<Int(usedStart[Int(atom) + 1])
    }

    /// The positions of a concept's soft prerequisites.
    func soft(of concept: Int32) -> Range<Int> {
        Int(softStart[Int(concept)])..<Int(softStart[Int(concept) + 1])
    }

    /// The positions of those who have the concept as a soft prerequisite.
    func softUsers(of concept: Int32) -> Range<Int> {
        Int(softUserStart[Int(concept)])..<Int(softUserStart[Int(concept) + 1])
    }

    /// Whether any concept may be learned in a block.
    var hasCorequisites: Bool { !corequisiteConcepts.isEmpty }
}
