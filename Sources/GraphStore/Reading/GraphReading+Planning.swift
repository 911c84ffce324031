internal import LMDB
package import PropertyGraph

// What tells whether a plan that was chosen earlier still fits.

extension GraphReading where Self: ~Copyable {
    /// 48 bits that are the same as long as names and schema are, and those of no other database
    /// that this process opened; nil where nothing tells: the transaction made a change of them,
    /// which another may make otherwise if it fails.
    package var catalogStamp: UInt64? {
        let view = view
        let (database, version) = (view.bytes.environmentNumber, view.catalog.version)
        guard !view.snapshot.isPending, database <= UInt16.max, version <= UInt32.max else {
            return nil
        }
        return UInt64(database) << 32 | version
    }

    /// How many nodes have a label; nil where it was never used.
    package func nodeCount(ofKnown label: Label) throws -> Int? {
        let view = view
        return try view.catalog.number(of: label).map { try view.count(.label($0)) }
    }

    /// How many edges have a type; nil where it was never used.
    package func edgeCount(ofKnown type: EdgeType) throws -> Int? {
        let view = view
        return try view.catalog.number(of: type).map { try view.count(.type($0)) }
    }
}
