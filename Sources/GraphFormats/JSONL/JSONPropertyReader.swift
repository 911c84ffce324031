import PropertyGraph

/// Property values in JSON.
///
/// Strings, booleans and numbers are themselves; a number with a point or exponent is a double,
/// any other an integer. What JSON has not is `{"$type": T, "value": V}` with T one of `date`,
/// `localtime`, `time`, `localdatetime`, `datetime`, `duration`, `point` (V is ISO text or the
/// text of the point), `float` (V is a number or `"NaN"`, `"Infinity"`, `"-Infinity"`), `bytes`
/// (V is base64) or `vector` (V is an array of numbers). `null` is an absent value.
enum JSONPropertyReader {
    typealias Failure = JSONScanner.Failure

    /// Reads the object of properties.
    static func properties(
        _ bytes: Span<UInt8>, _ index: inout Int, depth: Int
    ) throws(Failure) -> [(key: PropertyKey, value: PropertyValue?)] {
        var found: [(key: PropertyKey, value: PropertyValue?)] = []
        var isSorted = true
        try JSONScanner.object(bytes, &index) { (name, start, index) throws(Failure) in
            let key = PropertyKey(name)
            if let last = found.last, isSorted { isSorted = last.key < key }
            if !isSorted, found.contains(where: { $0.key == key }) {
                throw Failure(message: "The property is there twice; drop one.", position: start)
            }
            found.append((key, try value(bytes, &index, depth: depth)))
        }
        return isSorted ? found : found.sorted { $0.key < $1.key }
    }

    /// Reads one value; nil for `null`.
    static func value(
        _ bytes: Span<UInt8>, _ index: inout Int, depth: Int
    ) throws(Failure) -> PropertyValue? {
        let start = index
        guard JSONScanner.peek(bytes, &index) == 0x5B else {
            return try scalar(bytes, &index, depth: depth)
        }
        try JSONScanner.checkDepth(depth, index)
        var elements: [PropertyValue] = []
        try JSONScanner.array(bytes, &index) { index throws(Failure) in
            let start = index
            guard let element = try scalar(bytes, &index, depth: depth - 1) else {
                throw Failure(
                    code: .badValue, message: "A list cannot hold null; leave it out.",
                    position: start)
            }
            elements.append(element)
        }
        let list = PropertyValue.list(elements)
        guard list.isStorable else {
            throw Failure(
                code: .badValue,
                message: "The list mixes types; a stored list holds one kind of scalar.",
                position: start)
        }
        return list
    }

    private static func scalar(
        _ bytes: Span<UInt8>, _ index: inout Int, depth: Int
    ) throws(Failure) -> PropertyValue? {
        let start = index
        switch JSONScanner.peek(bytes, &index) {
        case 0x22: return .string(try JSONScanner.string(bytes, &index))
        case 0x74:
            try JSONScanner.word("true", bytes, &index)
            return .boolean(true)
        case 0x66:
            try JSONScanner.word("false", bytes, &index)
            return .boolean(false)
        case 0x6E:
            try JSONScanner.word("null", bytes, &index)
            return nil
        case 0x7B:
            try JSONScanner.checkDepth(depth, index)
            return try typed(bytes, &index, depth: depth)
        case 0x5B:
            throw Failure(
                code: .badValue, message: "A list cannot hold lists; flatten it.", position: start)
        default:
            switch try JSONScanner.number(bytes, &index) {
            case .integer(let value): return .integer(value)
            case .double(let value): return .double(value)
            }
        }
    }

    /// Reads `{"$type": …, "value": …}`, in either order.
    private static func typed(
        _ bytes: Span<UInt8>, _ index: inout Int, depth: Int
    ) throws(Failure) -> PropertyValue {
        let start = index
        var type: String?
        var valueAt: Int?
        try JSONScanner.object(bytes, &index) { (name, at, index) throws(Failure) in
            if UTF8Order.equal(name, "$type"), type == nil {
                type = try JSONScanner.string(bytes, &index)
            } else if UTF8Order.equal(name, "value"), valueAt == nil {
                valueAt = index
                try JSONScanner.skipValue(bytes, &index, depth: depth)
            } else {
                throw Failure(
                    code: .badValue,
                    message:
                        "A property cannot hold a map; flatten it, or write {\"$type\", \"value\"}.",
                    position: at)
            }
        }
        guard let type, var position = valueAt else {
            throw Failure(
                code: .badValue,
                message:
                    "A property cannot hold a map; flatten it, or write {\"$type\", \"value\"}.",
                position: start)
        }
        return try typedValue(type, bytes, &position)
    }

    private static func typedValue(
        _ type: String, _ bytes: Span<UInt8>, _ index: inout Int
    ) throws(Failure) -> PropertyValue {
        let start = index
        if UTF8Order.equal(type, "vector") { return try vector(bytes, &index) }
        if UTF8Order.equal(type, "float"), bytes[index] != 0x22 {
            switch try JSONScanner.number(bytes, &index) {
            case .integer(let value): return .double(Double(value))
            case .double(let value): return .double(value)
            }
        }
        let scalar: ValueType.Scalar? =
            UTF8Order.equal(type, "float") ? .double : ValueType.Scalar(rawValue: type)
        guard let scalar, scalar != .string, scalar != .boolean else {
            throw Failure(
                code: .badValue,
                message: "'\(type.prefix(40))' is no $type; use date, localtime, time, "
                    + "localdatetime, datetime, duration, point, float, bytes or vector.",
                position: start)
        }
        let text = Array(try JSONScanner.string(bytes, &index).utf8)
        do throws(ValueFailure) {
            return try ValueText.scalar(text.span, 0..<text.count, as: ValueType(scalar))
        } catch {
            throw Failure(code: error.code, message: error.message, position: start)
        }
    }

    private static func vector(
        _ bytes: Span<UInt8>, _ index: inout Int
    ) throws(Failure) -> PropertyValue {
        if bytes[index] == 0x22 {
            let start = index
            let text = Array(try JSONScanner.string(bytes, &index).utf8)
            do throws(ValueFailure) {
                return try ValueText.vector(text.span, 0..<text.count, delimiter: 0x3B)
            } catch {
                throw Failure(code: error.code, message: error.message, position: start)
            }
        }
        var elements: [Float] = []
        try JSONScanner.array(bytes, &index) { index throws(Failure) in
            let start = index
            switch try JSONScanner.number(bytes, &index) {
            case .integer(let value): elements.append(Float(value))
            case .double:
                // Rounded once, from the text: through a double it would be rounded twice.
                guard let value = Float(NumberText.text(bytes, start..<index)) else {
                    throw Failure(message: "This is no number.", position: start)
                }
                elements.append(value)
            }
        }
        return .vector(elements)
    }
}
