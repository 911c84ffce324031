import GraphAlgorithms
import PropertyGraph

/// What a `run` command line asks for, read and checked before anything is loaded.
struct RunRequest {
    /// The algorithms, in the order given.
    let algorithms: [AlgorithmDescriptor]
    /// Parameters by algorithm.
    private let parameters: [[String: String]]
    /// What becomes properties of nodes, by algorithm.
    private let targets: [[WriteTarget]]
    /// Where random choices start.
    let seed: UInt64
    /// How many rows to show; nil for the habit of the format.
    let top: Int?
    /// Where rows are written; `{algorithm}` stands for the name.
    let output: String?
    /// How they are written there.
    let rowFormat: RowWriter.Format
    /// Whether times are told.
    let showsTimings: Bool

    /// - Parameters:
    ///   - names: The algorithms, joined by commas.
    ///   - texts: Parameters as `name=value`.
    ///   - format: The format that was asked for; nil when none was.
    init(
        _ names: String?, _ texts: [String], _ settings: RunSettings, format: OutputFormat?
    ) throws {
        guard let names else {
            throw RunCommand.usage(
                "No algorithm was named. 'cairn run --list' shows what there is.")
        }
        algorithms = try Self.algorithms(names)
        let (parameters, seed) = try Self.parameters(texts, algorithms)
        self.parameters = parameters
        self.seed = seed ?? settings.seed
        targets = try WriteTarget.read(settings.write, algorithms)
        top = settings.top
        output = settings.output
        let writesRows = algorithms.contains { $0.documentEnding == nil }
        rowFormat =
            try settings.output.flatMap { path in
                writesRows ? try RowWriter.Format(path: path, format: format) : nil
            } ?? .csv
        showsTimings = settings.timings
        for (algorithm, given) in zip(algorithms, parameters) {
            try algorithm.check(parameters: given)
        }
        if algorithms.count > 1, let output, !output.contains("{algorithm}") {
            throw RunCommand.usage(
                "Several algorithms cannot write one file. Put {algorithm} into the name: "
                    + "--output '{algorithm}.csv'.")
        }
    }

    private static func algorithms(_ names: String) throws -> [AlgorithmDescriptor] {
        var algorithms: [AlgorithmDescriptor] = []
        for text in OptionText.list([names]) {
            // `pagerank, louvain` in quotes is meant as it reads.
            let name = String(decoding: text.utf8.split(separator: 0x20).joined(), as: UTF8.self)
            do {
                algorithms.append(try AlgorithmCatalog.descriptor(named: name))
            } catch {
                guard SystemCalls.kind(name) == .nothing else {
                    throw RunCommand.usage(
                        "'\(name)' is no algorithm but lies on the disk. The algorithm comes first: "
                            + "cairn run pagerank \(name).")
                }
                throw CommandError.usage(error.message, help: "cairn run --list")
            }
        }
        guard !algorithms.isEmpty else { throw RunCommand.usage("No algorithm was named.") }
        return algorithms
    }

    /// The parameters of the algorithm at a place.
    func parameters(at place: Int) -> [String: String] { parameters[place] }

    /// What the algorithm at a place writes into nodes.
    func targets(at place: Int) -> [WriteTarget] { targets[place] }

    /// Whether anything is written into nodes.
    var writes: Bool { targets.contains { !$0.isEmpty } }

    /// The properties that are written.
    var writtenProperties: [PropertyKey] { targets.flatMap { $0.map(\.property) } }

    /// Whether edges have a direction: as the options say, else as the algorithms need it.
    ///
    /// - Throws: A sentence about an algorithm that wants it otherwise.
    func isDirected(_ options: GraphOptions) throws -> Bool {
        let wantsDirected = algorithms.first { $0.needs.isDirected == true }
        let wantsUndirected = algorithms.first { $0.needs.isDirected == false }
        if let wantsDirected, let wantsUndirected {
            throw RunCommand.usage(
                "\(wantsDirected.name) needs a directed graph and \(wantsUndirected.name) an "
                    + "undirected one, so they cannot share a load. Run them one by one.")
        }
        if options.undirected, let wantsDirected {
            throw RunCommand.usage(
                "\(wantsDirected.name) needs a directed graph. Leave --undirected out.")
        }
        if options.directed, let wantsUndirected {
            throw RunCommand.usage(
                "\(wantsUndirected.name) needs an undirected graph. Leave --directed out.")
        }
        if let wantsUndirected, !options.undirected,
            let other = algorithms.first(where: { $0.needs.isDirected == nil })
        {
            // One would change the other's answer without a word.
            throw RunCommand.usage(
                "\(wantsUndirected.name) needs an undirected graph, and \(other.name) takes edges as "
                    + "directed unless told otherwise. Add --undirected for all of them, or run them "
                    + "apart.")
        }
        return options.directed || (!options.undirected && wantsUndirected == nil)
    }

    /// Refuses a graph without weights where an algorithm cannot do without.
    func checkWeights(_ options: GraphOptions, _ source: GraphSource) throws {
        guard let algorithm = algorithms.first(where: { $0.needs.weights == .required }) else {
            return
        }
        switch source {
        case .file(let path) where !options.weighted && !path.hasSuffix(".mtx"):
            throw RunCommand.usage(
                "\(algorithm.name) needs weights. Pass --weighted to read the third column.")
        case .database where options.weight == nil:
            throw RunCommand.usage(
                "\(algorithm.name) needs weights. Name the property that holds them: --weight KEY.")
        default: return
        }
    }

    /// Refuses tables one behind the other on standard output, where nothing tells them apart.
    func checkFormat(_ format: OutputFormat) throws {
        guard algorithms.count > 1, output == nil, format == .csv || format == .plain else {
            return
        }
        throw RunCommand.usage(
            "Several algorithms print several tables, and nothing would tell them apart. Write a "
                + "file for each: --output '{algorithm}.csv'; or print an object for each: --json.")
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

    /// The node columns that the algorithms read, each once.
    var columnNames: [String] { named { $0.nodeColumns(parameters: $1) } }

    /// The files or properties that hold the groups of nodes, each once.
    var groupNames: [String] { named { $0.texts(of: .column, in: $1) } }

    /// What the files hold that parameters name, by the bytes of their paths.
    func readFiles() throws -> [[UInt8]: [UInt8]] {
        var files: [[UInt8]: [UInt8]] = [:]
        for path in named({ $0.texts(of: .file, in: $1) }) {
            switch SystemCalls.readFile(path, atMost: Self.mostFileBytes) {
            case .success(let bytes): files[Array(path.utf8)] = bytes
            case .failure(let error):
                throw CommandError.failure("Cannot read '\(path)': \(error.text).")
            }
        }
        return files
    }

    private static let mostFileBytes = 1 << 36

    private func named(
        _ names: (AlgorithmDescriptor, [String: String]) -> [String]
    ) -> [String] {
        var result: [String] = []
        for (algorithm, given) in zip(algorithms, parameters) {
            for name in names(algorithm, given)
            where !result.contains(where: { UTF8Order.equal($0, name) }) { result.append(name) }
        }
        return result
    }

    /// Hands `name=value` to every algorithm that has the parameter, and `algorithm.name=value` to
    /// that one alone. A seed is for all, also those that make no random choice.
    private static func parameters(
        _ texts: [String], _ algorithms: [AlgorithmDescriptor]
    ) throws -> (parameters: [[String: String]], seed: UInt64?) {
        var result = [[String: String]](repeating: [:], count: algorithms.count)
        // What is for one algorithm alone stands above what is for all that take it.
        var own = result
        var seed: UInt64?
        var given: Set<PropertyKey> = []
        for text in texts {
            guard let equals = text.utf8.firstIndex(of: 0x3D), equals != text.utf8.startIndex
            else { throw RunCommand.usage("'\(text)' is no parameter. Write --param name=value.") }
            let name = String(text[..<equals])
            let value = String(text[text.utf8.index(after: equals)...])
            guard given.insert(PropertyKey(name)).inserted else {
                throw RunCommand.usage(
                    "The parameter '\(name)' is given twice. Give it once; several nodes or pairs "
                        + "are joined by commas.")
            }
            let takers = algorithms.indices.filter { place in
                has(algorithms[place], name)
            }
            let scoped = scoped(name, algorithms)
            if !scoped.isEmpty {
                for (place, name) in scoped { own[place][name] = value }
            } else if UTF8Order.equal(name, "seed"), takers.isEmpty {
                guard let number = UInt64(value) else {
                    throw RunCommand.usage(
                        "The parameter 'seed' is '\(value)'. Give a whole number of 0 or more.")
                }
                seed = number
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
        for place in result.indices { result[place].merge(own[place]) { $1 } }
        return (result, seed)
    }

    private static func has(_ algorithm: AlgorithmDescriptor, _ name: String) -> Bool {
        algorithm.parameters.contains { UTF8Order.equal($0.name, name) }
    }

    /// Of `pagerank.damping` the places of the algorithm, which may be named twice, and the parameter.
    private static func scoped(
        _ name: String, _ algorithms: [AlgorithmDescriptor]
    ) -> [(place: Int, name: String)] {
        algorithms.enumerated().compactMap { place, algorithm in
            let prefix = algorithm.name + "."
            guard name.utf8.starts(with: prefix.utf8) else { return nil }
            return (place, String(Substring(name.utf8.dropFirst(prefix.utf8.count))))
        }
    }
}

extension AlgorithmDescriptor {
    /// The texts of the parameters of a kind that were given.
    fileprivate func texts(
        of kind: ParameterDescriptor.Kind, in given: [String: String]
    ) -> [String] {
        parameters.filter { $0.kind == kind }.compactMap { given[$0.name] }
    }
}
