internal import LMDB
internal import PropertyGraph

extension Projection {
    /// The description as bytes: equal for descriptions that give the same graph.
    ///
    /// Lines of ASCII words; a name stands with its length in bytes, so that no name can be taken
    /// for something else. Lists whose order means nothing are sorted, each entry once.
    var canonicalText: [UInt8] {
        var text: [UInt8] = []
        Self.append("labels", names: labels?.map(\.name), to: &text)
        Self.append("types", names: types?.map(\.name), to: &text)
        Self.append("direction", direction.rawValue, to: &text)
        Self.append("weight", names: weight.map { [$0.name] }, to: &text)
        // Without a weight the default means nothing.
        let bits = weight == nil ? 0 : defaultWeight.bitPattern
        Self.append("default", String(bits, radix: 16), to: &text)
        Self.append("simple", isSimple ? "1" : "0", to: &text)
        let isTwoWay = direction != .undirected && includesIncoming
        Self.append("incoming", isTwoWay ? "1" : "0", to: &text)
        Self.append("nodes", names: nodeProperties.map(\.name), to: &text)
        Self.append("edges", names: edgeProperties.map(\.name), to: &text)
        Self.append("ids", includesEdgeIDs ? "1" : "0", to: &text)
        return text
    }

    private static func append(_ word: String, _ value: String, to text: inout [UInt8]) {
        text.append(contentsOf: "\(word) \(value)\n".utf8)
    }

    private static func append(_ word: String, names: [String]?, to text: inout [UInt8]) {
        guard let names else { return append(word, "*", to: &text) }
        var sorted: [String] = []
        for name in names.sorted(by: UTF8Order.precedes) {
            if let last = sorted.last, UTF8Order.equal(last, name) { continue }
            sorted.append(name)
        }
        append(word, String(sorted.count), to: &text)
        for name in sorted {
            text.append(contentsOf: "\(name.utf8.count):".utf8)
            text.append(contentsOf: name.utf8)
            text.append(UInt8(ascii: "\n"))
        }
    }
}
