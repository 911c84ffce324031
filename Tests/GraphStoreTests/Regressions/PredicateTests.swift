import PropertyGraph
import Testing

@testable import GraphStore

/// Answers through an index that differed from those without.
@Suite struct `Indexed predicates` {
    private static func expectSameAnswers(
        _ values: [PropertyValue], _ predicates: [PropertyPredicate], isUnique: Bool = false
    ) throws {
        let db = try GraphDatabase.temporary()
        try db.write { txn in
            if isUnique {
                try txn.createUniqueConstraint(label: "A", properties: ["p"])
            } else {
                try txn.createIndex(label: "A", properties: ["p"])
            }
            for value in values { try txn.createNode(labels: ["A"], properties: ["p": value]) }
        }
        try db.read { txn in
            for predicate in predicates {
                for order in [ScanOrder.byID, .ascending, .descending] {
                    let indexed = try txn.nodeIDs(label: "A", where: "p", predicate, order: order)
                    for access in [IndexAccess.automatic, .never] {
                        let count = try txn.nodeCount(
                            label: "A", where: "p", predicate, using: access)
                        #expect(count == indexed.count, "\(predicate)")
                    }
                    let read = try txn.nodeIDs(
                        label: "A", where: "p", predicate, order: order, using: .never)
                    #expect(indexed == read, "\(predicate) \(order)")
                }
            }
        }
    }

    @Test(arguments: [false, true])
    func `are answered alike by an index filled at once and one kept from the beginning`(
        isUnique: Bool
    ) throws {
        let db = try GraphDatabase.temporary()
        // Alike in more than eight bytes, beginnings of one another, and, unless each may be there
        // only once, the same again and again.
        let stems = ["", "a", "a\0", "abcdefg", "abcdefgh", "abcdefghi", "abcdefghj", "ab"]
        try db.write { txn in
            try txn.createIndex(label: "Kept", properties: ["p"])
            for number in 0..<400 {
                let stem = stems[number % stems.count]
                let text = stem + (isUnique || number % 3 == 0 ? String(number) : "")
                let value: PropertyValue =
                    number % 11 == 0 ? .integer(Int64(number)) : .string(text)
                try txn.createNode(labels: ["Kept", "Filled"], properties: ["p": value])
            }
        }
        _ = try db.write { txn in
            if isUnique {
                try txn.createUniqueConstraint(label: "Filled", properties: ["p"])
            } else {
                try txn.createIndex(label: "Filled", properties: ["p"])
            }
        }
        try db.read { txn in
            for stem in stems {
                let predicate = PropertyPredicate.range(from: .including(.string(stem)), to: nil)
                let kept = try txn.nodeIDs(
                    label: "Kept", where: "p", predicate, order: .ascending)
                #expect(!kept.isEmpty)
                let filled = try txn.nodeIDs(
                    label: "Filled", where: "p", predicate, order: .ascending)
                #expect(filled == kept, "\(stem)")
            }
        }
        #expect(try db.check().isClean)
    }

    // Keys of vectors and points with a NaN are exact, and were taken for equal; only NaN alone
    // and in lists was looked at again.
    @Test func `find no vector and no point with a NaN equal to itself`() throws {
        let vector = PropertyValue.vector([1, .nan])
        let point = PropertyValue.point(Point(.cartesian, x: .nan, y: 0))
        try Self.expectSameAnswers([vector, point, 1], [.equals(vector), .equals(point)])
    }

    // A list with a NaN as the bound of a range was taken for a bound that compares with nothing.
    @Test func `order lists with a NaN as they order other lists`() throws {
        let list = PropertyValue.list([.double(.nan)])
        try Self.expectSameAnswers(
            [list, .list([1]), .list([.double(.nan), 2.0]), .double(.nan)],
            [
                .range(from: .including(list), to: nil), .range(from: nil, to: .excluding(list)),
                .range(from: .including(.double(.nan)), to: nil),
            ])
    }

    // Without a bound the index answered nothing, and reading everything.
    @Test func `answer nothing to a range without bounds`() throws {
        try Self.expectSameAnswers([1, 2], [.range(from: nil, to: nil)])
    }

    // A unique constraint keeps the ids of one key in the order they came, and several NaN share
    // a key: a scan by value gave them in that order instead of by id.
    @Test func `give several NaN by id`() throws {
        let db = try GraphDatabase.temporary()
        try db.write { txn in
            try txn.createUniqueConstraint(label: "A", properties: ["p"])
            for _ in 0..<3 { try txn.createNode(labels: ["A"]) }
            for id in [2, 3, 1] as [UInt64] {
                try txn.setProperty("p", of: NodeID(id), to: .double(.nan))
            }
        }
        try db.read { txn in
            let found = try txn.nodeIDs(label: "A", where: "p", .exists, order: .ascending)
            #expect(found == [1, 2, 3].map { NodeID($0) })
        }
    }
}

@Suite struct `The change log` {
    // Names of byte tables were compared as Swift compares strings.
    @Test func `tells byte tables apart whose names differ in their normal form`() throws {
        let db = try GraphDatabase.temporary()
        try db.write { txn in
            for name in ["\u{E9}", "e\u{301}"] {
                let table = try txn.byteTable(name)
                try txn.put([1], [2], in: table)
            }
        }
        let changes = try db.read { try $0.changes(from: 1) }
        #expect(changes.first?.changes.count == 2)
    }

    // The position up to which to keep the log was computed by a sum that trapped.
    @Test(arguments: [0, 1, 3, UInt64.max])
    func `keeps as many positions as it is told`(retention: UInt64) throws {
        var options = GraphDatabaseOptions()
        options.changeLogRetention = retention
        let db = try GraphDatabase.temporary(options: options)
        for _ in 0..<10 { try db.write { txn in _ = try txn.createNode() } }
        let first = try db.read { try $0.firstLoggedPosition() }
        #expect(first == 11 - min(retention, 10))
        #expect(try db.read { try $0.changes(from: first) }.count == Int(min(retention, 10)))
        #expect(try db.check().isClean)
    }
}
