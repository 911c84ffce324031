import GraphStore
import PropertyGraph

/// Labels and edge types with how many carry them.
enum GraphContents {
    static func listing(_ transaction: borrowing ReadTransaction) throws -> Listing {
        var listing = Listing(
            [.init("kind", "Kind"), .init("name", "Name"), .init("count", "Count", as: .grouped)],
            ifEmpty: "The database is empty.")
        for label in try transaction.labels() {
            listing.rows.append([
                .string("label"), .string(label.name),
                .count(try transaction.nodeCount(label: label)),
            ])
        }
        for type in try transaction.edgeTypes() {
            listing.rows.append([
                .string("edge type"), .string(type.name),
                .count(try transaction.edgeCount(type: type)),
            ])
        }
        return listing
    }
}
