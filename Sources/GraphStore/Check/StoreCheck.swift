internal import LMDB
internal import PropertyGraph

/// One run of `check`: the findings so far, and what later passes compare with.
///
/// Each table is walked once, and every record looks up what it refers to. Where a table is the
/// other side of one already walked, equal counts of matching records show that none is missing;
/// only when they differ is the first side walked again to name what is missing.
struct StoreCheck {
    var report = CheckReport()
    var counters = Counters()
    /// The recount of every statistic.
    var recount: [Statistic: Int64] = [:]
    /// Index entries that the nodes and edges should have, by schema object.
    var expectedEntries: [UInt32: Int] = [:]
    /// Long values that the records refer to.
    var expectedBlobs = 0
    /// Ids that labels and types should list.
    var expectedMembers = 0
    let progress: (CheckProgress) throws -> Void
    private var table = ""
    private var done = 0
    private var total = 0

    /// How many records pass between two calls of `progress`.
    private static let stride = 4_096

    init(progress: @escaping (CheckProgress) throws -> Void) { self.progress = progress }

    mutating func note(_ code: CheckReport.Code, _ place: String, _ message: String) {
        report.findingCount += 1
        guard report.findings.count < CheckReport.maximumFindings else { return }
        report.findings.append(.init(code: code, place: place, message: message))
    }

    mutating func checkAll(_ view: borrowing GraphView) throws {
        for table in view.tables.all { total += try view.bytes.statistics(table).entries }
        try pass("meta") { try $0.checkHead(view) }
        try pass("symbol") { try $0.checkCatalog(view) }
        try pass("node") { try $0.checkNodes(view) }
        try pass("edge") { try $0.checkEdges(view) }
        try pass("edgerec") { try $0.checkEdgeRecords(view) }
        try pass("out") { try $0.checkAdjacency(view, .out) }
        try pass("in") { try $0.checkAdjacency(view, .in) }
        try pass("member") { try $0.checkMembers(view) }
        try pass("index") { try $0.checkIndexes(view) }
        try pass("unique") { try $0.checkUniques(view) }
        try pass("blob") { try $0.checkBlobs(view) }
        try pass("stat") { try $0.checkStatistics(view) }
        try pass("meta") { try $0.checkAnalysis(view) }
        try pass("log") { try $0.checkChangeLog(view) }
        try pass("bytes") { try $0.checkByteTables(view) }
        try pass("history") { try $0.checkHistory(view) }
    }

    private mutating func pass(_ table: String, _ body: (inout StoreCheck) throws -> Void) throws {
        self.table = table
        try reportProgress()
        do {
            try body(&self)
        } catch let error as LMDBError {
            note(.unreadable, "table \(table)", error.message)
        } catch let error as GraphStoreError where error.code == .corrupted {
            note(.unreadable, "table \(table)", error.message)
        }
    }

    /// Counts one record, and reports progress now and then.
    mutating func step() throws {
        done += 1
        if done % Self.stride == 0 { try reportProgress() }
    }

    private func reportProgress() throws {
        try progress(CheckProgress(table: table, done: done, total: total))
    }

    /// Notes a key that no writer of this version makes.
    mutating func malformedKey(_ table: String, _ key: RawSpan) {
        note(.malformed, "table \(table)", "a key of \(key.byteCount) bytes has not its form")
    }

    /// Whether a container lists an id.
    func isListed(_ id: UInt64, in container: RawSpan?) -> Bool {
        guard let container else { return false }
        let low = UInt16(truncatingIfNeeded: id & (1 << IDContainer.bits - 1))
        return IDContainer.contains(low, in: container)
    }
}
