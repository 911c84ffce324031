import PropertyGraph

extension CSRGraph {
    /// The rows of incoming edges, or an error that says how to get them.
    func requiredIncoming(for algorithm: String) throws(AlgorithmError) -> CSRRows {
        guard let incoming else {
            throw AlgorithmError(
                .missingIncoming,
                "Cannot run \(algorithm): the graph was built without incoming rows. "
                    + "Build it with `hasIncoming: true`.")
        }
        return incoming
    }

    /// Refuses an undirected graph.
    func requireDirected(for algorithm: String) throws(AlgorithmError) {
        guard isDirected else {
            throw AlgorithmError(
                .notDirected,
                "Cannot run \(algorithm): the graph is undirected. Project it as directed.")
        }
    }

    /// Refuses a graph without weights, or with one below zero.
    ///
    /// - Returns: What weights there are.
    /// - Complexity: O(edges), on several threads when large.
    @discardableResult
    func checkWeights(
        for algorithm: String, options: RunOptions
    ) throws(AlgorithmError) -> WeightRange {
        guard let weights = outgoing.weights else {
            throw AlgorithmError(
                .missingWeights,
                "Cannot run \(algorithm) with weights: the graph has none. "
                    + "Name a weight property or column.")
        }
        let range = try WeightRange(weights, outgoing.offsets, options: options)
        if range.least < 0 { throw negativeWeight(for: algorithm) }
        return range
    }

    /// Refuses a graph without weights, or with one below zero or infinite.
    ///
    /// - Complexity: O(edges).
    func checkFiniteWeights(for algorithm: String, options: RunOptions) throws(AlgorithmError) {
        try checkWeights(for: algorithm, options: options)
        guard let weights = outgoing.weights?.span else { return }
        for arc in weights.indices where weights[arc] == .infinity {
            throw AlgorithmError(
                .invalidWeight,
                "Cannot run \(algorithm): a weight is infinite, but weights are summed up. "
                    + "Mend the weight or choose another weight property.")
        }
    }

    /// Refuses a graph without weights, or with one that is not above zero or infinite.
    ///
    /// - Complexity: O(edges).
    func checkPositiveWeights(for algorithm: String, options: RunOptions) throws(AlgorithmError) {
        try checkFiniteWeights(for: algorithm, options: options)
        guard let weights = outgoing.weights?.span else { return }
        for arc in weights.indices where weights[arc] == 0 {
            throw AlgorithmError(
                .invalidWeight,
                "Cannot run \(algorithm): a weight is 0, and then there is no end of shortest "
                    + "paths to count. Give every edge a weight above 0.")
        }
    }

    private func negativeWeight(for algorithm: String) -> AlgorithmError {
        for node in 0..<UInt32(truncatingIfNeeded: nodeCount) {
            for arc in outgoing.range(of: node) {
                guard let weight = outgoing.weights?[arc], weight < 0 else { continue }
                let target = id(of: outgoing.targets[arc])
                let edge = outgoing.edges.map { " (edge \($0[arc]))" } ?? ""
                return AlgorithmError(
                    .negativeWeight,
                    "Cannot run \(algorithm): the edge from node \(id(of: node)) to node "
                        + "\(target)\(edge) has weight \(weight), but distances need weights of "
                        + "0 or more. Mend the weight or choose another weight property.")
            }
        }
        return AlgorithmError(.negativeWeight, "Cannot run \(algorithm): a weight is below zero.")
    }

    /// The error of a graph whose rows point outside of it.
    func damaged(for algorithm: String) -> AlgorithmError {
        AlgorithmError(
            .damagedGraph,
            "Cannot run \(algorithm): a row or a neighbour lies beyond the graph's "
                + "\(nodeCount) nodes. Build or project the graph again.")
    }

    /// Refuses a node index beyond the graph.
    func checkNode(_ node: UInt32, name: String) throws(AlgorithmError) {
        guard Int(node) < nodeCount else {
            throw AlgorithmError(
                .nodeNotFound,
                "The parameter '\(name)' names node index \(node), but the graph has "
                    + "\(nodeCount) nodes. Give an index below that.")
        }
    }
}
