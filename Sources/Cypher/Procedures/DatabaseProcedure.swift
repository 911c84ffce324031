internal import GraphStore
internal import PropertyGraph

/// `db.*`: what a database holds, its schema and its statistics.
struct DatabaseProcedure: Procedure {
    enum Question: CaseIterable {
        case labels, relationshipTypes, propertyKeys, indexes, constraints, schema, statistics
        case propertyStatistics, procedures
    }

    let question: Question

    static let all: [any Procedure] = Question.allCases.map { DatabaseProcedure(question: $0) }

    var signature: ProcedureSignature {
        switch question {
        case .labels:
            Self.signature(
                "labels", [.init("label", "STRING"), .init("nodes", "INTEGER")],
                "Every label in use, with how many nodes carry it.")
        case .relationshipTypes:
            Self.signature(
                "relationshipTypes",
                [.init("relationshipType", "STRING"), .init("relationships", "INTEGER")],
                "Every type in use, with how many relationships have it.")
        case .propertyKeys:
            Self.signature(
                "propertyKeys", [.init("propertyKey", "STRING")], "Every property key.")
        case .indexes:
            Self.signature("indexes", SchemaListing.fields, "Every index.")
        case .constraints:
            Self.signature("constraints", SchemaListing.fields, "Every constraint.")
        case .schema:
            Self.signature(
                "schema",
                [
                    .init("source", "STRING"), .init("relationshipType", "STRING"),
                    .init("target", "STRING"), .init("relationships", "INTEGER"),
                ],
                "Which labels the relationships of each type join, as the last analysis saw it.")
        case .statistics:
            Self.signature(
                "statistics",
                [
                    .init("nodes", "INTEGER"), .init("relationships", "INTEGER"),
                    .init("labels", "INTEGER"), .init("relationshipTypes", "INTEGER"),
                    .init("propertyKeys", "INTEGER"), .init("analysedAt", "INTEGER?"),
                    .init("isStale", "BOOLEAN"),
                ], "How large the graph is, and the position of the last analysis.")
        case .propertyStatistics:
            Self.signature(
                "propertyStatistics",
                [
                    .init("entityType", "STRING"), .init("labelOrType", "STRING"),
                    .init("propertyKey", "STRING"), .init("present", "INTEGER"),
                    .init("distinct", "INTEGER"), .init("minimum", "ANY?"),
                    .init("maximum", "ANY?"),
                ], "What the last analysis knows of each property.")
        case .procedures:
            ProcedureSignature(
                "dbms.procedures",
                outputs: [
                    .init("name", "STRING"), .init("signature", "STRING"),
                    .init("description", "STRING"),
                ], summary: "The procedures that come with Cairn.")
        }
    }

    private static func signature(
        _ name: String, _ outputs: [ProcedureSignature.Field], _ summary: String
    ) -> ProcedureSignature {
        ProcedureSignature("db." + name, outputs: outputs, summary: summary)
    }

    func rows<T: GraphReading & ~Copyable>(
        _ call: ProcedureArguments, in transaction: borrowing T
    ) throws -> [[CypherValue]] {
        switch question {
        case .labels:
            return try transaction.labels().map {
                [.string($0.name), .integer(Int64(try transaction.nodeCount(label: $0)))]
            }
        case .relationshipTypes:
            return try transaction.edgeTypes().map {
                [.string($0.name), .integer(Int64(try transaction.edgeCount(type: $0)))]
            }
        case .propertyKeys: return transaction.propertyKeys().map { [.string($0.name)] }
        case .indexes: return try SchemaListing.rows(ofIndexes: true, transaction)
        case .constraints: return try SchemaListing.rows(ofIndexes: false, transaction)
        case .schema:
            return try transaction.statistics().patterns.map { pattern -> [CypherValue] in
                [
                    .string(pattern.source.name), .string(pattern.type.name),
                    .string(pattern.target.name), .integer(Int64(pattern.count)),
                ]
            }
        case .statistics: return [try Self.statistics(transaction)]
        case .propertyStatistics:
            return try transaction.statistics().properties.map { Self.row(of: $0) }
        case .procedures:
            return ProcedureRegistry().signatures.map {
                [.string($0.name), .string($0.description), .string($0.summary)]
            }
        }
    }

    private static func row(of property: DatabaseStatistics.Property) -> [CypherValue] {
        let known = property.statistics
        return [
            .string(property.entity == .node ? "NODE" : "RELATIONSHIP"),
            .string(property.labelOrType), .string(property.key.name),
            .integer(Int64(known.present)), .integer(Int64(known.distinct)),
            known.minimum.map { CypherValue($0) } ?? .null,
            known.maximum.map { CypherValue($0) } ?? .null,
        ]
    }

    private static func statistics<T: GraphReading & ~Copyable>(
        _ transaction: borrowing T
    ) throws -> [CypherValue] {
        let analysis = try transaction.statistics().analysis
        return [
            .integer(Int64(try transaction.nodeCount())),
            .integer(Int64(try transaction.edgeCount())),
            .integer(Int64(try transaction.labels().count)),
            .integer(Int64(try transaction.edgeTypes().count)),
            .integer(Int64(transaction.propertyKeys().count)),
            analysis.map { .integer(Int64(clamping: $0.position)) } ?? .null,
            .boolean(analysis?.isStale ?? true),
        ]
    }
}

/// Indexes and constraints as rows.
enum SchemaListing {
    static let fields: [ProcedureSignature.Field] = [
        .init("name", "STRING"), .init("type", "STRING"), .init("entityType", "STRING"),
        .init("labelsOrTypes", "LIST<STRING>"), .init("properties", "LIST<STRING>"),
        .init("state", "STRING"),
    ]

    static func rows<T: GraphReading & ~Copyable>(
        ofIndexes wantsIndexes: Bool, _ transaction: borrowing T
    ) throws -> [[CypherValue]] {
        try transaction.schemaObjects().filter { $0.kind.isConstraint != wantsIndexes }
            .map { row(of: $0) }
    }

    private static func row(of object: SchemaObject) -> [CypherValue] {
        let keys: [CypherValue] = object.properties.map { .string($0.name) }
        return [
            .string(object.name), .string(object.kind.word),
            .string(object.entity == .node ? "NODE" : "RELATIONSHIP"),
            .list([.string(object.labelOrType)]), .list(keys), .string(state(object.state)),
        ]
    }

    private static func state(_ state: SchemaState) -> String {
        switch state {
        case .online: "ONLINE"
        case .building: "BUILDING"
        case .failed: "FAILED"
        }
    }
}
