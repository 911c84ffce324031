internal import LMDB

/// A name that was changed. Names are interned, so nothing else on the disk changes with one; the
/// change log alone needs to know what a number was called at an earlier position.
///
/// | part     | size      | meaning                                          |
/// |----------|-----------|--------------------------------------------------|
/// | position | varint    | the transaction that renamed                     |
/// | kind     | u8        | `SymbolKind`                                     |
/// | number   | varint    | of the name                                      |
/// | before   | varint, n | the name until then, UTF-8                       |
///
/// The parts repeat to the end of the record.
struct Rename: Equatable, Sendable {
    let position: UInt64
    let kind: SymbolKind
    let number: UInt32
    let before: String

    static func encode(_ renames: [Rename], into writer: inout ByteWriter) {
        for rename in renames {
            writer.appendVarint(rename.position)
            writer.append(rename.kind.rawValue)
            writer.appendVarint(UInt64(rename.number))
            writer.appendVarint(UInt64(rename.before.utf8.count))
            writer.append(utf8: rename.before)
        }
    }

    /// Nil when the bytes are damaged.
    static func decode(_ bytes: RawSpan) -> [Rename]? {
        var reader = ByteReader(bytes)
        var renames: [Rename] = []
        while reader.remaining > 0 {
            guard let position = reader.varint(),
                let kind = reader.byte().flatMap({ SymbolKind(rawValue: $0) }),
                let number = reader.varint().flatMap({ UInt32(exactly: $0) }),
                let length = reader.count(), let start = reader.skip(length),
                let before = bytes.string(at: start, count: length)
            else { return nil }
            renames.append(
                Rename(position: position, kind: kind, number: number, before: before))
        }
        return renames
    }
}

/// The names as they were when a position began, where they differ from today's.
struct EarlierNames {
    private struct Symbol: Hashable {
        let kind: SymbolKind
        let number: UInt32
    }

    private var names: [Symbol: String] = [:]

    init(_ renames: [Rename], at position: UInt64) {
        for rename in renames.reversed() where rename.position >= position {
            names[Symbol(kind: rename.kind, number: rename.number)] = rename.before
        }
    }

    /// Nil where it is today's.
    func name(_ kind: SymbolKind, _ number: UInt32) -> String? {
        names.isEmpty ? nil : names[Symbol(kind: kind, number: number)]
    }

    /// Passes over a rename within the position.
    mutating func set(_ kind: SymbolKind, _ number: UInt32, _ name: String) {
        names[Symbol(kind: kind, number: number)] = name
    }
}
