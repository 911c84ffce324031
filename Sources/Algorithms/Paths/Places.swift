import PropertyGraph

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where the nodes of a graph lie.
public struct Places: Sendable {
    /// How the length between two places is measured.
    public enum Shape: String, Hashable, Sendable, CaseIterable {
        /// As the crow flies in a plane: `x` and `y` in any one unit.
        case plane
        /// Along great circles: `x` is the longitude and `y` the latitude, in degrees.
        case sphere
    }

    /// How lengths are measured.
    public let shape: Shape
    private let points: [SIMD4<Double>]

    /// Takes the coordinates of all nodes.
    ///
    /// - Throws: `.invalidParameter` when the columns differ in length or hold a value that is not
    ///   a finite number.
    public init(_ shape: Shape, x: [Double], y: [Double]) throws(AlgorithmError) {
        guard x.count == y.count, x.allSatisfy(\.isFinite), y.allSatisfy(\.isFinite) else {
            throw AlgorithmError(
                .invalidParameter,
                "Cannot place the nodes: there are \(x.count) x and \(y.count) y, or one of them "
                    + "is not finite. Give two finite coordinates for every node.")
        }
        self.shape = shape
        points = zip(x, y).map { x, y in
            guard shape == .sphere else { return [x, y, 0, 0] }
            let (longitude, latitude) = (x * .pi / 180, y * .pi / 180)
            return [
                cos(latitude) * cos(longitude), cos(latitude) * sin(longitude),
                sin(latitude), 0,
            ]
        }
    }

    /// How many nodes have a place.
    public var count: Int { points.count }

    /// The length between two nodes: on a sphere that of the chord, in radii, which is never above
    /// that of the great circle and needs no arc functions.
    @inline(__always)
    func length(from: UInt32, to: UInt32) -> Double {
        let difference = points[Int(from)] - points[Int(to)]
        return (difference * difference).sum().squareRoot()
    }

    /// The least cost of an edge for the length between its ends, a little lowered against
    /// rounding: by it no straight line costs more than a path.
    func leastCostPerUnit(_ graph: CSRGraph) -> Double {
        let rows = graph.outgoing
        var least = Double.infinity
        for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount) {
            for arc in rows.range(of: node) {
                let length = length(from: node, to: rows.targets[arc])
                if length > 0 { least = min(least, (rows.weights?[arc] ?? 1) / length) }
            }
        }
        return least < .infinity ? least * (1 - 0x1p-40) : 0
    }
}
