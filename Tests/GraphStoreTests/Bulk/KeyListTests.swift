import LMDB
import PropertyGraph
import TestSupport
import Testing

@testable import GraphStore

@Suite struct `Keys of indexes in order` {
    /// Keys that agree in long beginnings, keys that are equal, and cut ones; enough of them to be
    /// sorted by their digits, and few enough to be compared.
    @Test(arguments: [0, 1, 17, 900, 20_000])
    func `ascend by index, bytes and id, as comparing would have it`(count: Int) throws {
        var random = SplitMix64(seed: UInt64(count))
        let beginnings = [
            "", "Introduction to ", "Introduction to the theory of ",
            String(repeating: "a", count: 500), String(repeating: "\0", count: 9),
        ]
        var list = KeyList()
        var expected: [(key: [UInt8], id: UInt64)] = []
        for id in 0..<UInt64(count) {
            let index = UInt32.random(in: 1...3, using: &random)
            let beginning = beginnings.randomElement(using: &random) ?? ""
            let text = beginning + String(UInt8.random(in: 0...200, using: &random))
            // Ids that ascend, as rows come, and some that do not.
            let id = id % 7 == 0 ? UInt64.random(in: 0...1_000, using: &random) : id
            list.begin(index: index)
            OrderedKey.append(.string(text), to: &list.bytes)
            list.end(id: id)
            let key = OrderedKey.encode([.string(text)]).bytes
            expected.append(([0, 0, 0, UInt8(index)] + key, id))
            list.begin(index: index)
            list.cancel()
        }
        expected.sort {
            $0.key == $1.key ? $0.id < $1.id : $0.key.lexicographicallyPrecedes($1.key)
        }
        list.sort()
        var found: [(key: [UInt8], id: UInt64)] = []
        try list.forEach { found.append(($0.bytes(), $1)) }
        #expect(found.map(\.key) == expected.map(\.key))
        #expect(found.map(\.id) == expected.map(\.id))
    }

    @Test func `a text in its storage form has the key of the text`() throws {
        for text in ["", "a", "a\0b", String(repeating: "é", count: 40)] {
            var stored = ByteWriter()
            ValueCodec.encode(.string(text), into: &stored)
            var key = ByteWriter()
            let isText = OrderedKey.append(storedText: stored.span, to: &key)
            #expect(isText)
            #expect(key.bytes == OrderedKey.encode([.string(text)]).bytes)
        }
        for value: PropertyValue in [7, 0.5, true, .bytes([1])] {
            var stored = ByteWriter()
            ValueCodec.encode(value, into: &stored)
            var key = ByteWriter()
            let isText = OrderedKey.append(storedText: stored.span, to: &key)
            #expect(!isText && key.isEmpty)
        }
    }
}
