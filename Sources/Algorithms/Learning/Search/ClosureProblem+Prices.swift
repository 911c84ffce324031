extension ClosureProblem {
    /// What each node costs at most with all it needs: the sum over its groups of the cheapest
    /// option, shared needs counted again.
    ///
    /// - Parameter options: What is left of each group; nil for a group that is met anyway.
    /// - Complexity: O(options) a round, at most eight rounds.
    /// - SeeAlso: Bonet and Geffner, *Planning as heuristic search* (2001): h_add.
    func upperPrices(among options: [[Int32]?]) -> [PlanWeight] {
        let cap = weight.reduce(1, +)
        var price = [PlanWeight](repeating: cap, count: nodeCount)
        let order = MustSets.optionsFirst(self)
        for _ in 0..<8 {
            var isLower = false
            for node in order {
                var sum = weight[Int(node)]
                for group in groups(of: Int(node)) {
                    guard let list = options[group] else { continue }
                    sum += list.lazy.map { price[Int($0)] }.min() ?? cap
                    if sum >= cap { break }
                }
                if sum < price[Int(node)] {
                    price[Int(node)] = sum
                    isLower = true
                }
            }
            if !isLower { break }
        }
        return price
    }
}
