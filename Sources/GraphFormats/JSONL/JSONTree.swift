/// A JSON value as a tree, for documents small enough to be held whole.
///
/// Members keep their order; a name given twice in one object is refused. Integers never go
/// through a double.
package indirect enum JSONTree: Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case double(Double)
    case string(String)
    case array([JSONTree])
    case object([(name: String, value: JSONTree)])

    /// Objects and arrays inside each other, at most.
    private static let depthLimit = 64

    /// Reads one value and nothing else.
    ///
    /// - Throws: What is wrong, with the byte where.
    /// - Complexity: O(bytes), and O(members²) in objects of many members.
    package init(_ bytes: [UInt8]) throws(FormatError) {
        let span = bytes.span
        var index = 0
        do throws(JSONScanner.Failure) {
            self = try Self.value(span, &index, depth: Self.depthLimit)
            JSONScanner.skipBlanks(span, &index)
            guard index == span.count else {
                throw JSONScanner.Failure(
                    message: "Something stands after the value; put one value on a line.",
                    position: index)
            }
        } catch {
            throw FormatError(error.code, "At byte \(error.position + 1): \(error.message)")
        }
    }

    private static func value(
        _ bytes: Span<UInt8>, _ index: inout Int, depth: Int
    ) throws(JSONScanner.Failure) -> JSONTree {
        switch JSONScanner.peek(bytes, &index) {
        case 0x22: return .string(try JSONScanner.string(bytes, &index))
        case 0x7B:
            try JSONScanner.checkDepth(depth, index)
            var members: [(name: String, value: JSONTree)] = []
            try JSONScanner.object(bytes, &index) {
                (name, place, index) throws(JSONScanner.Failure) in
                if members.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
                    throw JSONScanner.Failure(
                        message: "The name '\(name)' stands twice in one object.", position: place)
                }
                members.append((name, try value(bytes, &index, depth: depth - 1)))
            }
            return .object(members)
        case 0x5B:
            try JSONScanner.checkDepth(depth, index)
            var elements: [JSONTree] = []
            try JSONScanner.array(bytes, &index) { index throws(JSONScanner.Failure) in
                elements.append(try value(bytes, &index, depth: depth - 1))
            }
            return .array(elements)
        case 0x74:
            try JSONScanner.word("true", bytes, &index)
            return .boolean(true)
        case 0x66:
            try JSONScanner.word("false", bytes, &index)
            return .boolean(false)
        case 0x6E:
            try JSONScanner.word("null", bytes, &index)
            return .null
        default:
            switch try JSONScanner.number(bytes, &index) {
            case .integer(let value): return .integer(value)
            case .double(let value): return .double(value)
            }
        }
    }

    /// The member of a name; nil when this is no object, has none, or it is null.
    package subscript(_ name: String) -> JSONTree? {
        guard case .object(let members) = self,
            let found = members.first(where: { $0.name.utf8.elementsEqual(name.utf8) })
        else { return nil }
        if case .null = found.value { return nil }
        return found.value
    }
}
