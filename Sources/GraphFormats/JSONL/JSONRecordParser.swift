import PropertyGraph

/// Turns a block of JSON lines into a batch. Pure: any thread may run it.
///
/// ```
/// {"type":"node","id":"7","labels":["Person"],"properties":{"name":"Ada"}}
/// {"type":"edge","id":"1","label":"KNOWS","start":"7","end":8,"properties":{}}
/// ```
///
/// Members come in any order; unknown ones are passed over. `type` may be `relationship` and
/// `label` may be `edgeType`; `start` and `end` may be objects with an `id` (Neo4j's APOC writes
/// both). Ids are strings or integers and equal when their texts are; a node needs one only if an
/// edge names it. `labels`, `properties` and the id of an edge may be missing. A `SchemaLine` may
/// stand first; whoever reads the file takes it out before.
struct JSONRecordParser<Encoding: RecordEncoding>: Sendable {
    typealias Failure = JSONScanner.Failure

    let registry: EncodingRegistry<Encoding>
    let limits: InputLimits
    /// Which records are wanted; the others are checked and dropped.
    let wanted: RecordPass
    let extraLabels: [Label]
    let typeOverride: EdgeType?
    /// The property that takes the id of a node; nil drops ids.
    let idKey: PropertyKey?

    /// One line, read.
    private struct Line {
        var type: String?
        var id: String?
        var isIDInteger = false
        var labels: [Label] = []
        var edgeType: String?
        var start: String?
        var end: String?
        var properties: [(key: PropertyKey, value: PropertyValue?)] = []
    }

    func parse(_ block: Block) -> RecordBatch {
        let bytes = block.span
        var batch = RecordBatch()
        var writer = RecordWriter(registry)
        var lastShape: RecordShape?
        var shapePlace = 0
        var index = 0
        var number = 0
        while index < bytes.count {
            number += 1
            let start = index
            while index < bytes.count, bytes[index] != 0x0A { index += 1 }
            let line = bytes.extracting(start..<index)
            index += 1
            do {
                guard let record = try read(line) else { continue }
                let isNode = UTF8Order.equal(record.type ?? "", "node")
                let shape = try shape(of: record, isNode: isNode)
                guard wanted.takes(isNode: isNode) else {
                    batch.hasUnwanted = true
                    continue
                }
                if shape != lastShape {
                    shapePlace = writer.place(of: shape, in: &batch)
                    lastShape = shape
                }
                try writer.write(
                    record.properties.map(\.value), place: shapePlace, line: number,
                    first: (isNode ? record.id : record.start).map { batch.id($0, space: 0) },
                    second: isNode ? nil : record.end.map { batch.id($0, space: 0) },
                    isNode: isNode, to: &batch)
            } catch let error as Failure {
                batch.problems.append(
                    FormatError(
                        error.code, error.message, line: number, column: error.position + 1))
            } catch {
                batch.problems.append(FormatError(.store, "\(error)", line: number))
            }
        }
        batch.lines = number
        return batch
    }

    private func shape(of record: Line, isNode: Bool) throws(Failure) -> RecordShape {
        let keys = record.properties.map(\.key)
        if isNode { return RecordShape(.node(record.labels), keys: keys) }
        guard record.start != nil, record.end != nil else {
            throw Failure(message: "An edge needs \"start\" and \"end\".", position: 0)
        }
        guard let type = typeOverride ?? record.edgeType.map({ EdgeType($0) }) else {
            throw Failure(message: "An edge needs its type as \"label\".", position: 0)
        }
        return RecordShape(.edge(type), keys: keys)
    }

    /// Reads one line; nil when it is blank.
    private func read(_ bytes: Span<UInt8>) throws(Failure) -> Line? {
        var index = 0
        guard JSONScanner.peek(bytes, &index) != 0 || index < bytes.count else { return nil }
        guard bytes[index] == 0x7B else {
            throw Failure(
                message:
                    "A line is one JSON object, {\"type\":\"node\", …} or {\"type\":\"edge\", …}.",
                position: index)
        }
        var line = Line()
        var names: [String] = []
        try JSONScanner.object(bytes, &index) { (name, at, index) throws(Failure) in
            if names.contains(where: { UTF8Order.equal($0, name) }) {
                throw Failure(message: "The member is there twice; drop one.", position: at)
            }
            names.append(name)
            try member(name, bytes, &index, &line)
        }
        JSONScanner.skipBlanks(bytes, &index)
        guard index == bytes.count else {
            throw Failure(
                message: "There is more after the object; write one object a line.", position: index
            )
        }
        guard let type = line.type else {
            throw Failure(message: "\"type\" is missing; write \"node\" or \"edge\".", position: 0)
        }
        if UTF8Order.equal(type, "schema") {
            throw Failure(
                message: "Indexes and constraints stand in the first line of a file.", position: 0)
        }
        guard ["node", "edge", "relationship"].contains(where: { UTF8Order.equal($0, type) }) else {
            throw Failure(
                code: .badValue, message: "\"type\" is neither \"node\" nor \"edge\".", position: 0)
        }
        line.labels = Set(line.labels + (UTF8Order.equal(type, "node") ? extraLabels : [])).sorted()
        keepID(&line, type: type)
        return line
    }

    private func keepID(_ line: inout Line, type: String) {
        guard let idKey, UTF8Order.equal(type, "node"), let id = line.id,
            !line.properties.contains(where: { $0.key == idKey })
        else { return }
        let value: PropertyValue =
            line.isIDInteger ? Int64(id).map { .integer($0) } ?? .string(id) : .string(id)
        line.properties.append((idKey, value))
        line.properties.sort { $0.key < $1.key }
    }

    private func member(
        _ name: String, _ bytes: Span<UInt8>, _ index: inout Int, _ line: inout Line
    ) throws(Failure) {
        switch name {
        case "type": line.type = try JSONScanner.string(bytes, &index)
        case "id":
            line.isIDInteger = JSONScanner.peek(bytes, &index) != 0x22
            line.id = try id(bytes, &index)
        case "labels": line.labels = try labels(bytes, &index)
        case "label", "edgeType":
            guard line.edgeType == nil else {
                throw Failure(message: "The edge has two types; drop one.", position: index)
            }
            line.edgeType = try JSONScanner.string(bytes, &index)
        case "start": line.start = try end(bytes, &index)
        case "end": line.end = try end(bytes, &index)
        case "properties":
            line.properties = try JSONPropertyReader.properties(
                bytes, &index, depth: limits.maximumDepth)
        default: try JSONScanner.skipValue(bytes, &index, depth: limits.maximumDepth)
        }
    }

    private func labels(
        _ bytes: Span<UInt8>, _ index: inout Int
    ) throws(Failure) -> [Label] {
        var labels: [Label] = []
        try JSONScanner.array(bytes, &index) { index throws(Failure) in
            let start = index
            labels.append(Label(try JSONScanner.string(bytes, &index)))
            guard labels.count <= limits.maximumLabels else {
                throw Failure(
                    code: .limitExceeded,
                    message: "The node has more labels than the limit of \(limits.maximumLabels).",
                    position: start)
            }
        }
        return labels
    }

    private func id(_ bytes: Span<UInt8>, _ index: inout Int) throws(Failure) -> String {
        if JSONScanner.peek(bytes, &index) == 0x22 {
            return try JSONScanner.string(bytes, &index)
        }
        let start = index
        guard case .integer(let value) = try JSONScanner.number(bytes, &index) else {
            throw Failure(
                code: .badValue, message: "An id is a string or an integer.", position: start)
        }
        return String(value)
    }

    /// Reads the end of an edge: an id, or an object with one.
    private func end(_ bytes: Span<UInt8>, _ index: inout Int) throws(Failure) -> String {
        guard JSONScanner.peek(bytes, &index) == 0x7B else { return try id(bytes, &index) }
        let start = index
        var found: String?
        try JSONScanner.object(bytes, &index) { (name, _, index) throws(Failure) in
            if UTF8Order.equal(name, "id") {
                found = try id(bytes, &index)
            } else {
                try JSONScanner.skipValue(bytes, &index, depth: limits.maximumDepth)
            }
        }
        guard let found else {
            throw Failure(message: "The end of an edge needs an \"id\".", position: start)
        }
        return found
    }
}

/// Which records one reading of a file is for.
enum RecordPass: Sendable {
    case nodes, edges, all

    func takes(isNode: Bool) -> Bool {
        switch self {
        case .nodes: isNode
        case .edges: !isNode
        case .all: true
        }
    }
}
