/// Counts votes for labels: a small open-addressed table, emptied after each use.
struct LabelVotes {
    private var labels: [UInt32]
    private var weights: [Double]
    private var used: [Int] = []

    init() {
        labels = [UInt32](repeating: noNode, count: 64)
        weights = [Double](repeating: 0, count: 64)
    }

    /// Makes room for so many votes; call it while the table is empty.
    mutating func reserve(_ votes: Int) {
        guard votes * 2 > labels.count else { return }
        var size = labels.count
        while size < votes * 2 { size *= 2 }
        labels = [UInt32](repeating: noNode, count: size)
        weights = [Double](repeating: 0, count: size)
    }

    /// Adds a vote.
    @inline(__always)
    mutating func add(_ label: UInt32, _ weight: Double) {
        let mask = labels.count &- 1
        var slot = Int(truncatingIfNeeded: label &* 0x9E37_79B1 &>> 7) & mask
        while labels[slot] != label {
            if labels[slot] == noNode {
                labels[slot] = label
                used.append(slot)
                break
            }
            slot = (slot &+ 1) & mask
        }
        weights[slot] += weight
    }

    /// The label with most weight and that weight, and empties the table; of equals the one that
    /// `precedes` the others. Nil without votes.
    @inline(__always)
    mutating func takeWinner(
        _ precedes: (UInt32, UInt32) -> Bool
    ) -> (label: UInt32, weight: Double)? {
        var best = noNode
        var most = -1.0
        for slot in used {
            let (label, weight) = (labels[slot], weights[slot])
            if weight > most || (weight == most && precedes(label, best)) {
                (best, most) = (label, weight)
            }
            labels[slot] = noNode
            weights[slot] = 0
        }
        used.removeAll(keepingCapacity: true)
        return best == noNode ? nil : (best, most)
    }

    /// The weight of a label so far.
    func weight(of label: UInt32) -> Double {
        let mask = labels.count &- 1
        var slot = Int(truncatingIfNeeded: label &* 0x9E37_79B1 &>> 7) & mask
        while labels[slot] != noNode {
            if labels[slot] == label { return weights[slot] }
            slot = (slot &+ 1) & mask
        }
        return 0
    }
}
