import StoreTestSupport

/// What a program asked of the file system, in order; written by `Shims/recorder.c`.
struct RecordedLog {
    enum Record {
        case opened(file: UInt64, path: String, isNew: Bool)
        /// May reach the disk at any moment from here on.
        case written(file: UInt64, offset: Int, bytes: Range<Int>)
        /// Everything written to the file before is on the disk.
        case flushed(file: UInt64)
        /// A write to a file opened with O_DSYNC has returned.
        case durable(file: UInt64, offset: Int, bytes: Range<Int>)
        case truncated(file: UInt64, length: Int)
        case renamed(from: String, to: String)
        case unlinked(path: String)
        case made(path: String)
        /// The names in a directory are on the disk.
        case names(path: String)
        /// Said by the program.
        case mark(String)
    }

    let records: [Record]
    /// The log itself; ranges of records lead into it.
    let bytes: [UInt8]

    init(path: String) throws {
        bytes = TemporaryDirectory.bytes(of: path)
        var records: [Record] = []
        var cursor = 0
        while cursor < bytes.count {
            records.append(try Self.record(in: bytes, at: &cursor))
        }
        self.records = records
    }

    private static func record(in bytes: [UInt8], at cursor: inout Int) throws -> Record {
        func number(_ index: Int) -> UInt64 {
            (0..<8).reduce(0) { $0 | UInt64(bytes[cursor + index * 8 + $1]) << (8 * UInt64($1)) }
        }
        let (kind, file, offset) = (number(0), number(1), Int(number(2)))
        let range = cursor + 40..<cursor + 40 + Int(number(3))
        cursor = range.upperBound
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        switch kind {
        case 1: return .opened(file: file, path: text(range), isNew: offset == 1)
        case 2: return .written(file: file, offset: offset, bytes: range)
        case 3: return .flushed(file: file)
        case 4: return .durable(file: file, offset: offset, bytes: range)
        case 5: return .truncated(file: file, length: offset)
        case 6:
            let middle = bytes[range].firstIndex(of: 0) ?? range.upperBound
            let (old, new) = (range.lowerBound..<middle, min(middle + 1, range.upperBound))
            return .renamed(from: text(old), to: text(new..<range.upperBound))
        case 7: return .unlinked(path: text(range))
        case 8: return .made(path: text(range))
        case 9: return .names(path: text(range))
        case 10: return .mark(text(range))
        default: throw Disagreement("the log holds a record of kind \(kind)")
        }
    }
}
