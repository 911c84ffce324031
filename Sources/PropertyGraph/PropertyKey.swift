/// The name of a property of a node or an edge.
///
/// Two of them are equal when their names are the same UTF-8 bytes; they order by those bytes.
public struct PropertyKey: Hashable, Comparable, Sendable, ExpressibleByStringLiteral {
    /// The name as given.
    public let name: String

    /// Makes the property key with this name.
    public init(_ name: String) { self.name = name }

    /// Makes the property key with this name.
    public init(stringLiteral value: String) { self.name = value }

    /// Compares by UTF-8 bytes.
    public static func == (lhs: PropertyKey, rhs: PropertyKey) -> Bool {
        UTF8Order.equal(lhs.name, rhs.name)
    }

    /// Orders by UTF-8 bytes.
    public static func < (lhs: PropertyKey, rhs: PropertyKey) -> Bool {
        UTF8Order.precedes(lhs.name, rhs.name)
    }

    /// Feeds the name; texts of equal bytes hash alike.
    public func hash(into hasher: inout Hasher) { name.hash(into: &hasher) }
}

extension PropertyKey: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}
