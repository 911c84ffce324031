internal import LMDB
internal import PropertyGraph

extension GraphDatabase {
    /// Finds out how many edges run between which labels and, for each property of each label and
    /// edge type, how many values differ, which are common and how they are spread; and keeps it
    /// in the database for `statistics()`.
    ///
    /// It reads one snapshot on the calling thread and blocks no writer; while it runs, pages it
    /// can see are not reused. The result is stored in one small write that takes no position.
    /// Common values and histograms come from samples of 4,096 values, distinct values above 4,095
    /// from the 2,048 smallest hashes. The same graph gives the same statistics.
    ///
    /// - Parameter progress: Called with the records read so far, every few thousand; an error it
    ///   throws ends the analysis, and what was kept before stays.
    /// - Throws: As `write`; what `progress` throws.
    /// - Complexity: O(nodes × labels + edges) for each 256 properties; memory of 2 bytes for each
    ///   node and at most about 100 MB for samples.
    public func analyze(progress: @escaping (Int) throws -> Void = { _ in }) throws {
        let analysis = try read { transaction in
            var analysis = GraphAnalysis(progress: progress)
            try analysis.run(transaction.view)
            return analysis
        }
        let (head, properties) = (analysis.head, analysis.properties)
        try write { try $0.storeAnalysis(head, properties) }
    }

    /// Returns what is known of the size and shape of the graph, as a planner of queries needs it.
    ///
    /// - Complexity: O(labels × edge types + analysed properties).
    /// - Throws: `GraphStoreError`.
    public func statistics() throws -> DatabaseStatistics {
        try read { try DatabaseStatistics(reading: $0.view) }
    }
}

extension GraphReading where Self: ~Copyable {
    /// As `GraphDatabase.statistics`, of this snapshot.
    public func statistics() throws -> DatabaseStatistics {
        try DatabaseStatistics(reading: view)
    }
}

extension WriteTransaction {
    mutating func storeAnalysis(
        _ head: AnalysisHead, _ properties: [AnalysedProperty: PropertyStatistics]
    ) throws {
        let prefix = FixedKey(ascii: MetaKey.analysis)
        var old: [[UInt8]] = []
        do {
            var cursor = try lmdb.view.cursor(tables.meta)
            var found = try cursor.seek(atOrAfter: prefix.span)
            while found, cursor.key.hasPrefix(prefix.span) {
                old.append(cursor.key.bytes())
                found = try cursor.next()
            }
        }
        for key in old { _ = try lmdb.delete(tables.meta, key.rawSpan) }
        scratch.removeAll()
        head.encode(into: &scratch)
        try putScratch(tables.meta, prefix.span)
        for (property, statistics) in properties {
            scratch.removeAll()
            statistics.encode(into: &scratch)
            try putScratch(tables.meta, property.key.span)
        }
        state.mustStore = true
    }
}
