import GraphStore
import PropertyGraph

/// The first line of a JSONL file that carries indexes and constraints.
///
/// ```
/// {"type":"schema","objects":[
///   {"kind":"unique","name":"unique_Person_name","label":"Person","properties":["name"]},
///   {"kind":"type","name":"since","edgeType":"KNOWS","properties":["since"],"allows":"DATE"}]}
/// ```
///
/// all on one line. `kind` is one of `kinds`; a `name` may be missing.
enum SchemaLine {
    typealias Failure = JSONScanner.Failure

    /// The words for kinds, which are those of `cairn schema create`.
    static let kinds: [(word: String, kind: SchemaKind)] = [
        ("index", .index), ("unique", .unique), ("key", .key), ("exists", .existence),
        ("type", .type), ("inline", .inlineProperty),
    ]

    /// Appends the line with its end.
    static func append(_ objects: [SchemaObject], to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "{\"type\":\"schema\",\"objects\":[".utf8)
        for (place, object) in objects.enumerated() {
            let word = kinds.first { $0.kind == object.kind }?.word ?? ""
            bytes.append(contentsOf: "\(place > 0 ? "," : ""){\"kind\":\"\(word)\",\"name\":".utf8)
            JSONWriter.append(object.name, to: &bytes)
            bytes.append(contentsOf: ",\"\(object.entity == .node ? "label" : "edgeType")\":".utf8)
            JSONWriter.append(object.labelOrType, to: &bytes)
            bytes.append(contentsOf: ",\"properties\":[".utf8)
            for (place, key) in object.properties.enumerated() {
                if place > 0 { bytes.append(0x2C) }
                JSONWriter.append(key.name, to: &bytes)
            }
            bytes.append(0x5D)
            if let type = object.type {
                bytes.append(contentsOf: ",\"allows\":".utf8)
                JSONWriter.append(type.description, to: &bytes)
            }
            bytes.append(0x7D)
        }
        bytes.append(contentsOf: "]}\n".utf8)
    }

    /// The objects of a line; nil when it is another kind of line.
    static func objects(
        _ bytes: Span<UInt8>, limits: InputLimits
    ) throws(Failure) -> [SchemaObject]? {
        var index = 0
        guard JSONScanner.peek(bytes, &index) == 0x7B else { return nil }
        var isSchema = false
        var objects: [SchemaObject] = []
        var failure: Failure?
        try JSONScanner.object(bytes, &index) { (name, _, index) throws(Failure) in
            if UTF8Order.equal(name, "type"), JSONScanner.peek(bytes, &index) == 0x22 {
                isSchema = UTF8Order.equal(try JSONScanner.string(bytes, &index), "schema")
            } else if UTF8Order.equal(name, "objects"), JSONScanner.peek(bytes, &index) == 0x5B {
                let start = index
                do throws(Failure) {
                    try JSONScanner.array(bytes, &index) { index throws(Failure) in
                        objects.append(try object(bytes, &index, limits))
                    }
                } catch {
                    // Another kind of line may hold what it likes under this name.
                    failure = error
                    index = start
                    try JSONScanner.skipValue(bytes, &index, depth: limits.maximumDepth)
                }
            } else {
                try JSONScanner.skipValue(bytes, &index, depth: limits.maximumDepth)
            }
        }
        guard isSchema else { return nil }
        if let failure { throw failure }
        return objects
    }

    private static func object(
        _ bytes: Span<UInt8>, _ index: inout Int, _ limits: InputLimits
    ) throws(Failure) -> SchemaObject {
        let start = index
        var texts: [String: String] = [:]
        var properties: [PropertyKey] = []
        try JSONScanner.object(bytes, &index) { (name, _, index) throws(Failure) in
            switch name {
            case "kind", "name", "label", "edgeType", "allows":
                texts[name] = try JSONScanner.string(bytes, &index)
            case "properties":
                try JSONScanner.array(bytes, &index) { index throws(Failure) in
                    properties.append(PropertyKey(try JSONScanner.string(bytes, &index)))
                }
            default: try JSONScanner.skipValue(bytes, &index, depth: limits.maximumDepth)
            }
        }
        let words = kinds.map(\.word).joined(separator: ", ")
        guard let kind = kinds.first(where: { UTF8Order.equal($0.word, texts["kind"] ?? "") })?.kind
        else {
            throw Failure(
                code: .badValue, message: "\"kind\" of an index or constraint is one of \(words).",
                position: start)
        }
        guard let owner = texts["label"] ?? texts["edgeType"],
            texts["label"] == nil || texts["edgeType"] == nil
        else {
            throw Failure(
                message: "An index or constraint has a \"label\" or an \"edgeType\".",
                position: start)
        }
        let type = texts["allows"].flatMap { PropertyType($0) }
        guard (kind == .type) == (type != nil), texts["allows"] == nil || type != nil else {
            throw Failure(
                code: .badValue,
                message: "A type constraint, and nothing else, \"allows\" a type such as "
                    + "\"INTEGER | LIST<STRING>\".", position: start)
        }
        return SchemaObject(
            name: texts["name"], kind: kind, entity: texts["label"] == nil ? .edge : .node,
            labelOrType: owner, properties: properties, type: type)
    }
}

extension ImportSource {
    /// The indexes and constraints in the first line of a JSONL file; nil where there is no such
    /// line, or no JSONL.
    ///
    /// - Throws: `FormatError` with its place.
    func schema(limits: InputLimits) throws -> [SchemaObject]? {
        guard format == .jsonl else { return nil }
        var reader = BlockReader(try open(), limits: limits, boundary: lastLineEnd)
        guard let block = try reader.next() else { return nil }
        let bytes = block.span
        var index = 0
        var number = 1
        while index < bytes.count, bytes[index] <= 0x20 {
            if bytes[index] == 0x0A { number += 1 }
            index += 1
        }
        let start = index
        while index < bytes.count, bytes[index] != 0x0A { index += 1 }
        let line = bytes.extracting(start..<index)
        do throws(JSONScanner.Failure) {
            return try SchemaLine.objects(line, limits: limits)
        } catch {
            // A line that is no JSON is told of by the reader of records, unless it says "schema".
            guard Self.saysSchema(line) else { return nil }
            throw FormatError(
                error.code, error.message, file: name, line: number, column: error.position + 1)
        }
    }

    private static func saysSchema(_ line: Span<UInt8>) -> Bool {
        let word = Array("\"schema\"".utf8)
        guard line.count >= word.count else { return false }
        // It stands near the front: a long line is not searched.
        return (0...min(line.count - word.count, 64)).contains { start in
            word.indices.allSatisfy { line[start + $0] == word[$0] }
        }
    }
}
