/// What the name of a file says about its content.
///
/// LDBC's generator writes `person_0_0.csv` and `person_knows_person_0_0.csv`: words first, then
/// the number of the part.
struct FileStem: Sendable, Hashable {
    /// The words of the name, extensions and trailing numbers left out.
    let parts: [String]
    /// The name without folders and extensions.
    let whole: String

    init(path: String) {
        var name = path.split(separator: "/").last.map(String.init) ?? path
        for ending in [".gz", ".csv", ".tsv", ".txt", ".jsonl", ".ndjson"]
        where name.utf8.count > ending.utf8.count
            && name.lowercased().utf8.suffix(ending.utf8.count).elementsEqual(ending.utf8)
        {
            name = String(name.dropLast(ending.count))
        }
        whole = name
        var words = name.split(separator: "_").map(String.init)
        while words.count > 1, let last = words.last, last.utf8.allSatisfy({ $0 &- 0x30 <= 9 }) {
            words.removeLast()
        }
        parts = words
    }

    /// The label of a node file without one: `person_0_0` gives `Person`.
    var label: String {
        let word = parts.joined(separator: "_")
        guard let first = word.first else { return "Node" }
        return first.uppercased() + word.dropFirst()
    }

    /// The type of an edge file without one: `person_hasInterest_tag_0_0` gives `HAS_INTEREST`;
    /// a name that is not of three words is taken as it is.
    var edgeType: String {
        guard parts.count == 3 else { return whole.isEmpty ? "EDGE" : parts.joined(separator: "_") }
        var result = ""
        for character in parts[1] {
            if character.isUppercase, !result.isEmpty { result += "_" }
            result += character.uppercased()
        }
        return result
    }
}
