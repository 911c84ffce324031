import Glibc
import TestSupport
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

    /// A life in which nothing is refused, or nothing renamed, would show nothing.
    @Test func `meets every refusal, and every kind of schema object and name`() {
        var met: Set<String> = []
        for seed in 1...40 as ClosedRange<UInt64> {
            var generator = OperationGenerator(seed: seed, renames: true)
            var model = ModelGraph()
            for _ in 0..<250 {
                let operation = generator.next(for: model)
                do {
                    try model.write { try operation.apply(to: &$0) }
                } catch {
                    if let refusal = error as? ModelGraph.Refusal { met.insert(refusal.code) }
                    continue
                }
                if case .rename(let name, _) = operation { met.insert("\(name.kind)") }
                if case .createSchema(let object) = operation {
                    met.insert("\(object.kind) \(object.isOverNodes)")
                }
            }
        }
        let wanted: Set<String> = [
            "UNIQUE_VIOLATION", "EXISTENCE_VIOLATION", "TYPE_VIOLATION", "SCHEMA_EXISTS",
            "SCHEMA_NOT_FOUND", "NODE_HAS_EDGES", "label", "edgeType", "propertyKey",
            "index true", "index false", "unique true", "unique false", "existence true",
            "existence false", "type true", "type false", "key true", "key false",
            "inlineProperty false",
        ]
        #expect(met.isSuperset(of: wanted), "missing: \(wanted.subtracting(met))")
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
