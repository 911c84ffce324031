import GraphAlgorithms
import PropertyGraph

/// What a `run` command line asks for, read and checked before anything is loaded.
struct RunRequest {
    /// The algorithms, in the order given.
    let algorithms: [AlgorithmDescriptor]
    /// Parameters by algorithm.
    private let parameters: [[String: String]]
    /// How many rows to show; nil for the habit of the format.
    let top: Int?
    /// Where rows are written; `{algorithm}` stands for the name.
    let output: String?
    /// Whether times are told.
    let showsTimings: Bool

    init(_ names: String?, _ settings: RunSettings) throws {
        guard let names else {
            throw RunCommand.usage(
                "No algorithm was named. 'cairn run --list' shows what there is.")
        }
        var algorithms: [AlgorithmDescriptor] = []
        for name in OptionText.list([names]) {
            do {
                algorithms.append(try AlgorithmCatalog.descriptor(named: name))
            } catch {
                throw CommandError.usage(error.message, help: "cairn run --list")
            }
        }
        guard !algorithms.isEmpty else { throw RunCommand.usage("No algorithm was named.") }
        self.algorithms = algorithms
        parameters = try Self.parameters(settings.param, algorithms)
        top = settings.top
        output = settings.output
        showsTimings = settings.timings
        if algorithms.count > 1, let output, !output.contains("{algorithm}") {
            throw RunCommand.usage(
                "Several algorithms cannot write one file. Put {algorithm} into the name: "
                    + "--output '{algorithm}.csv'.")
        }
    }

    /// The parameters of the algorithm at a place.
    func parameters(at place: Int) -> [String: String] { parameters[place] }

    /// Whether some algorithm makes use of weights.
    var usesWeights: Bool { algorithms.contains { $0.needs.weights == .required } }

    /// What the algorithms need the graph to be; nil when they do not agree or do not care.
    var neededDirection: Bool? {
        let needs = algorithms.compactMap(\.needs.isDirected)
        guard let first = needs.first, needs.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    /// Whether a parameter that was given names nodes.
    var namesNodes: Bool { !nodeNames.isEmpty }

    /// The names of nodes among the parameters that were given.
    var nodeNames: [String] {
        var names: [String] = []
        for (algorithm, given) in zip(algorithms, parameters) {
            for parameter in algorithm.parameters {
                guard let text = given[parameter.name] else { continue }
                switch parameter.kind {
                case .node: names.append(text)
                case .nodes: names += OptionText.list([text])
                case .pairs:
                    for pair in OptionText.list([text]) {
                        names += pair.utf8.split(separator: 0x3A).map { String(Substring($0)) }
                    }
                default: break
                }
            }
        }
        return names
    }

    /// Hands `name=value` to every algorithm that has the parameter, and `algorithm.name=value` to
    /// that one alone.
    private static func parameters(
        _ texts: [String], _ algorithms: [AlgorithmDescriptor]
    ) throws -> [[String: String]] {
        var result = [[String: String]](repeating: [:], count: algorithms.count)
        for text in texts {
            guard let equals = text.utf8.firstIndex(of: 0x3D), equals != text.utf8.startIndex
            else { throw RunCommand.usage("'\(text)' is no parameter. Write --param name=value.") }
            let name = String(text[..<equals])
            let value = String(text[text.utf8.index(after: equals)...])
            let takers = algorithms.indices.filter { place in
                has(algorithms[place], name)
            }
            if let (place, own) = scoped(name, algorithms) {
                result[place][own] = value
            } else if takers.isEmpty {
                // The algorithm itself says best that it has no such parameter.
                guard algorithms.count > 1 else {
                    result[0][name] = value
                    continue
                }
                let names = algorithms.flatMap { $0.parameters.map(\.name) }
                throw RunCommand.usage(
                    "None of the algorithms has a parameter '\(name)'."
                        + NearMiss.hint(for: name, among: names))
            } else {
                for place in takers { result[place][name] = value }
            }
        }
        return result
    }

    private static func has(_ algorithm: AlgorithmDescriptor, _ name: String) -> Bool {
        algorithm.parameters.contains { UTF8Order.equal($0.name, name) }
    }

    private static func scoped(
        _ name: String, _ algorithms: [AlgorithmDescriptor]
    ) -> (place: Int, name: String)? {
        for (place, algorithm) in algorithms.enumerated() {
            let prefix = algorithm.name + "."
            guard name.utf8.starts(with: prefix.utf8) else { continue }
            return (place, String(Substring(name.utf8.dropFirst(prefix.utf8.count))))
        }
        return nil
    }
}
