import PropertyGraph

/// The line of each node that has an id, to tell where an id stood first: 4 bytes a node.
///
/// Nodes come in ascending order, most of them one by one.
struct NodeLines {
    /// Nodes with numbers that follow each other, of one file.
    private struct Run {
        let node: UInt64
        let start: Int
        let file: Int
    }

    private var runs: [Run] = []
    private var lines: [UInt32] = []

    /// Remembers the next node.
    mutating func add(_ node: NodeID, file: Int, line: Int) {
        let follows =
            runs.last.map {
                $0.file == file && $0.node + UInt64(lines.count - $0.start) == node.rawValue
            } ?? false
        if !follows { runs.append(Run(node: node.rawValue, start: lines.count, file: file)) }
        lines.append(UInt32(clamping: line))
    }

    /// Where a node stands; nil for one that was not remembered.
    ///
    /// - Complexity: O(log runs).
    func place(of node: NodeID) -> (file: Int, line: Int)? {
        var (low, high) = (0, runs.count)
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].node <= node.rawValue { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return nil }
        let run = runs[low - 1]
        let offset = node.rawValue - run.node
        let end = low < runs.count ? runs[low].start : lines.count
        guard offset < UInt64(end - run.start) else { return nil }
        return (run.file, Int(lines[run.start + Int(offset)]))
    }
}
