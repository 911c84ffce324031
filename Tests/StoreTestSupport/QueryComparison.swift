package import GraphStore
internal import PropertyGraph
package import TestSupport

/// Compares property scans: with an index, without, and by definition.
package enum QueryComparison {
    /// Asks every index and constraint some questions.
    package static func allIndexes<R: GraphReading & ~Copyable>(
        _ txn: borrowing R, _ model: ModelGraph, _ generator: inout OperationGenerator
    ) throws {
        let objects = model.schema.values.sorted { PropertyKey($0.name) < PropertyKey($1.name) }
        for object in objects where object.kind.isOrdered {
            for _ in 0..<3 { try ask(object, txn, model, &generator) }
        }
    }

    private static func ask<R: GraphReading & ~Copyable>(
        _ object: ModelGraph.SchemaObject, _ txn: borrowing R, _ model: ModelGraph,
        _ generator: inout OperationGenerator
    ) throws {
        if object.isOverNodes {
            let values = object.keys.map { ($0, someValue(model, object, $0, &generator)) }
            let label = Label(object.symbol)
            let expected = model.nodeIDs(label: label, matching: values)
            for access in [IndexAccess.automatic, .never] {
                let found = try txn.nodeIDs(label: label, matching: values, using: access)
                try expectSame(found, expected, "\(object.name) matching \(values), \(access)")
            }
        }
        guard object.keys.count == 1, let key = object.keys.first else { return }
        let predicate = predicate(model, object, key, &generator)
        for order in [ScanOrder.byID, .ascending, .descending] {
            var expected = model.ids(
                of: object.symbol, isOverNodes: object.isOverNodes, key: key, predicate,
                isByValue: order != .byID)
            if order == .descending { expected.reverse() }
            for limit in [Int.max, 1 + generator.random.below(4)] {
                for access in [IndexAccess.automatic, .never] {
                    let found = try scan(object, key, predicate, order, limit, access, txn)
                    try expectSame(
                        found, Array(expected.prefix(limit)),
                        "\(object.name) \(predicate) \(order) limit \(limit), index \(access)")
                }
            }
        }
    }

    private static func scan<R: GraphReading & ~Copyable>(
        _ object: ModelGraph.SchemaObject, _ key: PropertyKey, _ predicate: ModelPredicate,
        _ order: ScanOrder, _ limit: Int, _ access: IndexAccess, _ txn: borrowing R
    ) throws -> [UInt64] {
        let predicate = PropertyPredicate(predicate)
        if object.isOverNodes {
            return try txn.nodeIDs(
                label: Label(object.symbol), where: key, predicate, order: order, limit: limit,
                using: access
            ).map { $0.rawValue }
        }
        return try txn.edgeIDs(
            type: EdgeType(object.symbol), where: key, predicate, order: order, limit: limit,
            using: access
        ).map { $0.rawValue }
    }

    private static func predicate(
        _ model: ModelGraph, _ object: ModelGraph.SchemaObject, _ key: PropertyKey,
        _ generator: inout OperationGenerator
    ) -> ModelPredicate {
        let first = someValue(model, object, key, &generator)
        switch generator.random.below(10) {
        case 0: return .exists
        case 1..<4: return .equals(first)
        case 4..<6:
            guard case .string(let text) = first else { return .startsWith("k") }
            return .startsWith(
                String(decoding: text.utf8.prefix(generator.random.below(420)), as: UTF8.self))
        default:
            let second = someValue(model, object, key, &generator)
            return .range(
                from: generator.random.percent(80) ? first : nil,
                isFromInside: generator.random.percent(50),
                to: generator.random.percent(60) ? second : nil,
                isToInside: generator.random.percent(50))
        }
    }

    /// Often a value that some entity has.
    private static func someValue(
        _ model: ModelGraph, _ object: ModelGraph.SchemaObject, _ key: PropertyKey,
        _ generator: inout OperationGenerator
    ) -> PropertyValue {
        let random = generator.value()
        guard generator.random.percent(75) else { return random }
        var values: [PropertyValue] = []
        if object.isOverNodes {
            for id in model.nodeIDs(label: Label(object.symbol)) {
                if let value = model.nodes[id]?.properties[key] { values.append(value) }
            }
        } else {
            for id in model.edgeIDs(type: EdgeType(object.symbol)) {
                if let value = model.edges[id]?.properties[key] { values.append(value) }
            }
        }
        return values.isEmpty ? random : generator.random.pick(values)
    }
}
