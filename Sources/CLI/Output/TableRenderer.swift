/// Draws rows in aligned columns, no wider than the terminal.
struct TableRenderer {
    let style: TextStyle
    /// How many columns of a terminal there are; nil for any number.
    let terminalColumns: Int?

    private static let gap = "  "

    /// The lines of a table: header, then rows.
    func lines(_ listing: Listing) -> [String] {
        // Titles are data, too, where a column stands for a property.
        let titles = listing.columns.map { TextWidth.printable($0.title) }
        let cells = listing.rows.map { row in
            zip(listing.columns, row).map { column, value in
                if case .null = value { return listing.nullText }
                return TextWidth.printable(column.cell(value))
            }
        }
        let isRight = listing.columns.indices.map { column in
            let values = listing.rows.compactMap { row -> JSON? in
                if case .null = row[column] { nil } else { row[column] }
            }
            return !values.isEmpty && values.allSatisfy(\.isNumber)
        }
        var widths = titles.map { TextWidth.columns($0) }
        for row in cells {
            for (column, cell) in row.enumerated() {
                widths[column] = max(widths[column], TextWidth.columns(cell))
            }
        }
        fit(&widths, numbers: isRight)
        var lines = [
            line(titles, widths, isRight) { style.bold($0) }
        ]
        for row in cells { lines.append(line(row, widths, isRight) { $0 }) }
        return lines
    }

    private func line(
        _ cells: [String], _ widths: [Int], _ isRight: [Bool], _ decorate: (String) -> String
    ) -> String {
        var parts: [String] = []
        for (column, cell) in cells.enumerated() {
            let cut = TextWidth.truncated(cell, to: widths[column])
            let isLast = column == cells.count - 1
            // No blanks at the end of a line.
            let padded =
                isLast && !isRight[column]
                ? cut : TextWidth.padded(cut, to: widths[column], alignsRight: isRight[column])
            parts.append(decorate(padded))
        }
        return Self.trimmed(parts.joined(separator: Self.gap))
    }

    private static func trimmed(_ text: String) -> String {
        var end = text.endIndex
        while end > text.startIndex {
            let before = text.index(before: end)
            guard text[before] == " " else { break }
            end = before
        }
        return String(text[..<end])
    }

    /// Narrows the widest column of text until the table fits; numbers are cut last of all.
    private func fit(_ widths: inout [Int], numbers: [Bool]) {
        guard let terminalColumns else { return }
        let least = 4
        while true {
            let total = widths.reduce(0, +) + Self.gap.utf8.count * max(0, widths.count - 1)
            guard total > terminalColumns else { return }
            let texts = widths.indices.filter { !numbers[$0] && widths[$0] > least }
            let candidates = texts.isEmpty ? widths.indices.filter { widths[$0] > least } : texts
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return }
            let second =
                candidates.filter { $0 != widest }.map { widths[$0] }.max() ?? least
            let wanted = widths[widest] - (total - terminalColumns)
            widths[widest] = max(least, min(widths[widest] - 1, max(wanted, second)))
        }
    }
}
