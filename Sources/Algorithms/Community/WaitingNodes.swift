/// A ring of nodes, each in it at most once.
struct WaitingNodes: Sendable {
    private var ring: [UInt32] = []
    private var isWaiting: [UInt8] = []
    private var head = 0
    private(set) var count = 0

    /// An empty ring with room for the nodes below `capacity`.
    init(capacity: Int) { empty(capacity: capacity) }

    /// Takes all nodes out and makes room for those below `capacity`.
    mutating func empty(capacity: Int) {
        ring.refill(0, count: capacity)
        isWaiting.refill(0, count: capacity)
        (head, count) = (0, 0)
    }

    /// Puts nodes in, given as one bit each, lowest first.
    mutating func fill(_ nodes: [UInt64]) {
        for (index, word) in nodes.enumerated() {
            var left = word
            while left != 0 {
                push(UInt32(truncatingIfNeeded: index * 64 + left.trailingZeroBitCount))
                left &= left &- 1
            }
        }
    }

    /// Puts every node in, in the order given; nil for ascending.
    mutating func fillAll(_ order: [UInt32]? = nil) {
        for node in ring.indices {
            ring[node] = order?[node] ?? UInt32(truncatingIfNeeded: node)
            isWaiting[node] = 1
        }
        head = 0
        count = ring.count
    }

    @inline(__always)
    mutating func pop() -> UInt32? {
        guard count > 0 else { return nil }
        let node = ring[head]
        head &+= 1
        if head == ring.count { head = 0 }
        count &-= 1
        isWaiting[Int(node)] = 0
        return node
    }

    @inline(__always)
    mutating func push(_ node: UInt32) {
        guard isWaiting[Int(node)] == 0 else { return }
        isWaiting[Int(node)] = 1
        var tail = head &+ count
        if tail >= ring.count { tail &-= ring.count }
        ring[tail] = node
        count &+= 1
    }
}
