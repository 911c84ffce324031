import PropertyGraph

/// Labels of groups in two forms: dense numbers for work, lowest members for answers.
enum Partition {
    /// Replaces labels below `labels.count` by dense numbers in the order of first appearance;
    /// returns how many there are.
    static func makeDense(_ labels: inout [UInt32]) -> Int {
        var numbers = [UInt32](repeating: noNode, count: labels.count)
        var count: UInt32 = 0
        for node in labels.indices {
            let label = Int(labels[node])
            if numbers[label] == noNode {
                numbers[label] = count
                count &+= 1
            }
            labels[node] = numbers[label]
        }
        return Int(count)
    }

    /// The lowest member of each node's group.
    static func lowestMembers(_ labels: [UInt32]) -> [UInt32] {
        var lowest = [UInt32](repeating: noNode, count: labels.count)
        var result = labels
        for node in labels.indices {
            let label = Int(labels[node])
            if lowest[label] == noNode { lowest[label] = UInt32(truncatingIfNeeded: node) }
            result[node] = lowest[label]
        }
        return result
    }

    /// How many groups there are, and how many members the largest has.
    static func sizes(_ labels: [UInt32]) -> (count: Int, largest: Int) {
        var sizes = [UInt32](repeating: 0, count: labels.count)
        for label in labels { sizes[Int(label)] &+= 1 }
        var count = 0
        for size in sizes where size > 0 { count += 1 }
        return (count, Int(sizes.max() ?? 0))
    }
}
