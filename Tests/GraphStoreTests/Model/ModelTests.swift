import Glibc
import Testing

@Suite struct `A store beside its model` {
    /// Eight seeds, which make more than 10,000 operations; more with `CAIRN_MODEL_SEEDS=200`, or one with `CAIRN_MODEL_SEED=17`.
    static var seeds: [UInt64] {
        if let one = number("CAIRN_MODEL_SEED") { return [one] }
        return Array(1...max(1, number("CAIRN_MODEL_SEEDS") ?? 8))
    }

    /// How long a life is; `CAIRN_MODEL_TRANSACTIONS` says otherwise.
    private static var transactions: UInt64 { number("CAIRN_MODEL_TRANSACTIONS") ?? 120 }

    private static func number(_ name: String) -> UInt64? {
        unsafe getenv(name).flatMap { unsafe UInt64(String(cString: $0)) }
    }

    @Test(arguments: seeds)
    func `agrees after every commit of a random life`(seed: UInt64) throws {
        var run = try ModelRun(seed: seed)
        do {
            try run.run(transactions: Int(Self.transactions), operations: 1_300)
        } catch {
            Issue.record("seed \(seed), after \(run.operations) operations: \(error)")
            return
        }
    }
}
