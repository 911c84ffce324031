internal import LMDB
internal import PropertyGraph

extension WriteTransaction {
    /// Makes a change of the log again, with the same ids.
    ///
    /// - Throws: `.backup` for changes that the log names without saying what they were.
    mutating func apply(_ change: Change) throws {
        switch change {
        case .nodeCreated(let node):
            try Self.prepare(&state.counters.nextNode, node.id.rawValue)
            try createNode(labels: node.labels, properties: node.properties)
        case .nodeDeleted(let node): try deleteNode(node.id)
        case .labelsChanged(let id, let before, let after):
            for label in after where !before.contains(label) { try addLabel(label, to: id) }
            for label in before where !after.contains(label) { try removeLabel(label, from: id) }
        case .nodeChanged(let id, let changes):
            guard let node = try node(id) else { throw GraphStoreError.nodeNotFound(id) }
            var values = node.properties
            for change in changes { values[change.key] = change.after }
            try setProperties(of: id, to: values)
        case .edgeCreated(let edge):
            try Self.prepare(&state.counters.nextEdge, edge.id.rawValue)
            try createEdge(
                edge.type, from: edge.source, to: edge.target, properties: edge.properties)
        case .edgeDeleted(let edge): try deleteEdge(edge.id)
        case .edgeChanged(let id, let changes):
            guard let edge = try edge(id) else { throw GraphStoreError.edgeNotFound(id) }
            var values = edge.properties
            for change in changes { values[change.key] = change.after }
            try setProperties(of: id, to: values)
        case .schemaCreated(let object):
            // The whole copy may have it half built.
            if state.catalog.entries.contains(where: {
                !$0.isOnline && UTF8Order.equal($0.name, object.name)
            }) {
                try dropSchemaObject(named: object.name)
            }
            try createSchemaObject(object)
        case .renamed(let kind, let before, let after): try rename(kind, before, to: after)
        case .schemaDropped(let object): try dropSchemaObject(named: object.name)
        case .byteTableChanged(let name):
            _ = try byteTable(name)
            try log { $0.byteTableChanged(name) }
        case .bulkLoaded:
            throw GraphStoreError(
                .backup, "The increment holds a bulk load, whose rows are not in the change log.")
        }
    }

    /// Makes an id the next one to be given.
    private static func prepare(_ next: inout UInt64, _ id: UInt64) throws {
        guard id >= next else {
            throw GraphStoreError(.backup, "The increment gives id \(id) a second time.")
        }
        next = id
    }
}
