/// The pattern of a clause: paths, joined where they share variables.
struct Pattern: Sendable {
    let paths: [PathPattern]
    let range: SourceRange
}

/// One path of a pattern.
struct PathPattern: Sendable {
    /// Which of the paths that match are wanted.
    enum Search: Hashable, Sendable {
        case every
        /// `shortestPath(…)`, `SHORTEST k`, `ANY SHORTEST`: so many of the shortest.
        case shortest(Int)
        /// `allShortestPaths(…)`, `ALL SHORTEST`.
        case allShortest
        /// `ANY k`: any so many.
        case any(Int)
        /// `SHORTEST k GROUPS`: all of the so many smallest lengths.
        case shortestGroups(Int)
    }

    let variable: Name?
    let search: Search
    /// Whether the search was written as a function, whose path may then use bound ends only.
    let isFunction: Bool
    /// Nodes and relationships in turn, beginning and ending with a node or a group.
    let elements: [PatternElement]
    let range: SourceRange

    var nodes: [NodePattern] {
        elements.compactMap { if case .node(let node) = $0 { node } else { nil } }
    }
    var relationships: [RelationshipPattern] {
        elements.compactMap { if case .relationship(let pattern) = $0 { pattern } else { nil } }
    }
}

indirect enum PatternElement: Sendable {
    case node(NodePattern)
    case relationship(RelationshipPattern)
    /// `((a)-[r]->(b) WHERE …){1,5}`: a path that is repeated.
    case group(PathPattern, condition: Expression?, Repetition, range: SourceRange)
}

/// How often something is repeated; nil means without end.
struct Repetition: Hashable, Sendable {
    let minimum: Int
    let maximum: Int?
}

/// `(v:Label {key: value} WHERE …)`.
struct NodePattern: Sendable {
    let variable: Name?
    let labels: LabelExpression?
    /// A map, or a parameter that is one.
    let properties: Expression?
    let condition: Expression?
    let range: SourceRange
}

/// `-[v:TYPE*1..3 {key: value} WHERE …]->`.
struct RelationshipPattern: Sendable {
    enum Direction: Sendable {
        case outgoing
        case incoming
        case either
    }

    let variable: Name?
    let types: LabelExpression?
    /// Nil for a single relationship; otherwise the variable is a list.
    let length: Repetition?
    let properties: Expression?
    let condition: Expression?
    let direction: Direction
    let range: SourceRange
}
