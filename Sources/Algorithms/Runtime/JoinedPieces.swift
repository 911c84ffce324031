import PropertyGraph

extension RunOptions {
    /// One column of pieces that tasks have made, copied on several threads.
    ///
    /// - Parameters:
    ///   - pieces: Each as long as its place or longer.
    ///   - places: Where each piece belongs, one after the other from 0.
    func joined<Element: CSRElement>(
        _ pieces: [[Element]], at places: [Range<Int>], workers: Int
    ) throws(AlgorithmError) -> CSRBuffer<Element> {
        try CSRBuffer(count: places.last?.upperBound ?? 0) { span throws(AlgorithmError) in
            _ = try fillParts(places, of: &span, workers: workers, scratch: {}) { _, task, part in
                let piece = pieces[task]
                part.copy(piece.span.extracting(0..<part.count), at: 0)
            }
        }
    }
}
