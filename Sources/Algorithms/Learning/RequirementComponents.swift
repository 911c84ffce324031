/// Strongly connected components of hard edges between concepts (Tarjan 1972, without recursion).
///
/// Components are numbered so that what a concept needs never has a higher number than it has.
struct RequirementComponents {
    /// The component of each concept; −1 outside the members asked about.
    private(set) var component: [Int32]
    /// How many components there are.
    private(set) var count: Int32 = 0
    /// How many members each component has.
    private(set) var sizes: [Int32] = []

    /// Finds the components of all concepts, or of some and the edges between them.
    ///
    /// - Complexity: O(concepts + edges).
    init(_ hard: HardRequirements, isMember: [Bool]? = nil) {
        // The groups of a concept lie in a row, and so do their options.
        let start = hard.groupStart.map { hard.optionStart[Int($0)] }
        self.init(start: start, target: hard.option, isMember: isMember)
    }

    /// Finds the components of rows `start[n] ..< start[n + 1]` of targets; targets that are no
    /// nodes are passed over.
    ///
    /// - Complexity: O(nodes + targets).
    init(start: [Int32], target: [Int32], isMember: [Bool]? = nil) {
        let total = max(start.count - 1, 0)
        component = [Int32](repeating: -1, count: total)
        var search = Search(total)
        for root in 0..<Int32(total) where search.index[Int(root)] < 0 {
            if let isMember, !isMember[Int(root)] { continue }
            search.open(root, at: start[Int(root)])
            while let top = search.calls.last {
                let position = search.position[Int(top)]
                if position < start[Int(top) + 1] {
                    let next = Int(target[Int(position)])
                    search.position[Int(top)] += 1
                    if next >= total || isMember.map({ !$0[next] }) ?? false { continue }
                    if search.index[next] < 0 {
                        search.open(Int32(next), at: start[next])
                    } else if search.onStack[next] {
                        search.low[Int(top)] = min(search.low[Int(top)], search.index[next])
                    }
                    continue
                }
                search.calls.removeLast()
                if let parent = search.calls.last {
                    search.low[Int(parent)] = min(search.low[Int(parent)], search.low[Int(top)])
                }
                if search.low[Int(top)] == search.index[Int(top)] { close(top, &search) }
            }
        }
    }

    private mutating func close(_ root: Int32, _ search: inout Search) {
        var size: Int32 = 0
        while let member = search.stack.popLast() {
            search.onStack[Int(member)] = false
            component[Int(member)] = count
            size += 1
            if member == root { break }
        }
        sizes.append(size)
        count += 1
    }

    private struct Search {
        var index: [Int32]
        var low: [Int32]
        var onStack: [Bool]
        /// The next target to follow.
        var position: [Int32]
        var stack: [Int32] = []
        var calls: [Int32] = []
        var clock: Int32 = 0

        init(_ total: Int) {
            index = [Int32](repeating: -1, count: total)
            low = index
            onStack = [Bool](repeating: false, count: total)
            position = index
        }

        mutating func open(_ node: Int32, at first: Int32) {
            index[Int(node)] = clock
            low[Int(node)] = clock
            clock += 1
            onStack[Int(node)] = true
            position[Int(node)] = first
            stack.append(node)
            calls.append(node)
        }
    }
}
