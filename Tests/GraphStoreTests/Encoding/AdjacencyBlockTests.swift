import LMDB
import Testing

@testable import GraphStore

/// The kinds of columns that data makes, and those that only damage the plan of one.
enum ColumnFlavour: CaseIterable, Sendable {
    case none, absent, elsewhere, constant, bytes, words, wide, hundredths, thousandths, micros
    case singles, doubles, mixed, sparse, everything, specials

    func value(using random: inout SeededGenerator) -> InlineValue {
        switch self {
        case .none, .absent: .absent
        case .elsewhere: .elsewhere
        case .constant: .double(1)
        case .bytes: .integer(Int64(random.below(200) - 100))
        case .words: .integer(Int64(random.below(60_000) - 30_000))
        case .wide: .integer(random.spreadSigned())
        case .hundredths: .double(Double(random.below(101)) / 100)
        case .thousandths: .double(Double(random.below(10_001)) / 1000)
        case .micros: .double(Double(random.below(1_000_000_000)) / 1_000_000)
        case .singles: .double(Double(Float(random.below(1000)) / 1024 + 1e-3))
        case .doubles: .double(Double(bitPattern: random.next()))
        case .mixed: random.below(2) == 0 ? .integer(random.spreadSigned()) : .double(0.7)
        case .sparse: random.below(10) == 0 ? .double(0.25) : .absent
        case .everything:
            [.absent, .elsewhere, .integer(random.spreadSigned()), .double(0.1)][random.below(4)]
        case .specials:
            .double(
                [-0.0, .nan, .signalingNaN, .infinity, -.infinity, 0, .leastNonzeroMagnitude][
                    random.below(7)])
        }
    }
}

private func rows(
    _ count: Int, _ flavour: ColumnFlavour, using random: inout SeededGenerator
) -> [AdjacencyEntry] {
    let shift = UInt64(random.below(60))
    var rows: [AdjacencyEntry] = []
    for _ in 0..<count {
        rows.append(
            AdjacencyEntry(
                neighbor: random.next() &>> shift, edge: random.next() &>> UInt64(random.below(60)),
                inline: flavour.value(using: &random)))
    }
    return rows.sorted { ($0.neighbor, $0.edge) < ($1.neighbor, $1.edge) }
}

private func encoding(
    _ rows: ArraySlice<AdjacencyEntry>, total: UInt64? = nil, hasColumn: Bool = true
) -> [UInt8] {
    written {
        AdjacencyBlock.encode(rows, runTotal: total, hasColumn: hasColumn, into: &$0)
    }
}

@Suite struct `Adjacency blocks` {
    @Test(arguments: ColumnFlavour.allCases)
    func `rows come back with their inline values`(flavour: ColumnFlavour) throws {
        var random = SeededGenerator(seed: 1)
        for count in [0, 1, 2, 7, 8, 9, 63, 64, 65, 130] {
            let rows = rows(count, flavour, using: &random)
            let hasColumn = flavour != .none
            for total: UInt64? in [nil, UInt64(count), 9_999, .max] {
                let bytes = encoding(rows[...], total: total, hasColumn: hasColumn)
                var found: [AdjacencyEntry] = []
                let decoded = AdjacencyBlock.decode(bytes, into: &found)
                let head = try #require(decoded)
                expect(found == rows)
                expect(head.runTotal == total && head.hasColumn == hasColumn)
                let header = try #require(AdjacencyBlock.header(bytes))
                expect(header.count == count && header.runTotal == total)
            }
        }
    }

    @Test func `columns of decimals and of equal values are narrow`() {
        var random = SeededGenerator(seed: 2)
        let expected: [(ColumnFlavour, Int)] = [
            (.absent, 1 + 13), (.constant, 3), (.bytes, 1 + 100), (.hundredths, 2 + 100),
            (.words, 1 + 200), (.thousandths, 2 + 200), (.micros, 2 + 400), (.singles, 1 + 400),
            (.doubles, 1 + 800), (.mixed, 1 + 13 + 800),
        ]
        for (flavour, size) in expected {
            let column = InlineColumn(rows(100, flavour, using: &random)[...])
            expect(column.size == size, "\(flavour)")
        }
    }

    @Test func `a small graph's rows take few bytes`() {
        let rows = (0..<8).map { AdjacencyEntry(neighbor: 200_000 + $0 * 90, edge: 500_000 + $0) }
        // Flags and count; 3 + 3 bytes for the first row, 1 + 1 for the others.
        expect(encoding(rows[...], total: 8, hasColumn: false).count == 2 + 6 + 14)
    }

    @Test func `the total of a run is changed without touching the rows`() {
        var random = SeededGenerator(seed: 3)
        for flavour in ColumnFlavour.allCases {
            let rows = rows(40, flavour, using: &random)
            for before: UInt64? in [nil, 40, 41] {
                for after: UInt64 in [40, 300, .max] {
                    let old = encoding(rows[...], total: before)
                    var output = ByteWriter()
                    expect(
                        AdjacencyBlock.settingRunTotal(after, in: old.rawSpan, into: &output))
                    expect(output.bytes == encoding(rows[...], total: after))
                }
            }
        }
    }

    @Test(arguments: ColumnFlavour.allCases)
    func `pieces fit, keep the rows, and are as few as they can be`(flavour: ColumnFlavour) {
        var random = SeededGenerator(seed: 4)
        for count in [0, 1, 100, 700, 2500] {
            let rows = rows(count, flavour, using: &random)
            for hasColumn in [true, false] {
                for filling in [AdjacencyBlock.Filling.balanced, .packed] {
                    let pieces = AdjacencyBlock.split(
                        rows, filling: filling, hasColumn: hasColumn)
                    expect(pieces.flatMap { $0 }.map(\.edge) == rows.map(\.edge))
                    expect(pieces.allSatisfy { !$0.isEmpty })
                    var sizes: [Int] = []
                    for piece in pieces {
                        sizes.append(encoding(piece, total: .max, hasColumn: hasColumn).count)
                    }
                    expect(sizes.allSatisfy { $0 <= AdjacencyBlock.targetBytes }, "\(sizes)")
                    // Some columns are narrower in a piece than for all rows: allow for half.
                    expect(
                        sizes.count <= 2 + sizes.reduce(0, +) / (AdjacencyBlock.targetBytes / 3))
                }
            }
        }
    }

    @Test func `packed pieces are full and balanced ones are alike`() {
        let rows = (0..<5000).map {
            AdjacencyEntry(
                neighbor: $0 * 100, edge: $0, inline: .double(Double($0 % 100) / 100))
        }
        let packed = AdjacencyBlock.split(rows, filling: .packed).map { encoding($0).count }
        expect(packed.dropLast().allSatisfy { $0 > 1400 })
        let balanced = AdjacencyBlock.split(rows).map { encoding($0).count }
        expect(balanced.count <= packed.count + 1)
        let (least, most) = (balanced.min() ?? 0, balanced.max() ?? 0)
        expect(least * 10 >= most * 8, "\(balanced)")
    }

    @Test(arguments: ColumnFlavour.allCases)
    func `damaged blocks are nil or rows, never a trap`(flavour: ColumnFlavour) {
        var random = SeededGenerator(seed: 5)
        for count in [1, 5, 20] {
            let rows = rows(count, flavour, using: &random)
            let bytes = encoding(rows[...], total: 1 << 40, hasColumn: flavour != .none)
            forEachDamage(of: bytes, using: &random, flips: 150) { bytes in
                var found: [AdjacencyEntry] = []
                let whole = AdjacencyBlock.decode(bytes.rawSpan, into: &found)
                if whole != nil {
                    expect(found.count == AdjacencyBlock.header(bytes)?.count)
                }
                var output = ByteWriter()
                _ = AdjacencyBlock.settingRunTotal(3, in: bytes.rawSpan, into: &output)
            }
            for length in 0..<bytes.count {
                var found: [AdjacencyEntry] = []
                let part = Array(bytes.prefix(length))
                expect(AdjacencyBlock.decode(part, into: &found) == nil)
            }
        }
    }
}
