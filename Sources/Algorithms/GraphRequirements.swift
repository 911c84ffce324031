import PropertyGraph

extension CSRGraph {
    /// The rows of incoming edges, or an error that says how to get them; they have weights when the
    /// outgoing ones do.
    func requiredIncoming(for algorithm: String) throws(AlgorithmError) -> CSRRows {
        guard let incoming else {
            throw AlgorithmError(
                .missingIncoming,
                "Cannot run \(algorithm): the graph was built without incoming rows. "
                    + "Build it with `hasIncoming: true`.")
        }
        guard outgoing.weights == nil || incoming.weights?.count == incoming.arcCount else {
            throw AlgorithmError(
                .damagedGraph,
                "Cannot run \(algorithm): edges have weights in their outgoing rows and not in their "
                    + "incoming ones. Build or project the graph again.")
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
        let weights = try requiredWeights(for: algorithm)
        let range = try WeightRange(weights, outgoing.offsets, options: options)
        if range.least < 0 { throw negativeWeight(for: algorithm) }
        return range
    }

    private func requiredWeights(
        for algorithm: String
    ) throws(AlgorithmError) -> CSRBuffer<Double> {
        guard let weights = outgoing.weights else {
            throw AlgorithmError(
                .missingWeights,
                "Cannot run \(algorithm) with weights: the graph has none. "
                    + "Name a weight property or column.")
        }
        return weights
    }

    /// Refuses a graph without weights, with one below zero or infinite, or with weights so large or
    /// small that sums of them, or squares of those, are beyond what a double can hold.
    ///
    /// - Complexity: O(edges), on several threads when large.
    func checkFiniteWeights(for algorithm: String, options: RunOptions) throws(AlgorithmError) {
        let sum = try finiteSum(for: algorithm, options: options)
        guard sum > 0, !(0x1p-500...0x1p500).contains(sum) else { return }
        throw AlgorithmError(
            .invalidWeight,
            "Cannot run \(algorithm): the weights sum up to \(sum), beyond the range "
                + "[\(0x1p-500), \(0x1p500)] in which sums can be squared. Scale the weights.")
    }

    /// Refuses a graph without weights, or with one that is not above zero or infinite.
    ///
    /// - Complexity: O(edges).
    func checkPositiveWeights(for algorithm: String, options: RunOptions) throws(AlgorithmError) {
        _ = try finiteSum(for: algorithm, needing: "above 0", options: options)
        guard let weights = outgoing.weights?.span else { return }
        for arc in weights.indices where weights[arc] == 0 {
            throw AlgorithmError(
                .invalidWeight,
                "Cannot run \(algorithm): a weight is 0, and then there is no end of shortest "
                    + "paths to count. Give every edge a weight above 0.")
        }
    }

    private func finiteSum(
        for algorithm: String, needing range: String = notNegative, options: RunOptions
    ) throws(AlgorithmError) -> Double {
        let sum = try weightSum(for: algorithm, needing: range, options: options) { weights in
            // Four sums, so that no addition waits for the one before.
            var sums = SIMD4<Double>.zero
            var arc = 0
            while arc + 4 <= weights.count {
                sums += SIMD4(
                    weights[arc], weights[arc + 1], weights[arc + 2], weights[arc + 3])
                arc += 4
            }
            while arc < weights.count {
                sums[0] += weights[arc]
                arc += 1
            }
            return sums.sum()
        }
        if sum < .infinity { return sum }
        let isOne = outgoing.weights.map { hasInfinite($0.span) } ?? false
        throw AlgorithmError(
            .invalidWeight,
            isOne
                ? "Cannot run \(algorithm): a weight is infinite, but weights are summed up. "
                    + "Mend the weight or choose another weight property."
                : "Cannot run \(algorithm): the sum of the weights is beyond the largest number. "
                    + "Scale the weights down.")
    }

    /// The sum of what blocks of weights give; refuses a graph without weights, or with one below
    /// zero.
    private func weightSum(
        for algorithm: String, needing range: String, options: RunOptions,
        _ sum: @Sendable (Span<Double>) -> Double
    ) throws(AlgorithmError) -> Double {
        let weights = try requiredWeights(for: algorithm)
        let offsets = outgoing.offsets
        let rows = ParallelRows(offsets: offsets, options: options)
        let found = try rows.sweep { block in
            let arcs = Int(offsets[block.rows.lowerBound])..<Int(offsets[block.rows.upperBound])
            let part = weights.span.extracting(arcs)
            return [hasNegative(part) ? 1 : 0, sum(part), 0, 0]
        }
        if found[0] > 0 { throw negativeWeight(for: algorithm, needing: range) }
        return found[1]
    }

    private func negativeWeight(
        for algorithm: String, needing range: String = notNegative
    ) -> AlgorithmError {
        for node in 0..<UInt32(truncatingIfNeeded: nodeCount) {
            for arc in outgoing.range(of: node) {
                guard let weight = outgoing.weights?[arc], weight < 0 else { continue }
                let target = id(of: outgoing.targets[arc])
                let edge = outgoing.edges.map { " (edge \($0[arc]))" } ?? ""
                return AlgorithmError(
                    .negativeWeight,
                    "Cannot run \(algorithm): the edge from node \(id(of: node)) to node "
                        + "\(target)\(edge) has weight \(weight), but \(algorithm) needs weights "
                        + "\(range). Mend the weight or choose another weight property.")
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

/// Which weights most algorithms take, as their errors say it.
private let notNegative = "of 0 or more"

/// Whether a weight is below zero, without a branch for each so that the loop is vectorised.
private func hasNegative(_ weights: Span<Double>) -> Bool {
    var least = 0.0
    for arc in weights.indices { least = min(least, weights[arc]) }
    return least < 0
}

private func hasInfinite(_ weights: Span<Double>) -> Bool {
    for arc in weights.indices where weights[arc] == .infinity { return true }
    return false
}
