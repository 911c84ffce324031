import GraphAlgorithms
import PropertyGraph

/// The words above the rows of a ranking, and how its cells are written for people.
enum RankingText {
    /// What the rows are: `The 10 nodes with the greatest rank`.
    static func heading(_ column: String, _ count: Int, _ order: Ranking.Order, ofNodes: Bool)
        -> String
    {
        let noun = ofNodes ? "node" : "edge"
        let rows = count == 1 ? noun : "\(NumberText.grouped(count)) \(noun)s"
        if order == .ascending { return "The first \(rows) in order" }
        let trait =
            switch column {
            case "triangles": "with the most triangles"
            case "core": "in the deepest cores"
            case "coefficient": "with the greatest clustering coefficient"
            case "harmonic": "with the greatest harmonic centrality"
            case "earliest": count == 1 ? "that begins last" : "that begin last"
            default: "with the greatest \(measure(column))"
            }
        return "The \(rows) \(trait)"
    }

    /// `distance_Bonn`, as one of several sources has it, as `distance from Bonn`.
    private static func measure(_ column: String) -> String {
        for name in ["distance", "depth"] where column.utf8.starts(with: "\(name)_".utf8) {
            let source = String(Substring(column.utf8.dropFirst(name.utf8.count + 1)))
            return "\(name) from \(TextWidth.printable(source))"
        }
        return words(column)
    }

    /// `max_rank` as `max rank`. The change of a round in the norm ℓ1 needs a word of its own.
    static func words(_ name: String) -> String {
        if UTF8Order.equal(name, "l1_delta") { return "last change" }
        return String(name.map { $0 == "_" ? " " : $0 })
    }

    /// The same with a capital, as columns are headed.
    static func title(_ name: String) -> String {
        let words = words(name)
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// The first numbers of a vector, and of a longer one how many it has: `0.1234 -0.5000 … (128)`.
    static func vector(_ numbers: [Float]) -> String {
        let shown = numbers.count <= mostNumbers + 1 ? numbers.count : mostNumbers
        let texts = numbers.prefix(shown).map { NumberText.fixed(Double($0), 4) }
        let rest = shown < numbers.count ? " … (\(NumberText.grouped(numbers.count)))" : ""
        return texts.joined(separator: " ") + rest
    }

    private static let mostNumbers = 4
}
