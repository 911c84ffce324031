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
}

/// Columns of one search each: plainly named when there is one, else after their sources.
func columnName(_ name: String, _ source: ParameterValues.NamedNode, of count: Int) -> String {
    count == 1 ? name : "\(name)_\(source.text)"
}

/// Summary fields of one search each, named likewise.
func summaryName(_ name: String, _ source: ParameterValues.NamedNode, of count: Int) -> String {
    columnName(name, source, of: count)
}
