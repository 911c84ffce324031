import PropertyGraph

/// Finds ids that look like a mistyped one.
enum ConceptSuggestions {
    /// The ids nearest to `name`, best first, ties by id: at most three, and none farther than a
    /// third of the name.
    ///
    /// - Complexity: O(ids × length²); ids of very different length are skipped at once.
    static func nearest(to name: String, among ids: [String]) -> [String] {
        // A long text is no typo, and must not cost quadratic time.
        guard name.utf8.count <= 256 else { return [] }
        let wanted = Array(name.unicodeScalars)
        let limit = max(1, wanted.count / 3)
        var found: [(distance: Int, id: String)] = []
        for id in ids {
            let other = Array(id.unicodeScalars)
            guard abs(other.count - wanted.count) <= limit else { continue }
            let distance = editDistance(wanted, other)
            if distance <= limit { found.append((distance, id)) }
        }
        found.sort {
            $0.distance != $1.distance
                ? $0.distance < $1.distance : UTF8Order.precedes($0.id, $1.id)
        }
        return found.prefix(3).map(\.id)
    }

    /// " Did you mean 'a' or 'b'?", or nothing.
    static func hint(_ suggestions: [String]) -> String {
        guard !suggestions.isEmpty else { return "" }
        return " Did you mean \(suggestions.map { "'\($0)'" }.joined(separator: " or "))?"
    }

    /// The number of insertions, deletions, replacements and swaps of neighbours that turn one text
    /// into the other (optimal string alignment).
    static func editDistance(_ lhs: [Unicode.Scalar], _ rhs: [Unicode.Scalar]) -> Int {
        var beforeLast = [Int](repeating: 0, count: rhs.count + 1)
        var last = Array(0...rhs.count)
        for i in 0..<lhs.count {
            var row = [i + 1]
            row.reserveCapacity(rhs.count + 1)
            for j in 0..<rhs.count {
                let replaced = last[j] + (lhs[i] == rhs[j] ? 0 : 1)
                var best = min(replaced, last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, lhs[i] == rhs[j - 1], lhs[i - 1] == rhs[j] {
                    best = min(best, beforeLast[j - 1] + 1)
                }
                row.append(best)
            }
            beforeLast = last
            last = row
        }
        return last[rhs.count]
    }
}
