import GraphAlgorithms
import PropertyGraph

/// A column of an answer that becomes a property of nodes: `--write rank`, `--write parent=before`.
struct WriteTarget {
    /// The column; nil for the one of that name, else the first.
    let column: String?
    /// The property.
    let property: PropertyKey

    /// Reads the texts of `--write`, for each algorithm its targets.
    ///
    /// What stands before `=` is a column, an algorithm, or `algorithm.column`.
    static func read(
        _ texts: [String], _ algorithms: [AlgorithmDescriptor]
    ) throws -> [[WriteTarget]] {
        var targets = [[WriteTarget]](repeating: [], count: algorithms.count)
        var taken: Set<PropertyKey> = []
        for text in OptionText.list(texts) {
            let (place, target) = try read(text, algorithms)
            guard taken.insert(target.property).inserted else {
                throw RunCommand.usage(
                    "--write names the property '\(target.property.name)' twice. "
                        + "Each column needs a property of its own.")
            }
            targets[place].append(target)
        }
        return targets
    }

    private static func read(
        _ text: String, _ algorithms: [AlgorithmDescriptor]
    ) throws -> (place: Int, target: WriteTarget) {
        let parts = text.utf8.split(
            separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false
        ).map { String(Substring($0)) }
        guard parts.allSatisfy({ !$0.isEmpty }) else {
            throw RunCommand.usage(
                "'\(text)' says no property. Write --write PROPERTY, or --write COLUMN=PROPERTY.")
        }
        if parts.count == 1 {
            if algorithms.count == 1 { return (0, WriteTarget(nil, text)) }
            // With several algorithms a column must say whose it is.
            let owners = algorithms.indices.filter { has(algorithms[$0], text) }
            guard owners.count == 1 else {
                let example = algorithms.map { "\($0.name)=\(text)_\($0.name)" }
                throw RunCommand.usage(
                    "It is not clear whose column becomes '\(text)'. Write ALGORITHM=PROPERTY: "
                        + "--write \(example.joined(separator: ",")).")
            }
            return (owners[0], WriteTarget(text, text))
        }
        for (place, algorithm) in algorithms.enumerated() {
            if UTF8Order.equal(algorithm.name, parts[0]) {
                return (place, WriteTarget(nil, parts[1]))
            }
            let prefix = algorithm.name + "."
            if parts[0].utf8.starts(with: prefix.utf8) {
                let column = String(Substring(parts[0].utf8.dropFirst(prefix.utf8.count)))
                return (place, WriteTarget(column, parts[1]))
            }
        }
        let owners = algorithms.indices.filter { has(algorithms[$0], parts[0]) }
        // A column of one source, such as distance_7, is known after the run only.
        guard let place = owners.first ?? (algorithms.count == 1 ? 0 : nil), owners.count < 2 else {
            let names = algorithms.flatMap { [$0.name] + $0.columns.map(\.name) }
            throw RunCommand.usage(
                "--write '\(text)': there is no algorithm or single column '\(parts[0])' here."
                    + NearMiss.hint(for: parts[0], among: names))
        }
        return (place, WriteTarget(parts[0], parts[1]))
    }

    private init(_ column: String?, _ property: String) {
        self.column = column
        self.property = PropertyKey(property)
    }

    private static func has(_ algorithm: AlgorithmDescriptor, _ column: String) -> Bool {
        algorithm.columns.contains { UTF8Order.equal($0.name, column) }
    }

    /// The column of an answer that is meant.
    func column(of output: AlgorithmOutput, _ algorithm: String) throws -> OutputColumn {
        guard output.rows == .nodes, let first = output.columns.first else {
            throw CommandError.failure(
                "\(algorithm) gives no value for each node that could be written. "
                    + "Write its rows to a file with --output.")
        }
        guard let column else { return output.column(property.name) ?? first }
        if let found = output.column(column) { return found }
        let names = output.columns.map(\.name)
        throw CommandError.failure(
            "The answer of \(algorithm) has no column '\(column)'."
                + NearMiss.hint(for: column, among: names)
                + " It has: \(names.joined(separator: ", ")).")
    }
}
