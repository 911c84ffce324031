import PropertyGraph

extension BlockedRows {
    /// Counts the triangles whose corner of lowest degree lies in a stretch.
    func count(
        _ stretch: Range<Int>, _ marks: inout [UInt64], _ bothMarks: inout [UInt64],
        _ corners: inout [UInt64]
    ) -> Int {
        let starts = starts.span
        var total = 0
        for node in stretch {
            let row = Int(starts[node])..<Int(starts[node + 1])
            guard let first = row.first else { continue }
            // One neighbour alone makes no triangle.
            if row.count == 1, masks[first] & (masks[first] &- 1) == 0 { continue }
            if let mutualMasks {
                total &+= countDirected(
                    node, row, starts, blocks.span, masks.span, mutualMasks.span, &marks,
                    &bothMarks, &corners)
            } else if corners.isEmpty {
                total &+= countRow(row, starts, blocks.span, masks.span, &marks)
            } else {
                total &+= countCorners(
                    node, row, starts, blocks.span, masks.span, &marks, &corners)
            }
        }
        return total
    }
}

/// Counts the triangles between the neighbours of a row, by bits alone.
private func countRow(
    _ row: Range<Int>, _ starts: Span<UInt32>, _ blocks: Span<UInt32>, _ masks: Span<UInt64>,
    _ marks: inout [UInt64]
) -> Int {
    var marked = marks.mutableSpan
    for place in row { marked[Int(blocks[place])] = masks[place] }
    var total = 0
    for place in row {
        let base = Int(blocks[place]) << 6
        // The first is joined with none of the others: its own row ends before them.
        var rest = place == row.lowerBound ? masks[place] & (masks[place] &- 1) : masks[place]
        while rest != 0 {
            let middle = base &+ rest.trailingZeroBitCount
            rest &= rest &- 1
            var other = Int(starts[middle])
            let end = Int(starts[middle + 1])
            while other < end {
                let common = marked[Int(blocks[other])] & masks[other]
                if common != 0 { total &+= common.nonzeroBitCount }
                other &+= 1
            }
        }
    }
    for place in row { marked[Int(blocks[place])] = 0 }
    return total
}

/// The same, adding each triangle to its three corners.
private func countCorners(
    _ node: Int, _ row: Range<Int>, _ starts: Span<UInt32>, _ blocks: Span<UInt32>,
    _ masks: Span<UInt64>, _ marks: inout [UInt64], _ corners: inout [UInt64]
) -> Int {
    var marked = marks.mutableSpan
    var sums = corners.mutableSpan
    for place in row { marked[Int(blocks[place])] = masks[place] }
    var total = 0
    for place in row {
        let base = Int(blocks[place]) << 6
        // The first is joined with none of the others: its own row ends before them.
        var rest = place == row.lowerBound ? masks[place] & (masks[place] &- 1) : masks[place]
        while rest != 0 {
            let middle = base &+ rest.trailingZeroBitCount
            rest &= rest &- 1
            var found = 0
            var other = Int(starts[middle])
            let end = Int(starts[middle + 1])
            while other < end {
                var common = marked[Int(blocks[other])] & masks[other]
                if common != 0 {
                    found &+= common.nonzeroBitCount
                    let low = Int(blocks[other]) << 6
                    repeat {
                        sums[low &+ common.trailingZeroBitCount] &+= 1
                        common &= common &- 1
                    } while common != 0
                }
                other &+= 1
            }
            sums[middle] &+= UInt64(found)
            total &+= found
        }
    }
    sums[node] &+= UInt64(total)
    for place in row { marked[Int(blocks[place])] = 0 }
    return total
}

/// The same with directions: a corner gains the directed edges between the other two.
private func countDirected(
    _ node: Int, _ row: Range<Int>, _ starts: Span<UInt32>, _ blocks: Span<UInt32>,
    _ masks: Span<UInt64>, _ both: Span<UInt64>, _ marks: inout [UInt64],
    _ bothMarks: inout [UInt64], _ corners: inout [UInt64]
) -> Int {
    var marked = marks.mutableSpan
    var markedBoth = bothMarks.mutableSpan
    let hasCorners = !corners.isEmpty
    var sums = corners.mutableSpan
    for place in row {
        marked[Int(blocks[place])] = masks[place]
        markedBoth[Int(blocks[place])] = both[place]
    }
    var total = 0
    for place in row {
        let base = Int(blocks[place]) << 6
        // The first is joined with none of the others: its own row ends before them.
        var rest = place == row.lowerBound ? masks[place] & (masks[place] &- 1) : masks[place]
        while rest != 0 {
            let bit = rest.trailingZeroBitCount
            let middle = base &+ bit
            rest &= rest &- 1
            let between = 1 &+ (both[place] >> UInt64(bit) & 1)
            for other in Int(starts[middle])..<Int(starts[middle + 1]) {
                let block = Int(blocks[other])
                var common = marked[block] & masks[other]
                if common == 0 { continue }
                let found = common.nonzeroBitCount
                total &+= found
                guard hasCorners else { continue }
                sums[node] &+= UInt64(found &+ (common & both[other]).nonzeroBitCount)
                sums[middle] &+= UInt64(found &+ (common & markedBoth[block]).nonzeroBitCount)
                repeat {
                    sums[block << 6 &+ common.trailingZeroBitCount] &+= between
                    common &= common &- 1
                } while common != 0
            }
        }
    }
    for place in row {
        marked[Int(blocks[place])] = 0
        markedBoth[Int(blocks[place])] = 0
    }
    return total
}
