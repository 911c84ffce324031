internal import GraphStore
internal import PropertyGraph

extension Execution {
    func call<T: GraphReading & ~Copyable>(
        _ function: FunctionID, _ codes: [Code], _ txn: borrowing T, _ range: SourceRange
    ) throws -> Value {
        if function == .coalesce {
            for code in codes {
                let value = try value(code, txn)
                if !value.isNull { return value }
            }
            return .null
        }
        let arguments = try codes.map { try value($0, txn) }
        if function == .exists { return .boolean(!(arguments.first?.isNull ?? true)) }
        if !function.takesNull, arguments.contains(where: \.isNull) { return .null }
        try checkGrowth(function, arguments)
        let result =
            try graphFunction(function, arguments, txn, range)
            ?? ListFunctions.value(function, arguments, at: range)
            ?? StringFunctions.value(function, arguments, at: range)
            ?? MathFunctions.value(function, arguments, at: range)
            ?? ConversionFunctions.value(function, arguments, at: range)
            ?? PointFunctions.value(function, arguments, at: range)
            ?? TemporalFunctions.value(function, arguments, clock: clock, at: range)
        if let result { return result }
        let types = arguments.map(\.typeName).joined(separator: ", ")
        throw CypherError.type(
            .invalidArgumentValue, "\(function.rawValue) does not take (\(types)).", at: range)
    }

    /// Refuses results that would be too large before they are made.
    private func checkGrowth(_ function: FunctionID, _ arguments: [Value]) throws {
        switch (function, arguments.first) {
        case (.range, .integer(let first)?):
            guard case .integer(let last)? = arguments[safe: 1] else { return }
            var step: Int64 = 1
            if case .integer(let given)? = arguments[safe: 2] { step = given }
            let count = abs((Double(last) - Double(first)) / Double(step == 0 ? 1 : step))
            if count > 4_096, count < 1e9 {
                try ensure(Int(count) * MemoryLayout<Value>.stride)
            }
        case (.replace, .string(let text)?):
            guard case .string(let search)? = arguments[safe: 1],
                case .string(let new)? = arguments[safe: 2]
            else { return }
            let places = text.utf8.count / max(1, search.utf8.count) + 1
            let (bytes, overflows) = places.multipliedReportingOverflow(by: new.utf8.count)
            if overflows || bytes > 1 << 16 { try ensure(overflows ? .max : bytes) }
        default: return
        }
    }

    private func graphFunction<T: GraphReading & ~Copyable>(
        _ function: FunctionID, _ arguments: [Value], _ txn: borrowing T, _ range: SourceRange
    ) throws -> Value? {
        switch (function, arguments.first) {
        case (.labels, .node(let id)?):
            try checkLiving(node: id, range)
            return .list(try txn.labels(of: id).map { .string($0.name) })
        case (.type, .relationship(let id)?):
            return try type(of: id, txn).map { .string($0.name) } ?? .null
        case (.id, .node(let id)?): return .integer(Int64(bitPattern: id.rawValue))
        case (.id, .relationship(let id)?): return .integer(Int64(bitPattern: id.rawValue))
        case (.elementID, .node(let id)?): return .string("n\(id)")
        case (.elementID, .relationship(let id)?): return .string("r\(id)")
        case (.properties, let value?) where Self.holdsProperties(value):
            return .map(try properties(of: value, txn, range))
        case (.keys, let value?) where Self.holdsProperties(value):
            return .list(try properties(of: value, txn, range).entries.map { .string($0.key) })
        case (.startNode, .relationship(let id)?):
            try checkLiving(relationship: id, range)
            return try txn.edge(id).map { .node($0.source) } ?? .null
        case (.endNode, .relationship(let id)?):
            try checkLiving(relationship: id, range)
            return try txn.edge(id).map { .node($0.target) } ?? .null
        case (.nodes, .path(let path)?): return .list(path.nodes.map { .node($0) })
        case (.relationships, .path(let path)?):
            return .list(path.relationships.map { .relationship($0) })
        case (.length, .path(let path)?): return .integer(Int64(path.relationships.count))
        case (.degree, .node(let id)?):
            try checkLiving(node: id, range)
            var degree = 0
            let types = arguments.dropFirst().compactMap {
                if case .string(let name) = $0 { EdgeType(name) } else { nil }
            }
            if types.isEmpty { degree = try txn.degree(of: id, .both) }
            for type in types { degree += try txn.degree(of: id, .both, type: type) }
            return .integer(Int64(degree))
        default: return nil
        }
    }

    private static func holdsProperties(_ value: Value) -> Bool {
        switch value {
        case .map, .node, .relationship: true
        default: false
        }
    }
}

/// Functions over lists; arguments are never null.
enum ListFunctions {
    static func value(
        _ function: FunctionID, _ arguments: [Value], at range: SourceRange
    ) throws(CypherError) -> Value? {
        if function == .range { return try self.range(arguments, at: range) }
        if case .map(let map)? = arguments.first {
            switch function {
            case .size: return .integer(Int64(map.entries.count))
            case .isEmpty: return .boolean(map.isEmpty)
            default: return nil
            }
        }
        guard case .list(let elements)? = arguments.first else { return nil }
        switch function {
        case .size: return .integer(Int64(elements.count))
        case .isEmpty: return .boolean(elements.isEmpty)
        case .head: return elements.first ?? .null
        case .last: return elements.last ?? .null
        case .tail: return .list(Array(elements.dropFirst()))
        case .reverse: return .list(elements.reversed())
        default: return nil
        }
    }

    /// The most elements of a range.
    private static let maximumLength: Int64 = 10_000_000

    private static func range(
        _ arguments: [Value], at range: SourceRange
    ) throws(CypherError) -> Value {
        var numbers: [Int64] = []
        for argument in arguments {
            guard case .integer(let number) = argument else {
                throw .argument(
                    .invalidArgumentType,
                    "range takes integers, and this is \(argument.typeName).", at: range)
            }
            numbers.append(number)
        }
        let step = numbers[safe: 2] ?? 1
        guard step != 0 else {
            throw .argument(.numberOutOfRange, "The step of range is not 0.", at: range)
        }
        guard let first = numbers.first, let last = numbers[safe: 1],
            step > 0 ? first <= last : first >= last
        else { return .list([]) }
        let (distance, overflows) = last.subtractingReportingOverflow(first)
        // The smallest integer by -1 is the one quotient that overflows.
        let (count, tooMany) = distance.dividedReportingOverflow(by: step)
        guard !overflows, !tooMany, count < maximumLength else {
            throw .argument(
                .numberOutOfRange, "This range has more than \(maximumLength) elements.",
                at: range)
        }
        return .list((0...count).map { .integer(first + $0 * step) })
    }
}
