internal import LMDB

// The inline values of a block. Format version 1.
//
// | part      | size              | meaning                                                     |
// |-----------|-------------------|-------------------------------------------------------------|
// | form      | 1                 | bits 0–3: form of a value; bit 4: presence bitmap follows;  |
// |           |                   | bit 5: bitmap of values elsewhere follows; bit 6: all       |
// |           |                   | values are the same, written once; bit 7: reserved, 0       |
// | exponent  | 1, if decimal     | 0 … 6                                                       |
// | presence  | ⌈rows / 8⌉        | rows with a value here; without it, all rows have one       |
// | elsewhere | ⌈rows / 8⌉        | rows whose value is in the edge's record                    |
// | doubles   | ⌈values / 8⌉      | form 7 only: values that are doubles                        |
// | values    | width × values    | in the order of their rows                                  |
//
// | form  | width      | value                                                                 |
// |-------|------------|-----------------------------------------------------------------------|
// | 0     | 0          | no row has a value here                                               |
// | 1–4   | 1, 2, 4, 8 | integers                                                              |
// | 5, 6  | 4, 8       | doubles; those of 4 bytes are exact as 32-bit floats                  |
// | 7     | 8          | integers and doubles                                                  |
// | 8–10  | 1, 2, 4    | doubles, numerators over ten to the exponent (`ScaledDecimal`)        |
// | 11–15 |            | reserved                                                              |
//
// Bitmaps have row (or value) 0 in the lowest bit of the first byte. Numbers are little-endian.

/// The form in which the inline values of some rows are written: the narrowest that is exact.
struct InlineColumn {
    enum Form {
        static let none: UInt8 = 0
        static let integer8: UInt8 = 1
        static let integer64: UInt8 = 4
        static let single: UInt8 = 5
        static let double: UInt8 = 6
        static let mixed: UInt8 = 7
        static let decimal8: UInt8 = 8
        static let decimal32: UInt8 = 10

        static let mask: UInt8 = 0x0F
        static let presence: UInt8 = 0x10
        static let elsewhere: UInt8 = 0x20
        static let constant: UInt8 = 0x40
        static let reserved: UInt8 = 0x80

        /// Bytes of a value; nil for a form yet unknown.
        static func width(_ form: UInt8) -> Int? {
            switch form {
            case none: 0
            case 1, 8: 1
            case 2, 9: 2
            case 3, 5, 10: 4
            case 4, 6, 7: 8
            default: nil
            }
        }
    }

    private let rows: Int
    private let values: Int
    private let flags: UInt8
    private let exponent: Int
    private var form: UInt8 { flags & Form.mask }
    private var width: Int { Form.width(form) ?? 0 }
    private var isDecimal: Bool { form >= Form.decimal8 }

    /// Chooses the form for some rows.
    init(_ entries: ArraySlice<AdjacencyEntry>) {
        var survey = Survey()
        for entry in entries { survey.add(entry.inline) }
        rows = entries.count
        values = survey.values
        let choice = survey.choice(entries)
        exponent = choice.exponent
        var flags = choice.form
        if survey.values < entries.count { flags |= Form.presence }
        if survey.elsewhere > 0 { flags |= Form.elsewhere }
        if survey.values > 1, survey.isConstant { flags |= Form.constant }
        self.flags = flags
    }

    /// Bytes of the whole column.
    var size: Int {
        let bitmap = (rows + 7) / 8
        var size = isDecimal ? 2 : 1
        if flags & Form.presence != 0 { size += bitmap }
        if flags & Form.elsewhere != 0 { size += bitmap }
        if form == Form.mixed { size += (written + 7) / 8 }
        return size + width * written
    }

    private var written: Int { flags & Form.constant != 0 ? 1 : values }

    /// The bits a row takes at most, also in a column of some of these rows.
    var bitsPerRow: Int {
        var bits = flags & Form.constant != 0 ? 0 : width * 8
        if flags & Form.presence != 0 { bits += 1 }
        if flags & Form.elsewhere != 0 { bits += 1 }
        if form == Form.mixed { bits += 1 }
        return bits
    }

    /// Appends the column of the rows it was made for.
    func encode(_ entries: ArraySlice<AdjacencyEntry>, into writer: inout ByteWriter) {
        writer.append(flags)
        if isDecimal { writer.append(UInt8(exponent)) }
        if flags & Form.presence != 0 {
            appendBitmap(entries, into: &writer) { $0 != .absent && $0 != .elsewhere }
        }
        if flags & Form.elsewhere != 0 {
            appendBitmap(entries, into: &writer) { $0 == .elsewhere }
        }
        var present = entries
        if flags & (Form.presence | Form.constant) != 0 {
            present = entries.filter { $0.inline != .absent && $0.inline != .elsewhere }[...]
        }
        present = present.prefix(written)
        if form == Form.mixed {
            appendBitmap(present, into: &writer) { if case .double = $0 { true } else { false } }
        }
        for entry in present { append(entry.inline, into: &writer) }
    }

    private func append(_ value: InlineValue, into writer: inout ByteWriter) {
        var number: Int64 = 0
        switch value {
        case .absent, .elsewhere: return
        case .integer(let integer): number = integer
        case .double(let double):
            if isDecimal {
                number = Int64(ScaledDecimal.numerator(of: double, exponent: exponent) ?? 0)
            } else if form == Form.single {
                number = Int64(Float(double).bitPattern)
            } else {
                number = Int64(bitPattern: double.bitPattern)
            }
        }
        switch width {
        case 1: writer.append(UInt8(truncatingIfNeeded: number))
        case 2: writer.appendLE16(UInt16(truncatingIfNeeded: number))
        case 4: writer.appendLE32(UInt32(truncatingIfNeeded: number))
        default: writer.appendLE64(UInt64(bitPattern: number))
        }
    }

    private func appendBitmap(
        _ entries: ArraySlice<AdjacencyEntry>, into writer: inout ByteWriter,
        _ isSet: (InlineValue) -> Bool
    ) {
        var (byte, bit): (UInt8, UInt8) = (0, 1)
        for entry in entries {
            if isSet(entry.inline) { byte |= bit }
            bit &<<= 1
            if bit == 0 {
                writer.append(byte)
                (byte, bit) = (0, 1)
            }
        }
        if bit != 1 { writer.append(byte) }
    }
}

extension InlineColumn {
    /// What the values of some rows have in common.
    private struct Survey {
        var values = 0
        var elsewhere = 0
        var isConstant = true
        private var integers = 0
        private var integerBytes = 1
        private var isSingle = true
        private var exponent: Int? = 0
        private var numeratorBytes = 1
        private var isExponentOfAll = true
        private var first = InlineValue.absent

        mutating func add(_ value: InlineValue) {
            switch value {
            case .absent: return
            case .elsewhere:
                elsewhere += 1
                return
            case .integer(let integer):
                integers += 1
                integerBytes = max(integerBytes, signedByteCount(integer))
            case .double(let double):
                if isSingle { isSingle = ScaledDecimal.isSingle(double) }
                if let exponent { addDecimal(double, exponent) }
            }
            if values == 0 { first = value } else if value != first { isConstant = false }
            values += 1
        }

        @inline(__always)
        private mutating func addDecimal(_ double: Double, _ common: Int) {
            if let numerator = ScaledDecimal.numerator(of: double, exponent: common) {
                numeratorBytes = max(numeratorBytes, signedByteCount(Int64(numerator)))
                return
            }
            exponent = ScaledDecimal.exponent(of: double, from: common + 1)
            if values > 0 {
                isExponentOfAll = false
            } else if let exponent {
                addDecimal(ofFirst: double, exponent)
            }
        }

        private mutating func addDecimal(ofFirst double: Double, _ exponent: Int) {
            let numerator = ScaledDecimal.numerator(of: double, exponent: exponent) ?? 0
            numeratorBytes = signedByteCount(Int64(numerator))
        }

        func choice(_ entries: ArraySlice<AdjacencyEntry>) -> (form: UInt8, exponent: Int) {
            if values == 0 { return (Form.none, 0) }
            if integers == values {
                return (Form.integer8 + UInt8(powerOfTwo(integerBytes)), 0)
            }
            if integers > 0 { return (Form.mixed, 0) }
            if let exponent, let bytes = decimalBytes(entries, exponent) {
                let power = powerOfTwo(bytes)
                // A 32-bit float is read faster than a quotient of the same size.
                if power < 2 || !isSingle { return (Form.decimal8 + UInt8(power), exponent) }
            }
            return (isSingle ? Form.single : Form.double, 0)
        }

        /// 1, 2, 4 and 8 bytes as 0, 1, 2, 3; other sizes rounded up.
        private func powerOfTwo(_ bytes: Int) -> Int {
            bytes <= 1 ? 0 : (bytes == 2 ? 1 : (bytes <= 4 ? 2 : 3))
        }

        /// The bytes of the widest numerator at an exponent that a later value asked for: an
        /// earlier one may have no numerator of 32 bits there.
        private func decimalBytes(
            _ entries: ArraySlice<AdjacencyEntry>, _ exponent: Int
        ) -> Int? {
            if isExponentOfAll { return numeratorBytes }
            var bytes = 1
            for entry in entries {
                guard case .double(let double) = entry.inline else { continue }
                guard
                    let numerator = ScaledDecimal.numerator(of: double, exponent: exponent)
                else { return nil }
                bytes = max(bytes, signedByteCount(Int64(numerator)))
            }
            return bytes
        }
    }

    /// A column in a block, its head read and its size checked.
    struct View {
        private let form: UInt8
        private let isConstant: Bool
        private let width: Int
        private let exponent: Int
        private let presence: Int?
        private let elsewhere: Int?
        private let doubles: Int
        private let values: Int

        /// Nil unless the column has exactly its size; all later reads are then within it.
        init?(_ bytes: RawSpan, at start: Int, size: Int, rows: Int) {
            var reader = ByteReader(bytes.extracting(first: start &+ size), at: start)
            guard let flags = reader.byte(), flags & Form.reserved == 0,
                let width = Form.width(flags & Form.mask)
            else { return nil }
            form = flags & Form.mask
            isConstant = flags & Form.constant != 0
            self.width = width
            var exponent: UInt8 = 0
            if form >= Form.decimal8 {
                guard let byte = reader.byte(), byte <= UInt8(ScaledDecimal.maximumExponent)
                else { return nil }
                exponent = byte
            }
            self.exponent = Int(exponent)
            var count = rows
            let bitmap = (rows &+ 7) &>> 3
            var (presence, elsewhere): (Int?, Int?) = (nil, nil)
            if flags & Form.presence != 0 {
                guard let start = reader.skip(bitmap) else { return nil }
                presence = start
                count = bytes.bitCount(at: start, below: rows)
            }
            if flags & Form.elsewhere != 0 {
                guard let start = reader.skip(bitmap) else { return nil }
                elsewhere = start
            }
            if isConstant { count = min(count, 1) }
            if form == Form.none { count = 0 }
            doubles = reader.offset
            if form == Form.mixed, reader.skip((count &+ 7) &>> 3) == nil { return nil }
            values = reader.offset
            guard reader.remaining == count &* width else { return nil }
            (self.presence, self.elsewhere) = (presence, elsewhere)
        }

        /// The value of a row below the number of rows.
        func value(at row: Int, in bytes: RawSpan) -> InlineValue {
            var index = row
            if let presence {
                guard bytes.bit(row, at: presence) else {
                    guard let elsewhere, bytes.bit(row, at: elsewhere) else { return .absent }
                    return .elsewhere
                }
                if !isConstant { index = bytes.bitCount(at: presence, below: row) }
            }
            if isConstant { index = 0 }
            let offset = values &+ index &* width
            switch form {
            case Form.none: return .absent
            case 1: return .integer(Int64(Int8(bitPattern: bytes.loadUInt8(at: offset))))
            case 2: return .integer(Int64(Int16(bitPattern: bytes.loadLE16(at: offset))))
            case 3: return .integer(Int64(Int32(bitPattern: bytes.loadLE32(at: offset))))
            case Form.single:
                return .double(Double(Float(bitPattern: bytes.loadLE32(at: offset))))
            case 8: return decimal(Int32(Int8(bitPattern: bytes.loadUInt8(at: offset))))
            case 9: return decimal(Int32(Int16(bitPattern: bytes.loadLE16(at: offset))))
            case Form.decimal32: return decimal(Int32(bitPattern: bytes.loadLE32(at: offset)))
            default:
                let word = bytes.loadLE64(at: offset)
                let isDouble =
                    form == Form.double || form == Form.mixed && bytes.bit(index, at: doubles)
                return isDouble
                    ? .double(Double(bitPattern: word)) : .integer(Int64(bitPattern: word))
            }
        }

        @inline(__always)
        private func decimal(_ numerator: Int32) -> InlineValue {
            .double(ScaledDecimal.value(numerator, exponent))
        }
    }
}

extension RawSpan {
    /// A bit of a bitmap that begins at an offset.
    @inline(__always)
    fileprivate func bit(_ index: Int, at offset: Int) -> Bool {
        (loadUInt8(at: offset &+ index &>> 3) &>> UInt8(index & 7)) & 1 == 1
    }

    /// The set bits below an index of a bitmap that begins at an offset.
    fileprivate func bitCount(at offset: Int, below index: Int) -> Int {
        var count = 0
        var at = offset
        var rest = index
        while rest > 0 {
            let size = min(8, (rest &+ 7) &>> 3)
            var word = littleEndian(at: at, size: size)
            if rest < 64 { word &= (1 as UInt64) &<< UInt64(rest) &- 1 }
            count &+= word.nonzeroBitCount
            at &+= 8
            rest &-= 64
        }
        return count
    }
}
