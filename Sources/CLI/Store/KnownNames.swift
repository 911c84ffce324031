import GraphStore
import PropertyGraph

/// Checking names that people type against those the database has.
extension GraphReading where Self: ~Copyable {
    /// The label of that name.
    ///
    /// - Throws: A failure that suggests a near one when no node carries it.
    func requireLabel(_ name: String) throws -> Label {
        let labels = try labels()
        if let found = labels.first(where: { UTF8Order.equal($0.name, name) }) { return found }
        throw CommandError.failure(
            unknown("label", name, labels.map(\.name), "No node has the label '\(name)'."))
    }

    /// The edge type of that name.
    func requireEdgeType(_ name: String) throws -> EdgeType {
        let types = try edgeTypes()
        if let found = types.first(where: { UTF8Order.equal($0.name, name) }) { return found }
        throw CommandError.failure(
            unknown("edge type", name, types.map(\.name), "No edge has the type '\(name)'."))
    }

    /// The property key of that name.
    func requirePropertyKey(_ name: String) throws -> PropertyKey {
        let keys = propertyKeys()
        if let found = keys.first(where: { UTF8Order.equal($0.name, name) }) { return found }
        throw CommandError.failure(
            unknown("property", name, keys.map(\.name), "Nothing has a property '\(name)'."))
    }

    private func unknown(
        _ kind: String, _ name: String, _ names: [String], _ message: String
    ) -> String {
        let hint = NearMiss.hint(for: name, among: names)
        if !hint.isEmpty { return message + hint }
        if names.isEmpty { return "\(message) There is no \(kind) at all yet." }
        let some = names.prefix(12).joined(separator: ", ")
        return "\(message) There are: \(some)\(names.count > 12 ? ", …" : "")."
    }
}
