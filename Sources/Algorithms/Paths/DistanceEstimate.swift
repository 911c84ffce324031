import PropertyGraph

/// A lower bound on how far a node is from the target, for searches that go straight at it.
///
/// It must never be above the true distance, rounding included; infinity says that the target
/// cannot be reached.
protocol DistanceEstimate {
    func distance(from node: UInt32) -> Double
}

/// Knows nothing: a search by it is Dijkstra's.
struct NoEstimate: DistanceEstimate {
    @inline(__always)
    func distance(from node: UInt32) -> Double { 0 }
}

/// Distances to the target that were all found before.
struct KnownDistances: DistanceEstimate {
    let distances: [Double]

    @inline(__always)
    func distance(from node: UInt32) -> Double {
        // Sums from the other end round differently; a part in 2^40 is far more than they differ.
        distances[Int(node)] * (1 - 0x1p-40)
    }
}

/// Straight lines between places, at the least cost that an edge of the graph has for its length.
struct PlaceEstimate: DistanceEstimate {
    private let places: Places
    private let target: UInt32
    private let costPerUnit: Double

    init(_ places: Places, to target: UInt32, costPerUnit: Double) {
        self.places = places
        self.target = target
        self.costPerUnit = costPerUnit
    }

    @inline(__always)
    func distance(from node: UInt32) -> Double {
        places.length(from: node, to: target) * costPerUnit
    }
}
