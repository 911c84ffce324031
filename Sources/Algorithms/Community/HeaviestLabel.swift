import PropertyGraph

/// The label that weighs most among a node's neighbours.
///
/// Of equals the one that a hash of the seed puts first is taken, for lowest labels would flood.
///
/// - Parameters:
///   - keepsOwn: Whether the node's own label comes first of equals.
///   - sums: All zero, before and after.
///   - touched: As long as the longest row.
@inline(__always)
func heaviestLabel(
    of node: UInt32, _ row: Range<Int>, _ targets: Span<UInt32>, _ weights: Span<Double>?,
    _ labels: Span<UInt32>, seed: UInt64, keepsOwn: Bool,
    _ sums: inout MutableSpan<Double>, _ touched: inout MutableSpan<UInt32>
) -> UInt32 {
    let listed = sumByLabel(row, node, targets, weights, labels, &sums, &touched)
    var best = labels[Int(node)]
    var most = sums[Int(best)]
    // No lot comes before 0.
    var rank = keepsOwn || most == 0 ? 0 : lot(best, seed)
    for place in 0..<listed {
        let label = touched[place]
        let sum = sums[Int(label)]
        sums[Int(label)] = 0
        guard sum >= most else { continue }
        let other = lot(label, seed)
        if sum > most || other < rank { (best, most, rank) = (label, sum, other) }
    }
    return best
}

@inline(__always)
private func lot(_ label: UInt32, _ seed: UInt64) -> UInt64 {
    SeededRandom.mix(seed &+ UInt64(label) &* 0x9E37_79B9_7F4A_7C15)
}
