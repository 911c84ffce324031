import Testing

@testable import GraphAlgorithms

@Suite struct `A column that threads write together` {
    @Test(arguments: RunOptions.threadCounts)
    func `loses no step when all replace the same number`(threads: Int) throws {
        let steps = 20_000
        var numbers: [UInt32] = [7, 0, 7]
        var span = numbers.mutableSpan
        try span.withAtomicColumn(workers: threads) {
            (column: borrowing AtomicColumn<UInt32>) throws(AlgorithmError) in
            _ = try RunOptions(threads: threads).onWorkers(threads) { _ in
                for _ in 0..<steps {
                    var known = column[1]
                    while !column.replace(known, at: 1, with: known + 1) { known = column[1] }
                }
            }
        }
        #expect(numbers == [7, UInt32(threads * steps), 7])
    }

    @Test func `keeps a number that is not the expected one`() throws {
        for workers in [1, 2] {
            var numbers: [UInt32] = [3]
            var span = numbers.mutableSpan
            let isReplaced = span.withAtomicColumn(workers: workers) {
                $0.replace(4, at: 0, with: 5)
            }
            #expect(!isReplaced)
            #expect(numbers == [3])
        }
    }
}
