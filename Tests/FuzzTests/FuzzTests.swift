import Foundation
import TestSupport
import Testing

@Suite struct `Bytes that may say anything` {
    /// What `script/fuzz` found worth keeping.
    private static let corpus =
        (#filePath as NSString).deletingLastPathComponent + "/../../Fuzzing/corpus"

    @Test(arguments: FuzzTarget.allCases)
    func `break no promise where they were kept as examples`(target: FuzzTarget) throws {
        for seed in target.seeds { target.run(seed) }
        let folder = "\(Self.corpus)/\(target.rawValue)"
        guard FileManager.default.fileExists(atPath: folder) else { return }
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
            target.run(Array(try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))))
        }
    }

    @Test(arguments: FuzzTarget.allCases)
    func `break no promise when examples are mangled`(target: FuzzTarget) {
        var random = TestRandom(seed: 3)
        let seeds = target.seeds
        for _ in 0..<150 {
            var bytes = random.pick(seeds)
            for _ in 0..<(1 + random.below(4)) { mangle(&bytes, seeds, &random) }
            target.run(bytes)
        }
    }

    private func mangle(_ bytes: inout [UInt8], _ seeds: [[UInt8]], _ random: inout TestRandom) {
        let place = random.below(bytes.count + 1)
        switch random.below(5) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(random.below(8))
        case 1 where place < bytes.count: bytes[place] = random.pick([0, 0x7F, 0x80, 0xFF])
        case 2: bytes.removeLast(bytes.count - place)
        case 3: bytes.insert(UInt8(random.below(256)), at: place)
        default: bytes.insert(contentsOf: random.pick(seeds).prefix(random.below(40)), at: place)
        }
    }
}
