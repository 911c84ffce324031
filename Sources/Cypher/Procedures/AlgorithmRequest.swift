internal import GraphAlgorithms
internal import GraphStore
internal import PropertyGraph

/// The configuration map of an `algo.*` procedure: `labels`, `types`, `direction`, `weight` and so
/// on name the projection, the rest are parameters of the kernel.
struct AlgorithmRequest {
    private let name: String
    private let descriptor: AlgorithmDescriptor
    private var configuration: ProcedureConfiguration
    private var projection: GraphStore.Projection
    private let key: PropertyKey?
    private let threads: Int
    private let seed: UInt64
    /// The ids of the nodes that searches start from, as the kernel names columns after them.
    private(set) var sources: [String] = []

    init(
        _ call: ProcedureArguments, _ descriptor: AlgorithmDescriptor, _ name: String
    ) throws {
        self.name = name
        self.descriptor = descriptor
        var configuration = try ProcedureConfiguration(call["configuration"], of: name)
        let direction = try configuration.string("direction")
        let isKernelParameter = { (name: String) in
            descriptor.parameters.contains { UTF8Order.equal($0.name, name) }
        }
        projection = GraphStore.Projection(
            labels: try configuration.strings("labels")?.map { Label($0) },
            types: try configuration.strings("types")?.map { EdgeType($0) },
            direction: try Self.direction(direction, descriptor, name),
            weight: try configuration.string("weight").map { PropertyKey($0) },
            defaultWeight: try configuration.number("defaultWeight") ?? 1,
            isSimple: try configuration.boolean("simple") ?? false)
        key = try configuration.string("key").map { PropertyKey($0) }
        if let key { projection.nodeProperties = [key] }
        threads = isKernelParameter("threads") ? 0 : try configuration.integer("threads") ?? 0
        seed =
            isKernelParameter("seed")
            ? 0 : UInt64(clamping: try configuration.integer("seed") ?? 0)
        self.configuration = configuration
    }

    private static func direction(
        _ word: String?, _ descriptor: AlgorithmDescriptor, _ name: String
    ) throws -> GraphStore.Projection.Direction {
        switch word?.lowercased() {
        case nil: return descriptor.needs.isDirected == false ? .undirected : .natural
        case "natural", "outgoing": return .natural
        case "reversed", "incoming": return .reversed
        case "undirected", "both": return .undirected
        default:
            throw ProcedureFailure.argument(
                "`direction` in the configuration of \(name) is 'natural', 'reversed' or "
                    + "'undirected'.")
        }
    }

    /// The columns to keep, each with the key of its property: `write: 'rank'` or
    /// `write: {column: 'key'}`.
    mutating func written(
        _ descriptor: AlgorithmDescriptor
    ) throws -> [(column: String, key: PropertyKey)] {
        switch configuration.take("write") {
        case .string(let key)?:
            return descriptor.columns.prefix(1).map { ($0.name, PropertyKey(key)) }
        case .map(let map)?:
            return try map.sorted { UTF8Order.precedes($0.key, $1.key) }.map { entry in
                guard descriptor.columns.contains(where: { UTF8Order.equal($0.name, entry.key) })
                else {
                    throw ProcedureFailure.argument(
                        "\(name) has no column `\(entry.key)`. It has "
                            + "\(descriptor.columns.map(\.name).joined(separator: ", ")).")
                }
                guard case .string(let key) = entry.value else {
                    throw configuration.wrong("write", "a map from columns to property keys")
                }
                return (entry.key, PropertyKey(key))
            }
        default:
            throw configuration.wrong(
                "write", "the key of a property, or a map from columns to keys")
        }
    }

    /// Projects the graph and runs the kernel.
    mutating func run<T: GraphReading & ~Copyable>(
        on transaction: borrowing T, _ call: ProcedureArguments
    ) throws -> (CSRGraph, AlgorithmOutput) {
        addColumns()
        try call.reserve(try bytes(on: transaction), for: "The projection of \(name)")
        let graph = try project(transaction, call)
        var texts: [String: String] = [:]
        for entry in configuration.rest {
            let kind = descriptor.parameters.first { UTF8Order.equal($0.name, entry.key) }?.kind
            let text = try text(entry.value, entry.key, kind, graph)
            texts[entry.key] = text
            if entry.key == "source" || entry.key == "sources" {
                sources += text.split(separator: ",").map(String.init)
            }
        }
        let options = RunOptions(threads: threads, seed: seed, isCancelled: call.isCancelled)
        return (graph, try descriptor.run(on: graph, parameters: texts, options: options))
    }

    /// Projects the graph; a query that is stopped meanwhile ends as one whose kernel is stopped.
    private func project<T: GraphReading & ~Copyable>(
        _ transaction: borrowing T, _ call: ProcedureArguments
    ) throws -> CSRGraph {
        do {
            return try transaction.projection(
                projection, hooks: ProjectionHooks(isCancelled: call.isCancelled))
        } catch let error as GraphStoreError where error.code == .cancelled {
            throw AlgorithmError(.cancelled, error.message, cause: error)
        }
    }

    /// Projects the properties too that the kernel reads from columns.
    private mutating func addColumns() {
        var texts: [String: String] = [:]
        for entry in configuration.rest {
            guard case .string(let text) = entry.value else { continue }
            texts[entry.key] = text
        }
        for name in descriptor.nodeColumns(parameters: texts) {
            let key = PropertyKey(name)
            if !projection.nodeProperties.contains(key) { projection.nodeProperties.append(key) }
        }
    }

    /// About what the projection takes while it is made: rows of both directions, the edges before
    /// they are sorted, and a few numbers for each node, as kernels keep.
    private func bytes<T: GraphReading & ~Copyable>(on transaction: borrowing T) throws -> Int {
        var nodes = 0
        var edges = 0
        for label in projection.labels.map({ $0.map(Optional.some) }) ?? [nil] {
            nodes += try transaction.nodeCount(label: label)
        }
        for type in projection.types.map({ $0.map(Optional.some) }) ?? [nil] {
            edges += try transaction.edgeCount(type: type)
        }
        if let labels = projection.labels, let types = projection.types {
            // No more edges than leave the nodes.
            var leaving = 0
            for label in labels {
                for type in types {
                    leaving += try transaction.edgeCount(type: type, label: label, .outgoing)
                }
            }
            edges = min(edges, leaving)
        }
        let weight = projection.weight == nil ? 0 : 8
        return nodes * (48 + 16 * projection.nodeProperties.count) + edges * (24 + 3 * weight)
    }

    private func text(
        _ value: CypherValue, _ key: String, _ kind: ParameterDescriptor.Kind?, _ graph: CSRGraph
    ) throws -> String {
        switch kind {
        case .node?: return try node(value, key, graph)
        case .nodes?:
            guard case .list(let elements) = value else { return try node(value, key, graph) }
            return try elements.map { try node($0, key, graph) }.joined(separator: ",")
        case .pairs?:
            guard case .list(let pairs) = value else {
                throw configuration.wrong(key, "a list of pairs of nodes")
            }
            return try pairs.map { pair in
                guard case .list(let ends) = pair, ends.count == 2 else {
                    throw configuration.wrong(key, "a list of pairs of nodes")
                }
                return try ends.map { try node($0, key, graph) }.joined(separator: ":")
            }.joined(separator: ",")
        default: break
        }
        switch value {
        case .integer(let number): return "\(number)"
        case .float(let number): return "\(number)"
        case .boolean(let truth): return truth ? "true" : "false"
        case .string(let text): return text
        default: throw configuration.wrong(key, "a number, a string or a truth value")
        }
    }

    /// The id of a node given as a node, as its id, or by the property named `key`.
    private func node(
        _ value: CypherValue, _ name: String, _ graph: CSRGraph
    ) throws -> String {
        if let key {
            guard let column = graph.nodeColumns[key.name] else {
                throw ProcedureFailure.argument("No projected node has the property `\(key.name)`.")
            }
            for row in 0..<graph.nodeCount {
                let isFound: Bool
                switch value {
                case .string(let text):
                    isFound = column.string(at: row).map { UTF8Order.equal($0, text) } ?? false
                case .integer(let number): isFound = column.integer(at: row) == number
                default: isFound = false
                }
                if isFound { return "\(graph.id(of: UInt32(truncatingIfNeeded: row)))" }
            }
        }
        switch value {
        case .node(let node): return "\(node.id.rawValue)"
        case .integer(let id) where key == nil && id >= 0: return "\(id)"
        case .string(let text) where key == nil && UInt64(text) != nil: return text
        default:
            throw ProcedureFailure.argument(
                "`\(name)` in the configuration of \(self.name) names no projected node. Give a "
                    + "node, its id, or the value of the property that `key` names.")
        }
    }
}
