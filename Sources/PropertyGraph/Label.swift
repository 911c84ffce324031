/// A kind of node; a node carries any number of them.
///
/// Two of them are equal when their names are the same UTF-8 bytes; they order by those bytes.
public struct Label: Hashable, Comparable, Sendable, ExpressibleByStringLiteral {
    /// The name as given.
    public let name: String

    /// Makes the label with this name.
    public init(_ name: String) { self.name = name }

    /// Makes the label with this name.
    public init(stringLiteral value: String) { self.name = value }

    /// Compares by UTF-8 bytes.
    public static func == (lhs: Label, rhs: Label) -> Bool { UTF8Order.equal(lhs.name, rhs.name) }

    /// Orders by UTF-8 bytes.
    public static func < (lhs: Label, rhs: Label) -> Bool { UTF8Order.precedes(lhs.name, rhs.name) }

    /// Feeds the name; texts of equal bytes hash alike.
    public func hash(into hasher: inout Hasher) { name.hash(into: &hasher) }
}

extension Label: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}
