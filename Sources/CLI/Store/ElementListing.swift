import GraphStore
import PropertyGraph

/// Lists of nodes and edges: objects as JSON, a column for each property elsewhere.
extension Console {
    /// Prints nodes.
    func print(_ nodes: [Node], ifEmpty message: String) throws {
        try printElements(
            nodes.map { JSON($0) }, nodes.map(\.properties),
            leading: [.init("id", "Id"), .init("labels", "Labels")],
            cells: nodes.map {
                [.unsigned($0.id.rawValue), .array($0.labels.map { .string($0.name) })]
            }, ifEmpty: message)
    }

    /// Prints edges.
    func print(_ edges: [Edge], ifEmpty message: String) throws {
        try printElements(
            edges.map { JSON($0) }, edges.map(\.properties),
            leading: [
                .init("id", "Id"), .init("type", "Type"), .init("source", "Source"),
                .init("target", "Target"),
            ],
            cells: edges.map {
                [
                    .unsigned($0.id.rawValue), .string($0.type.name),
                    .unsigned($0.source.rawValue), .unsigned($0.target.rawValue),
                ]
            }, ifEmpty: message)
    }

    private func printElements(
        _ objects: [JSON], _ properties: [Properties], leading: [Listing.Column], cells: [[JSON]],
        ifEmpty message: String
    ) throws {
        switch format {
        case .json: try print(.array(objects))
        case .jsonl: for object in objects { try printLine(object) }
        case .table, .plain, .csv:
            let keys = Set(properties.flatMap(\.keys)).sorted()
            var listing = Listing(
                leading + keys.map { Listing.Column(heading($0, leading.map(\.key)), $0.name) },
                ifEmpty: message)
            listing.rows = zip(cells, properties).map { cells, properties in
                cells + keys.map { key in properties[key].map { JSON($0) } ?? .null }
            }
            try print(listing)
        }
    }

    /// The name of a property's column: where a column of that name stands before it, as in the
    /// objects of JSON, `properties.id`.
    private func heading(_ key: PropertyKey, _ taken: [String]) -> String {
        taken.contains { UTF8Order.equal($0, key.name) } ? "properties.\(key.name)" : key.name
    }

    /// Prints one node.
    func print(_ node: Node) throws {
        try printElement(
            JSON(node), node.properties,
            [
                ("id", "Id", .unsigned(node.id.rawValue)),
                ("labels", "Labels", .array(node.labels.map { .string($0.name) })),
            ])
    }

    /// Prints one edge.
    func print(_ edge: Edge) throws {
        try printElement(
            JSON(edge), edge.properties,
            [
                ("id", "Id", .unsigned(edge.id.rawValue)),
                ("type", "Type", .string(edge.type.name)),
                ("source", "Source", .unsigned(edge.source.rawValue)),
                ("target", "Target", .unsigned(edge.target.rawValue)),
            ])
    }

    private func printElement(
        _ object: JSON, _ properties: Properties,
        _ fields: [(key: String, title: String, value: JSON)]
    ) throws {
        switch format {
        case .json: try print(object)
        case .jsonl: try printLine(object)
        case .table, .plain, .csv:
            var details = Details(fields: fields)
            for (key, value) in properties.sorted(by: { $0.key < $1.key }) {
                details.add(heading(key, fields.map(\.key)), key.name, JSON(value))
            }
            try print(details)
        }
    }

    /// Tells what was done to a node: a sentence for people, the node for programs.
    func report(_ sentence: String, _ node: Node) throws {
        if format == .table {
            if !isQuiet { try output.line(TextWidth.printable(sentence)) }
        } else {
            try print(node)
        }
    }

    /// Tells what was done to an edge: a sentence for people, the edge for programs.
    func report(_ sentence: String, _ edge: Edge) throws {
        if format == .table {
            if !isQuiet { try output.line(TextWidth.printable(sentence)) }
        } else {
            try print(edge)
        }
    }

    /// Tells what was done to an index or a constraint.
    func report(_ sentence: String, _ object: SchemaObject) throws {
        var details = Details()
        details.add("kind", "Kind", .string(object.kind.word))
        details.add("name", "Name", .string(object.name))
        details.add("on", "On", .string(object.labelOrType))
        details.add("properties", "Properties", .array(object.properties.map { .string($0.name) }))
        try report(sentence, details)
    }
}
