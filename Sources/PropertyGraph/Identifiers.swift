/// The identity of a node within one database: dense, ascending, never reused.
@frozen
public struct NodeID: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
    /// The number itself, as stored and as shown to people.
    public let rawValue: UInt64

    /// Makes the id with this number.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Makes the id with this number.
    @inlinable
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// Orders ids by age: a smaller id was created earlier.
    @inlinable
    public static func < (lhs: NodeID, rhs: NodeID) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// The identity of an edge within one database: dense, ascending, never reused.
@frozen
public struct EdgeID: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
    /// The number itself, as stored and as shown to people.
    public let rawValue: UInt64

    /// Makes the id with this number.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Makes the id with this number.
    @inlinable
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// Orders ids by age: a smaller id was created earlier.
    @inlinable
    public static func < (lhs: EdgeID, rhs: EdgeID) -> Bool { lhs.rawValue < rhs.rawValue }
}

extension NodeID: CustomStringConvertible {
    /// The number in decimal.
    public var description: String { String(rawValue) }
}

extension EdgeID: CustomStringConvertible {
    /// The number in decimal.
    public var description: String { String(rawValue) }
}

/// Which edges of a node are meant: those that leave it, those that reach it, or both.
public enum Direction: String, Hashable, Sendable, CaseIterable {
    /// Edges whose source is the node.
    case outgoing
    /// Edges whose target is the node.
    case incoming
    /// Edges at either end; a loop counts once in each direction.
    case both

    /// The direction seen from the other end.
    public var reversed: Direction {
        switch self {
        case .outgoing: .incoming
        case .incoming: .outgoing
        case .both: .both
        }
    }
}
