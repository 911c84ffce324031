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
        // Same bytes imply canonical equivalence, so `==` is a quick and safe first no.
        lhs.utf8.count == rhs.utf8.count && lhs == rhs && lhs.utf8.elementsEqual(rhs.utf8)
    }

    /// Returns whether `lhs` sorts before `rhs` by bytes, which is the order of code points.
    ///
    /// - Complexity: O(length).
    public static func precedes(_ lhs: String, _ rhs: String) -> Bool {
        lhs.utf8.lexicographicallyPrecedes(rhs.utf8)
    }
}
