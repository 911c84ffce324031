import LMDB
import Testing

@testable import GraphStore

private func encoding(_ set: Set<UInt16>) -> [UInt8] {
    written { IDContainer.encode(set.sorted(), into: &$0) }
}

private func decoded(_ bytes: [UInt8]) -> [UInt16]? {
    var ids: [UInt16] = []
    return IDContainer.decode(bytes.rawSpan, into: &ids) ? ids : nil
}

/// Sets of every shape: sparse, dense, in runs, full.
private func shapes(using random: inout SeededGenerator) -> [Set<UInt16>] {
    let all = Set(0..<UInt16(IDContainer.capacity))
    var runs = Set<UInt16>()
    for _ in 0..<20 {
        let first = random.below(IDContainer.capacity)
        for low in first..<min(first + random.below(300) + 1, IDContainer.capacity) {
            runs.insert(UInt16(low))
        }
    }
    var sparse = Set<UInt16>()
    for _ in 0..<300 { sparse.insert(UInt16(random.below(IDContainer.capacity))) }
    var dense = Set<UInt16>()
    for _ in 0..<3000 { dense.insert(UInt16(random.below(IDContainer.capacity))) }
    return [
        [0], [8191], [0, 8191], [63, 64], all, all.subtracting([4096]), all.subtracting([0, 8191]),
        all.filter { $0 % 2 == 0 }, runs, sparse, dense, [5, 6, 7], [5, 6, 8],
    ]
}

@Suite struct `Sets of ids` {
    @Test(arguments: [1, 2] as [UInt64])
    func `every shape comes back, in its smallest form`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for set in shapes(using: &random) {
            let bytes = encoding(set)
            expect(decoded(bytes) == set.sorted(), "seed \(seed)")
            expect(IDContainer.count(bytes) == set.count)
            expect(IDContainer.isValid(bytes))
            let sorted = set.sorted()
            let runs = sorted.filter { $0 == 0 || !set.contains($0 - 1) }.count
            expect(bytes.count == 3 + min(2 * set.count, 4 * runs, 1024))
            for low in stride(from: 0, to: UInt16(IDContainer.capacity), by: 7) {
                expect(IDContainer.contains(low, in: bytes) == set.contains(low))
            }
            for low in [0, 63, 64, 8191] as [UInt16] {
                expect(IDContainer.contains(low, in: bytes) == set.contains(low))
            }
            expect(!IDContainer.contains(8192, in: bytes))
            expect(!IDContainer.contains(.max, in: bytes))
        }
    }

    @Test(arguments: [3, 4] as [UInt64])
    func `changes agree with a set`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for start in shapes(using: &random) {
            var model = start
            var bytes = encoding(model)
            for _ in 0..<12 {
                let low = UInt16(random.below(random.below(2) == 0 ? 16 : IDContainer.capacity))
                var output = ByteWriter()
                if random.below(2) == 0 {
                    let isNew = IDContainer.inserting(
                        low, into: bytes.rawSpan, output: &output)
                    expect(isNew == model.insert(low).inserted, "seed \(seed)")
                    if isNew == false { expect(output.isEmpty) }
                } else {
                    let removal = IDContainer.removing(low, from: bytes.rawSpan, output: &output)
                    let wasThere = model.remove(low) != nil
                    let expected: IDContainer.Removal =
                        wasThere ? (model.isEmpty ? .emptied : .changed) : .unchanged
                    expect(removal == expected, "seed \(seed)")
                    expect(output.isEmpty == (expected != .changed))
                    if expected == .emptied {
                        model = start
                        bytes = encoding(model)
                        continue
                    }
                }
                if !output.isEmpty { bytes = output.bytes }
                // One form per set: what changes led to is what the set itself is written as.
                expect(bytes == encoding(model), "seed \(seed)")
            }
        }
    }

    @Test func `a set grows from nothing and shrinks to nothing`() {
        var first = ByteWriter()
        expect(IDContainer.inserting(77, into: nil, output: &first) == true)
        expect(first.bytes == encoding([77]))
        var output = ByteWriter()
        expect(IDContainer.removing(77, from: first.span, output: &output) == .emptied)
        expect(written { IDContainer.encode([], into: &$0) }.isEmpty)
    }

    @Test(arguments: [6] as [UInt64])
    func `damaged sets are refused or are sets, never a trap`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for set in shapes(using: &random) {
            forEachDamage(of: Array(encoding(set).prefix(30)), using: &random, flips: 10) {
                probe($0)
            }
            var damaged = encoding(set)
            for _ in 0..<8 {
                damaged[random.below(damaged.count)] ^= 1 << UInt8(random.below(8))
                probe(damaged)
            }
        }
    }

    private func probe(_ bytes: [UInt8]) {
        let isValid = IDContainer.isValid(bytes)
        let ids = decoded(bytes)
        expect(!isValid || ids != nil)
        _ = IDContainer.count(bytes)
        for low in [0, 1, 4095, 8191, .max] as [UInt16] {
            _ = IDContainer.contains(low, in: bytes)
        }
        var output = ByteWriter()
        let isNew = IDContainer.inserting(9, into: bytes.rawSpan, output: &output)
        expect((isNew == nil) == !isValid)
        let removal = IDContainer.removing(9, from: bytes.rawSpan, output: &output)
        expect((removal == .damaged) == !isValid)
    }
}
