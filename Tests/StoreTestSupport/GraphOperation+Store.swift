package import GraphStore
internal import PropertyGraph
package import TestSupport

extension GraphOperation {
    /// Applies the operation to the store.
    package func apply(to txn: inout WriteTransaction) throws {
        switch self {
        case .createNode(let labels, let properties):
            try txn.createNode(labels: labels, properties: properties)
        case .deleteNode(let id): try txn.deleteNode(id)
        case .detachDeleteNode(let id): try txn.detachDeleteNode(id)
        case .setNodeProperty(let id, let key, let value):
            try txn.setProperty(key, of: id, to: value)
        case .mergeNodeProperties(let id, let new): try txn.mergeProperties(new, into: id)
        case .replaceNodeProperties(let id, let new): try txn.setProperties(of: id, to: new)
        case .addLabel(let label, let id): try txn.addLabel(label, to: id)
        case .removeLabel(let label, let id): try txn.removeLabel(label, from: id)
        case .createEdge(let type, let source, let target, let properties):
            try txn.createEdge(type, from: source, to: target, properties: properties)
        case .deleteEdge(let id): try txn.deleteEdge(id)
        case .setEdgeProperty(let id, let key, let value):
            try txn.setProperty(key, of: id, to: value)
        case .mergeEdgeProperties(let id, let new): try txn.mergeProperties(new, into: id)
        case .replaceEdgeProperties(let id, let new): try txn.setProperties(of: id, to: new)
        case .createSchema(let object): try txn.createSchemaObject(GraphStore.SchemaObject(object))
        case .dropSchema(let name): try txn.dropSchemaObject(named: name)
        case .rename(let name, let new):
            switch name.kind {
            case .label: try txn.rename(Label(name.name), to: Label(new))
            case .edgeType: try txn.rename(EdgeType(name.name), to: EdgeType(new))
            case .propertyKey: try txn.rename(PropertyKey(name.name), to: PropertyKey(new))
            }
        case .setBytes(let table, let key, let value):
            let table = try txn.byteTable(table.name)
            if let value {
                try txn.put(key, value, in: table)
            } else {
                try txn.remove(key, from: table)
            }
        case .fail: throw Failure()
        }
    }
}

extension GraphStore.SchemaObject {
    /// The model's description in the store's words.
    package init(_ object: ModelGraph.SchemaObject) {
        let kind: SchemaKind =
            switch object.kind {
            case .index: .index
            case .unique: .unique
            case .inlineProperty: .inlineProperty
            case .existence: .existence
            case .type: .type
            case .key: .key
            }
        self.init(
            name: object.name, kind: kind, entity: object.isOverNodes ? .node : .edge,
            labelOrType: object.symbol, properties: object.keys, type: object.type)
    }
}

extension ModelGraph.SchemaObject {
    /// The store's description in the model's words.
    package init(_ object: GraphStore.SchemaObject) {
        let kind: Kind =
            switch object.kind {
            case .index: .index
            case .unique: .unique
            case .inlineProperty: .inlineProperty
            case .existence: .existence
            case .type: .type
            case .key: .key
            }
        self.init(
            name: object.name, kind: kind, isOverNodes: object.entity == .node,
            symbol: object.labelOrType, keys: object.properties, type: object.type)
    }
}

extension PropertyPredicate {
    package init(_ predicate: ModelPredicate) {
        switch predicate {
        case .exists: self = .exists
        case .equals(let value): self = .equals(value)
        case .startsWith(let text): self = .startsWith(text)
        case .range(let from, let isFromInside, let to, let isToInside):
            self = .range(
                from: from.map { isFromInside ? .including($0) : .excluding($0) },
                to: to.map { isToInside ? .including($0) : .excluding($0) })
        }
    }
}
