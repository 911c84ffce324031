import PropertyGraph

/// What is kept for a label or community while a node's neighbours are looked at.
protocol LabelSum: BitwiseCopyable, Sendable {
    /// The weight of the edges between it and the node; 0 between two looks.
    var sum: Double { get set }
}

extension Double: LabelSum {
    var sum: Double {
        @inline(__always) get { self }
        @inline(__always) set { self = newValue }
    }
}

/// Sums a row's weights by label; returns how many labels are listed in `touched`, where one met
/// only along arcs of no weight may stand several times.
///
/// - Parameter weights: Nil where each arc weighs 1.
@inline(__always)
func sumByLabel<Sum: LabelSum>(
    _ row: Range<Int>, _ node: UInt32, _ targets: Span<UInt32>, _ weights: Span<Double>?,
    _ labels: Span<UInt32>, _ sums: inout MutableSpan<Sum>, _ touched: inout MutableSpan<UInt32>
) -> Int {
    // Two loops, for the question in one of them would be asked at each arc.
    if let weights {
        return sumByLabel(row, node, targets, { weights[$0] }, labels, &sums, &touched)
    }
    return sumByLabel(row, node, targets, { _ in 1 }, labels, &sums, &touched)
}

@inline(__always)
private func sumByLabel<Sum: LabelSum>(
    _ row: Range<Int>, _ node: UInt32, _ targets: Span<UInt32>, _ weight: (Int) -> Double,
    _ labels: Span<UInt32>, _ sums: inout MutableSpan<Sum>, _ touched: inout MutableSpan<UInt32>
) -> Int {
    var listed = 0
    for arc in row {
        let target = targets[arc]
        if target == node { continue }
        let label = labels[Int(target)]
        let sum = sums[Int(label)].sum
        // Written even when it is known: nobody can foretell the branch.
        touched[listed] = label
        listed &+= sum == 0 ? 1 : 0
        sums[Int(label)].sum = sum + weight(arc)
    }
    return listed
}
