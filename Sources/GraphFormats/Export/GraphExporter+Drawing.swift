import GraphStore
import PropertyGraph

extension GraphExporter {
    // MARK: Matrix Market

    /// Writes the matrix whose row n is the n-th node in order of ids.
    func exportMatrix(
        _ txn: borrowing ReadTransaction, _ path: String, _ hooks: FormatHooks
    ) throws -> ExportSummary {
        var rows: [NodeID: Int] = [:]
        try txn.forEachNode { node in
            rows[node.id] = rows.count + 1
            return true
        }
        let field = options.weightProperty == nil ? "pattern" : "real"
        return try exportFile(
            txn, path, hooks,
            start: """
                %%MatrixMarket matrix coordinate \(field) general
                \(rows.count) \(rows.count) \(try txn.edgeCount())

                """,
            node: { _, _ in },
            edge: { edge, bytes in
                guard let source = rows[edge.source], let target = rows[edge.target] else { return }
                var line = "\(source) \(target)"
                if let key = options.weightProperty {
                    let weight = try weight(key, of: edge)
                    guard weight.isFinite else {
                        throw FormatError(
                            .badValue,
                            "Edge \(edge.id) has \(weight) as '\(key)', which a matrix "
                                + "file cannot hold.")
                    }
                    line += " \(ValueText.text(weight))"
                }
                bytes.append(contentsOf: "\(line)\n".utf8)
            })
    }

    // MARK: DOT

    /// Writes a directed graph for Graphviz: nodes with their name and labels, edges with their
    /// type and, if asked for, a number.
    func exportDOT(
        _ txn: borrowing ReadTransaction, _ path: String, _ hooks: FormatHooks
    ) throws -> ExportSummary {
        try exportFile(
            txn, path, hooks, start: "digraph cairn {\n", end: "}\n",
            node: { node, bytes in
                var text = title(of: node)
                if !node.labels.isEmpty { text += "\n" + LabelText.text(node.labels) }
                bytes.append(contentsOf: "  n\(node.id) [label=\(Self.quoted(text))];\n".utf8)
            },
            edge: { edge, bytes in
                var text = edge.type.name
                if let key = options.weightProperty, let weight = edge[key]?.doubleValue {
                    text += " \(ValueText.text(weight))"
                }
                bytes.append(
                    contentsOf:
                        "  n\(edge.source) -> n\(edge.target) [label=\(Self.quoted(text))];\n".utf8)
            })
    }

    /// A text in quotes; a backslash is two, since one would be an escape of the drawing.
    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [0x22]
        for byte in text.utf8 {
            switch byte {
            case 0x22: bytes += [0x5C, 0x22]
            case 0x5C: bytes += [0x5C, 0x5C]
            case 0x0A: bytes += [0x5C, 0x6E]
            case 0: bytes.append(0x3F)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes + [0x22], as: UTF8.self)
    }
}
