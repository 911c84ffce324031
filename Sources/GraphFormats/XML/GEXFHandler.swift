import PropertyGraph

/// Turns the elements of a GEXF file (versions 1.1 to 1.3, https://gexf.net) into records.
///
/// `<attribute>` elements name and type the properties; `label` of a node and an edge and
/// `weight` of an edge are properties too. An edge has the type of its attribute `kind`; a node
/// the labels of an attribute titled `labels` that begin with a colon (`:Person:Author`).
/// Pictures (`viz:`) and everything about time are left out.
final class GEXFHandler<Encoding: RecordEncoding>: XMLHandler {
    private enum Place {
        case document, root, graph, attributes, attribute, attributeDefault, nodes, edges, node,
            edge, values, ignored
    }

    private struct Attribute {
        var title: String
        var type: XMLValueType
        /// Lists of GEXF itself: `[1, 2]` or `a|b`.
        var list: ValueType?
        var standard: PropertyValue?
    }

    private typealias Record = RecordCollector<Encoding>.Record

    var collector: RecordCollector<Encoding>
    /// What was left out or changed, in sentences.
    var notes: [String] {
        var notes: [String] = []
        if undirected > 0 {
            notes.append(
                "\(undirected) edges that are not directed are kept from source to target.")
        }
        if timeWasIgnored {
            notes.append("Times of nodes, edges and values are left out; the last value counts.")
        }
        if picturesWereIgnored { notes.append("Positions, colours and sizes are left out.") }
        return notes
    }

    private var stack: [Place] = [.document]
    private var ofNodes: [[UInt8]: Attribute] = [:]
    private var ofEdges: [[UInt8]: Attribute] = [:]
    private var isForNodes = true
    private var id: [UInt8] = []
    private var attribute: Attribute?
    private var attributeLine = 0
    private var content = ""
    private var record = Record(line: 0)
    private var problem: FormatError?
    private var isOwnExport = false
    private var isDirected = false
    private var undirected = 0
    private var timeWasIgnored = false
    private var picturesWereIgnored = false
    private let limits: InputLimits

    init(_ collector: RecordCollector<Encoding>) {
        self.collector = collector
        limits = collector.options.limits
    }

    // MARK: Events

    func start(_ element: XMLElement) throws(FormatError) {
        stack.append(try place(of: element))
    }

    func text(_ piece: String) throws(FormatError) {
        guard stack.last == .attributeDefault else { return }
        content += piece
        guard content.utf8.count <= limits.maximumLineBytes else {
            throw FormatError(
                .limitExceeded,
                "A value is longer than the limit of \(limits.maximumLineBytes) bytes.",
                line: attributeLine)
        }
    }

    func end() throws(FormatError) {
        switch stack.removeLast() {
        case .attributeDefault: try endDefault()
        case .attribute: try endAttribute()
        case .node: endRecord(isNode: true)
        case .edge: endRecord(isNode: false)
        default: break
        }
    }

    // MARK: Where an element stands

    private func place(of element: XMLElement) throws(FormatError) -> Place {
        guard let around = stack.last, around != .ignored else { return .ignored }
        if element.space.utf8.count > 4, element.space.hasSuffix("/viz") {
            picturesWereIgnored = true
            return .ignored
        }
        switch (around, element.name) {
        case (.document, "gexf"):
            isOwnExport = element[XMLValueType.qualified("export")] != nil
            return .root
        case (.document, _):
            throw Self.error(
                .malformed, "The root is <\(element.name.prefix(40))>; GEXF begins with <gexf>.",
                element)
        case (.root, "graph"):
            isDirected = UTF8Order.equal(element["defaultedgetype"] ?? "undirected", "directed")
            if UTF8Order.equal(element["mode"] ?? "static", "dynamic") { timeWasIgnored = true }
            return .graph
        case (.graph, "attributes"):
            isForNodes = !UTF8Order.equal(element["class"] ?? "node", "edge")
            if UTF8Order.equal(element["mode"] ?? "static", "dynamic") { timeWasIgnored = true }
            return .attributes
        case (.attributes, "attribute"): return try startAttribute(element)
        case (.attribute, "default"):
            content = ""
            return .attributeDefault
        case (.graph, "nodes"): return .nodes
        case (.graph, "edges"): return .edges
        case (.nodes, "node"): return startNode(element)
        case (.edges, "edge"): return startEdge(element)
        case (.node, "nodes"), (.node, "edges"):
            throw Self.error(
                .malformed,
                "Nodes within a node cannot be imported; write them beside it, with "
                    + "an edge to their parent.", element)
        case (.node, "attvalues"), (.edge, "attvalues"): return .values
        case (.values, "attvalue"):
            take(element)
            return .ignored
        case (.node, "spells"), (.edge, "spells"), (.node, "slices"), (.edge, "slices"):
            timeWasIgnored = true
            return .ignored
        default: return .ignored
        }
    }

    private static func error(
        _ code: FormatError.Code, _ message: String, _ element: XMLElement
    ) -> FormatError {
        FormatError(code, message, line: element.line, column: element.column)
    }

    // MARK: Attributes

    private func startAttribute(_ element: XMLElement) throws(FormatError) -> Place {
        guard let id = element["id"] else {
            throw Self.error(.badHeader, "An <attribute> needs an id.", element)
        }
        self.id = Array(id.utf8)
        let name = element["type"] ?? "string"
        let precise = element[XMLValueType.qualified("type")]
        var type = XMLValueType(name: name, precise: precise, isList: false)
        var list: ValueType?
        let lower = name.lowercased()
        if UTF8Order.equal(lower, "anyuri") { type = .value(ValueType(.string)) }
        if lower.utf8.starts(with: "list".utf8), precise == nil {
            list = ValueType(name: String(lower.dropFirst(4)))
            if list != nil { type = .json }
        }
        guard let type else {
            throw Self.error(
                .badHeader,
                "'\(name.prefix(40))' is no type of GEXF; use integer, long, double, "
                    + "float, boolean, string, or liststring.", element)
        }
        attribute = Attribute(title: element["title"] ?? id, type: type, list: list)
        attributeLine = element.line
        return .attribute
    }

    private func endDefault() throws(FormatError) {
        guard let attribute else { return }
        do throws(ValueFailure) {
            self.attribute?.standard = try value(content, attribute)
        } catch {
            throw FormatError(
                error.code, "The default of '\(attribute.title.prefix(40))': \(error.message)",
                line: attributeLine)
        }
    }

    private func endAttribute() throws(FormatError) {
        guard ofNodes.count + ofEdges.count < limits.maximumColumns else {
            throw FormatError(
                .limitExceeded,
                "There are more attributes than the limit of \(limits.maximumColumns).",
                line: attributeLine)
        }
        if isForNodes { ofNodes[id] = attribute } else { ofEdges[id] = attribute }
        attribute = nil
    }

    private func value(
        _ text: String, _ attribute: Attribute
    ) throws(ValueFailure) -> PropertyValue? {
        guard let list = attribute.list else {
            return try attribute.type.value(text, depth: limits.maximumDepth)
        }
        var bytes = text.utf8.drop { $0 <= 0x20 }
        let isBracketed = bytes.first == 0x5B
        if isBracketed { bytes = bytes.dropFirst() }
        while let last = bytes.last, last <= 0x20 || (isBracketed && last == 0x5D) {
            bytes = bytes.dropLast()
        }
        guard !bytes.isEmpty else { return .list([]) }
        let separators: Set<UInt8> = isBracketed ? [0x2C] : [0x7C, 0x2C, 0x3B]
        var elements: [PropertyValue] = []
        for piece in bytes.split(whereSeparator: { separators.contains($0) }) {
            var piece = Array(piece.drop { $0 <= 0x20 })
            while let last = piece.last, last <= 0x20 { piece.removeLast() }
            if piece.count > 1, let quote = piece.first, quote == 0x22 || quote == 0x27,
                piece.last == quote
            {
                piece = Array(piece.dropFirst().dropLast())
            }
            elements.append(try ValueText.scalar(piece.span, piece.indices, as: list))
        }
        return .list(elements)
    }

    // MARK: Nodes and edges

    private func begin(_ element: XMLElement) {
        record = Record(line: element.line)
        problem = nil
        for name in ["start", "end", "timestamp", "startopen", "endopen"]
        where element[name] != nil {
            timeWasIgnored = true
        }
        if let label = element["label"], !isOwnExport {
            record.properties["label"] = .string(label)
        }
    }

    private func startNode(_ element: XMLElement) -> Place {
        begin(element)
        record.id = element["id"]
        if record.id == nil { problem = Self.error(.malformed, "A node needs an id.", element) }
        if element["pid"] != nil {
            problem = Self.error(
                .malformed,
                "A node within a node ('pid') cannot be imported; write an edge to "
                    + "its parent.", element)
        }
        guard let labels = element[XMLValueType.qualified("labels")] else { return .node }
        do throws(ValueFailure) {
            record.labels = Set(try LabelText.labels(json: labels))
        } catch {
            problem = Self.error(error.code, error.message, element)
        }
        return .node
    }

    private func startEdge(_ element: XMLElement) -> Place {
        begin(element)
        record.source = element["source"]
        record.target = element["target"]
        if record.source == nil || record.target == nil {
            problem = Self.error(.malformed, "An edge needs a source and a target.", element)
        }
        record.type = element["kind"].map { EdgeType($0) }
        let directed =
            element["type"].map { UTF8Order.equal($0.lowercased(), "directed") } ?? isDirected
        if !directed { undirected += 1 }
        guard let weight = element["weight"] else { return .edge }
        do throws(ValueFailure) {
            record.properties["weight"] =
                try XMLValueType.value(ValueType(.double)).value(weight, depth: 1)
        } catch {
            problem = Self.error(error.code, "weight: \(error.message)", element)
        }
        return .edge
    }

    private func take(_ element: XMLElement) {
        if element["start"] != nil || element["end"] != nil || element["timestamp"] != nil {
            timeWasIgnored = true
        }
        let isNode = stack.dropLast().last == .node
        // Version 1.0 wrote `id` where later ones write `for`.
        let name = element["for"] ?? element["id"] ?? ""
        guard let attribute = (isNode ? ofNodes : ofEdges)[Array(name.utf8)] else {
            problem =
                problem
                ?? Self.error(
                    .badHeader, "No <attribute> has the id '\(name.prefix(40))'; add one.", element)
            return
        }
        let text = element["value"] ?? ""
        if isNode, UTF8Order.equal(attribute.title, "labels"), text.utf8.first == 0x3A,
            !isOwnExport || UTF8Order.equal(name, "labels")
        {
            if record.labels.isEmpty { record.labels = Set(LabelText.labels(text)) }
            return
        }
        do throws(ValueFailure) {
            if let value = try value(text, attribute) {
                record.properties[PropertyKey(attribute.title)] = value
            }
        } catch {
            problem =
                problem
                ?? Self.error(
                    error.code, "'\(attribute.title.prefix(40))': \(error.message)", element)
        }
    }

    private func endRecord(isNode: Bool) {
        if problem == nil, record.labels.count > limits.maximumLabels {
            problem = FormatError(
                .limitExceeded,
                "The node has more labels than the limit of \(limits.maximumLabels).",
                line: record.line)
        }
        if let problem { return collector.refuse(problem) }
        for attribute in (isNode ? ofNodes : ofEdges).values {
            if let standard = attribute.standard,
                record.properties[PropertyKey(attribute.title)] == nil
            {
                record.properties[PropertyKey(attribute.title)] = standard
            }
        }
        if isNode { collector.add(node: record) } else { collector.add(edge: record) }
    }
}
