/// One operator of a plan, with those that feed it.
public struct PlanOperator: Sendable {
    /// What an operator did while the query ran.
    public struct Profile: Hashable, Sendable {
        /// How many rows it gave.
        public var rows = 0
        /// How many nodes, relationships, labels and properties it read in the store.
        public var storeHits: UInt64 = 0
        /// How long it worked, without those that feed it or that it feeds.
        public var time: Duration = .zero
        /// How many bytes it took for rows and values, about.
        public var memoryBytes = 0
    }

    /// The kind of operator, such as `NodeIndexSeek`.
    public let name: String
    /// What it works on, such as `n:Person(name = $name)`.
    public let details: String
    /// How many rows the planner expects it to give.
    public let estimatedRows: Double
    /// What it did; nil when the query was only explained.
    public internal(set) var profile: Profile?
    /// The operators that feed it; of a loop the first feeds it and the second is repeated.
    public internal(set) var children: [PlanOperator]
    /// Its number among the operators of the plan.
    let number: Int

    /// This operator and all below it, those that run later first.
    public var all: [PlanOperator] { [self] + children.flatMap(\.all) }

    /// The names of this operator and all below it.
    public var names: [String] { all.map(\.name) }
}

extension PlanOperator: CustomStringConvertible {
    /// The tree as lines, the last operator first; inputs that are repeated are indented.
    public var description: String {
        lines(indent: 0).map { line in
            var text = String(repeating: "| ", count: line.indent) + line.node.name
            if !line.node.details.isEmpty { text += "  " + line.node.details }
            text += "  (about \(PlanOperator.rounded(line.node.estimatedRows)) rows"
            if let profile = line.node.profile {
                text += ", gave \(profile.rows), \(profile.storeHits) store hits, "
                text += "\(profile.time.formattedMilliseconds) ms, \(profile.memoryBytes) bytes"
            }
            return text + ")"
        }.joined(separator: "\n")
    }

    private func lines(indent: Int) -> [(node: PlanOperator, indent: Int)] {
        var lines = [(node: self, indent: indent)]
        for (place, child) in children.enumerated().reversed() {
            lines += child.lines(indent: place == 0 ? indent : indent + 1)
        }
        return lines
    }

    static func rounded(_ rows: Double) -> Int64 {
        Int64(exactly: max(0, min(rows, 9e18)).rounded()) ?? .max
    }

    /// The tree as rows of a result.
    func result(columns: [String]) -> QueryResult {
        let isProfiled = profile != nil
        var names = ["operator", "details", "estimatedRows"]
        if isProfiled { names += ["rows", "storeHits", "milliseconds", "memoryBytes"] }
        let rows = lines(indent: 0).map { line in
            var row: [CypherValue] = [
                .string(String(repeating: "| ", count: line.indent) + line.node.name),
                .string(line.node.details), .integer(Self.rounded(line.node.estimatedRows)),
            ]
            if isProfiled {
                let profile = line.node.profile ?? Profile()
                row += [
                    .integer(Int64(profile.rows)), .integer(Int64(clamping: profile.storeHits)),
                    .float(profile.time.milliseconds), .integer(Int64(profile.memoryBytes)),
                ]
            }
            return row
        }
        return QueryResult(columns: names, rows: rows, plan: self)
    }
}

extension Duration {
    var milliseconds: Double {
        Double(components.seconds) * 1_000 + Double(components.attoseconds / 1_000_000_000) / 1e6
    }

    fileprivate var formattedMilliseconds: String {
        let thousandths = Int64((milliseconds * 1_000).rounded())
        let fraction = String(1_000 + thousandths % 1_000).dropFirst()
        return "\(thousandths / 1_000).\(fraction)"
    }
}
