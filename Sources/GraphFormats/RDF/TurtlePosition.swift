/// Follows the bytes of a Turtle or N-Triples file: where it is, and how deep its brackets are.
///
/// serd reads brackets by recursion, so their depth must be known before it meets them.
struct TurtlePosition {
    private enum State {
        case plain, iri, comment
        /// Behind one or two quotes, which may become three.
        case opening(UInt8, Int)
        case short(UInt8)
        case long(UInt8, closing: Int)
    }

    /// The line of the last byte, from 1.
    private(set) var line = 1
    /// The place of the last byte in its line, from 1.
    private(set) var column = 0
    /// How many brackets are open.
    private(set) var depth = 0
    private(set) var lastByte: UInt8 = 0
    private var state = State.plain
    private var isEscaped = false

    /// Takes the next byte.
    mutating func pass(_ byte: UInt8) {
        if lastByte == 0x0A {
            line += 1
            column = 0
        }
        column += 1
        lastByte = byte
        follow(byte)
    }

    private mutating func follow(_ byte: UInt8) {
        switch state {
        case .plain: plain(byte)
        case .iri: if byte == 0x3E || byte == 0x0A { state = .plain }
        case .comment: if byte == 0x0A { state = .plain }
        case .opening(let quote, let count):
            if byte == quote {
                state = count == 2 ? .long(quote, closing: 0) : .opening(quote, count + 1)
            } else if count == 2 {
                // Two quotes were an empty string.
                state = .plain
                plain(byte)
            } else {
                state = .short(quote)
                follow(byte)
            }
        case .short(let quote):
            if isEscaped {
                isEscaped = false
            } else if byte == 0x5C {
                isEscaped = true
            } else if byte == quote || byte == 0x0A {
                state = .plain
            }
        case .long(let quote, let closing):
            if isEscaped {
                isEscaped = false
            } else if byte == 0x5C {
                isEscaped = true
                state = .long(quote, closing: 0)
            } else if byte == quote {
                state = closing == 2 ? .plain : .long(quote, closing: closing + 1)
            } else if closing > 0 {
                state = .long(quote, closing: 0)
            }
        }
    }

    private mutating func plain(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
            return
        }
        switch byte {
        case 0x5C: isEscaped = true
        case 0x3C: state = .iri
        case 0x23: state = .comment
        case 0x22, 0x27: state = .opening(byte, 1)
        case 0x5B, 0x28: depth += 1
        case 0x5D, 0x29: depth = max(0, depth - 1)
        default: break
        }
    }

    /// Starts anew behind a statement that could not be read.
    mutating func forgetNesting() {
        depth = 0
        state = .plain
        isEscaped = false
    }
}
