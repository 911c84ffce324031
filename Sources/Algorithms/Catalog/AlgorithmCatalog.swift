import PropertyGraph

/// Every algorithm that can be run by name.
public enum AlgorithmCatalog {
    /// The algorithms, ascending by name. A new kernel adds its descriptor to one of the lists.
    public static let all: [AlgorithmDescriptor] = [
        centralities, communities, cohesion, components, paths, orders, flows, similarities,
        embeddings, [GraphStatistics.descriptor],
    ].flatMap(\.self).sorted { UTF8Order.precedes($0.name, $1.name) }

    /// The algorithm of that name.
    ///
    /// - Throws: `.unknownAlgorithm` with a suggestion.
    public static func descriptor(named name: String) throws(AlgorithmError) -> AlgorithmDescriptor
    {
        if let found = all.first(where: { UTF8Order.equal($0.name, name) }) { return found }
        let names = all.map(\.name)
        let advice =
            NearMiss.best(for: name, among: names).map { "Did you mean '\($0)'?" }
            ?? "There are: \(names.joined(separator: ", "))."
        throw AlgorithmError(.unknownAlgorithm, "There is no algorithm '\(name)'. \(advice)")
    }
}
