import GraphAlgorithms
import PropertyGraph

/// The help of one algorithm: `cairn run pagerank --help`.
enum AlgorithmPage {
    /// The lines of the page; nil when the name is of no algorithm.
    static func lines(_ name: String, columns: Int?) -> [String]? {
        guard
            let algorithm = AlgorithmCatalog.all.first(where: { UTF8Order.equal($0.name, name) })
        else { return nil }
        let width = max(40, min(columns ?? 96, 96))
        var lines = ["OVERVIEW: \(algorithm.summary)", ""]
        lines.append("EXAMPLE:")
        lines.append("  " + example(algorithm))
        var items = algorithm.parameters.map { parameter in
            (parameter.name, parameterHelp(parameter))
        }
        append("PARAMETERS (--param NAME=VALUE):", items, width, &lines)
        items = algorithm.columns.map { ($0.name, $0.help) }
        append("COLUMNS:", items, width, &lines)
        items = algorithm.summaryFields.map { ($0.name, $0.help) }
        append("SUMMARY (result_summary):", items, width, &lines)
        lines.append("")
        lines.append(contentsOf: TextWidth.wrapped("Graph: \(needs(algorithm))", to: width))
        lines.append(contentsOf: TextWidth.wrapped("Cost: \(algorithm.complexity).", to: width))
        lines.append(contentsOf: TextWidth.wrapped("Memory: \(memory(algorithm)).", to: width))
        lines.append(contentsOf: TextWidth.wrapped("After: \(algorithm.citation).", to: width))
        return lines
    }

    /// What a run takes beside the graph.
    static func memory(_ algorithm: AlgorithmDescriptor) -> String {
        "about \(algorithm.memory) beside the graph; an undirected edge is two arcs"
    }

    /// A command line that runs the algorithm.
    static func example(_ algorithm: AlgorithmDescriptor) -> String {
        var line = "cairn run \(algorithm.name) --input edges.tsv"
        if algorithm.needs.isDirected == true { line += " --directed" }
        if algorithm.needs.isDirected == false { line += " --undirected" }
        if algorithm.needs.weights == .required { line += " --weighted" }
        for parameter in algorithm.parameters where needsMention(parameter, algorithm) {
            line += " --param \(parameter.name)=\(sample(parameter))"
        }
        if let ending = algorithm.documentEnding { line += " --output edges.\(ending)" }
        return line
    }

    private static func needsMention(
        _ parameter: ParameterDescriptor, _ algorithm: AlgorithmDescriptor
    ) -> Bool {
        if parameter.isRequired { return true }
        // Searches need a place to start, given by one of several parameters.
        return ["source", "target"].contains { UTF8Order.equal($0, parameter.name) }
            && parameter.kind == .node
    }

    private static func sample(_ parameter: ParameterDescriptor) -> String {
        switch parameter.kind {
        case .node: UTF8Order.equal(parameter.name, "target") ? "9" : "1"
        case .nodes: "1,9"
        case .pairs: "1:9,2:7"
        case .boolean: "true"
        case .choice(let words): words.first ?? ""
        case .integer, .number: parameter.defaultValue ?? "1"
        case .column: "groups.csv"
        case .file: "edges.\(parameter.name)"
        }
    }

    /// What a parameter does, its range and its default.
    static func parameterHelp(_ parameter: ParameterDescriptor) -> String {
        var facts = [parameter.kind.name]
        if let range = parameter.range { facts = ["\(parameter.kind.name) \(range)"] }
        if case .boolean = parameter.kind { facts = ["true or false"] }
        if case .choice = parameter.kind, let range = parameter.range {
            facts = ["one of \(range)"]
        }
        if parameter.isRequired { facts.append("required") }
        if let value = parameter.defaultValue { facts.append("default \(value)") }
        if let other = parameter.excluded { facts.append("not with \(other)") }
        return "\(parameter.help) (\(facts.joined(separator: "; ")))"
    }

    /// What the graph must be.
    static func needs(_ algorithm: AlgorithmDescriptor) -> String {
        let needs = algorithm.needs
        let use =
            algorithm.usesWeightsOnDemand
            ? "weights are used with weighted=true" : "weights are used if there are any"
        let direction =
            switch needs.isDirected {
            case true?: "directed"
            case false?: "undirected"
            case nil: "directed or undirected"
            }
        let weights =
            switch needs.weights {
            case .required: "weights are required: \(needs.weightRange.rawValue)"
            case .optional: "\(use): \(needs.weightRange.rawValue)"
            case .unused: "weights make no difference"
            }
        return "\(direction); \(weights)."
    }

    private static func append(
        _ title: String, _ items: [(String, String)], _ width: Int,
        _ lines: inout [String]
    ) {
        guard !items.isEmpty else { return }
        lines.append("")
        lines.append(title)
        let indent = min(items.map { TextWidth.columns($0.0) }.max() ?? 0, 24) + 4
        for (term, help) in items {
            let texts = TextWidth.wrapped(help, to: max(20, width - indent))
            lines.append(TextWidth.padded("  " + term, to: indent) + (texts.first ?? ""))
            for text in texts.dropFirst() {
                lines.append(String(repeating: " ", count: indent) + text)
            }
        }
    }
}
