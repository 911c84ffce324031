/// Sorting by a number in linear time.
enum StableSort {
    /// Few elements are sorted by comparing.
    private static let few = 64
    private static let digitBits: UInt64 = 11

    /// Sorts by a number that is below a limit; equal ones stay in their order.
    ///
    /// - Complexity: O(elements × bits of the limit / 11).
    @inline(__always)
    static func sort<Element>(
        _ elements: inout [Element], below limit: UInt64, by number: (Element) -> UInt64
    ) {
        guard elements.count > few else {
            for place in elements.indices.dropFirst() {
                let element = elements[place]
                var hole = place
                while hole > 0, number(elements[hole - 1]) > number(element) {
                    elements[hole] = elements[hole - 1]
                    hole -= 1
                }
                elements[hole] = element
            }
            return
        }
        var spare = elements
        let mask = (1 as UInt64) << digitBits - 1
        var shift: UInt64 = 0
        while shift < 64, limit >> shift > 0 {
            var places = [Int](repeating: 0, count: 1 << Int(digitBits))
            for element in elements { places[Int(number(element) >> shift & mask)] += 1 }
            var sum = 0
            for digit in places.indices {
                (places[digit], sum) = (sum, sum + places[digit])
            }
            for element in elements {
                let digit = Int(number(element) >> shift & mask)
                spare[places[digit]] = element
                places[digit] += 1
            }
            swap(&elements, &spare)
            shift += digitBits
        }
    }
}
