/// The kind of an edge; every edge has exactly one.
///
/// Two of them are equal when their names are the same UTF-8 bytes; they order by those bytes.
public struct EdgeType: Hashable, Comparable, Sendable, ExpressibleByStringLiteral {
    /// The name as given.
    public let name: String

    /// Makes the edge type with this name.
    public init(_ name: String) { self.name = name }

    /// Makes the edge type with this name.
    public init(stringLiteral value: String) { self.name = value }

    /// Compares by UTF-8 bytes.
    public static func == (lhs: EdgeType, rhs: EdgeType) -> Bool {
        UTF8Order.equal(lhs.name, rhs.name)
    }

    /// Orders by UTF-8 bytes.
    public static func < (lhs: EdgeType, rhs: EdgeType) -> Bool {
        UTF8Order.precedes(lhs.name, rhs.name)
    }

    /// Feeds the name; texts of equal bytes hash alike.
    public func hash(into hasher: inout Hasher) { name.hash(into: &hasher) }
}

extension EdgeType: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}
