import GraphAlgorithms
import PropertyGraph

extension AlgorithmDescriptor {
    /// Whether weights that the graph has count for nothing unless `weighted=true` is given.
    var usesWeightsOnDemand: Bool { weightedParameter?.defaultValue == "false" }

    /// Whether weights that the graph has are left out by the parameters of a run.
    fileprivate func leavesWeightsOut(_ given: [String: String]) -> Bool {
        guard needs.weights == .optional, let parameter = weightedParameter else { return false }
        return (given[parameter.name] ?? parameter.defaultValue) == "false"
    }

    private var weightedParameter: ParameterDescriptor? {
        parameters.first { UTF8Order.equal($0.name, "weighted") }
    }
}

extension RunRequest {
    /// What to say when weights were asked for and algorithms left them out; nil when none did.
    func unusedWeights(_ options: GraphOptions) -> String? {
        guard options.weighted || options.weight != nil else { return nil }
        var names: [String] = []
        for (place, algorithm) in algorithms.enumerated()
        where algorithm.leavesWeightsOut(parameters(at: place)) && !names.contains(algorithm.name) {
            names.append(algorithm.name)
        }
        guard let last = names.last else { return nil }
        let list =
            names.count == 1 ? last : names.dropLast().joined(separator: ", ") + " and " + last
        return "\(list) did not use the weights; add weighted=true."
    }
}
