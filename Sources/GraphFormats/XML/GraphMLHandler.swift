import PropertyGraph

/// Turns the elements of a GraphML file into records (http://graphml.graphdrawing.org).
///
/// `<key>` elements name and type the properties. A node has the labels of its attribute `labels`
/// or, without one, of its data of that name when they begin with a colon (`:Person:Author`, as
/// Neo4j writes them), or of its data `labelV` (TinkerPop). An edge has the type of its attribute
/// `label`, else of its data `label` or `labelE`.
final class GraphMLHandler<Encoding: RecordEncoding>: XMLHandler {
    private enum Place {
        case document, root, key, keyDefault, graph, node, edge, data, ignored
    }

    private struct Key {
        var id: [UInt8]
        var isForNodes: Bool
        var isForEdges: Bool
        var name: String
        var type: XMLValueType
        var defaultText = ""
        var standard: PropertyValue?
    }

    private typealias Record = RecordCollector<Encoding>.Record

    var collector: RecordCollector<Encoding>
    /// What was left out or changed, in sentences.
    var notes: [String] {
        var notes: [String] = []
        if undirected > 0 {
            notes.append(
                "\(undirected) undirected edges are kept as edges from source to target.")
        }
        if portsWereIgnored { notes.append("Ports are left out.") }
        if drawingsWereIgnored { notes.append("Elements within <data> are left out.") }
        return notes
    }

    private var stack: [Place] = [.document]
    private var keys: [[UInt8]: Key] = [:]
    private var standards: [Key] = []
    private var key: Key?
    private var record = Record(line: 0)
    private var problem: FormatError?
    private var hasLabelAttribute = false
    private var dataKey: Key?
    private var dataLine = 0
    private var dataColumn = 0
    private var content = ""
    private var sawGraph = false
    private var isDirected = true
    private var undirected = 0
    private var portsWereIgnored = false
    private var drawingsWereIgnored = false
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
        guard stack.last == .data || stack.last == .keyDefault else { return }
        content += piece
        guard content.utf8.count <= limits.maximumLineBytes else {
            throw FormatError(
                .limitExceeded,
                "A value is longer than the limit of \(limits.maximumLineBytes) bytes.",
                line: dataLine)
        }
    }

    func end() throws(FormatError) {
        switch stack.removeLast() {
        case .keyDefault: key?.defaultText = content
        case .key: try endKey()
        case .data: endData()
        case .node: endNode()
        case .edge: endEdge()
        default: break
        }
    }

    // MARK: Where an element stands

    private func place(of element: XMLElement) throws(FormatError) -> Place {
        let isOurs =
            element.space.isEmpty || element.space.utf8.starts(with: "http://graphml".utf8)
        guard let around = stack.last, around != .ignored else { return .ignored }
        switch (around, isOurs ? element.name : "") {
        case (.document, "graphml"): return .root
        case (.document, _):
            throw Self.error(
                .malformed,
                "The root is <\(element.name.prefix(40))>; GraphML begins with "
                    + "<graphml>.", element)
        case (.root, "key"): return try startKey(element)
        case (.root, "graph"): return try startGraph(element)
        case (.key, "default"):
            content = ""
            return .keyDefault
        case (.graph, "node"): return startNode(element)
        case (.graph, "edge"): return startEdge(element)
        case (.graph, "hyperedge"):
            throw Self.error(
                .malformed,
                "Hyperedges cannot be imported; write a node with an edge to each "
                    + "endpoint.", element)
        case (.node, "graph"), (.edge, "graph"):
            throw Self.error(
                .malformed,
                "A graph within a node cannot be imported; write its nodes and edges "
                    + "into the outer graph.", element)
        case (.node, "data"), (.edge, "data"): return startData(element)
        case (.node, "port"):
            portsWereIgnored = true
            return .ignored
        case (.data, _):
            drawingsWereIgnored = true
            return .ignored
        default: return .ignored
        }
    }

    private static func error(
        _ code: FormatError.Code, _ message: String, _ element: XMLElement
    ) -> FormatError {
        FormatError(code, message, line: element.line, column: element.column)
    }

    // MARK: Keys

    private func startKey(_ element: XMLElement) throws(FormatError) -> Place {
        guard let id = element["id"] else {
            throw Self.error(.badHeader, "A <key> needs an id.", element)
        }
        let domain = element["for"] ?? "all"
        let typeName = element["attr.type"] ?? "string"
        let type = XMLValueType(
            name: typeName, precise: element[XMLValueType.qualified("type")],
            isList: element["attr.list"] != nil)
        guard let type else {
            throw Self.error(
                .badHeader,
                "'\(typeName.prefix(40))' is no attr.type; use boolean, int, long, "
                    + "float, double or string.", element)
        }
        let isForAll = UTF8Order.equal(domain, "all")
        key = Key(
            id: Array(id.utf8), isForNodes: isForAll || UTF8Order.equal(domain, "node"),
            isForEdges: isForAll || UTF8Order.equal(domain, "edge"),
            name: element["attr.name"] ?? id, type: type)
        (dataLine, dataColumn) = (element.line, element.column)
        return .key
    }

    private func endKey() throws(FormatError) {
        guard var key else { return }
        do throws(ValueFailure) {
            if !key.defaultText.isEmpty {
                key.standard = try key.type.value(key.defaultText, depth: limits.maximumDepth)
            }
        } catch {
            throw FormatError(
                error.code, "The default of key '\(key.name.prefix(40))': \(error.message)",
                line: dataLine, column: dataColumn)
        }
        guard keys.count < limits.maximumColumns else {
            throw FormatError(
                .limitExceeded, "There are more keys than the limit of \(limits.maximumColumns).",
                line: dataLine)
        }
        keys[key.id] = key
        if key.standard != nil { standards.append(key) }
        self.key = nil
    }

    // MARK: Graph, nodes and edges

    private func startGraph(_ element: XMLElement) throws(FormatError) -> Place {
        guard !sawGraph else {
            throw Self.error(
                .malformed, "The file holds a second graph; import one graph a file.", element)
        }
        sawGraph = true
        isDirected = !UTF8Order.equal(element["edgedefault"] ?? "directed", "undirected")
        return .graph
    }

    private func begin(_ element: XMLElement) {
        record = Record(line: element.line)
        problem = nil
        hasLabelAttribute = false
    }

    private func startNode(_ element: XMLElement) -> Place {
        begin(element)
        record.id = element["id"]
        if record.id == nil {
            problem = Self.error(.malformed, "A node needs an id.", element)
        }
        if let labels = element["labels"] {
            hasLabelAttribute = true
            record.labels = Set(LabelText.labels(labels))
        }
        if let labels = element[XMLValueType.qualified("labels")] {
            hasLabelAttribute = true
            do throws(ValueFailure) {
                record.labels = Set(try LabelText.labels(json: labels))
            } catch {
                problem = Self.error(error.code, error.message, element)
            }
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
        if let label = element["label"] {
            hasLabelAttribute = true
            record.type = EdgeType(label)
        }
        let directed = element["directed"].map { UTF8Order.equal($0, "true") } ?? isDirected
        if !directed { undirected += 1 }
        return .edge
    }

    private func startData(_ element: XMLElement) -> Place {
        content = ""
        (dataLine, dataColumn) = (element.line, element.column)
        dataKey = element["key"].flatMap { keys[Array($0.utf8)] }
        if dataKey == nil, problem == nil {
            problem = Self.error(
                .badHeader, "No <key> has the id '\((element["key"] ?? "").prefix(40))'; add one.",
                element)
        }
        return .data
    }

    private func endData() {
        guard problem == nil, let key = dataKey else { return }
        if stack.last == .node ? isLabels(key) : isType(key) { return }
        do throws(ValueFailure) {
            if let value = try key.type.value(content, depth: limits.maximumDepth) {
                record.properties[PropertyKey(key.name)] = value
            }
        } catch {
            problem = FormatError(
                error.code, "Key '\(key.name.prefix(40))': \(error.message)", line: dataLine,
                column: dataColumn)
        }
    }

    /// Takes data that says the labels of a node.
    private func isLabels(_ key: Key) -> Bool {
        if hasLabelAttribute { return key.id.elementsEqual("labels".utf8) }
        if UTF8Order.equal(key.name, "labels"), content.utf8.first == 0x3A {
            record.labels = Set(LabelText.labels(content))
            return true
        }
        guard UTF8Order.equal(key.name, "labelV") else { return false }
        record.labels = Set(LabelText.labels(content))
        return true
    }

    /// Takes data that says the type of an edge.
    private func isType(_ key: Key) -> Bool {
        if hasLabelAttribute { return key.id.elementsEqual("label".utf8) }
        guard UTF8Order.equal(key.name, "label") || UTF8Order.equal(key.name, "labelE"),
            !content.isEmpty
        else { return false }
        record.type = EdgeType(content)
        return true
    }

    private func endNode() {
        if let problem { return collector.refuse(problem) }
        guard record.labels.count <= limits.maximumLabels else {
            return collector.refuse(
                FormatError(
                    .limitExceeded,
                    "The node has more labels than the limit of \(limits.maximumLabels).",
                    line: record.line))
        }
        for key in standards where key.isForNodes && record.properties[PropertyKey(key.name)] == nil
        {
            record.properties[PropertyKey(key.name)] = key.standard
        }
        collector.add(node: record)
    }

    private func endEdge() {
        if let problem { return collector.refuse(problem) }
        for key in standards where key.isForEdges && record.properties[PropertyKey(key.name)] == nil
        {
            record.properties[PropertyKey(key.name)] = key.standard
        }
        collector.add(edge: record)
    }
}
