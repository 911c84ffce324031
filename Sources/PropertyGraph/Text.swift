/// Text compared by its UTF-8 bytes.
///
/// Swift's `String` compares by canonical equivalence: "é" in one code point equals "é" in two.
/// A database must tell them apart (openCypher compares code points; an index compares bytes),
/// so names and values of the graph are never compared with `String ==`.
public enum UTF8Order {
    /// Returns whether both texts are the same bytes.
    ///
    /// - Complexity: O(length).
    public static func equal(_ lhs: String, _ rhs: String) -> Bool {
        let (left, right) = (lhs.utf8.span, rhs.utf8.span)
        guard left.count == right.count else { return false }
        // One text is most often compared with itself: names of a plan, texts of queries.
        if left.isIdentical(to: right) { return true }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }

    /// Returns whether `lhs` sorts before `rhs` by bytes, which is the order of code points.
    ///
    /// - Complexity: O(length).
    public static func precedes(_ lhs: String, _ rhs: String) -> Bool {
        lhs.utf8.lexicographicallyPrecedes(rhs.utf8)
    }
}
