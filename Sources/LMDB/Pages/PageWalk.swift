import Glibc

/// Walks the trees of one commit, page by page, by bounded reads of the file.
///
/// LMDB maps a file and trusts it, and its pages carry no checksum: a flipped bit in the structure may
/// crash an ordinary read. This walk never maps anything. It proves that every page is of its kind and
/// says its own number, that nodes tile their page, that keys ascend within the bounds their parents
/// give, that all leaves of a tree are equally deep, that the counts in the records of the trees are
/// true, and that every page up to the last is used exactly once or free exactly once. What it finds
/// clean an ordinary read can follow.
struct PageWalk {
    let descriptor: Int32
    let path: String
    let meta: MetaImage
    /// Whole pages in the file.
    let filePages: UInt64
    var report = PageReport()
    private var used: PageSet
    private var free: PageSet
    private let progress: (_ done: Int, _ total: Int) throws -> Void

    /// LMDB's own limit on the depth of a tree.
    private static let maximumDepth = 32
    private static let stride = 4_096

    init(
        _ descriptor: Int32, _ meta: MetaImage, fileBytes: Int, path: String,
        progress: @escaping (_ done: Int, _ total: Int) throws -> Void
    ) {
        self.descriptor = descriptor
        self.meta = meta
        self.path = path
        self.progress = progress
        filePages = UInt64(max(0, fileBytes / meta.pageSize))
        // A damaged last page must not cost memory.
        let end = min(meta.lastPage, filePages + (1 << 20)) + 1
        used = PageSet(below: end)
        free = PageSet(below: end)
        report.pageSize = meta.pageSize
        report.pages = Int(clamping: meta.lastPage) + 1
        report.transactionID = meta.transactionID
    }

    /// One tree while it is walked.
    private struct Walk {
        var tree: PageReport.Tree
        let record: MetaImage.TreeRecord
        let isFreeList: Bool
        let isMain: Bool
        var tables: [(name: String, record: MetaImage.TreeRecord)] = []
        /// The key before, for the order from leaf to leaf.
        var lastKey: [UInt8]?

        /// Whether a key comes before another one in the order of the tree.
        func ascends(_ key: [UInt8], _ next: [UInt8]) -> Bool {
            guard isFreeList else { return key.rawSpan.compare(next.rawSpan) < 0 }
            guard key.count == 8, next.count == 8 else { return false }
            return key.rawSpan.loadLE64(at: 0) < next.rawSpan.loadLE64(at: 0)
        }

        /// Whether the tree can have the key.
        func isKey(_ key: [UInt8]) -> Bool { !isFreeList || key.count == 8 }
    }

    /// Keys of a subtree: at least `low`, below `high`.
    private struct Bounds {
        var low: [UInt8]?
        var high: [UInt8]?
    }

    mutating func run() throws {
        for page in 0..<UInt64(2) { _ = used.insert(page) }
        _ = try walk(meta.freeTree, "free list", isFreeList: true, isMain: false)
        let tables = try walk(meta.mainTree, "tree of tables", isFreeList: false, isMain: true)
        for (name, record) in tables {
            if record.flags != 0 {
                report.note("table '\(name)'", "its flags are \(record.flags), and none are used")
                continue
            }
            _ = try walk(record, name, isFreeList: false, isMain: false)
        }
        report.freePages = free.count
        comparePages()
    }

    private mutating func walk(
        _ record: MetaImage.TreeRecord, _ name: String, isFreeList: Bool, isMain: Bool
    ) throws -> [(name: String, record: MetaImage.TreeRecord)] {
        var walk = Walk(
            tree: .init(name: name), record: record, isFreeList: isFreeList, isMain: isMain)
        if !record.isEmpty {
            // A tree with a root has a level.
            walk.tree.depth = max(1, Int(record.depth))
            try visit(record.root, level: 1, Bounds(), &walk)
        }
        compareCounts(walk)
        report.trees.append(walk.tree)
        return walk.tables
    }

    private func place(_ walk: Walk, _ page: UInt64) -> String {
        let tree = walk.isFreeList || walk.isMain ? walk.tree.name : "table '\(walk.tree.name)'"
        return "\(tree), page \(page)"
    }

    // MARK: Pages

    private mutating func visit(
        _ page: UInt64, level: Int, _ bounds: Bounds, _ walk: inout Walk
    ) throws {
        guard let image = try take(page, walk) else { return }
        let isLeaf = level >= Int(walk.record.depth)
        let kind: PageImage.Kind = isLeaf ? .leaf : .branch
        let (nodes, fault) = image.nodes(kind)
        if let fault { return report.note(place(walk, page), fault) }
        // A cursor of LMDB stops the process at an inner page with a single child.
        guard nodes.count >= (isLeaf || walk.isFreeList ? 1 : 2) else {
            return report.note(place(walk, page), "it has \(nodes.count) nodes")
        }
        walk.tree.usedBytes += image.usedBytes
        if isLeaf {
            walk.tree.leafPages += 1
            try visitLeaf(image, nodes, bounds, &walk)
        } else {
            walk.tree.branchPages += 1
            try visitBranch(image, nodes, level, bounds, &walk)
        }
    }

    private mutating func visitBranch(
        _ image: PageImage, _ nodes: [PageImage.Node], _ level: Int, _ bounds: Bounds,
        _ walk: inout Walk
    ) throws {
        guard level < Self.maximumDepth else {
            return report.note(place(walk, image.number), "the tree is too deep")
        }
        let keys = nodes.map { image.key($0) }
        for index in 1..<max(1, nodes.count) {
            let before = index == 1 ? bounds.low : keys[index - 1]
            let isAfter = before.map { walk.ascends($0, keys[index]) } ?? true
            let isBelow = bounds.high.map { walk.ascends(keys[index], $0) } ?? true
            guard walk.isKey(keys[index]), isAfter, isBelow else {
                return report.note(
                    place(walk, image.number), "the key of node \(index) is out of order")
            }
        }
        for (index, node) in nodes.enumerated() {
            let range = Bounds(
                low: index == 0 ? bounds.low : keys[index],
                high: index + 1 < nodes.count ? keys[index + 1] : bounds.high)
            try visit(node.child, level: level + 1, range, &walk)
        }
    }

    private mutating func visitLeaf(
        _ image: PageImage, _ nodes: [PageImage.Node], _ bounds: Bounds, _ walk: inout Walk
    ) throws {
        for (index, node) in nodes.enumerated() {
            let key = image.key(node)
            let isAfterLast = walk.lastKey.map { walk.ascends($0, key) } ?? true
            // The lower bound itself may stand in its leaf.
            let isInside =
                walk.isKey(key) && !(bounds.low.map { walk.ascends(key, $0) } ?? false)
                && (bounds.high.map { walk.ascends(key, $0) } ?? true)
            guard isAfterLast, isInside else {
                return report.note(
                    place(walk, image.number), "the key of record \(index) is out of order")
            }
            walk.lastKey = key
            walk.tree.entries += 1
            try visitRecord(image, node, key, &walk)
        }
    }

    private mutating func visitRecord(
        _ image: PageImage, _ node: PageImage.Node, _ key: [UInt8], _ walk: inout Walk
    ) throws {
        let place = place(walk, image.number)
        guard node.isTable == walk.isMain else {
            return report.note(
                place, walk.isMain ? "a record is no table" : "a record is marked as a table")
        }
        if walk.isMain {
            guard node.valueSize == MetaImage.TreeRecord.size,
                let name = key.rawSpan.string()
            else { return report.note(place, "the record of a table has not its form") }
            walk.tables.append(
                (name, MetaImage.TreeRecord(image.bytes.rawSpan, at: node.valueStart)))
            return
        }
        guard node.isOnOverflowPages else {
            if Self.mustOverflow(node, pageSize: meta.pageSize) {
                return report.note(place, "a record of \(node.valueSize) bytes is too long")
            }
            if walk.isFreeList {
                noteFree(
                    image.bytes.rawSpan.slice(at: node.valueStart, count: node.valueSize), key,
                    place)
            }
            return
        }
        try visitRun(image.overflowPage(node), node.valueSize, key, place, &walk)
    }

    /// Records beyond half a page have their value elsewhere, so that each page holds two.
    private static func mustOverflow(_ node: PageImage.Node, pageSize: Int) -> Bool {
        let most = ((pageSize - PageImage.headerBytes) / 2) & ~1 - 2
        return 8 + node.key.count + node.valueSize > most
    }

    /// A run of overflow pages, of which only the first has a header.
    private mutating func visitRun(
        _ page: UInt64, _ size: Int, _ key: [UInt8], _ place: String, _ walk: inout Walk
    ) throws {
        guard let image = try take(page, walk) else { return }
        if let fault = image.headFault(.overflow) {
            return report.note(self.place(walk, page), fault)
        }
        let needed = PageImage.overflowPages(valueSize: size, pageSize: meta.pageSize)
        // A value that was overwritten by a shorter one keeps its pages.
        guard image.runPages >= needed, image.runPages <= meta.lastPage - page + 1 else {
            return report.note(
                self.place(walk, page),
                "it is a run of \(image.runPages) pages, and its value needs \(needed)")
        }
        walk.tree.overflowPages += Int(image.runPages)
        walk.tree.usedBytes += PageImage.headerBytes + size
        for next in 1..<max(1, image.runPages) {
            guard use(page + next, walk) else { return }
        }
        guard walk.isFreeList else { return }
        let bytes = try PageFile.bytes(
            of: descriptor, at: Int(page) * meta.pageSize + PageImage.headerBytes, count: size,
            path: path)
        guard bytes.count == size else { return report.note(place, "its value is cut short") }
        noteFree(bytes.rawSpan, key, place)
    }

    /// A page of a tree, used from now on; nil, with a finding, when it cannot be.
    private mutating func take(_ page: UInt64, _ walk: Walk) throws -> PageImage? {
        guard use(page, walk) else { return nil }
        if used.count % Self.stride == 0 { try progress(used.count, report.pages) }
        let bytes = try PageFile.bytes(
            of: descriptor, at: Int(page) * meta.pageSize, count: meta.pageSize, path: path)
        guard bytes.count == meta.pageSize else {
            report.note(place(walk, page), "it lies behind the end of the file")
            return nil
        }
        return PageImage(number: page, bytes: bytes)
    }

    private mutating func use(_ page: UInt64, _ walk: Walk) -> Bool {
        guard page >= 2, page <= meta.lastPage, page < filePages else {
            report.note(place(walk, page), "there is no such page: the last is \(meta.lastPage)")
            return false
        }
        if free.contains(page) {
            report.note(place(walk, page), "it is in use, and in the list of free pages")
            return false
        }
        guard used.insert(page) else {
            report.note(place(walk, page), "it is in use twice")
            return false
        }
        return true
    }

    // MARK: What must agree

    /// The pages that one commit set free: their count, then their numbers, descending.
    private mutating func noteFree(_ value: RawSpan, _ key: [UInt8], _ place: String) {
        guard value.byteCount >= 8, value.byteCount % 8 == 0,
            value.loadLE64(at: 0) <= UInt64(value.byteCount / 8 - 1)
        else { return report.note(place, "a list of free pages has not its form") }
        if key.rawSpan.loadLE64(at: 0) > meta.transactionID {
            return report.note(place, "it lists pages of a commit that is yet to come")
        }
        var before = UInt64.max
        for index in 0..<Int(value.loadLE64(at: 0)) {
            let page = value.loadLE64(at: 8 + index * 8)
            guard page >= 2, page <= meta.lastPage, page < before else {
                return report.note(place, "the list of free pages names page \(page)")
            }
            before = page
            if used.contains(page) {
                return report.note(place, "page \(page) is free, and in use")
            }
            guard free.insert(page) else {
                return report.note(place, "page \(page) is listed as free twice")
            }
        }
    }

    private mutating func compareCounts(_ walk: Walk) {
        let (tree, record) = (walk.tree, walk.record)
        let name = walk.isFreeList || walk.isMain ? tree.name : "table '\(tree.name)'"
        let counts: [(String, Int, UInt64)] = [
            ("records", tree.entries, record.entries),
            ("inner pages", tree.branchPages, record.branchPages),
            ("leaves", tree.leafPages, record.leafPages),
            ("overflow pages", tree.overflowPages, record.overflowPages),
            ("levels", tree.depth, UInt64(record.depth)),
        ]
        for (what, counted, stored) in counts where UInt64(counted) != stored {
            report.note(name, "\(stored) \(what) are stored, \(counted) counted")
        }
    }

    /// Every page up to the last is used or free.
    private mutating func comparePages() {
        let lost = report.pages - used.count - free.count
        guard lost != 0 else { return }
        // Pages behind damage could not be reached, which says nothing new.
        guard report.isClean else { return }
        let first = (2...meta.lastPage).first { !used.contains($0) && !free.contains($0) }
        report.note(
            "page \(first.map { "\($0)" } ?? "?")",
            "\(lost) pages are neither in use nor free, this one first")
    }
}
