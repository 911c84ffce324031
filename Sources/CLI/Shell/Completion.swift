import PropertyGraph

/// What the word before the cursor may become.
struct Completion: Equatable {
    /// The words that begin so, ascending.
    var candidates: [String] = []
    /// What all of them have behind what was typed.
    var insertion = ""

    /// The candidates in columns.
    func listing(columns: Int) -> String {
        let shown = candidates.prefix(100)
        let width = (shown.map { TextWidth.columns($0) }.max() ?? 0) + 2
        let perLine = max(1, columns / width)
        var lines: [String] = []
        for start in stride(from: 0, to: shown.count, by: perLine) {
            let row = shown[start..<min(start + perLine, shown.count)]
            lines.append(row.map { TextWidth.padded($0, to: width) }.joined())
        }
        if shown.count < candidates.count {
            lines.append("and \(candidates.count - shown.count) more")
        }
        return lines.joined(separator: "\n")
    }
}

/// The names that can be completed.
struct CompletionNames {
    var labels: [String] = []
    var edgeTypes: [String] = []
    var propertyKeys: [String] = []
    var parameters: [String] = []
    var functions: [String] = []
    var keywords: [String] = []
    var commands: [String] = []

    /// Completes the word at the end of a line, by what stands before it: labels behind a colon,
    /// types behind one in brackets, property keys behind a point, parameters behind a dollar.
    func completion(of line: [UInt8]) -> Completion {
        var start = line.count
        while start > 0, Self.isWord(line[start - 1]) { start -= 1 }
        let word = Array(line[start...])
        var before = start
        while before > 0, line[before - 1] == 0x20 { before -= 1 }
        let sign = before > 0 ? line[before - 1] : nil
        if sign == 0x3A, line[..<(before - 1)].allSatisfy({ $0 == 0x20 }) {
            return Self.matches(word, commands)
        }
        switch sign {
        case 0x3A, 0x7C, 0x26, 0x21: return Self.matches(word, isInEdge(line) ? edgeTypes : labels)
        case 0x2E where before == start: return Self.matches(word, propertyKeys)
        case 0x24 where before == start: return Self.matches(word, parameters)
        default:
            if word.isEmpty { return Completion() }
            return Self.matches(word, functions.map { "\($0)(" } + keywords, ignoresCase: true)
        }
    }

    /// Whether the last bracket that is open is that of an edge.
    private func isInEdge(_ line: [UInt8]) -> Bool {
        var open: [UInt8] = []
        for byte in line {
            switch byte {
            case 0x28, 0x5B, 0x7B: open.append(byte)
            case 0x29, 0x5D, 0x7D: _ = open.popLast()
            default: break
            }
        }
        return open.last == 0x5B
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...: true
        default: false
        }
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }

    private static func matches(
        _ word: [UInt8], _ names: [String], ignoresCase: Bool = false
    ) -> Completion {
        let typed = ignoresCase ? word.map(folded) : word
        let found = names.filter { name in
            let bytes = Array(name.utf8)
            return (ignoresCase ? bytes.map(folded) : bytes).starts(with: typed)
        }.sorted { UTF8Order.precedes($0, $1) }
        guard var common = found.first.map({ Array($0.utf8) }) else { return Completion() }
        for name in found.dropFirst() {
            let shared = zip(common, Array(name.utf8)).prefix { pair in
                ignoresCase ? folded(pair.0) == folded(pair.1) : pair.0 == pair.1
            }.count
            common = Array(common.prefix(shared))
        }
        // Never half a character.
        while !common.isEmpty, String(validating: common, as: UTF8.self) == nil {
            common.removeLast()
        }
        let rest = common.count > word.count ? Array(common[word.count...]) : []
        return Completion(
            candidates: found, insertion: String(validating: rest, as: UTF8.self) ?? "")
    }
}
