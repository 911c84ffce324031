/// Sorting by a number in linear time.
enum StableSort {
    /// Few elements are sorted by comparing.
    private static let few = 64
    private static let digitBits: UInt64 = 11

    /// Sorts by a number; equal ones stay in their order.
    ///
    /// - Parameter highest: No number is above it.
    /// - Complexity: O(elements × bits of the highest / 11) time, and the elements once more in
    ///   memory.
    @inline(__always)
    static func sort<Element>(
        _ elements: inout [Element], upTo highest: UInt64, by number: (Element) -> UInt64
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
        while shift < 64, highest >> shift > 0 {
            defer { shift += digitBits }
            var places = [Int](repeating: 0, count: 1 << Int(digitBits))
            for element in elements { places[Int(number(element) >> shift & mask)] += 1 }
            if places.contains(elements.count) { continue }
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
        }
    }
}
