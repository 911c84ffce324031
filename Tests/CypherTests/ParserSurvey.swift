import Foundation
import Testing

@testable import Cypher

@Suite struct `Parsing the conformance suite` {
    @Test func `accepts what runs and refuses what is no query`() throws {
        let path = "../shared/conformance/opencypher-tck-open.jsonl"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            return print("skipped: \(path) is not there")
        }
        for line in text.split(separator: "\n") {
            guard
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
                    as? [String: Any], let query = object["query"] as? String,
                let id = object["id"] as? String, let expect = object["expect"] as? [String: Any]
            else { continue }
            let detail = expect["detail"] as? String ?? ""
            let isCompile = expect["phase"] as? String == "compile time"
            var signatures: [String: ProcedureSignature] = [:]
            for procedure in object["procedures"] as? [[String: Any]] ?? [] {
                func fields(_ key: String) -> [ProcedureSignature.Field] {
                    (procedure[key] as? [[String]] ?? []).map { .init($0[0], $0[1]) }
                }
                let name = procedure["name"] as? String ?? ""
                signatures[name] = ProcedureSignature(
                    name, inputs: fields("inputs"), outputs: fields("outputs"))
            }
            do {
                let statement = try Parser.statement(query)
                if case .query(let tree) = statement.kind {
                    let columns = try SemanticCheck.columns(
                        of: tree, in: SourceText(query), procedures: { signatures[$0] })
                    if let wanted = expect["columns"] as? [String], wanted != columns {
                        print("COLUMNS \(id) \(wanted) \(columns): \(query)")
                    }
                }
                if isCompile { print("ACCEPTED \(id) \(detail): \(query)") }
            } catch {
                if error.detail.rawValue != detail {
                    print("REFUSED \(id) \(detail): \(error.rendered(in: query))")
                }
            }
        }
    }
}
