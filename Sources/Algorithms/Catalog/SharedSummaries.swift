/// The summary entries of the node with the greatest value; of equals the lowest.
func greatestEntries(_ values: [Double], _ name: String) -> [SummaryEntry] {
    var best = values.indices.first
    for row in values.indices.dropFirst() {
        if let known = best, values[row] > values[known] { best = row }
    }
    return [
        SummaryEntry("max_node", best.map { .node(UInt32(truncatingIfNeeded: $0)) }),
        SummaryEntry("max_\(name)", best.map { .double(values[$0]) }),
    ]
}

/// The fields of those entries, as help pages tell them.
func greatestFields(_ name: String, _ help: String) -> [AlgorithmDescriptor.Field] {
    [
        .init("max_node", "The node of greatest \(help); of equals the lowest."),
        .init("max_\(name)", "Its \(help)."),
    ]
}
