import Foundation
import Testing

/// `docs/reference/file-format.md` is made of the drawings at the heads of the files that fix the
/// layout, so it cannot drift from them.
@Suite struct `The reference of the file format` {
    static let parts: [(title: String, path: String)] = [
        ("Tables", "Sources/GraphStore/Storage/Layout.swift"),
        ("Head", "Sources/GraphStore/Database/StoreFormat.swift"),
        ("Counters", "Sources/GraphStore/Storage/Counters.swift"),
        ("Values", "Sources/GraphStore/Encoding/ValueCodec.swift"),
        ("Records", "Sources/GraphStore/Encoding/Record.swift"),
        ("Adjacency blocks", "Sources/GraphStore/Encoding/AdjacencyBlock.swift"),
        ("Inline columns", "Sources/GraphStore/Encoding/InlineColumn.swift"),
        ("Edge chunks", "Sources/GraphStore/Encoding/EdgeChunk.swift"),
        ("Id containers", "Sources/GraphStore/Encoding/IDContainer.swift"),
        ("Ordered keys", "Sources/GraphStore/Encoding/OrderedKey.swift"),
        ("Numbers in ordered keys", "Sources/GraphStore/Encoding/OrderedKey+Numbers.swift"),
        ("Schema objects", "Sources/GraphStore/Schema/SchemaCodec.swift"),
        ("Renames", "Sources/GraphStore/Schema/Rename.swift"),
        ("What was analysed", "Sources/GraphStore/Statistics/AnalysisCodec.swift"),
        ("Change log", "Sources/GraphStore/ChangeLog/ChangeLogBuffer.swift"),
        ("Backups", "Sources/GraphStore/Backup/BackupFolder.swift"),
        ("Manifests of backups", "Sources/GraphStore/Backup/BackupManifest.swift"),
    ]

    /// The first comment of a file that holds a table, without its slashes.
    static func drawing(_ path: String) -> String {
        var blocks: [[String]] = [[]]
        for line in SourceTree.lines(path) {
            let trimmed = line.drop { $0 == " " }
            guard trimmed.hasPrefix("//") else {
                if blocks.last?.isEmpty == false { blocks.append([]) }
                continue
            }
            let text = trimmed.drop { $0 == "/" }
            blocks[blocks.count - 1].append(String(text.hasPrefix(" ") ? text.dropFirst() : text))
        }
        let block = blocks.first { lines in lines.contains { $0.hasPrefix("|") } } ?? []
        // Cells that go on in the next line are joined, as Markdown wants them.
        var rows: [String] = []
        for line in block {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
            if let last = rows.last, last.hasPrefix("|"), cells.count > 2,
                cells[1].allSatisfy({ $0 == " " })
            {
                rows[rows.count - 1] = join(last, cells)
            } else {
                rows.append(line)
            }
        }
        return rows.joined(separator: "\n")
    }

    private static func join(_ row: String, _ more: [Substring]) -> String {
        let cells = row.split(separator: "|", omittingEmptySubsequences: false)
        return zip(cells, more).map { cell, addition in
            let addition = addition.trimmingCharacters(in: .whitespaces)
            return addition.isEmpty
                ? String(cell) : cell.trimmingCharacters(in: .whitespaces) + " " + addition
        }.joined(separator: "|")
    }

    static var document: String {
        var text = """
            # The format of a database

            Format version 1. This page is made of the drawings at the heads of the source files \
            that fix the layout; a test keeps it so.


            """
        for (title, path) in parts { text += "## \(title)\n\n\(drawing(path))\n\n" }
        return text
    }

    @Test func `is the drawings in the sources, word for word`() throws {
        let path = "docs/reference/file-format.md"
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try Self.document.write(
                to: SourceTree.root.appendingPathComponent(path), atomically: true, encoding: .utf8)
        }
        #expect(
            SourceTree.text(path) == Self.document, "Run UPDATE_GOLDEN=1 script/test --filter Tidy")
        for (_, path) in Self.parts { #expect(Self.drawing(path).contains("|"), "\(path)") }
    }
}
