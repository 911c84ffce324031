import PropertyGraph

/// What the RDF files of an import say, sorted into nodes and edges.
///
/// Statements about one node may stand anywhere, so they are gathered by subject in temporary
/// files. Memory holds each IRI once, names, and twelve bytes for each reified edge.
final class TripleStore {
    /// What one triple says of two resources; in RDF it cannot be said twice.
    fileprivate struct Spoke: Hashable {
        var source: UInt32
        var type: UInt32
        var target: UInt32
    }

    private enum FactKind: UInt64 { case label, value, subject, predicate, object, statement }

    private let options: RDFOptions
    private var resources = ByteStringTable()
    /// Whether an edge begins or ends at a resource.
    private var hasEdges: [Bool] = []
    private var names: [String] = []
    private var numbers: [[UInt8]: UInt32] = [:]
    private let facts: FactSpool
    private let edges: RowSpool
    private let statements: RowSpool
    private var reified: Set<Spoke> = []
    private var starts: [Int: Range<Int>] = [:]
    /// The file whose places hold nodes and reified edges.
    private(set) var firstFile: Int?
    private(set) var statementsLeftOut = 0
    private(set) var mixedLists = 0

    init(_ options: RDFOptions) throws(FormatError) {
        self.options = options
        facts = try FactSpool()
        edges = try RowSpool()
        statements = try RowSpool()
    }

    // MARK: Taking

    /// The triples of a file come next.
    func begin(file: Int) {
        if firstFile == nil { firstFile = file }
        starts[file] = edges.end..<edges.end
    }

    /// The triples of a file are all there.
    func end(file: Int) {
        if let start = starts[file]?.lowerBound { starts[file] = start..<edges.end }
    }

    /// Takes the next statements of a stream; returns what was wrong with some, nil at the end.
    ///
    /// - Throws: what reading cannot go on from.
    func take(upTo count: Int, from stream: TripleStream) throws(FormatError) -> RecordBatch? {
        var batch = RecordBatch()
        for _ in 0..<count {
            var found: [Triple] = []
            do throws(FormatError) {
                guard let triples = try stream.next() else {
                    return batch.problems.isEmpty ? nil : batch
                }
                found = triples
            } catch {
                if error.code != .malformed { throw error }
                batch.problems.append(error)
            }
            for triple in found {
                do throws(FormatError) {
                    try add(triple)
                } catch {
                    if error.line == nil { throw error }
                    batch.problems.append(error)
                }
            }
        }
        return batch
    }

    /// Takes a triple.
    func add(_ triple: Triple) throws(FormatError) {
        let subject = try number(of: triple.subject)
        switch triple.object {
        case .literal(let text, let datatype, let language):
            try addLiteral(subject, triple, text, datatype, language)
        case .resource(let object):
            switch triple.predicate {
            case let predicate where UTF8Order.equal(predicate, RDFTerm.type):
                guard case .iri(let iri) = object else { break }
                if UTF8Order.equal(iri, RDFTerm.resource) { return }
                let isStatement = UTF8Order.equal(iri, RDFTerm.statement)
                return try addFact(
                    subject, isStatement ? .statement : .label, RDFTerm.name(of: iri, options),
                    triple.line, [])
            case let predicate where UTF8Order.equal(predicate, RDFTerm.predicate):
                guard case .iri(let iri) = object else { break }
                return try addFact(
                    subject, .predicate, RDFTerm.name(of: iri, options), triple.line, [])
            case let predicate
            where UTF8Order.equal(predicate, RDFTerm.subject)
                || UTF8Order.equal(predicate, RDFTerm.object):
                let end = try number(of: object)
                var payload: [UInt8] = []
                FactBytes.append(UInt64(end), to: &payload)
                let isSubject = UTF8Order.equal(predicate, RDFTerm.subject)
                return try addFact(
                    subject, isSubject ? .subject : .object, "", triple.line, payload)
            default: break
            }
            let end = try number(of: object)
            hasEdges[Int(subject)] = true
            hasEdges[Int(end)] = true
            let type = number(ofName: RDFTerm.name(of: triple.predicate, options))
            try edges.add([UInt64(subject), UInt64(type), UInt64(end), UInt64(triple.line)])
        }
    }

    private func addLiteral(
        _ subject: UInt32, _ triple: Triple, _ text: String, _ datatype: String?,
        _ language: String?
    ) throws(FormatError) {
        var name = RDFTerm.name(of: triple.predicate, options)
        if let language { name += "@\(language)" }
        let value: PropertyValue
        do throws(ValueFailure) {
            value = try RDFLiteral.value(text, datatype: datatype)
        } catch {
            throw FormatError(
                error.code, "\(name.prefix(40)): \(error.message)", line: triple.line)
        }
        try addFact(subject, .value, name, triple.line, RDFLiteral.json(value))
    }

    private func addFact(
        _ subject: UInt32, _ kind: FactKind, _ name: String, _ line: Int, _ payload: [UInt8]
    ) throws(FormatError) {
        var fact: [UInt8] = []
        FactBytes.append(kind.rawValue, to: &fact)
        FactBytes.append(UInt64(number(ofName: name)), to: &fact)
        FactBytes.append(UInt64(line), to: &fact)
        fact += payload
        try facts.add(subject, fact)
    }

    /// The number of a resource; blank nodes are kept with a blank in front, which no IRI has.
    private func number(of resource: Triple.Resource) throws(FormatError) -> UInt32 {
        var bytes: [UInt8]
        switch resource {
        case .iri(let iri): bytes = Array(iri.utf8)
        case .blank(let label): bytes = [0x20] + label.utf8
        }
        let hash = ByteHash.hash(bytes.span, bytes.indices)
        guard let found = resources.intern(bytes.span, bytes.indices, hash: hash) else {
            throw FormatError(.limitExceeded, "The files name more than 2^32 − 1 resources.")
        }
        if found.isNew { hasEdges.append(false) }
        return found.index
    }

    private func number(ofName name: String) -> UInt32 {
        let key = Array(name.utf8)
        if let number = numbers[key] { return number }
        let number = UInt32(truncatingIfNeeded: names.count)
        numbers[key] = number
        names.append(name)
        return number
    }

    // MARK: Giving

    /// What is known of one resource.
    struct Node {
        var number: UInt32
        var line: Int
        var labels: Set<Label>
        var properties: [PropertyKey: PropertyValue]
    }

    /// How many groups of nodes there are.
    var groupCount: Int { FactSpool.groupCount(resources.count) }

    /// The nodes of a group; statements that are edges are set aside.
    func nodes(ofGroup group: Int) throws(FormatError) -> [Node] {
        let (first, facts) = try facts.facts(ofGroup: group, subjects: resources.count)
        var nodes: [Node] = []
        for (offset, own) in facts.enumerated() {
            if let node = try node(UInt32(truncatingIfNeeded: first + offset), own) {
                nodes.append(node)
            }
        }
        return nodes
    }

    /// The node of a resource; nil when it is the statement of an edge.
    private func node(_ number: UInt32, _ facts: [[UInt8]]) throws(FormatError) -> Node? {
        var node = Node(number: number, line: 1, labels: [], properties: [:])
        var values: [UInt32: [(json: [UInt8], value: PropertyValue)]] = [:]
        var ends: [FactKind: UInt32] = [:]
        for (place, fact) in facts.enumerated() {
            var index = 0
            guard let kind = FactKind(rawValue: try FactBytes.take(fact, &index)) else {
                throw FactBytes.damaged
            }
            let name = UInt32(truncatingIfNeeded: try FactBytes.take(fact, &index))
            let line = Int(truncatingIfNeeded: try FactBytes.take(fact, &index))
            if place == 0 { node.line = line }
            switch kind {
            case .label: node.labels.insert(Label(names[Int(name)]))
            case .value:
                let json = Array(fact[index...])
                if values[name]?.contains(where: { $0.json == json }) == true { continue }
                var position = 0
                let found = try? JSONPropertyReader.value(json.span, &position, depth: 4)
                guard let value = found ?? nil else { throw FactBytes.damaged }
                values[name, default: []].append((json, value))
            case .predicate: ends[kind] = name
            case .statement: ends[kind] = name
            case .subject, .object:
                ends[kind] = UInt32(truncatingIfNeeded: try FactBytes.take(fact, &index))
            }
        }
        for (name, found) in values {
            node.properties[PropertyKey(names[Int(name)])] = merged(found.map(\.value))
        }
        if let source = ends[.subject], let type = ends[.predicate], let target = ends[.object] {
            if !hasEdges[Int(number)], ends[.statement] != nil, node.labels.isEmpty {
                try setAside(Spoke(source: source, type: type, target: target), node)
                return nil
            }
            statementsLeftOut += 1
        }
        if let statement = ends[.statement] { node.labels.insert(Label(names[Int(statement)])) }
        let bytes = resources.range(Int(number))
        if resources.bytes[bytes.lowerBound] != 0x20 {
            node.properties[RDFOptions.iriKey] = .string(
                String(decoding: resources.bytes[bytes], as: UTF8.self))
        }
        return node
    }

    private func setAside(_ spoke: Spoke, _ node: Node) throws(FormatError) {
        reified.insert(spoke)
        var json: [UInt8] = [0x7B]
        for (place, entry) in node.properties.sorted(by: { $0.key < $1.key }).enumerated() {
            if place > 0 { json.append(0x2C) }
            JSONWriter.append(entry.key.name, to: &json)
            json.append(0x3A)
            JSONWriter.append(entry.value, to: &json)
        }
        json.append(0x7D)
        try statements.add(
            [UInt64(spoke.source), UInt64(spoke.type), UInt64(spoke.target), UInt64(node.line)],
            json)
    }

    /// Several values of one name: a list where they are of one kind, else of their texts.
    private func merged(_ values: [PropertyValue]) -> PropertyValue {
        guard values.count > 1 else { return values.first ?? .list([]) }
        let list = PropertyValue.list(values)
        if list.isStorable { return list }
        let numbers = values.compactMap(\.doubleValue)
        if numbers.count == values.count { return .list(numbers.map { .double($0) }) }
        mixedLists += 1
        return .list(values.map { .string(ValueText.text($0)) })
    }

    /// An edge, and the line that says it.
    struct Edge {
        var source: UInt32
        var target: UInt32
        var type: EdgeType
        var line: Int
        var properties: [(key: PropertyKey, value: PropertyValue?)]
    }

    /// Gives the plain edges of a file, then, for the first file, those with statements.
    struct Edges {
        fileprivate let store: TripleStore
        fileprivate var plain: RowSpool.Reader
        fileprivate var reified: RowSpool.Reader?

        /// The next edge; nil at the end.
        mutating func next() throws(FormatError) -> Edge? {
            while let row = try plain.next() {
                let spoke = store.spoke(row.numbers)
                // Its statements say it too, each as an edge of its own.
                if store.reified.contains(spoke) { continue }
                return store.edge(spoke, row.numbers, [])
            }
            guard let row = try reified?.next() else { return nil }
            var index = 0
            let properties = try? JSONPropertyReader.properties(
                row.payload.span, &index, depth: 8)
            guard let properties else { throw FactBytes.damaged }
            return store.edge(store.spoke(row.numbers), row.numbers, properties)
        }
    }

    /// The edges of a file; ask after all nodes were given.
    func edges(ofFile file: Int) throws(FormatError) -> Edges {
        let range = starts[file] ?? 0..<0
        return Edges(
            store: self,
            plain: try edges.reader(from: range.lowerBound, to: range.upperBound, width: 4),
            reified: file == firstFile
                ? try statements.reader(from: 0, to: statements.end, width: 4) : nil)
    }

    fileprivate func spoke(_ numbers: [UInt64]) -> Spoke {
        Spoke(
            source: UInt32(truncatingIfNeeded: numbers[0]),
            type: UInt32(truncatingIfNeeded: numbers[1]),
            target: UInt32(truncatingIfNeeded: numbers[2]))
    }

    fileprivate func edge(
        _ spoke: Spoke, _ numbers: [UInt64],
        _ properties: [(key: PropertyKey, value: PropertyValue?)]
    ) -> Edge {
        Edge(
            source: spoke.source, target: spoke.target, type: EdgeType(names[Int(spoke.type)]),
            line: Int(truncatingIfNeeded: numbers[3]), properties: properties)
    }
}
