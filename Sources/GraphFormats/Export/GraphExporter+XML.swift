import GraphStore
import PropertyGraph

/// The attributes of an XML export: one for each property and type, numbered in byte order.
struct XMLAttributes {
    struct Attribute: Hashable {
        var key: PropertyKey
        var type: XMLValueType

        var isBefore: (Attribute) -> Bool {
            { other in
                self.key == other.key
                    ? (self.type.precise ?? self.type.plainName(integer: "long"))
                        .utf8.lexicographicallyPrecedes(
                            (other.type.precise ?? other.type.plainName(integer: "long")).utf8)
                    : self.key < other.key
            }
        }
    }

    private(set) var sorted: [Attribute] = []
    private var places: [Attribute: Int] = [:]

    /// Takes the properties of a record.
    mutating func note(_ properties: Properties) {
        for (key, value) in properties {
            let attribute = Attribute(key: key, type: XMLValueType(of: value))
            if places[attribute] == nil { places[attribute] = places.count }
        }
    }

    /// Numbers them, from a first number on.
    ///
    /// - Throws: `.badValue` for a name that XML cannot hold.
    mutating func close(from first: Int) throws(FormatError) {
        sorted = places.keys.sorted { $0.isBefore($1) }
        for (place, attribute) in sorted.enumerated() {
            _ = try XMLText.checked(attribute.key.name, "A property")
            places[attribute] = first + place
        }
    }

    /// The number of an attribute and the text of a value.
    func field(_ key: PropertyKey, _ value: PropertyValue) -> (number: Int, text: String)? {
        let type = XMLValueType(of: value)
        return places[Attribute(key: key, type: type)].map { ($0, type.text(value)) }
    }
}

extension [UInt8] {
    fileprivate mutating func add(_ markup: String) { append(contentsOf: markup.utf8) }

    /// Adds ` name="value"`.
    fileprivate mutating func add(_ name: String, _ value: String) {
        add(" \(name)=\"")
        XMLText.append(value, to: &self)
        append(0x22)
    }
}

extension GraphExporter {
    /// The attributes of all nodes and of all edges, numbered through.
    private func attributes(
        _ txn: borrowing ReadTransaction
    ) throws -> (nodes: XMLAttributes, edges: XMLAttributes) {
        var (nodes, edges) = (XMLAttributes(), XMLAttributes())
        try txn.forEachNode {
            nodes.note($0.properties)
            return true
        }
        try txn.forEachEdge {
            edges.note($0.properties)
            return true
        }
        try nodes.close(from: 0)
        try edges.close(from: nodes.sorted.count)
        return (nodes, edges)
    }

    // MARK: GraphML

    func exportGraphML(
        _ txn: borrowing ReadTransaction, _ path: String, _ hooks: FormatHooks
    ) throws -> ExportSummary {
        let (nodes, edges) = try attributes(txn)
        var head: [UInt8] = []
        head.add(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:cairn="\
            \(XMLValueType.namespace)">
            <key id="labels" for="node" attr.name="labels" attr.type="string"/>
            <key id="label" for="edge" attr.name="label" attr.type="string"/>

            """)
        for (kind, attributes) in [("node", nodes), ("edge", edges)] {
            for (place, attribute) in attributes.sorted.enumerated() {
                let number = kind.utf8.first == 0x6E ? place : nodes.sorted.count + place
                head.add("<key id=\"d\(number)\" for=\"\(kind)\"")
                head.add("attr.name", attribute.key.name)
                head.add("attr.type", attribute.type.plainName(integer: "long"))
                if let precise = attribute.type.precise { head.add("cairn:type", precise) }
                head.add("/>\n")
            }
        }
        head.add("<graph id=\"G\" edgedefault=\"directed\">\n")
        return try exportFile(
            txn, path, hooks, start: String(decoding: head, as: UTF8.self),
            end: "</graph>\n</graphml>\n",
            node: { node, bytes in
                bytes.add("<node id=\"n\(node.id)\"")
                let labels = try XMLText.checked(LabelText.text(node.labels), "A label")
                if !node.labels.isEmpty { bytes.add("labels", labels) }
                if let json = LabelText.json(node.labels) { bytes.add("cairn:labels", json) }
                bytes.add(">")
                if !node.labels.isEmpty { data("labels", labels, &bytes) }
                for (key, value) in node.properties.sorted(by: { $0.key < $1.key }) {
                    guard let field = nodes.field(key, value) else { continue }
                    data("d\(field.number)", field.text, &bytes)
                }
                bytes.add("</node>\n")
            },
            edge: { edge, bytes in
                bytes.add("<edge id=\"e\(edge.id)\" source=\"n\(edge.source)\"")
                bytes.add(" target=\"n\(edge.target)\"")
                let type = try XMLText.checked(edge.type.name, "An edge type")
                bytes.add("label", type)
                bytes.add(">")
                data("label", type, &bytes)
                for (key, value) in edge.properties.sorted(by: { $0.key < $1.key }) {
                    guard let field = edges.field(key, value) else { continue }
                    data("d\(field.number)", field.text, &bytes)
                }
                bytes.add("</edge>\n")
            })
    }

    private func data(_ key: String, _ text: String, _ bytes: inout [UInt8]) {
        bytes.add("<data key=\"\(key)\">")
        XMLText.append(text, to: &bytes)
        bytes.add("</data>")
    }

    // MARK: GEXF

    func exportGEXF(
        _ txn: borrowing ReadTransaction, _ path: String, _ hooks: FormatHooks
    ) throws -> ExportSummary {
        let (nodes, edges) = try attributes(txn)
        var head: [UInt8] = []
        head.add(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <gexf xmlns="http://gexf.net/1.3" version="1.3" xmlns:cairn="\
            \(XMLValueType.namespace)" cairn:export="1">
            <graph mode="static" defaultedgetype="directed">
            <attributes class="node">
            <attribute id="labels" title="labels" type="string"/>

            """)
        define(nodes, from: 0, &head)
        head.add("</attributes>\n<attributes class=\"edge\">\n")
        define(edges, from: nodes.sorted.count, &head)
        head.add("</attributes>\n<nodes>\n")
        return try exportFile(
            txn, path, hooks, start: String(decoding: head, as: UTF8.self),
            between: "</nodes>\n<edges>\n", end: "</edges>\n</graph>\n</gexf>\n",
            node: { node, bytes in
                bytes.add("<node id=\"n\(node.id)\"")
                bytes.add("label", title(of: node))
                let labels = try XMLText.checked(LabelText.text(node.labels), "A label")
                if let json = LabelText.json(node.labels) { bytes.add("cairn:labels", json) }
                bytes.add("><attvalues>")
                if !node.labels.isEmpty { attribute("labels", labels, &bytes) }
                values(node.properties, nodes, &bytes)
                bytes.add("</attvalues></node>\n")
            },
            edge: { edge, bytes in
                bytes.add("<edge id=\"e\(edge.id)\" source=\"n\(edge.source)\"")
                bytes.add(" target=\"n\(edge.target)\"")
                bytes.add("kind", try XMLText.checked(edge.type.name, "An edge type"))
                var properties = edge.properties
                if case .double(let weight)? = properties["weight"], weight.isFinite {
                    bytes.add("weight", ValueText.text(weight))
                    properties["weight"] = nil
                }
                bytes.add("><attvalues>")
                values(properties, edges, &bytes)
                bytes.add("</attvalues></edge>\n")
            })
    }

    private func define(_ attributes: XMLAttributes, from first: Int, _ bytes: inout [UInt8]) {
        for (place, attribute) in attributes.sorted.enumerated() {
            bytes.add("<attribute id=\"\(first + place)\"")
            bytes.add("title", attribute.key.name)
            bytes.add("type", attribute.type.plainName(integer: "long"))
            if let precise = attribute.type.precise { bytes.add("cairn:type", precise) }
            bytes.add("/>\n")
        }
    }

    private func values(
        _ properties: Properties, _ attributes: XMLAttributes, _ bytes: inout [UInt8]
    ) {
        for (key, value) in properties.sorted(by: { $0.key < $1.key }) {
            guard let field = attributes.field(key, value) else { continue }
            attribute(String(field.number), field.text, &bytes)
        }
    }

    private func attribute(_ id: String, _ value: String, _ bytes: inout [UInt8]) {
        bytes.add("<attvalue for=\"\(id)\"")
        bytes.add("value", value)
        bytes.add("/>")
    }

    /// What a drawing writes beside a node: its name, title or id, else its number.
    func title(of node: Node) -> String {
        for key in ["name", "title", "label", "id", "iri"] as [PropertyKey] {
            switch node[key] {
            case .string(let text)? where !text.isEmpty && XMLText.isPlain(text): return text
            case .integer(let number)?: return String(number)
            default: continue
            }
        }
        return "\(node.id)"
    }
}
