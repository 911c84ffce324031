import PropertyGraph

/// Lists in one CSV field: elements separated by a delimiter, `;` unless told otherwise.
///
/// | field | plain | with `{escape:\}` in the header |
/// | --- | --- | --- |
/// | (nothing) | absent | absent |
/// | `""` | the empty list | the empty list |
/// | `a;b` | `a`, `b` | `a`, `b` |
/// | `a\;b` | `a\`, `b` | `a;b` |
/// | `a\\b` | `a\\b` | `a\b` |
/// | `\` alone | `\` | one empty element |
///
/// Plain is what other programs write; the exporter asks for escapes only where it needs them.
struct ListText: Sendable, Hashable {
    var delimiter: UInt8 = 0x3B
    var isEscaped = false

    private static let escape: UInt8 = 0x5C

    /// Reads a list; the field must not be absent.
    func parse(
        _ bytes: Span<UInt8>, _ range: Range<Int>, of type: ValueType
    ) throws(ValueFailure) -> PropertyValue {
        if type.scalar == .vector {
            return try ValueText.vector(bytes, range, delimiter: delimiter)
        }
        if range.isEmpty { return .list([]) }
        var elements: [PropertyValue] = []
        if isEscaped, range.count == 1, bytes[range.lowerBound] == Self.escape {
            return .list([try ValueText.scalar(bytes, 0..<0, as: type)])
        }
        var start = range.lowerBound
        while true {
            var end = start
            var hasEscapes = false
            while end < range.upperBound, bytes[end] != delimiter {
                if isEscaped, bytes[end] == Self.escape {
                    hasEscapes = true
                    end += 1
                }
                end += 1
            }
            end = min(end, range.upperBound)
            if hasEscapes {
                let plain = unescaped(bytes, start..<end)
                elements.append(try ValueText.scalar(plain.span, 0..<plain.count, as: type))
            } else {
                elements.append(try ValueText.scalar(bytes, start..<end, as: type))
            }
            if end >= range.upperBound { break }
            start = end + 1
        }
        return .list(elements)
    }

    private func unescaped(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == Self.escape, index + 1 < range.upperBound { index += 1 }
            result.append(bytes[index])
            index += 1
        }
        return result
    }

    /// Whether plain text would not give the list back.
    static func needsEscapes(_ elements: [PropertyValue], delimiter: UInt8) -> Bool {
        if elements.count == 1, ValueText.text(elements[0]).isEmpty { return true }
        return elements.contains { element in
            ValueText.text(element).utf8.contains(delimiter)
        }
    }

    /// Writes a list.
    func text(_ elements: [PropertyValue]) -> [UInt8] {
        var result: [UInt8] = []
        for (index, element) in elements.enumerated() {
            if index > 0 { result.append(delimiter) }
            for byte in ValueText.text(element).utf8 {
                if isEscaped, byte == delimiter || byte == Self.escape {
                    result.append(Self.escape)
                }
                result.append(byte)
            }
        }
        if isEscaped, result.isEmpty, elements.count == 1 { result.append(Self.escape) }
        return result
    }
}
