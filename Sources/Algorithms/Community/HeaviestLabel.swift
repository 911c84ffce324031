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
    let listed =
        if let weights {
            sumWeights(row, node, targets, weights, labels, &sums, &touched)
        } else {
            countArcs(row, node, targets, labels, &sums, &touched)
        }
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

/// Sums a row's weights by label; returns how many labels are listed in `touched`, where one met
/// only along arcs of no weight may stand several times.
@inline(__always)
private func sumWeights(
    _ row: Range<Int>, _ node: UInt32, _ targets: Span<UInt32>, _ weights: Span<Double>,
    _ labels: Span<UInt32>, _ sums: inout MutableSpan<Double>,
    _ touched: inout MutableSpan<UInt32>
) -> Int {
    var listed = 0
    for arc in row {
        let target = targets[arc]
        if target == node { continue }
        let label = labels[Int(target)]
        let sum = sums[Int(label)]
        // Written even when it is known: nobody can foretell the branch.
        touched[listed] = label
        listed &+= sum == 0 ? 1 : 0
        sums[Int(label)] = sum + weights[arc]
    }
    return listed
}

/// As `sumWeights` where each arc weighs 1.
@inline(__always)
private func countArcs(
    _ row: Range<Int>, _ node: UInt32, _ targets: Span<UInt32>, _ labels: Span<UInt32>,
    _ sums: inout MutableSpan<Double>, _ touched: inout MutableSpan<UInt32>
) -> Int {
    var listed = 0
    for arc in row {
        let target = targets[arc]
        if target == node { continue }
        let label = labels[Int(target)]
        let sum = sums[Int(label)]
        touched[listed] = label
        listed &+= sum == 0 ? 1 : 0
        sums[Int(label)] = sum + 1
    }
    return listed
}
