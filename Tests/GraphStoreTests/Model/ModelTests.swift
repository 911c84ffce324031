import Glibc
import Testing

@Suite struct `A store beside its model` {
    /// Eight seeds; more with `CAIRN_MODEL_SEEDS=200`, or one with `CAIRN_MODEL_SEED=17`.
    static var seeds: [UInt64] {
        if let one = number("CAIRN_MODEL_SEED") { return [one] }
        return Array(1...max(1, number("CAIRN_MODEL_SEEDS") ?? 8))
    }

    private static func number(_ name: String) -> UInt64? {
        unsafe getenv(name).flatMap { unsafe UInt64(String(cString: $0)) }
    }

    @Test(arguments: seeds)
    func `agrees after every commit of a random life`(seed: UInt64) throws {
        var run = try ModelRun(seed: seed)
        do {
            try run.run(transactions: 420)
        } catch {
            Issue.record("seed \(seed), after \(run.operations) operations: \(error)")
            return
        }
        #expect(run.operations > 1_250, "seed \(seed) made too few operations")
    }
}
