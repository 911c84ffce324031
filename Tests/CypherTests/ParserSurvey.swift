import Foundation
import Testing

@testable import Cypher

@Suite struct `Parsing the conformance suite` {
    @Test func `accepts what runs and refuses what is no query`() throws {
        let path = "../shared/conformance/opencypher-tck-open.jsonl"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            return print("skipped: \(path) is not there")
        }
        let syntactic: Set<String> = [
            "UnexpectedSyntax", "InvalidNumberLiteral", "IntegerOverflow",
            "FloatingPointOverflow", "InvalidUnicodeLiteral", "InvalidUnicodeCharacter",
            "InvalidRelationshipPattern", "InvalidClauseComposition",
        ]
        for line in text.split(separator: "\n") {
            guard
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
                    as? [String: Any], let query = object["query"] as? String,
                let id = object["id"] as? String, let expect = object["expect"] as? [String: Any]
            else { continue }
            let detail = expect["detail"] as? String ?? ""
            do {
                _ = try Parser.statement(query)
                if syntactic.contains(detail) { print("ACCEPTED \(id) \(detail): \(query)") }
            } catch {
                if error.detail.rawValue != detail {
                    print("REFUSED \(id) \(detail): \(error.rendered(in: query))")
                }
            }
        }
    }
}
