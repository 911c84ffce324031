import PropertyGraph

/// The parameters of one run, read and checked.
public struct ParameterValues: Sendable {
    private enum Value: Sendable {
        case integer(Int)
        case number(Double)
        case boolean(Bool)
        case nodes([NamedNode])
        case pairs([(NamedNode, NamedNode)])
        case word(String)
        case file(NamedFile)
    }

    /// What a file that a parameter names holds.
    struct NamedFile: Sendable {
        /// Its path as given.
        let path: String
        let bytes: [UInt8]
    }

    /// Reads the file at a path.
    typealias FileReading = (String) throws(AlgorithmError) -> [UInt8]

    /// A node and the text it was asked for by.
    public struct NamedNode: Hashable, Sendable {
        /// The text as given.
        public let text: String
        /// The dense index.
        public let index: UInt32
    }

    private var values: [String: Value] = [:]
    private let algorithm: String

    /// Reads texts by the rules of their descriptors.
    init(
        texts: [String: String], descriptors: [ParameterDescriptor], algorithm: String,
        resolve: (String) -> UInt32?, readFile: FileReading? = nil
    ) throws(AlgorithmError) {
        self.algorithm = algorithm
        // Ascending, so that of several mistakes the same one is always reported.
        for name in texts.keys.sorted(by: UTF8Order.precedes)
        where !descriptors.contains(where: { UTF8Order.equal($0.name, name) }) {
            throw Self.unknown(name, descriptors, algorithm)
        }
        for descriptor in descriptors where texts[descriptor.name] != nil {
            guard let other = descriptor.excluded, texts[other] != nil else { continue }
            throw AlgorithmError(
                .invalidParameter,
                "The parameters '\(descriptor.name)' and '\(other)' exclude each other. "
                    + "Leave one of them out.")
        }
        for descriptor in descriptors {
            guard let text = texts[descriptor.name] ?? descriptor.defaultValue else {
                if descriptor.isRequired {
                    throw AlgorithmError(
                        .missingParameter,
                        "Cannot run \(algorithm): the parameter '\(descriptor.name)' is missing. "
                            + "Give `\(descriptor.name)=…`: \(descriptor.help)")
                }
                continue
            }
            values[descriptor.name] = try Self.read(text, descriptor, algorithm, resolve, readFile)
        }
    }

    private static func unknown(
        _ name: String, _ descriptors: [ParameterDescriptor], _ algorithm: String
    ) -> AlgorithmError {
        let names = descriptors.map(\.name)
        var advice: String
        if let near = NearMiss.best(for: name, among: names) {
            advice = "Did you mean '\(near)'?"
        } else if names.isEmpty {
            advice = "It takes no parameters."
        } else {
            advice = "It takes: \(names.joined(separator: ", "))."
        }
        advice = "The algorithm \(algorithm) has no parameter '\(name)'. " + advice
        return AlgorithmError(.unknownParameter, advice)
    }

    private static func read(
        _ text: String, _ descriptor: ParameterDescriptor, _ algorithm: String,
        _ resolve: (String) -> UInt32?, _ readFile: FileReading?
    ) throws(AlgorithmError) -> Value {
        switch descriptor.kind {
        case .integer(let range):
            guard let value = Int(text) else { throw invalid(text, descriptor, "a whole number") }
            try range.check(Double(value), name: descriptor.name)
            return .integer(value)
        case .number(let range):
            guard let value = Double(text), !value.isNaN else {
                throw invalid(text, descriptor, "a number")
            }
            try range.check(value, name: descriptor.name)
            return .number(value)
        case .boolean:
            if UTF8Order.equal(text, "true") { return .boolean(true) }
            if UTF8Order.equal(text, "false") { return .boolean(false) }
            throw invalid(text, descriptor, "true or false")
        case .choice(let words):
            guard let word = words.first(where: { UTF8Order.equal($0, text) }) else {
                throw invalid(text, descriptor, "one of \(words.joined(separator: ", "))")
            }
            return .word(word)
        case .column: return .word(text)
        case .file:
            guard let readFile else {
                throw AlgorithmError(
                    .invalidParameter,
                    "Cannot run \(algorithm): the parameter '\(descriptor.name)' names a file, and "
                        + "files are read by `cairn run` alone. Leave the parameter out.")
            }
            return .file(NamedFile(path: text, bytes: try readFile(text)))
        case .node:
            return .nodes([try node(text[...], descriptor, algorithm, resolve)])
        case .nodes:
            var nodes: [NamedNode] = []
            for part in split(text[...], at: ",") {
                nodes.append(try node(part, descriptor, algorithm, resolve))
            }
            return .nodes(nodes)
        case .pairs:
            var pairs: [(NamedNode, NamedNode)] = []
            for part in split(text[...], at: ",") {
                let ends = split(part, at: ":")
                guard ends.count == 2 else {
                    throw invalid(text, descriptor, "pairs like 1:9,2:7")
                }
                pairs.append(
                    (
                        try node(ends[0], descriptor, algorithm, resolve),
                        try node(ends[1], descriptor, algorithm, resolve)
                    ))
            }
            return .pairs(pairs)
        }
    }

    private static func node(
        _ text: Substring, _ descriptor: ParameterDescriptor, _ algorithm: String,
        _ resolve: (String) -> UInt32?
    ) throws(AlgorithmError) -> NamedNode {
        let name = String(text)
        guard let index = resolve(name) else {
            throw AlgorithmError(
                .nodeNotFound,
                "Cannot run \(algorithm): the graph has no node '\(name)', named by the parameter "
                    + "'\(descriptor.name)'. Give the id or key of a node that was projected.")
        }
        return NamedNode(text: name, index: index)
    }

    private static func invalid(
        _ text: String, _ descriptor: ParameterDescriptor, _ expected: String
    ) -> AlgorithmError {
        let range = descriptor.range.map { " in \($0)" } ?? ""
        return AlgorithmError(
            .invalidParameter,
            "The parameter '\(descriptor.name)' is '\(text)'. Give \(expected)"
                + (descriptor.kind.name == "number" || descriptor.kind.name == "integer"
                    ? range : "") + ".")
    }

    /// Splits by bytes: a comma followed by a combining mark is still a comma.
    private static func split(_ text: Substring, at separator: Unicode.Scalar) -> [Substring] {
        let byte = UInt8(truncatingIfNeeded: separator.value)
        return text.utf8.split(separator: byte, omittingEmptySubsequences: false)
            .map { Substring($0) }
    }
}

extension ParameterValues {
    /// The value of an integer parameter; nil when not given.
    public func integer(_ name: String) -> Int? {
        guard case .integer(let value) = values[name] else { return nil }
        return value
    }

    /// The value of a number parameter; nil when not given.
    public func number(_ name: String) -> Double? {
        guard case .number(let value) = values[name] else { return nil }
        return value
    }

    /// The value of a boolean parameter; false when not given.
    public func boolean(_ name: String) -> Bool {
        guard case .boolean(let value) = values[name] else { return false }
        return value
    }

    /// The value of a choice parameter, or the name that a column parameter gives; nil when not
    /// given.
    public func word(_ name: String) -> String? {
        guard case .word(let value) = values[name] else { return nil }
        return value
    }

    /// The file of a file parameter; nil when not given.
    func file(_ name: String) -> NamedFile? {
        guard case .file(let file) = values[name] else { return nil }
        return file
    }

    /// The nodes of a node or nodes parameter; none when not given.
    public func nodes(_ name: String) -> [NamedNode] {
        guard case .nodes(let nodes) = values[name] else { return [] }
        return nodes
    }

    /// The pairs of a pairs parameter; none when not given.
    public func pairs(_ name: String) -> [(source: NamedNode, target: NamedNode)] {
        guard case .pairs(let pairs) = values[name] else { return [] }
        return pairs.map { (source: $0.0, target: $0.1) }
    }

    /// The nodes of `source` and `sources` together, each once, where it is named first: columns are
    /// called after them.
    ///
    /// - Throws: `.missingParameter` when neither was given.
    public func sourceNodes() throws(AlgorithmError) -> [NamedNode] {
        var seen: Set<UInt32> = []
        let sources = (nodes("source") + nodes("sources")).filter { seen.insert($0.index).inserted }
        guard !sources.isEmpty else {
            throw AlgorithmError(
                .missingParameter,
                "Cannot run \(algorithm): it does not know where to start. "
                    + "Give `source=ID` or `sources=ID,ID`.")
        }
        return sources
    }
}
