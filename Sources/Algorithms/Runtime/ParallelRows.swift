// One of the two files of this module with unsafe code: it lets several threads write one column,
// each its own rows. Invariants, kept here and nowhere else:
//  1. A `ParallelColumn` owns its memory, frees it once in `deinit`, and is move-only: Swift's
//     exclusivity rules see every access to it.
//  2. A sweep takes the columns it writes as `inout`: while it runs nothing else can read or write
//     them, and every thread has left it before it returns.
//  3. Blocks are disjoint ranges of rows, and each block is given to exactly one thread, which
//     gets mutable spans of just those rows (of a bit column: of just those words, for blocks
//     start at multiples of 64).
//  4. A `CheckedRows` is made only after every offset and every target was seen to lie inside, so
//     that its loops may follow them without asking again (measured: a quarter of the time of
//     PageRank on a graph of 7.6 M arcs).
//  5. `fillParts` likewise has the span that it fills to itself, checks that its parts are disjoint,
//     and gives each to one thread.
//  6. Elements are `BitwiseCopyable`, so overwriting one needs no deinitialisation, and one never
//     written holds some bits that are no less an element.

import PropertyGraph
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A column that a sweep over rows fills with several threads.
@safe
struct ParallelColumn<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
    // Sendable: invariants 1 and 2; shared borrows only read.
    fileprivate let base: UnsafeMutablePointer<Element>
    /// What was allocated; `base` lies in it.
    private let memory: UnsafeMutableRawPointer
    let count: Int

    /// All bits zero. A large column costs nothing but for the pages that are touched, so a search
    /// that reaches few nodes of a large graph takes no time for the others; where freed memory is
    /// used again, it is cleared.
    init(zeroed count: Int) {
        unsafe self.init(count, calloc(Self.size(count), 1))
    }

    /// Elements are what the memory happens to hold until they are set, so nothing may depend on
    /// one that was not; no time is spent on those that never are.
    init(unset count: Int) {
        unsafe self.init(count, malloc(Self.size(count)))
    }

    init(repeating value: Element, count: Int) {
        self.init(unset: count)
        unsafe base.initialize(repeating: value, count: count)
    }

    private init(_ count: Int, _ memory: UnsafeMutableRawPointer?) {
        guard let memory = unsafe memory else {
            preconditionFailure("No memory is left for a column of \(count) elements.")
        }
        unsafe self.memory = memory
        // SAFETY: as many bytes more than needed were allocated as aligning may skip.
        unsafe base = memory.alignedUp(toMultipleOf: Self.alignment)
            .bindMemory(to: Element.self, capacity: max(count, 1))
        self.count = count
    }

    /// How many bytes to ask for.
    private static func size(_ count: Int) -> Int {
        max(count, 1) * MemoryLayout<Element>.stride + alignment
    }

    private static var alignment: Int { 64 }

    deinit { unsafe free(memory) }

    var span: Span<Element> {
        @_lifetime(borrow self)
        get {
            // SAFETY: invariant 1; the span borrows the column.
            let span = unsafe Span(_unsafeStart: base, count: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    var mutableSpan: MutableSpan<Element> {
        @_lifetime(&self)
        mutating get {
            // SAFETY: invariant 1; the span has the column to itself.
            let span = unsafe MutableSpan(_unsafeStart: base, count: count)
            return unsafe _overrideLifetime(span, mutating: &self)
        }
    }

    subscript(index: Int) -> Element {
        get { span[index] }
        set {
            var span = mutableSpan
            span[index] = newValue
        }
    }

    /// The values as an array.
    func array() -> [Element] {
        unsafe Array(UnsafeBufferPointer(start: base, count: count))
    }

    /// What `body` makes of the values, as an array.
    @inline(__always)
    func map<Other>(_ body: (Element) -> Other) -> [Other] {
        // SAFETY: every element is initialized before the array takes their count.
        unsafe [Other](unsafeUninitializedCapacity: count) { target, initialized in
            guard let start = target.baseAddress else { return }
            for index in 0..<count {
                unsafe (start + index).initialize(to: body(base[index]))
            }
            initialized = count
        }
    }

    /// The values of a part as an array.
    func array(_ range: Range<Int>) -> [Element] {
        precondition(range.upperBound <= count, "The column is shorter.")
        // SAFETY: the range lies inside.
        return unsafe Array(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// Sets every element.
    mutating func fill(_ value: Element) { unsafe base.update(repeating: value, count: count) }
}

/// A range of rows that one thread works on.
struct RowBlock: Sendable {
    /// Its number, which does not depend on who works on it.
    let index: Int
    /// Its rows; the first is a multiple of 64.
    let rows: Range<Int>
}

/// The rows of a graph cut into blocks of about equal work, to be swept by several threads.
///
/// The cuts depend on the graph alone and partial sums are added in one fixed tree, so every
/// result is the same bits for any number of threads. A sweep blocks the calling thread, which
/// must not be one of Swift's cooperative pool when other tasks are to run meanwhile.
struct ParallelRows: Sendable {
    let blocks: [Range<Int>]
    private let workers: Int
    private let options: RunOptions

    /// Cuts the rows that `offsets` describes.
    ///
    /// - Parameter cost: What a sweep spends on an arc, where 1 reads it and no more; looking up
    ///   something of its target is about 4. Of it depends from what size on threads share, and
    ///   nothing else.
    init(offsets: CSRBuffer<UInt64>, cost: Int = 1, options: RunOptions) {
        let starts = offsets.span
        let rowCount = max(starts.count - 1, 0)
        let arcCount = rowCount > 0 ? Int(truncatingIfNeeded: starts[rowCount]) : 0
        var blocks: [Range<Int>] = []
        var first = 0
        var row = 0
        while row < rowCount {
            row = min(row + 64, rowCount)
            let arcs = Int(truncatingIfNeeded: starts[row] &- starts[first])
            if arcs + (row - first) >= options.blockSize || row == rowCount {
                blocks.append(first..<row)
                first = row
            }
        }
        self.blocks = blocks
        self.options = options
        let isLarge = (arcCount + rowCount) * cost >= options.parallelThreshold
        workers = isLarge ? min(options.threadCount, blocks.count) : 1
    }

    /// Calls `body` once for each block and returns the sum of what it returns.
    ///
    /// - Throws: `.cancelled`, when blocks may be left undone.
    @discardableResult
    func sweep(
        _ body: @Sendable (RowBlock) -> SIMD4<Double>
    ) throws(AlgorithmError) -> SIMD4<Double> {
        let partials = ParallelColumn<SIMD4<Double>>(repeating: .zero, count: blocks.count)
        let lent = unsafe Lent(base: partials.base)
        let isStopped = Atomic<Bool>(false)
        let options = options
        if workers == 1 {
            for index in blocks.indices {
                if options.isCancelled() { throw RunOptions.cancelled }
                // SAFETY: `index` is below the count of `partials`, and this is the only thread.
                unsafe lent.base[index] = body(RowBlock(index: index, rows: blocks[index]))
            }
        } else {
            // Relaxed suffices: the counter only hands out numbers, the flag only stops early;
            // what the threads wrote is published by the end of `perform`.
            let next = Atomic<Int>(0)
            WorkerPool.shared.perform(workers) { _ in
                while !isStopped.load(ordering: .relaxed) {
                    let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard index < blocks.count else { break }
                    if options.isCancelled() {
                        isStopped.store(true, ordering: .relaxed)
                        break
                    }
                    // SAFETY: invariant 3; `partials` outlives the call.
                    unsafe lent.base[index] = body(RowBlock(index: index, rows: blocks[index]))
                }
            }
        }
        if isStopped.load(ordering: .relaxed) { throw RunOptions.cancelled }
        return Self.treeSum(partials.span)
    }

    /// Fills a column block by block; the span given to `body` starts at the block's first row.
    @discardableResult
    func sweep<A>(
        _ first: inout ParallelColumn<A>,
        _ body: @Sendable (RowBlock, inout MutableSpan<A>) -> SIMD4<Double>
    ) throws(AlgorithmError) -> SIMD4<Double> {
        let lent = unsafe Lent(base: first.base, count: first.count)
        return try sweep { block in
            // SAFETY: invariants 2 and 3.
            var span = unsafe lent.span(block.rows)
            return body(block, &span)
        }
    }

    /// Fills two columns block by block.
    @discardableResult
    func sweep<A, B>(
        _ first: inout ParallelColumn<A>, _ second: inout ParallelColumn<B>,
        _ body: @Sendable (RowBlock, inout MutableSpan<A>, inout MutableSpan<B>) -> SIMD4<Double>
    ) throws(AlgorithmError) -> SIMD4<Double> {
        let lentFirst = unsafe Lent(base: first.base, count: first.count)
        let lentSecond = unsafe Lent(base: second.base, count: second.count)
        return try sweep { block in
            // SAFETY: invariants 2 and 3.
            var firstSpan = unsafe lentFirst.span(block.rows)
            var secondSpan = unsafe lentSecond.span(block.rows)
            return body(block, &firstSpan, &secondSpan)
        }
    }

    /// Fills a column and a bit column, which has one word for 64 rows.
    @discardableResult
    func sweep<A>(
        _ first: inout ParallelColumn<A>, bits: inout ParallelColumn<UInt64>,
        _ body:
            @Sendable (RowBlock, inout MutableSpan<A>, inout MutableSpan<UInt64>) -> SIMD4<Double>
    ) throws(AlgorithmError) -> SIMD4<Double> {
        let lentBits = unsafe Lent(base: bits.base, count: bits.count)
        return try sweep(&first) { block, firstSpan in
            let words = (block.rows.lowerBound / 64)..<((block.rows.upperBound + 63) / 64)
            // SAFETY: invariants 2 and 3.
            var span = unsafe lentBits.span(words)
            return body(block, &firstSpan, &span)
        }
    }

    /// Fills two columns and a bit column, which has one word for 64 rows.
    @discardableResult
    func sweep<A, B>(
        _ first: inout ParallelColumn<A>, _ second: inout ParallelColumn<B>,
        bits: inout ParallelColumn<UInt64>,
        _ body:
            @Sendable (
                RowBlock, inout MutableSpan<A>, inout MutableSpan<B>, inout MutableSpan<UInt64>
            ) -> SIMD4<Double>
    ) throws(AlgorithmError) -> SIMD4<Double> {
        let lentBits = unsafe Lent(base: bits.base, count: bits.count)
        return try sweep(&first, &second) { block, firstSpan, secondSpan in
            let words = (block.rows.lowerBound / 64)..<((block.rows.upperBound + 63) / 64)
            // SAFETY: invariants 2 and 3.
            var span = unsafe lentBits.span(words)
            return body(block, &firstSpan, &secondSpan, &span)
        }
    }

    /// Adds neighbours pairwise, level by level: one order for any number of threads.
    static func treeSum(_ partials: Span<SIMD4<Double>>) -> SIMD4<Double> {
        var level: [SIMD4<Double>] = []
        for index in partials.indices { level.append(partials[index]) }
        while level.count > 1 {
            level = stride(from: 0, to: level.count, by: 2).map { index in
                index + 1 < level.count ? level[index] + level[index + 1] : level[index]
            }
        }
        return level.first ?? .zero
    }
}

extension RunOptions {
    /// Fills parts of a span, each on one thread, and returns what `body` gave, in their order.
    ///
    /// - Parameters:
    ///   - parts: Ascending and disjoint; a part's span starts at its first element.
    ///   - scratch: Makes the memory that a thread uses for all its parts.
    func fillParts<Element, Scratch: ~Copyable, Result: Sendable>(
        _ parts: [Range<Int>], of span: inout MutableSpan<Element>, workers: Int,
        scratch: @Sendable () -> Scratch,
        _ body:
            @Sendable (inout Scratch, Int, inout MutableSpan<Element>) throws(AlgorithmError) ->
            Result
    ) throws(AlgorithmError) -> [Result] where Element: BitwiseCopyable & Sendable {
        var end = 0
        for part in parts {
            precondition(part.lowerBound >= end, "Parts of a span must ascend.")
            end = part.upperBound
        }
        precondition(end <= span.count, "A span is shorter than its parts.")
        return try unsafe span.withUnsafeMutableBufferPointer {
            buffer throws(AlgorithmError) -> [Result] in
            guard let base = buffer.baseAddress else { return [] }
            let lent = unsafe Lent(base: base, count: buffer.count)
            return try mapTasks(parts.count, workers: workers, scratch: scratch) {
                memory, task throws(AlgorithmError) -> Result in
                // SAFETY: the span is lent to this call alone, parts are disjoint as checked above,
                // and each number is handed out once.
                var part = unsafe lent.span(parts[task])
                return try body(&memory, task, &part)
            }
        }
    }
}

/// Rows whose offsets and targets were all checked once, for loops that visit them many times.
struct CheckedRows: Sendable {
    private let offsets: CSRBuffer<UInt64>
    private let targets: CSRBuffer<UInt32>
    private let rowCount: Int

    /// Checks the rows of a graph; nil when an offset or a target lies outside.
    ///
    /// - Complexity: O(nodes + arcs), on several threads when large.
    init?(_ rows: CSRRows, sweptBy parallel: ParallelRows) throws(AlgorithmError) {
        let offsets = rows.offsets
        let targets = rows.targets
        rowCount = offsets.count - 1
        self.offsets = offsets
        self.targets = targets
        let limit = UInt32(clamping: rowCount)
        let wrong = try parallel.sweep { block in
            isInside(block.rows, offsets.span, targets.span, limit) ? .zero : [1, 0, 0, 0]
        }
        guard wrong[0] == 0, rowCount == 0 || offsets[0] == 0 else { return nil }
    }

    /// Calls `body` with each row of a block and the sum of `values` over its neighbours.
    @inline(__always)
    func forEachSum<Value: BinaryFloatingPoint & BitwiseCopyable>(
        in rows: Range<Int>, of values: Span<Value>, _ body: (Int, Value) -> Void
    ) {
        precondition(rows.upperBound <= rowCount && values.count == rowCount)
        let offsets = offsets.span
        let targets = targets.span
        // SAFETY: invariant 4; rows and values were checked above.
        var arc = unsafe Int(truncatingIfNeeded: offsets[unchecked: rows.lowerBound])
        for row in rows {
            let end = unsafe Int(truncatingIfNeeded: offsets[unchecked: row &+ 1])
            // Four sums at once: a single one would wait for each addition before the next.
            var sums: (Value, Value, Value, Value) = (0, 0, 0, 0)
            while arc &+ 4 <= end {
                unsafe sums.0 += values[unchecked: Int(targets[unchecked: arc])]
                unsafe sums.1 += values[unchecked: Int(targets[unchecked: arc &+ 1])]
                unsafe sums.2 += values[unchecked: Int(targets[unchecked: arc &+ 2])]
                unsafe sums.3 += values[unchecked: Int(targets[unchecked: arc &+ 3])]
                arc &+= 4
            }
            while arc < end {
                unsafe sums.0 += values[unchecked: Int(targets[unchecked: arc])]
                arc &+= 1
            }
            body(row, (sums.0 + sums.1) + (sums.2 + sums.3))
        }
    }
}

/// Whether the rows of a block ascend and stay inside, and all their targets are below `limit`.
private func isInside(
    _ rows: Range<Int>, _ offsets: Span<UInt64>, _ targets: Span<UInt32>, _ limit: UInt32
) -> Bool {
    var last = offsets[rows.lowerBound]
    let first = last
    for row in rows {
        let end = offsets[row + 1]
        guard last <= end else { return false }
        last = end
    }
    guard last <= UInt64(targets.count) else { return false }
    let block = targets.extracting(Int(first)..<Int(last))
    var highest: UInt32 = 0
    for arc in block.indices { highest = max(highest, block[arc]) }
    return block.isEmpty || highest < limit
}

/// A column's memory while it is lent to the threads of a sweep, or a span's to those of `fillParts`.
@safe
private struct Lent<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    // Sendable: only sweeps make one, which keep invariants 2 and 3, and `fillParts`, which keeps 5.
    let base: UnsafeMutablePointer<Element>
    var count = 0

    @unsafe
    @_lifetime(borrow self)
    func span(_ range: Range<Int>) -> MutableSpan<Element> {
        precondition(range.upperBound <= count, "A column is shorter than the rows swept.")
        // SAFETY: in range; the caller keeps the span within the sweep.
        let span = unsafe MutableSpan(_unsafeStart: base + range.lowerBound, count: range.count)
        return unsafe _overrideLifetime(span, borrowing: self)
    }
}
