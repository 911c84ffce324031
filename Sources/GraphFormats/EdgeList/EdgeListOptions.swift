import PropertyGraph

/// How to read an edge list: one edge a line, `source target [weight]`.
///
/// Everything left at its default is found out from the first lines: the separator (tab, comma,
/// semicolon, `|` or blanks), a header line, whether ids are numbers or names, and whether there
/// is a column of weights. Lines that start with `#` or `%` are comments.
///
/// Where commas, semicolons or `|` separate the fields, a name in quotes may hold them; a quote
/// inside is doubled.
public struct EdgeListOptions: Sendable, Hashable {
    /// What the ids of nodes are.
    public enum Identity: Sendable, Hashable {
        /// Numbers if the first lines hold numbers only.
        case automatic
        /// Unsigned 64-bit integers.
        case integers
        /// Texts, told apart by their bytes.
        case names
    }

    /// What the third column is.
    public enum Weights: Sendable, Hashable {
        /// Weights when the first edge has a third column that is a number.
        case ifPresent
        /// Weights; a line without one is an error.
        case required
        /// Ignored, like all columns after it.
        case ignored
    }

    /// What a line holds.
    public enum Row: Sendable, Hashable {
        /// One edge.
        case edge
        /// A node and all its neighbours; a node alone is a node without neighbours.
        case adjacency
    }

    /// Whether to use nodes that no line names.
    public enum Gaps: Sendable, Hashable {
        /// A node exists when a line (or the file of nodes) names it.
        case dropped
        /// All integers from 0 to the largest are nodes, as in the GAP benchmark suite.
        case kept
    }

    /// The separator; nil finds it out.
    public var delimiter: UInt8?
    /// What the ids are.
    public var identity = Identity.automatic
    /// What the third column is.
    public var weights = Weights.ifPresent
    /// What a line holds.
    public var row = Row.edge
    /// Whether integers that no line names are nodes.
    public var gaps = Gaps.dropped
    /// Whether the first line of the edges is a header; nil finds it out: no field of it is a
    /// number, and either all lines after it begin with two whole numbers, or it begins with a
    /// usual pair such as `source` and `target`. What was found is told as a note.
    public var hasHeader: Bool?
    /// How many threads parse.
    public var threads = 2
    /// The limits of the input.
    public var limits = InputLimits()

    /// The defaults.
    public init() {}
}
