import Testing

@testable import GraphFormats

@Suite struct `Telling the format of a file` {
    /// Edge lists called `.csv` and `.tsv` were read as nodes, their first edge as a header.
    @Test(arguments: [
        ("1\t2\n2\t3\n", ImportFormat.edgeList), ("# from\tto\n1\t2\t0.5\n", .edgeList),
        ("1,2\r\n3,4\r\n", .edgeList), ("-7 3 1e-3\n", .edgeList),
        ("id:ID,name\n1,2\n", .csv), ("name,age\nx,1\n", .csv), ("a\tb\n", .csv),
        ("2019,2020,2021,2022\n1,2,3,4\n", .csv), ("7\n8\n", .csv), ("", .csv),
    ])
    func `a first line of numbers makes an edge list of a file called like a table`(
        text: String, format: ImportFormat
    ) throws {
        for name in ["links.tsv", "links.csv"] {
            let file = try ImportSource(name: name, format: .automatic) { source(text) }
            #expect(file.format == format)
        }
    }
}
