import PropertyGraph
import TestSupport

/// Random graphs and random queries over them, all from one seed.
///
/// A query gives the same rows, in any order, whatever plan it runs by: so there is no LIMIT
/// without a whole order, no `collect` whose order shows, and no random function.
struct QueryGenerator {
    private var random: TestRandom
    private var variables: [String] = []
    private var relationships: [String] = []
    private var count = 0

    init(seed: UInt64) { random = TestRandom(seed: seed) }

    // MARK: Graphs

    /// Statements that make a graph.
    mutating func graph() -> [String] {
        var statements: [String] = []
        let nodes = 4 + random.below(10)
        for node in 0..<nodes {
            let labels = ["", ":A", ":B", ":A:B", ":C"][random.below(5)]
            statements.append("CREATE (\(labels) {id: \(node)\(properties())})")
        }
        for _ in 0..<random.below(nodes * 2 + 1) {
            let (from, to) = (random.below(nodes), random.below(nodes))
            let type = ["R", "S", "T"][random.below(3)]
            statements.append(
                "MATCH (a {id: \(from)}), (b {id: \(to)}) "
                    + "CREATE (a)-[:\(type) {w: \(random.below(4))}]->(b)")
        }
        return statements
    }

    private mutating func properties() -> String {
        var text = ""
        if random.below(4) > 0 { text += ", k: \(random.below(5))" }
        if random.below(3) > 0 {
            text += ", s: '\(["ab", "abc", "b", "ba", ""][random.below(5)])'"
        }
        if random.below(5) == 0 { text += ", m: \(mixed())" }
        return text
    }

    private mutating func mixed() -> String {
        ["1", "1.0", "2.5", "'1'", "true", "[1, 2]", "date('2020-01-01')"][random.below(7)]
    }

    static let indexes = [
        "CREATE INDEX FOR (n:A) ON (n.k)", "CREATE INDEX FOR (n:B) ON (n.s)",
        "CREATE INDEX FOR (n:A) ON (n.m)", "CREATE INDEX FOR (n:A) ON (n.id)",
        "CREATE CONSTRAINT FOR (n:B) REQUIRE n.id IS UNIQUE",
    ]

    // MARK: Queries

    mutating func query() -> String {
        (variables, relationships, count) = ([], [], 0)
        switch random.below(12) {
        case 0: return aggregation()
        case 1: return ordered()
        case 2: return between()
        case 3: return shortest()
        default: break
        }
        var text = ""
        if random.below(6) == 0 {
            text += "UNWIND [0, 1, 2, null] AS u "
            text += match()
            if random.below(2) == 0 { text += " WHERE \(variables[0]).k = u" }
        } else {
            text += match()
            if random.below(3) > 0 { text += " WHERE " + condition(2) }
        }
        for _ in 0..<random.below(3) { text += " " + clause() }
        return text + " " + projection()
    }

    /// Aggregates over the properties of all nodes, or those of a label.
    private mutating func aggregation() -> String {
        var items: [String] = []
        for place in 0..<random.below(3) {
            items.append("n.\(["k", "s", "m"][random.below(3)]) AS g\(place)")
        }
        for place in 0...random.below(3) {
            let key = ["k", "s", "m", "id", "none"][random.below(5)]
            let call = [
                "count(*)", "count(n)", "count(DISTINCT n)", "count(n.\(key))",
                "count(DISTINCT n.\(key))", "min(n.\(key))", "max(n.\(key))", "sum(n.k)",
                "avg(n.id)", "sum(DISTINCT n.k)", "sum(n.m)", "size(collect(n.\(key)))",
            ][random.below(12)]
            items.append("\(call) AS c\(place)")
        }
        let label = ["", ":A", ":B", ":C"][random.below(4)]
        return "MATCH (n\(label)) RETURN " + items.joined(separator: ", ")
    }

    /// The first rows in the order of a property, whose ties cannot be told apart.
    private mutating func ordered() -> String {
        let key = ["k", "s", "id", "m"][random.below(4)]
        let condition = [
            "", "", " WHERE n.k > 1", " WHERE n.s STARTS WITH 'a'", " WHERE n.m IS NOT NULL",
            " WHERE n.k IS NOT NULL", " WHERE 0 < n.id <= 9", " WHERE n.s <> 'b'",
        ][random.below(8)]
        let skip = random.below(3) == 0 ? " SKIP \(random.below(3))" : ""
        let order = "\(random.below(2) == 0 ? " DESC" : "")\(skip) LIMIT \(random.below(6))"
        let more = random.below(4) == 0 ? "-[:R]->()" : ""
        let label = [":A", ":B"][random.below(2)]
        // 1 and 1.0 are a tie that shows.
        let item = key == "m" ? "n.m IS NULL" : "n.\(key)"
        return random.below(2) == 0
            ? "MATCH (n\(label))\(more)\(condition) RETURN \(item) AS a ORDER BY n.\(key)\(order)"
            : "MATCH (n\(label))\(more)\(condition) WITH n, n.\(key) AS x ORDER BY x\(order) "
                + "RETURN count(*) AS c, \(item) AS a"
    }

    /// Relationships between nodes that are found otherwise.
    private mutating func between() -> String {
        let arrow = ["-[:R]->", "<-[:S]-", "-[:R|S]-", "-->", "-[:T*..2]->"][random.below(5)]
        let other = ["-[q:S]->", "<-[q]-", "-[q:R]-"][random.below(3)]
        return [
            "MATCH (a:A), (b:B) WHERE (a)\(arrow)(b) RETURN a.id AS a, b.id AS b",
            "MATCH (a:A), (b) WHERE NOT (a)\(arrow)(b) RETURN b.id AS b, count(*) AS c",
            "MATCH (a)-[:R]->(b), (a)\(other)(b) RETURN a.id AS a, b.id AS b, type(q) AS t",
            "MATCH (a)-[:R]->(b)-[:S]->(c)\(other)(a) RETURN count(*) AS c, count(DISTINCT b) AS d",
        ][random.below(4)]
    }

    private mutating func shortest() -> String {
        let arrow = ["-[:R*]->", "<-[:R|S*..4]-", "-[:S*..3]-", "-[*0..5]->"][random.below(4)]
        let (from, to) = (random.below(10), random.below(10))
        return "MATCH (a {id: \(from)}), (b {id: \(to)}) WHERE a.id <> b.id "
            + "MATCH p = shortestPath((a)\(arrow)(b)) "
            + "RETURN length(p) AS l, size(relationships(p)) AS r, nodes(p)[0].id AS n"
    }

    private mutating func clause() -> String {
        switch random.below(4) {
        case 0:
            return "OPTIONAL " + match() + (random.below(2) == 0 ? " WHERE " + condition(1) : "")
        case 1: return match() + (random.below(2) == 0 ? " WHERE " + condition(1) : "")
        case 2:
            let kept = random.pick(variables)
            (variables, relationships) = ([kept], [])
            return "WITH DISTINCT \(kept)" + (random.below(2) == 0 ? " WHERE " + condition(1) : "")
        default:
            let kept = random.pick(variables)
            (variables, relationships) = ([kept], [])
            return "WITH \(kept), count(*) AS n\(fresh())"
        }
    }

    private mutating func fresh() -> Int {
        count += 1
        return count
    }

    private mutating func match() -> String {
        var paths = [path()]
        if random.below(4) == 0 { paths.append(path()) }
        return "MATCH " + paths.joined(separator: ", ")
    }

    private mutating func path() -> String {
        var text = node()
        for _ in 0..<random.below(3) { text += relationship() + node() }
        return text
    }

    private mutating func node() -> String {
        if !variables.isEmpty, random.below(3) == 0 { return "(\(random.pick(variables)))" }
        let name = "v\(fresh())"
        variables.append(name)
        let labels = ["", "", ":A", ":B", ":A:B", ":A|B", ":!C", ":C"][random.below(8)]
        let map = ["", "", "", " {k: \(random.below(5))}", " {s: 'ab'}"][random.below(5)]
        return "(\(name)\(labels)\(map))"
    }

    private mutating func relationship() -> String {
        let types = ["", ":R", ":S", ":R|S", ":T", ":!T"][random.below(6)]
        let length = ["", "", "", "*1..3", "*", "*0..2", "*2..3", "*..2"][random.below(8)]
        let map = random.below(6) == 0 ? " {w: \(random.below(4))}" : ""
        var name = ""
        if length.isEmpty, random.below(3) == 0 {
            name = "r\(fresh())"
            relationships.append(name)
        }
        let inside = "[\(name)\(types)\(length)\(map)]"
        return ["-\(inside)->", "<-\(inside)-", "-\(inside)-"][random.below(3)]
    }

    private mutating func condition(_ depth: Int) -> String {
        let node = random.pick(variables)
        if depth > 0, random.below(3) == 0 {
            let sign = ["AND", "OR", "AND"][random.below(3)]
            return "(\(condition(depth - 1)) \(sign) \(condition(depth - 1)))"
        }
        switch random.below(12) {
        case 0: return "\(node).k = \(random.below(5))"
        case 1: return "\(node).k \(["<", "<=", ">", ">="][random.below(4)]) \(random.below(5))"
        case 2: return "\(random.below(3)) <= \(node).k < \(2 + random.below(3))"
        case 3: return "\(node).k IN [\(random.below(5)), null, \(random.below(5)), 1.0]"
        case 4: return "\(node).s STARTS WITH '\(["a", "b", "", "ab"][random.below(4)])'"
        case 5: return "\(node).m \(["=", "<", ">="][random.below(3)]) \(mixed())"
        case 6: return "\(node).k IS \(random.below(2) == 0 ? "NOT " : "")NULL"
        case 7: return "\(node).id = \(random.below(12))"
        case 8: return "(\(node))-[:R*]->(:B)"
        case 9: return "NOT (\(node))--(:C)"
        case 10: return "EXISTS { (\(node))-[:S|T*..3]-(x) WHERE x.k > 1 }"
        default: return "\(node).k <> \(random.pick(variables)).k"
        }
    }

    private mutating func projection() -> String {
        let node = random.pick(variables)
        switch random.below(9) {
        case 0: return "RETURN DISTINCT \(node).id AS a"
        case 1: return "RETURN count(*) AS c"
        case 2: return "RETURN \(node).k AS k, count(*) AS c, min(\(node).id) AS m"
        case 3: return "RETURN count(DISTINCT \(node)) AS c"
        case 4: return "RETURN max(\(node).k) AS a, min(\(node).s) AS b"
        case 5:
            let other = random.pick(variables)
            return "RETURN DISTINCT \(node).id AS a, \(other).id AS b ORDER BY a, b LIMIT 3"
        case 6:
            guard !relationships.isEmpty else { return "RETURN DISTINCT labels(\(node)) AS l" }
            let edge = random.pick(relationships)
            return "RETURN type(\(edge)) AS t, \(edge).w AS w, \(node).id AS a"
        case 7: return "RETURN \(node).id AS a, \(node).m AS m ORDER BY \(node).k"
        default:
            return variables.prefix(3).enumerated()
                .map { "\($1).id AS c\($0)" }.joined(separator: ", ")
                .replacingPrefix("RETURN ")
        }
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String) -> String { prefix + self }
}
