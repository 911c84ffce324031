import GraphStore
import PropertyGraph

/// Writes terms of RDF; Turtle shortens the IRIs of known vocabularies.
private struct RDFWriter {
    let options: RDFOptions
    let isTurtle: Bool
    private var prefixes: [(prefix: String, iri: String)] = []

    init(_ options: RDFOptions, isTurtle: Bool) {
        self.options = options
        self.isTurtle = isTurtle
        guard isTurtle else { return }
        prefixes = [("", options.vocabulary), ("rdf", RDFTerm.rdf), ("xsd", RDFTerm.xsd)]
        prefixes += [
            ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
            ("owl", "http://www.w3.org/2002/07/owl#"),
            ("skos", "http://www.w3.org/2004/02/skos/core#"),
            ("foaf", "http://xmlns.com/foaf/0.1/"), ("dcterms", "http://purl.org/dc/terms/"),
            ("schema", "http://schema.org/"),
        ].filter { _ in options.names == .full }
    }

    /// The lines that declare prefixes.
    var head: String {
        prefixes.map { "@prefix \($0.prefix): <\($0.iri)> .\n" }.joined()
    }

    func iri(_ iri: String) -> String {
        for (prefix, start) in prefixes where iri.utf8.starts(with: start.utf8) {
            let rest = iri.utf8.dropFirst(start.utf8.count)
            let isPlain = rest.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
                default: false
                }
            }
            guard isPlain, let first = rest.first, first > 0x39 else { continue }
            return "\(prefix):\(String(decoding: rest, as: UTF8.self))"
        }
        return "<\(iri)>"
    }

    func name(_ name: String) -> String { iri(RDFTerm.iri(of: name, options)) }

    /// The predicate and the objects of a property.
    func property(_ key: PropertyKey, _ value: PropertyValue) -> (name: String, objects: [String]) {
        var values = [value]
        if case .list(let elements) = value {
            // Several statements are a set in the order of the file; other lists are JSON.
            if elements.count > 1, Set(elements.map(RDFLiteral.json)).count == elements.count {
                values = elements
            }
        }
        if let (plain, tag) = Self.tagged(key.name) {
            let texts = values.compactMap { value -> String? in
                guard case .string(let text) = value, !text.utf8.contains(0) else { return nil }
                return "\(Self.quoted(text))@\(tag)"
            }
            if texts.count == values.count { return (name(plain), texts) }
        }
        return (name(key.name), values.map { literal($0) })
    }

    private func literal(_ value: PropertyValue) -> String {
        let (text, datatype) = RDFLiteral.literal(value)
        return Self.quoted(text) + (datatype.map { "^^\(iri($0))" } ?? "")
    }

    /// A name with a language tag behind it.
    private static func tagged(_ name: String) -> (name: String, tag: String)? {
        guard let mark = name.utf8.lastIndex(of: 0x40), mark != name.utf8.startIndex else {
            return nil
        }
        let tag = name[name.utf8.index(after: mark)...]
        let parts = tag.split(separator: "-", omittingEmptySubsequences: false)
        for (place, part) in parts.enumerated() {
            let fits = part.utf8.allSatisfy { byte in
                switch byte {
                case 0x41...0x5A, 0x61...0x7A: true
                case 0x30...0x39: place > 0
                default: false
                }
            }
            guard fits, !part.isEmpty, part.utf8.count <= 8 else { return nil }
        }
        return (String(name[..<mark]), String(tag))
    }

    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [0x22]
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C: bytes += [0x5C, byte]
            case 0x0A: bytes += [0x5C, 0x6E]
            case 0x0D: bytes += [0x5C, 0x72]
            case 0x09: bytes += [0x5C, 0x74]
            case 0..<0x20, 0x7F:
                bytes +=
                    "\\u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16, uppercase: true))"
                    .utf8
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes + [0x22], as: UTF8.self)
    }

    /// Appends what is said of a subject: in Turtle together, in N-Triples one a line.
    func append(
        _ subject: String, _ facts: [(name: String, objects: [String])], to bytes: inout [UInt8]
    ) {
        guard !facts.isEmpty else { return }
        if isTurtle {
            let parts = facts.map { "\($0.name) \($0.objects.joined(separator: ", "))" }
            bytes.append(contentsOf: "\(subject) \(parts.joined(separator: " ;\n    ")) .\n".utf8)
            return
        }
        for fact in facts {
            for object in fact.objects {
                bytes.append(contentsOf: "\(subject) \(fact.name) \(object) .\n".utf8)
            }
        }
    }
}

extension GraphExporter {
    /// Writes triples; an edge with properties, and each of parallel edges, has a statement of
    /// its own beside its triple (RDF reification).
    func exportRDF(
        _ txn: borrowing ReadTransaction, _ path: String, _ hooks: FormatHooks
    ) throws -> ExportSummary {
        guard RDFTerm.isAbsolute(options.rdf.vocabulary + "x") else {
            throw FormatError(
                .badOption,
                "The vocabulary is no absolute IRI; name one such as "
                    + "http://example.org/terms#.")
        }
        let writer = RDFWriter(options.rdf, isTurtle: options.format == .turtle)
        // Read from the snapshot node by node, since edges know their ends by number only.
        func subject(_ id: NodeID) throws -> String {
            guard let node = try txn.node(id) else { return "_:n\(id)" }
            return self.subject(of: node, writer)
        }
        var source: (id: NodeID, text: String)?
        return try exportFile(
            txn, path, hooks, start: writer.head,
            node: { node, bytes in
                let subject = self.subject(of: node, writer)
                var facts: [(name: String, objects: [String])] = []
                let types = node.labels.map { writer.name($0.name) }
                // Every node is there, and says nothing with this.
                facts.append(
                    (
                        writer.iri(RDFTerm.type),
                        types.isEmpty ? [writer.iri(RDFTerm.resource)] : types
                    ))
                for (key, value) in node.properties.sorted(by: { $0.key < $1.key }) {
                    if key == RDFOptions.iriKey, subject.utf8.first != 0x5F { continue }
                    facts.append(writer.property(key, value))
                }
                writer.append(subject, facts, to: &bytes)
            },
            edge: { edge, bytes in
                if source?.id != edge.source {
                    source = (edge.source, try subject(edge.source))
                }
                let start = source?.text ?? ""
                let end = try subject(edge.target)
                let type = writer.name(edge.type.name)
                let twins = try txn.edgeIDs(
                    from: edge.source, to: edge.target, type: edge.type)
                if twins.first == edge.id || twins.count < 2 {
                    writer.append(start, [(type, [end])], to: &bytes)
                }
                guard !edge.properties.isEmpty || twins.count > 1 else { return }
                var facts: [(name: String, objects: [String])] = [
                    (writer.iri(RDFTerm.type), [writer.iri(RDFTerm.statement)]),
                    (writer.iri(RDFTerm.subject), [start]),
                    (writer.iri(RDFTerm.predicate), [type]), (writer.iri(RDFTerm.object), [end]),
                ]
                for (key, value) in edge.properties.sorted(by: { $0.key < $1.key }) {
                    facts.append(writer.property(key, value))
                }
                writer.append("_:e\(edge.id)", facts, to: &bytes)
            })
    }

    private func subject(of node: Node, _ writer: RDFWriter) -> String {
        if case .string(let iri)? = node[RDFOptions.iriKey], RDFTerm.isAbsolute(iri) {
            return writer.iri(iri)
        }
        return "_:n\(node.id)"
    }
}
