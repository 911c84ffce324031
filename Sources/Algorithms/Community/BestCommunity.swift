import PropertyGraph

/// What is known of a community, side by side: whoever asks for one value asks for the other.
struct CommunityAccount: LabelSum {
    /// The weight of the edges between it and the node that is looked at; 0 between two looks.
    var sum = 0.0
    /// The weight of all ends of edges of its nodes.
    var total = 0.0
}

/// The community around a node that it would raise modularity most in, and by how much, in units
/// of `total / 2`; its own when none is better by more than a margin.
///
/// - Parameters:
///   - margin: Added to what staying is worth. Sums of doubles differ in their last bits; without
///     a margin nodes could move to and fro for ever.
///   - scale: `resolution / total`.
///   - touched: As long as the longest row.
@inline(__always)
func bestCommunity(
    of node: UInt32, _ row: Range<Int>, _ targets: Span<UInt32>, _ weights: Span<Double>?,
    degree: Double, scale: Double, margin: Double, _ labels: Span<UInt32>,
    _ accounts: inout MutableSpan<CommunityAccount>, _ touched: inout MutableSpan<UInt32>
) -> (best: UInt32, gain: Double) {
    let own = labels[Int(node)]
    let listed = sumByLabel(row, node, targets, weights, labels, &accounts, &touched)
    let home = accounts[Int(own)]
    accounts[Int(own)].sum = 0
    let stay = home.sum - scale * degree * (home.total - degree)
    var (best, most) = (own, stay + margin)
    for place in 0..<listed {
        let community = touched[place]
        let account = accounts[Int(community)]
        accounts[Int(community)].sum = 0
        let gain = account.sum - scale * degree * account.total
        guard gain >= most, community != own else { continue }
        if gain > most || (best != own && community < best) { (best, most) = (community, gain) }
    }
    return (best, most)
}
