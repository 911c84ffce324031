import Glibc

/// Reads whatever can be read of a damaged data file, by bounded reads, and never trusts what it reads.
///
/// First the trees of the newest commit are followed as far as they go; where a page of them is
/// damaged, the commit before may still have its own version of it. Pages that no tree led to, and
/// that are not known to be free, are then offered one by one: whoever knows the shapes of records can
/// tell which table they belonged to.
public final class PageSalvage {
    /// A record, copied out of the file.
    public typealias Record = (key: [UInt8], value: [UInt8])

    /// Whole pages in the file.
    public let pages: Int
    /// Pages that the file should have behind its end.
    public var missingPages: Int {
        let last = metas.first.map { Int(clamping: $0.lastPage) } ?? 0
        return max(0, last + 1 - pages)
    }
    /// Pages that should hold records, or lead to them, and cannot be read.
    public private(set) var damagedPages = 0
    /// Records whose value lies on damaged pages.
    public private(set) var damagedRecords = 0
    /// Whether the list of free pages could be read whole, so that no orphan is an old version.
    public private(set) var knowsFreePages = true

    private let descriptor: Int32
    private let path: String
    private let pageSize: Int
    /// Meta pages that make some sense, the newest first.
    private let metas: [MetaImage]
    private var reached: PageSet
    private var free: PageSet
    /// Ranges of keys that the newest commit has lost, by table.
    private var lost: [String: [Bounds]] = [:]

    private struct Bounds {
        let low: [UInt8]?
        let high: [UInt8]?

        func contains(_ key: [UInt8]) -> Bool {
            if let low, key.rawSpan.compare(low.rawSpan) < 0 { return false }
            if let high, key.rawSpan.compare(high.rawSpan) >= 0 { return false }
            return true
        }
    }

    private static let maximumDepth = 32

    /// - Parameter file: The data file; nobody writes to it.
    /// - Throws: `.noSuchFile`, `.accessDenied`, `.ioError`.
    public init(file: String, path: String) throws(LMDBError) {
        descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw LMDBError(errno, cannot: "read 'data.mdb'", path: path)
        }
        self.path = path
        let size = try PageFile.size(of: descriptor, path: path)
        let pageSize = try DataFile.likelyPageSize(descriptor, path)
        self.pageSize = pageSize
        pages = size / pageSize
        var metas: [MetaImage] = []
        for index in 0..<2 {
            if let meta = try MetaImage.read(
                descriptor, index: index, pageSize: pageSize, path: path
            ).meta {
                metas.append(meta)
            }
        }
        self.metas = metas.sorted { $0.transactionID > $1.transactionID }
        reached = PageSet(below: UInt64(pages))
        free = PageSet(below: UInt64(pages))
        for page in 0..<UInt64(min(2, pages)) { _ = reached.insert(page) }
    }

    deinit { close(descriptor) }

    // MARK: Trees

    /// Calls `body` for every record that the trees of the last commits lead to.
    public func forEachRecord(
        _ body: (_ table: String, _ key: [UInt8], _ value: [UInt8]) throws -> Void
    ) throws {
        guard let newest = metas.first else {
            knowsFreePages = false
            return
        }
        try readFreePages(newest.freeTree)
        var tables = try self.tables(newest.mainTree)
        if tables.isEmpty, metas.count > 1 { tables = try self.tables(metas[1].mainTree) }
        for (name, root) in tables {
            var ranges: [Bounds] = []
            try visit(root, Bounds(low: nil, high: nil), 0, &ranges, isNewest: true) {
                try body(name, $0, $1)
            }
            if !ranges.isEmpty { lost[name] = ranges }
        }
        guard metas.count > 1, !lost.isEmpty else { return }
        for (name, root) in try self.tables(metas[1].mainTree) {
            guard let ranges = lost[name] else { continue }
            var ignored: [Bounds] = []
            try visit(root, Bounds(low: nil, high: nil), 0, &ignored, isNewest: false) {
                key, value in
                if ranges.contains(where: { $0.contains(key) }) { try body(name, key, value) }
            }
        }
    }

    private func tables(
        _ record: MetaImage.TreeRecord
    ) throws -> [(name: String, root: UInt64)] {
        var tables: [(name: String, root: UInt64)] = []
        var ignored: [Bounds] = []
        try visit(
            record.root, Bounds(low: nil, high: nil), 0, &ignored, isNewest: true, wantsTables: true
        ) { key, value in
            guard value.count == MetaImage.TreeRecord.size, let name = key.rawSpan.string() else {
                return
            }
            let root = MetaImage.TreeRecord(value.rawSpan, at: 0).root
            if root != MetaPages.noPage { tables.append((name, root)) }
        }
        return tables
    }

    /// Follows a tree; pages that cannot be read are counted, and their keys noted as lost.
    private func visit(
        _ page: UInt64, _ bounds: Bounds, _ depth: Int, _ lost: inout [Bounds], isNewest: Bool,
        wantsTables: Bool = false, _ body: (_ key: [UInt8], _ value: [UInt8]) throws -> Void
    ) throws {
        guard page != MetaPages.noPage else { return }
        guard depth < Self.maximumDepth, let image = try image(page) else {
            damagedPages += isNewest ? 1 : 0
            return lost.append(bounds)
        }
        let isBranch = image.flags == PageImage.Kind.branch.rawValue
        let (nodes, fault) = image.nodes(isBranch ? .branch : .leaf)
        if isNewest, fault == nil, !reached.insert(page) {
            // Reached from elsewhere: one of the two is wrong, and following it might never end.
            damagedPages += 1
            return lost.append(bounds)
        }
        if fault != nil {
            damagedPages += isNewest ? 1 : 0
            lost.append(bounds)
        }
        for (index, node) in nodes.enumerated() {
            let key = image.key(node)
            if isBranch {
                let range = Bounds(
                    low: index == 0 ? bounds.low : key,
                    high: index + 1 < nodes.count ? image.key(nodes[index + 1]) : bounds.high)
                try visit(
                    node.child, range, depth + 1, &lost, isNewest: isNewest,
                    wantsTables: wantsTables, body)
            } else if node.isTable == wantsTables, bounds.contains(key) {
                if let value = try value(of: node, image) {
                    try body(key, value)
                } else {
                    damagedRecords += isNewest ? 1 : 0
                }
            }
        }
    }

    private func image(_ page: UInt64) throws -> PageImage? {
        guard page >= 2, page < UInt64(pages) else { return nil }
        let bytes = try PageFile.bytes(
            of: descriptor, at: Int(page) * pageSize, count: pageSize, path: path)
        return bytes.count == pageSize ? PageImage(number: page, bytes: bytes) : nil
    }

    private func value(of node: PageImage.Node, _ image: PageImage) throws -> [UInt8]? {
        guard node.isOnOverflowPages else {
            return Array(image.bytes[node.valueStart..<(node.valueStart + node.valueSize)])
        }
        let first = image.overflowPage(node)
        guard let head = try self.image(first), head.headFault(.overflow) == nil else { return nil }
        let needed = PageImage.overflowPages(valueSize: node.valueSize, pageSize: pageSize)
        guard head.runPages >= needed, needed <= UInt64(pages) - first else { return nil }
        for page in first..<(first + needed) { _ = reached.insert(page) }
        let value = try PageFile.bytes(
            of: descriptor, at: Int(first) * pageSize + PageImage.headerBytes,
            count: node.valueSize, path: path)
        return value.count == node.valueSize ? value : nil
    }

    // MARK: Pages that nothing leads to

    private func readFreePages(_ record: MetaImage.TreeRecord) throws {
        let before = (damagedPages, damagedRecords)
        var ignored: [Bounds] = []
        try visit(record.root, Bounds(low: nil, high: nil), 0, &ignored, isNewest: true) {
            _, value in
            let count = value.rawSpan.loadLE64IfPresent(at: 0) ?? 0
            for index in 0..<Int(clamping: min(count, UInt64(value.count / 8))) {
                if let page = value.rawSpan.loadLE64IfPresent(at: 8 + index * 8),
                    page < UInt64(pages)
                {
                    _ = free.insert(page)
                }
            }
        }
        if before != (damagedPages, damagedRecords) { knowsFreePages = false }
        (damagedPages, damagedRecords) = before
    }

    /// Calls `body` with the records of each leaf that no tree led to and that is not known to be
    /// free, ascending by page.
    public func forEachOrphan(_ body: (_ records: [Record]) throws -> Void) throws {
        for page in stride(from: UInt64(2), to: UInt64(pages), by: 1) {
            guard !reached.contains(page), !(knowsFreePages && free.contains(page)),
                let image = try image(page), image.flags == PageImage.Kind.leaf.rawValue
            else { continue }
            let (nodes, fault) = image.nodes(.leaf)
            guard fault == nil, !nodes.isEmpty, !nodes.contains(where: { $0.isTable }) else {
                continue
            }
            var records: [Record] = []
            for node in nodes {
                if let value = try value(of: node, image) {
                    records.append((image.key(node), value))
                }
            }
            if !records.isEmpty { try body(records) }
        }
    }
}

extension DataFile {
    /// The page size that the first pages agree with: a leaf or a branch says its own number.
    static func likelyPageSize(_ descriptor: Int32, _ path: String) throws(LMDBError) -> Int {
        let stored = try pageSize(descriptor, path)
        for size in [stored, 4_096, 8_192, 16_384, 32_768, 65_536, 2_048, 1_024, 512] {
            var right = 0
            for page in 1..<32 {
                let head = try PageFile.bytes(
                    of: descriptor, at: page * size, count: 16, path: path)
                if head.rawSpan.loadLE64IfPresent(at: 0) == UInt64(page) { right += 1 }
            }
            if right >= 4 { return size }
        }
        return stored
    }
}
