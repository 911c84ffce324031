extension ParameterDescriptor {
    /// Where to start; one node.
    static let source = ParameterDescriptor(
        "source", .node, help: "The id or key of the node to start from.")
    /// Where to start; several nodes.
    static let sources = ParameterDescriptor(
        "sources", .nodes,
        help: "Ids or keys of nodes to start from, joined by commas; each has its own columns.")
    /// Where to end.
    static let target = ParameterDescriptor(
        "target", .node, help: "The id or key of the node to reach.")
    /// Whether a search also tells the way.
    static let parents = ParameterDescriptor(
        "parents", .boolean, default: "false",
        help: "Also give the node before each on a shortest path.")
}

/// Columns of one search each: plainly named when there is one, else after their sources.
func columnName(_ name: String, _ source: ParameterValues.NamedNode, of count: Int) -> String {
    count == 1 ? name : "\(name)_\(source.text)"
}

/// Summary fields of one search each, named likewise.
func summaryName(_ name: String, _ source: ParameterValues.NamedNode, of count: Int) -> String {
    columnName(name, source, of: count)
}

extension ParameterDescriptor {
    /// Whether weights are used.
    static let usesWeights = ParameterDescriptor(
        "weighted", .boolean, default: "true", help: "Use weights, if there are any.")
    /// Where random choices start.
    static let seed = ParameterDescriptor(
        "seed", .integer(ParameterRange(0...9_007_199_254_740_992)),
        help: "Where random choices start; the option --seed without it.")
}

extension ParameterValues {
    /// The options with the parameter `seed`, if it was given.
    func seeded(_ options: RunOptions) -> RunOptions {
        var options = options
        if let seed = integer("seed") { options.seed = UInt64(seed) }
        return options
    }
}
