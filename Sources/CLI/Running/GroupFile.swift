import GraphAlgorithms
import PropertyGraph

/// A file that tells the group of each node, a line for each: `node,group`, as `--output` writes it.
///
/// Fields are separated by commas, tabs, semicolons or blanks; a line of JSON has members. Empty
/// lines and those that begin with `#` are left out. A first line that names the fields says which
/// of them holds the groups: `community`, else the second.
struct GroupFile {
    private struct Entry {
        let node: String
        let group: String
        let line: Int
    }

    /// The path, as given.
    let path: String
    private var entries: [Entry] = []

    /// The most bytes such a file may have.
    private static let mostBytes = 1 << 33
    private static let groupName = "community"

    /// Reads a file.
    ///
    /// - Throws: A sentence that names the line that cannot be read.
    init(path: String) throws {
        self.path = path
        guard SystemCalls.kind(path) != .directory else {
            throw CommandError.failure(
                "'\(path)' is a folder. Name a file that has a line 'node,community' for each node."
            )
        }
        let bytes: [UInt8]
        switch SystemCalls.readFile(path, atMost: Self.mostBytes) {
        case .success(let read): bytes = read
        case .failure(let error):
            throw CommandError.failure("Cannot read '\(path)': \(error.text).")
        }
        guard !bytes.starts(with: [0x1F, 0x8B]) else {
            throw CommandError.failure("'\(path)' is compressed. Unpack it first.")
        }
        try read(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...])
    }

    private mutating func read(_ bytes: ArraySlice<UInt8>) throws {
        var separator: FieldSeparator?
        var (nodePlace, place) = (0, 1)
        var number = 0
        for var line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            if number & 0xFFFF == 0, Interruption.isRequested { throw CommandError.interrupted }
            if line.last == 0x0D { line = line.dropLast() }
            guard let first = line.first, first != 0x23 else { continue }
            if first == 0x7B {
                entries.append(try entry(json: line, number))
                continue
            }
            let known = separator ?? FieldSeparator(sniffing: line)
            guard let fields = known.fields(line) else {
                throw failure(number, "A quote is opened that is not closed. Close or remove it.")
            }
            if fields.isEmpty { continue }
            if separator == nil {
                separator = known
                if let header = Self.header(fields) {
                    (nodePlace, place) = header
                    continue
                }
            }
            guard fields.count > max(nodePlace, place) else {
                throw failure(
                    number, "There is no group behind the node. Write 'node,community' a line.")
            }
            entries.append(try entry(fields[nodePlace], fields[place], number))
        }
    }

    /// Where node and group stand, by a first line that names the fields; nil when it does not.
    private static func header(_ fields: [String]) -> (node: Int, group: Int)? {
        let node = fields.firstIndex { UTF8Order.equal($0, "node") }
        let group = fields.firstIndex { UTF8Order.equal($0, groupName) }
        guard fields.count > 1, node == 0 || group != nil else { return nil }
        let place = group ?? 1
        return (node ?? (place == 0 ? 1 : 0), place)
    }

    private func entry(json line: ArraySlice<UInt8>, _ number: Int) throws -> Entry {
        let value = try? JSONReader.value(of: String(decoding: line, as: UTF8.self))
        guard case .object(let members)? = value,
            let node = members.first(where: { UTF8Order.equal($0.0, "node") }),
            let group = members.first(where: { UTF8Order.equal($0.0, Self.groupName) })
        else {
            throw failure(
                number, "This is no object with the members 'node' and '\(Self.groupName)'.")
        }
        return try entry(node.1.cellText(), group.1.cellText(), number)
    }

    private func entry(_ node: String, _ group: String, _ number: Int) throws -> Entry {
        guard !group.isEmpty else {
            throw failure(
                number,
                "Node '\(node)' has no group. Give every node one; a node alone has its own.")
        }
        return Entry(node: node, group: group, line: number)
    }

    private func failure(_ line: Int, _ text: String) -> CommandError {
        .failure("\(path):\(line): \(text)")
    }

    /// The group of each node of a graph, as a column.
    ///
    /// - Throws: A sentence about a line that names no node, or one that an earlier line named, or
    ///   about nodes that no line names.
    func column(of loaded: LoadedGraph) throws -> CSRColumn {
        var groups = [String?](repeating: nil, count: loaded.graph.nodeCount)
        var lines = [UInt32](repeating: 0, count: loaded.graph.nodeCount)
        for entry in entries {
            guard let node = loaded.resolve(entry.node) else {
                throw failure(entry.line, loaded.unresolved(entry.node))
            }
            guard lines[Int(node)] == 0 else {
                throw failure(
                    entry.line,
                    "Node '\(entry.node)' has a group already, on line \(lines[Int(node)]). Leave one "
                        + "of them out.")
            }
            lines[Int(node)] = UInt32(clamping: entry.line)
            groups[Int(node)] = entry.group
        }
        if let first = groups.firstIndex(where: { $0 == nil }) {
            throw loaded.ungrouped(
                groups.count { $0 == nil }, first, "in '\(path)'",
                "Give each a line; a node alone has a group of its own.")
        }
        return CSRColumn(strings: groups)
    }
}

/// What stands between the fields of a line.
private enum FieldSeparator {
    case byte(UInt8)
    case blanks

    /// The first of tab, comma and semicolon that the line has outside of quotes.
    init(sniffing line: ArraySlice<UInt8>) {
        var isQuoted = false
        var found: Set<UInt8> = []
        for byte in line {
            if byte == 0x22 { isQuoted.toggle() }
            if !isQuoted { found.insert(byte) }
        }
        let candidates: [UInt8] = [0x09, 0x2C, 0x3B]
        self = candidates.first { found.contains($0) }.map { .byte($0) } ?? .blanks
    }

    /// The fields of a line; nil when a quote is not closed.
    func fields(_ line: ArraySlice<UInt8>) -> [String]? {
        guard case .byte(let separator) = self else {
            return line.split { $0 == 0x20 || $0 == 0x09 }.map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        guard separator != 0x09 else {
            // Tabs come without quotes, as `--output` writes them.
            return line.split(separator: separator, omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
        }
        var fields: [String] = []
        var rest = line
        while true {
            var field: [UInt8] = []
            if rest.first == 0x22 {
                rest = rest.dropFirst()
                var isClosed = false
                while !isClosed, let quote = rest.firstIndex(of: 0x22) {
                    field += rest[..<quote]
                    rest = rest[(quote + 1)...]
                    isClosed = rest.first != 0x22
                    if !isClosed {
                        field.append(0x22)
                        rest = rest.dropFirst()
                    }
                }
                guard isClosed, rest.isEmpty || rest.first == separator else { return nil }
            } else {
                let end = rest.firstIndex(of: separator) ?? rest.endIndex
                field += rest[..<end]
                rest = rest[end...]
            }
            fields.append(String(decoding: field, as: UTF8.self))
            guard rest.first == separator else { return fields }
            rest = rest.dropFirst()
        }
    }
}
