import GraphStore
import PropertyGraph

/// Puts a spool into a database, inside one write transaction; merges when there is a key.
///
/// Its state lives for one run of the transaction, so a second run starts afresh.
struct SpoolReplay {
    /// What was done.
    struct Counts: Sendable {
        var mergedNodes = 0
        var mergedEdges = 0
    }

    private struct Bundle: Hashable {
        var source: NodeID
        var type: EdgeType
    }

    let key: PropertyKey?
    private var nodes: [NodeID] = []
    private var merged: Set<NodeID> = []
    private var counts = Counts()
    private var hasMetKey = false
    /// Nodes by key value, for labels without an index over the key; filled on first use.
    private var known: [Label: [PropertyValue: NodeID]] = [:]
    private var indexed: Set<Label> = []
    /// Nodes by key value whatever their labels, for nodes without any; filled on first use.
    private var knownOfAll: [PropertyValue: NodeID]?
    /// Edges that were there and no record of the file has matched, newest first.
    private var unmatched: [Bundle: [NodeID: [EdgeID]]] = [:]

    init(key: PropertyKey?) { self.key = key }

    mutating func run(
        _ contents: SpoolContents, _ txn: inout WriteTransaction,
        isCancelled: (@Sendable () -> Bool)?
    ) throws -> Counts {
        if let key {
            for object in try txn.schemaObjects()
            where object.entity == .node && object.kind.isOrdered
                && object.properties == [key]
            {
                indexed.insert(Label(object.labelOrType))
            }
        }
        var records = 0
        try contents.forEach { record in
            records += 1
            if records % 4_096 == 0, isCancelled?() == true { throw FormatError.cancelled }
            switch record.shape.kind {
            case .node(let labels): try putNode(labels, record.properties, &txn)
            case .edge(let type): try putEdge(type, record, &txn)
            }
        }
        if let key, !hasMetKey, !nodes.isEmpty {
            // A misspelt key would add every node once more.
            throw FormatError(
                .badOption,
                "No node of the files has the property '\(key.name)' to merge by; name one they have."
            )
        }
        return counts
    }

    private mutating func putNode(
        _ labels: [Label], _ properties: Properties, _ txn: inout WriteTransaction
    ) throws {
        if let key, let value = properties[key] {
            hasMetKey = true
            for label in labels {
                guard let node = try existing(label, key, value, txn) else { continue }
                try txn.mergeProperties(properties, into: node)
                for label in labels { try txn.addLabel(label, to: node) }
                remember(labels, value, node)
                nodes.append(node)
                merged.insert(node)
                counts.mergedNodes += 1
                return
            }
            if labels.isEmpty, let node = try existing(key, value, txn) {
                try txn.mergeProperties(properties, into: node)
                nodes.append(node)
                merged.insert(node)
                counts.mergedNodes += 1
                return
            }
            let node = try txn.createNode(labels: labels, properties: properties)
            remember(labels, value, node)
            nodes.append(node)
        } else {
            nodes.append(try txn.createNode(labels: labels, properties: properties))
        }
    }

    private mutating func existing(
        _ label: Label, _ key: PropertyKey, _ value: PropertyValue,
        _ txn: borrowing WriteTransaction
    ) throws -> NodeID? {
        if indexed.contains(label) { return try txn.node(label: label, key, value) }
        if known[label] == nil {
            var found: [PropertyValue: NodeID] = [:]
            try txn.forEachNode(label: label) { node in
                // The oldest wins where the database holds one value twice.
                if let value = node[key], found[value] == nil { found[value] = node.id }
                return true
            }
            known[label] = found
        }
        return known[label]?[value]
    }

    private mutating func existing(
        _ key: PropertyKey, _ value: PropertyValue, _ txn: borrowing WriteTransaction
    ) throws -> NodeID? {
        if let knownOfAll { return knownOfAll[value] }
        var found: [PropertyValue: NodeID] = [:]
        try txn.forEachNode { node in
            if let value = node[key], found[value] == nil { found[value] = node.id }
            return true
        }
        knownOfAll = found
        return found[value]
    }

    private mutating func remember(_ labels: [Label], _ value: PropertyValue, _ node: NodeID) {
        for label in labels where known[label] != nil { known[label]?[value] = node }
        if knownOfAll != nil, knownOfAll?[value] == nil { knownOfAll?[value] = node }
    }

    private mutating func putEdge(
        _ type: EdgeType, _ record: SpoolContents.Record, _ txn: inout WriteTransaction
    ) throws {
        let source = try node(record.source)
        let target = try node(record.target)
        if key != nil, merged.contains(source) || record.source & SpoolSink.existingBit != 0,
            let edge = try unmatchedEdge(source, target, type, txn)
        {
            try txn.mergeProperties(record.properties, into: edge)
            counts.mergedEdges += 1
        } else {
            try txn.createEdge(type, from: source, to: target, properties: record.properties)
        }
    }

    private func node(_ number: UInt64) throws -> NodeID {
        if number & SpoolSink.existingBit != 0 { return NodeID(number & ~SpoolSink.existingBit) }
        guard number < UInt64(nodes.count) else {
            throw FormatError(
                .inputOutput, "The temporary file is damaged: an edge comes too early.")
        }
        return nodes[Int(number)]
    }

    /// The oldest edge between two nodes that was there before and is not matched yet.
    private mutating func unmatchedEdge(
        _ source: NodeID, _ target: NodeID, _ type: EdgeType, _ txn: borrowing WriteTransaction
    ) throws -> EdgeID? {
        let bundle = Bundle(source: source, type: type)
        if unmatched[bundle] == nil {
            var found: [NodeID: [EdgeID]] = [:]
            for neighbor in try txn.neighbors(of: source, .outgoing, type: type).reversed() {
                found[neighbor.node, default: []].append(neighbor.edge)
            }
            unmatched[bundle] = found
        }
        return unmatched[bundle]?[target]?.popLast()
    }
}
