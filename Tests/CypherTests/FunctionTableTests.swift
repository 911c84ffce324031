import GraphStore
import Testing

@testable import Cypher

@Suite struct `The table of functions` {
    @Test func `has an implementation for each name, and no other`() {
        let names = Set(
            FunctionSignature.all.filter { !$0.isAggregate }.map { $0.name.lowercased() })
        for name in names { #expect(FunctionID(rawValue: name) != nil, "\(name)") }
    }

    @Test func `answers calls without arguments`() throws {
        let database = try GraphDatabase.temporary()
        defer { database.close() }
        for signature in FunctionSignature.all
        where signature.required == 0 && !signature.isAggregate {
            let result = try database.query("RETURN \(signature.name)() AS value")
            let value = try #require(result.rows.first?.first)
            if case .null = value { Issue.record("\(signature.name)() is null") }
        }
        let ids = try database.query("UNWIND range(1, 50) AS i RETURN randomUUID() AS id").rows
        let texts = ids.compactMap { if case .string(let text)? = $0.first { text } else { nil } }
        #expect(Set(texts).count == 50)
        for text in texts {
            let parts = text.split(separator: "-").map(\.utf8.count)
            #expect(parts == [8, 4, 4, 4, 12], "\(text)")
            let digits = Array(text)
            #expect(digits[14] == "4" && "89ab".contains(digits[19]), "\(text)")
        }
    }

    @Test(arguments: [
        "datetime.fromepoch(0, -9223372036854775808)", "datetime.fromepoch(0, 9223372036854775807)",
        "datetime.fromepochmillis(-9223372036854775808)",
        "datetime.fromepoch(9223372036854775807, 9223372036854775807)",
        "datetime.fromepoch(-9223372036854775808, -1)",
    ])
    func `does not trap on the largest numbers`(call: String) throws {
        let database = try GraphDatabase.temporary()
        defer { database.close() }
        // A value or an error, and no crash.
        _ = try? database.query("RETURN \(call) AS value")
        #expect(try database.query("RETURN 1 AS one").rows.count == 1)
    }
}
