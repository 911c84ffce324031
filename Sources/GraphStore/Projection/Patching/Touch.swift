/// An edge that changed, between extended indexes.
struct PlacedEdge: Sendable {
    let id: UInt64
    let source: UInt32
    let target: UInt32
    let before: Double?
    let after: Double?
}

/// That an edge which changed stands in a row: at its source's, or seen from its target.
struct Touch {
    private let rowNumber: UInt32
    /// The index of the other end.
    let target: UInt32
    private let placeNumber: UInt32
    /// Whether the arc was there before.
    let wasThere: Bool
    /// Whether it is there now.
    let isThere: Bool

    /// How many rows are looked at ahead: what they bring in stays in the nearest caches.
    static let batch = 256

    /// - Parameter place: Of the edge, among those that changed.
    init(_ edge: PlacedEdge, place: Int, row: UInt32, target: UInt32) {
        rowNumber = row
        self.target = target
        placeNumber = UInt32(truncatingIfNeeded: place)
        wasThere = edge.before != nil
        isThere = edge.after != nil
    }

    var row: Int { Int(rowNumber) }
    /// The place of the edge among those that changed.
    var place: Int { Int(placeNumber) }
}
