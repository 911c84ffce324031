import PropertyGraph

/// How results are written.
enum OutputFormat: String, CaseIterable {
    /// Aligned columns for people; cut to the width of a terminal.
    case table
    /// Values separated by tabs, no header, nothing cut: for `cut`, `awk`, `sort`.
    case plain
    /// One JSON document.
    case json
    /// One JSON object a line.
    case jsonl
    /// Comma-separated values with a header (RFC 4180).
    case csv

    /// The format of that name.
    init?(name: String) {
        guard let found = Self.allCases.first(where: { UTF8Order.equal($0.rawValue, name) })
        else { return nil }
        self = found
    }
}
