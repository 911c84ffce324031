import GraphStore
import PropertyGraph

/// How a command line names a node: by its number, or as `Label:key=value`.
struct NodeReference: Sendable {
    /// The text as typed.
    let text: String
    private let form: Form

    private enum Form: Sendable {
        case id(NodeID)
        case key(label: String, key: PropertyKey, value: PropertyValue)
    }

    /// Reads a reference.
    init(_ text: String) throws {
        self.text = text
        if let number = UInt64(text) {
            form = .id(NodeID(number))
            return
        }
        guard let colon = text.utf8.firstIndex(of: 0x3A), colon != text.utf8.startIndex else {
            throw CommandError.usage(
                "'\(text)' names no node. Give its id, or Label:key=value as in Person:email=ada@example.org."
            )
        }
        let rest = String(text[text.utf8.index(after: colon)...])
        let (key, value) = try PropertyText.parse(rest)
        guard let value else {
            throw CommandError.usage("'\(text)' names no node: the value is empty.")
        }
        form = .key(label: String(text[..<colon]), key: key, value: value)
    }

    /// The one node it names.
    ///
    /// - Throws: A failure when there is none, or more than one.
    func resolve<Snapshot: GraphReading & ~Copyable>(in snapshot: borrowing Snapshot) throws
        -> NodeID
    {
        switch form {
        case .id(let id):
            guard try snapshot.contains(id) else {
                throw CommandError.failure("There is no node \(id).")
            }
            return id
        case .key(let labelName, let key, let value):
            let label = try snapshot.requireLabel(labelName)
            _ = try snapshot.requirePropertyKey(key.name)
            var found = try snapshot.nodeIDs(label: label, where: key, .equals(value), limit: 3)
            if found.isEmpty, let text = numberAsTyped(value) {
                // A number may be stored as text, such as a telephone number.
                found = try snapshot.nodeIDs(
                    label: label, where: key, .equals(.string(text)), limit: 3)
            }
            guard let first = found.first else {
                throw CommandError.failure("No node is \(text).")
            }
            guard found.count == 1 else {
                throw CommandError.failure(
                    "More than one node is \(text): \(found.map { "\($0)" }.joined(separator: ", "))"
                        + "\(found.count > 2 ? ", …" : ""). Name it by its id.")
            }
            return first
        }
    }

    private func numberAsTyped(_ value: PropertyValue) -> String? {
        if case .string = value { return nil }
        guard let equals = text.utf8.firstIndex(of: 0x3D) else { return nil }
        return String(text[text.utf8.index(after: equals)...])
    }
}

/// How a command line names an edge: by its number.
enum EdgeReference {
    static func parse(_ text: String) throws -> EdgeID {
        guard let number = UInt64(text) else {
            throw CommandError.usage("'\(text)' names no edge. Give the id of an edge, a number.")
        }
        return EdgeID(number)
    }

    /// The edge of an id.
    static func require(_ id: EdgeID, in database: GraphDatabase) throws -> Edge {
        guard let edge = try database.read({ try $0.edge(id) }) else {
            throw CommandError.failure("There is no edge \(id).")
        }
        return edge
    }
}
