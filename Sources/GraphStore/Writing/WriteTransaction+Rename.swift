internal import LMDB
public import PropertyGraph

extension WriteTransaction {
    /// Gives a label another name, on every node and in every index and constraint at once.
    ///
    /// Earlier states read with `read(asOf:)` show the new name too; the change feed tells each
    /// position with the names of its time. Names of indexes and constraints stay.
    ///
    /// - Throws: `.nameNotFound`; `.nameExists` when the new name was ever used, since two labels
    ///   cannot be told apart again once they are one; `.invalidName`.
    /// - Complexity: O(1) on the disk, whatever carries the label.
    public mutating func rename(_ label: Label, to new: Label) throws {
        try rename(.label, label.name, to: new.name)
    }

    /// Gives an edge type another name; as for labels.
    public mutating func rename(_ type: EdgeType, to new: EdgeType) throws {
        try rename(.edgeType, type.name, to: new.name)
    }

    /// Gives a property another name, on nodes and edges of every kind; as for labels.
    public mutating func rename(_ key: PropertyKey, to new: PropertyKey) throws {
        try rename(.propertyKey, key.name, to: new.name)
    }

    /// Gives a name of any kind another text, as the change feed tells of it.
    ///
    /// - Throws: As for labels.
    public mutating func rename(_ kind: NameKind, _ name: String, to new: String) throws {
        let symbol = kind.symbol
        guard let number = state.catalog.number(symbol, name) else {
            throw GraphStoreError(
                .nameNotFound,
                "There is no \(kind.rawValue) '\(name)' to be renamed. Names are exact to the byte."
            )
        }
        if UTF8Order.equal(name, new) { return }
        try checkName(symbol, new)
        guard state.catalog.number(symbol, new) == nil else {
            throw GraphStoreError(
                .nameExists,
                "There is a \(kind.rawValue) '\(new)' already, or was one, and a rename does not "
                    + "merge two. Choose a name that was never used, or change the "
                    + (kind == .label ? "nodes" : kind == .edgeType ? "edges" : "values")
                    + " one by one.")
        }
        state.changeCatalog { $0.rename(symbol, number, to: new) }
        let stored = FixedKey.symbol(symbol, number)
        try lmdb.put(tables.symbol, stored.span, Array(new.utf8).rawSpan)
        // What the log no longer holds needs no earlier names.
        let first = state.counters.firstLoggedPosition
        var renames = state.catalog.renames.filter { $0.position >= first }
        renames.append(
            Rename(
                position: state.counters.position + 1, kind: symbol, number: number, before: name))
        let kept = renames
        state.changeCatalog { $0.setRenames(kept) }
        scratch.removeAll()
        Rename.encode(renames, into: &scratch)
        try putScratch(tables.meta, FixedKey(ascii: MetaKey.renames).span)
        try log { $0.renamed(symbol, number, from: name, to: new) }
    }
}
