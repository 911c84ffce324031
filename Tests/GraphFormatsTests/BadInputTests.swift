import GraphFormats
import GraphStore
import PropertyGraph
import Testing

@Suite struct `Bad input` {
    /// The error an import of one file stops with.
    private func problem(
        _ name: String, _ bytes: [UInt8], _ change: (inout ImportOptions) -> Void = { _ in }
    ) throws -> String {
        let folder = try TemporaryFolder()
        let path = try folder.write(name, bytes: bytes)
        var options = ImportOptions()
        change(&options)
        let database = try GraphDatabase.temporary()
        do {
            try GraphImporter(options: options).run([path], into: database)
            return "no error"
        } catch {
            #expect(try nodeTexts(database).isEmpty, "nothing is kept")
            return "\(error)".replacing("\(folder.path)/", with: "")
        }
    }

    private func problem(_ name: String, _ text: String) throws -> String {
        try problem(name, Array(text.utf8))
    }

    @Test(arguments: [
        (
            "id:ID,age:int\n1,5\n2,6,7\n",
            "n.csv:3:1: The record has 3 fields, the header 2 columns;"
        ),
        (
            "id:ID,age:number32\n",
            "n.csv:1:7: Column 'age:number32' has an unknown type; use int, long"
        ),
        ("id:ID,age:int\n1,5\n2,x\n", "n.csv:3:3: 'x' is no integer; "),
        ("id:ID,age:int\n1,\"a\nb\"\n", "n.csv:2:3: 'a\nb' is no integer; "),
        ("id:ID,age:byte\n1,128\n", "n.csv:2:3: 128 is out of range of its type; "),
        (
            "id:ID,age:long\n1,9223372036854775808\n",
            "n.csv:2:3: 9223372036854775808 is out of range"
        ),
        ("id:ID,x:double\n1,1e999\n", "n.csv:2:3: 1e999 is out of range of a double; "),
        ("id:ID,x:boolean\n1,yes\n", "n.csv:2:3: The value is no boolean; "),
        (
            "id:ID,x:date\n1,2015-02-30\n",
            "n.csv:2:3: '2015-02-30' is no date; write it as 2015-07-21."
        ),
        ("id:ID,x:char\n1,ab\n", "n.csv:2:3: 'ab' is not one character; "),
        ("id:ID,x:int[]\n1,1;2;z\n", "n.csv:2:3: 'z' is no integer; "),
        ("id:ID,x:bytes\n1,*\n", "n.csv:2:3: The value is not base64"),
        ("id:ID\n1\n2\n1\n", "n.csv:4: A node with id '1' is there already, at n.csv:2; "),
        ("id:ID\n\"\"\n,\n", "n.csv:3:1: The record has 2 fields"),
        (":ID,x\n,1\n", "n.csv:2:1: The id is empty; "),
        ("id:ID,x\n1,\"open\n2,b\n", "n.csv:2:3: The quote opened here is never closed; "),
        ("id:ID,x\n1,\"a\"b\n", "n.csv:2:6: There is text after the closing quote; "),
        (
            ":START_ID,:END_ID,:TYPE\n1,2,T\n",
            "n.csv:2: The edge names node '1', which no file holds; "
        ),
        (":START_ID,x\n1,2\n", "n.csv:1: An edge file needs one :START_ID and one :END_ID column."),
        (":ID,:ID\n1,2\n", "n.csv:1: A node file has one :ID column at most; "),
        (":ID,:LABEL\n1,A;;B\n", "n.csv:2:3: A label is empty; "),
        (
            ":ID,a:int,a:string\n1,2,x\n",
            "n.csv:2:5: Two columns of one property both have a value; "
        ),
        ("", "n.csv:1: The file has no header; "),
        (
            "a:ID{id-type:list},b\n",
            "n.csv:1:1: Column 'a:ID{id-type:list}' has an unknown option; "
        ),
    ])
    func `in CSV is told with its place and how to mend it`(text: String, message: String) throws {
        let found = try problem("n.csv", text)
        #expect(found.hasPrefix(message), "found: \(found)")
    }

    @Test(arguments: [
        (
            "{\"type\":\"node\",\"properties\":{\"a\":1,\"a\":2}}",
            "n.jsonl:1:36: The property is there twice;"
        ),
        ("{\"type\":\"node\",\"type\":\"node\"}", "n.jsonl:1:16: The member is there twice;"),
        ("{\"type\":\"node\"} x", "n.jsonl:1:17: There is more after the object;"),
        ("{\"type\":\"thing\"}", "n.jsonl:1:1: \"type\" is neither"),
        ("{\"id\":\"1\"}", "n.jsonl:1:1: \"type\" is missing;"),
        ("{\"id\":", "n.jsonl:1:7: This is no JSON value;"),
        ("{\"type\":\"node\",\"properties\":{\"a\":01}}", "n.jsonl:1:34: This is no JSON value;"),
        ("{\"type\":\"node\",\"properties\":{\"a\":1.}}", "n.jsonl:1:34: This is no JSON value;"),
        ("{\"type\":\"node\",\"properties\":{\"a\":NaN}}", "n.jsonl:1:34: This is no JSON value;"),
        (
            "{\"type\":\"node\",\"properties\":{\"a\":9223372036854775808}}",
            "n.jsonl:1:34: The number is out of range;"
        ),
        (
            "{\"type\":\"node\",\"properties\":{\"a\":\"\\ud800\"}}",
            "n.jsonl:1:35: A surrogate stands alone;"
        ),
        (
            "{\"type\":\"node\",\"properties\":{\"a\":\"\\udc00\"}}",
            "n.jsonl:1:35: A surrogate stands alone;"
        ),
        (
            "{\"type\":\"node\",\"properties\":{\"a\":\"\\x\"}}",
            "n.jsonl:1:35: The escape is none of JSON's;"
        ),
        (
            "{\"type\":\"node\",\"properties\":{\"a\":\"x\u{1}\"}}",
            "n.jsonl:1:36: A control character"
        ),
        (
            "{\"type\":\"node\",\"properties\":{\"a\":\"x",
            "n.jsonl:1:34: The string is never closed;"
        ),
        (
            "{\"type\":\"node\",\"properties\":{\"a\":[1,\"x\"]}}",
            "n.jsonl:1:34: The list mixes types;"
        ),
        (
            "{\"type\":\"node\",\"properties\":{\"a\":[null]}}",
            "n.jsonl:1:35: A list cannot hold null;"
        ),
        (
            "{\"type\":\"node\",\"properties\":{\"a\":[[1]]}}",
            "n.jsonl:1:35: A list cannot hold lists;"
        ),
        (
            "{\"type\":\"node\",\"properties\":{\"a\":{\"b\":1}}}",
            "n.jsonl:1:35: A property cannot hold a map;"
        ),
        (
            "{\"type\":\"node\",\"properties\":{\"a\":{\"$type\":\"date\",\"value\":\"x\"}}}",
            "n.jsonl:1:58: 'x' is no date;"
        ),
        (
            "{\"type\":\"node\",\"properties\":{\"a\":{\"$type\":\"odd\",\"value\":\"x\"}}}",
            "n.jsonl:1:57: 'odd' is no $type;"
        ),
        ("{\"type\":\"edge\",\"start\":1,\"end\":2}", "n.jsonl:1:1: An edge needs its type"),
        (
            "{\"type\":\"edge\",\"label\":\"T\",\"start\":1}",
            "n.jsonl:1:1: An edge needs \"start\" and \"end\"."
        ),
        (
            "{\"type\":\"edge\",\"label\":\"T\",\"start\":1,\"end\":2}",
            "n.jsonl:1: The edge names node '1'"
        ),
        (
            "{\"type\":\"node\",\"id\":1}\n{\"type\":\"node\",\"id\":\"1\"}",
            "n.jsonl:2: A node with id '1'"
        ),
        ("[1]", "n.jsonl:1:1: A line is one JSON object"),
        (
            "{\"type\":\"node\",\"x\":" + String(repeating: "[", count: 70),
            "n.jsonl:1:84: The JSON is nested too deeply;"
        ),
    ])
    func `in JSON lines is told with its place`(text: String, message: String) throws {
        let found = try problem("n.jsonl", text)
        #expect(found.hasPrefix(message), "found: \(found)")
    }

    @Test func `a missing file, a folder without files and binary junk are refused`() throws {
        let folder = try TemporaryFolder()
        let database = try GraphDatabase.temporary()
        for path in ["/no/such/file.csv", folder.path] {
            #expect(throws: FormatError.self) { try GraphImporter().run([path], into: database) }
        }
        let junk: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]
        for name in ["a.csv", "a.jsonl", "a.el", "a"] {
            #expect(try problem(name, junk) != "no error")
        }
        #expect(
            try problem("u.csv", [0xFF, 0xFE, 0x61, 0]).hasPrefix("u.csv:1:1: The file is UTF-16;"))
    }

    @Test func `text that is not UTF-8 is refused in every format`() throws {
        #expect(
            try problem("n.csv", Array("a:string\n".utf8) + [0xC3, 0x28]).hasPrefix(
                "n.csv:2:1: The text is not UTF-8;"))
        #expect(
            try problem("n.csv", Array("a:ID\n".utf8) + [0xED, 0xA0, 0x80]).hasPrefix(
                "n.csv:2:1: The id is not UTF-8;"))
        #expect(try problem("n.csv", [0xFF, 0x3A]).hasPrefix("n.csv:1:1: The text is not UTF-8;"))
        let line =
            Array("{\"type\":\"node\",\"labels\":[\"".utf8) + [0xC0, 0x80] + Array("\"]}".utf8)
        #expect(try problem("n.jsonl", line).hasPrefix("n.jsonl:1:27: The string is not UTF-8;"))
        #expect(
            try problem("n.el", Array("a b\nc ".utf8) + [0xFF]).hasPrefix(
                "n.el:2:3: The node name is no UTF-8"))
    }

    @Test func `lines, columns, labels and headers have limits`() throws {
        let long = Array("a:string\n".utf8) + [UInt8](repeating: 0x61, count: 70_000)
        #expect(
            try problem("n.csv", Array("a:string\nx\n".utf8) + long) {
                $0.limits.maximumLineBytes = 10_000
                $0.limits.blockBytes = 4_096
            }.hasPrefix("n.csv:4: The line is longer than the limit of 10000 bytes;"))
        #expect(
            try problem("n.csv", Array("a,b,c\n".utf8)) { $0.limits.maximumColumns = 2 }
                .hasPrefix("n.csv:1: The header has 3 columns, more than the limit of 2;"))
        #expect(
            try problem("n.csv", Array(":LABEL\nA;B;C\n".utf8)) { $0.limits.maximumLabels = 2 }
                .hasPrefix("n.csv:2:1: The node has 3 labels, more than the limit of 2;"))
        #expect(
            try problem("n.csv", [UInt8](repeating: 0x61, count: 1 << 20))
                .hasPrefix("n.csv:1: The header is longer than 1 MiB;"))
    }

    @Test func `gzip is read, and damaged or cut gzip is refused`() throws {
        // "1 2\n2 3\n", compressed by gzip without a name; twice: two members are one file.
        let member: [UInt8] = [
            0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x33, 0x54, 0x30, 0xE2,
            0x32, 0x52, 0x30, 0xE6, 0x02, 0x00, 0xF5, 0xF1, 0x2B, 0x96, 0x08, 0x00, 0x00, 0x00,
        ]
        let folder = try TemporaryFolder()
        let path = try folder.write("g.el.gz", bytes: member + member)
        #expect(try EdgeListReader().load(path: path).graph.edgeCount == 4)
        for cut in [3, 12, 20, 27] {
            let path = try folder.write("cut.el.gz", bytes: Array(member[..<cut]))
            let failure = #expect(throws: FormatError.self) {
                try EdgeListReader().load(path: path)
            }
            #expect(failure?.code == .damagedCompression, "cut at \(cut)")
        }
        var damaged = member
        damaged[22] ^= 0xFF
        let bad = try folder.write("bad.el.gz", bytes: damaged)
        #expect(throws: FormatError.self) { try EdgeListReader().load(path: bad) }
    }

    @Test func `no prefix of a good file and no changed byte crashes a reader`() throws {
        let csv = Array(
            "id:ID,x:int[],:LABEL,d:datetime\n1,\"1;2\",\"A\"\"\",2015-07-21T10:00Z\n".utf8)
        let json = Array(
            "{\"type\":\"node\",\"id\":\"1\",\"properties\":{\"a\":{\"$type\":\"vector\",\"value\":[1.5,2]},\"b\":\"\\u00e9\"}}"
                .utf8)
        let folder = try TemporaryFolder()
        var random = SeededGenerator(seed: 5)
        var tried = 0
        for (name, bytes) in [("f.csv", csv), ("f.jsonl", json)] {
            for index in bytes.indices {
                var changed = bytes
                changed[index] =
                    [0, 0x22, 0x2C, 0x5C, 0x7B, 0xFF, 0x0D][Int.random(in: 0..<7, using: &random)]
                for input in [Array(bytes[..<index]), changed] {
                    let path = try folder.write(name, bytes: input)
                    _ = try? GraphImporter().dryRun([path])
                    tried += 1
                }
            }
        }
        #expect(tried == 2 * (csv.count + json.count))
    }
}
