package import GraphStore
internal import LMDB
internal import PropertyGraph

/// Everything a snapshot holds, as text: one fact a line, in a fixed order, exact to the bit.
package enum GraphDump {
    /// The lines, each with its end.
    package static func text<R: GraphReading & ~Copyable>(_ txn: borrowing R) throws -> String {
        var lines: [String] = []
        for object in try txn.schemaObjects() { lines.append(line(object)) }
        try txn.forEachNode { node in
            let labels = node.labels.map { quoted($0.name) }.joined(separator: " ")
            lines.append("node \(node.id) [\(labels)]\(text(node.properties))")
            return true
        }
        try txn.forEachEdge { edge in
            let head = "edge \(edge.id) \(quoted(edge.type.name)) \(edge.source) \(edge.target)"
            lines.append(head + text(edge.properties))
            return true
        }
        for id in try txn.nodeIDs() {
            for direction in [Direction.outgoing, .incoming] {
                let steps = try txn.neighbors(of: id, direction)
                if steps.isEmpty { continue }
                let rows = steps.map { "\($0.node):\($0.edge)" }.joined(separator: " ")
                lines.append("\(direction) \(id) \(rows)")
            }
        }
        for label in try txn.labels() {
            lines.append("label \(quoted(label.name)) \(try txn.nodeCount(label: label))")
        }
        for type in try txn.edgeTypes() {
            lines.append("type \(quoted(type.name)) \(try txn.edgeCount(type: type))")
        }
        lines += try scans(txn)
        lines += try bytes(of: "notes", txn)
        for set in try txn.changes(from: try txn.firstLoggedPosition()) {
            lines.append("position \(set.position)")
            lines += set.changes.map { "  " + line($0) }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func scans<R: GraphReading & ~Copyable>(_ txn: borrowing R) throws -> [String] {
        var lines: [String] = []
        for object in try txn.schemaObjects() where object.kind.isOrdered {
            guard let key = object.properties.first, object.properties.count == 1 else { continue }
            let ids =
                object.entity == .node
                ? try txn.nodeIDs(
                    label: Label(object.labelOrType), where: key, .exists, order: .ascending
                ).map { $0.rawValue }
                : try txn.edgeIDs(
                    type: EdgeType(object.labelOrType), where: key, .exists, order: .ascending
                ).map { $0.rawValue }
            let row = ids.map { String($0) }.joined(separator: " ")
            lines.append("order \(quoted(object.name)) \(row)")
        }
        return lines
    }

    private static func bytes<R: GraphReading & ~Copyable>(
        of name: String, _ txn: borrowing R
    ) throws -> [String] {
        guard let table = txn.existingByteTable(name) else { return [] }
        var lines: [String] = []
        try txn.forEachEntry(of: table) { key, value in
            lines.append("bytes \(quoted(name)) \(hex(key.bytes())) \(hex(value.bytes()))")
            return true
        }
        return lines
    }

    private static func line(_ object: GraphStore.SchemaObject) -> String {
        let keys = object.properties.map { quoted($0.name) }.joined(separator: " ")
        let type = object.type.map { " \($0)" } ?? ""
        return "schema \(quoted(object.name)) \(object.kind.word) on \(object.entity) "
            + "\(quoted(object.labelOrType)) \(keys)\(type)"
    }

    private static func line(_ change: Change) -> String {
        switch change {
        case .nodeCreated(let node): "+node \(node.id)\(text(node.properties))"
        case .nodeDeleted(let node): "-node \(node.id)\(text(node.properties))"
        case .labelsChanged(let id, let before, let after):
            "labels \(id) \(before.map { quoted($0.name) }) \(after.map { quoted($0.name) })"
        case .nodeChanged(let id, let changes): "node \(id)\(text(changes))"
        case .edgeCreated(let edge): "+edge \(edge.id)\(text(edge.properties))"
        case .edgeDeleted(let edge): "-edge \(edge.id)\(text(edge.properties))"
        case .edgeChanged(let id, let changes): "edge \(id)\(text(changes))"
        case .schemaCreated(let object): "+" + line(object)
        case .schemaDropped(let object): "-" + line(object)
        case .bulkLoaded(let nodes, let edges): "bulk \(nodes) \(edges)"
        case .renamed(let kind, let before, let after):
            "renamed \(kind.rawValue) \(quoted(before)) \(quoted(after))"
        case .byteTableChanged(let name): "bytes \(quoted(name))"
        }
    }

    private static func text(_ properties: Properties) -> String {
        properties.sorted { $0.key < $1.key }
            .map { " \(quoted($0.key.name))=\(text($0.value))" }.joined()
    }

    private static func text(_ changes: [PropertyChange]) -> String {
        changes.sorted { $0.key < $1.key }.map { change in
            let before = change.before.map { text($0) } ?? "-"
            let after = change.after.map { text($0) } ?? "-"
            return " \(quoted(change.key.name)):\(before)>\(after)"
        }.joined()
    }

    /// A value with its type, floating-point numbers by their bits.
    private static func text(_ value: PropertyValue) -> String {
        switch value {
        case .boolean(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .double(let value): "double(\(bits(value)))"
        case .string(let value): quoted(value)
        case .bytes(let value): "bytes(\(hex(value)))"
        case .list(let values): "[\(values.map { text($0) }.joined(separator: ","))]"
        case .vector(let values):
            "vector(\(values.map { String($0.bitPattern, radix: 16) }.joined(separator: ",")))"
        case .point(let point):
            "point(\(point.referenceSystem.rawValue),\(bits(point.x)),\(bits(point.y)),"
                + "\(bits(point.z)))"
        case .date(let date): "date(\(date.daysSinceEpoch))"
        case .localTime(let time): "localtime(\(time.nanosecondsSinceMidnight))"
        case .zonedTime(let time):
            "time(\(time.localTime.nanosecondsSinceMidnight),\(time.utcOffsetSeconds))"
        case .localDateTime(let moment):
            "localdatetime(\(moment.secondsSinceEpoch),\(moment.nanoseconds))"
        case .zonedDateTime(let moment):
            "datetime(\(moment.secondsSinceEpoch),\(moment.nanoseconds),"
                + "\(moment.utcOffsetSeconds),\(moment.zoneName ?? "-"))"
        case .duration(let duration):
            "duration(\(duration.months),\(duration.days),\(duration.seconds),"
                + "\(duration.nanoseconds))"
        }
    }

    private static func bits(_ value: Double) -> String { String(value.bitPattern, radix: 16) }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Text whose bytes can be told from the page: printable ASCII as it is, all else in hex;
    /// long runs of one character shortened.
    private static func quoted(_ text: String) -> String {
        var result = "'"
        for byte in text.utf8 {
            if byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "'"), byte != UInt8(ascii: "\\") {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += "\\" + hex([byte])
            }
        }
        return result + "'"
    }
}
