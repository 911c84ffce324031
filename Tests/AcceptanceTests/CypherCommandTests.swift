import Foundation
import StoreTestSupport
import Testing

@Suite struct `Queries at the command line` {
    @Test func `a query takes its database from the first word, an option or the environment`()
        throws
    {
        let scratch = try Scratch()
        try scratch.cairn("init", "g.cairn")
        try scratch.cairn("cypher", "g.cairn", "CREATE (:Person {name: 'Ada', born: 1815})")
        let query = "MATCH (p:Person) RETURN p.name AS name, p.born AS born"
        let first = try scratch.cairn("cypher", "g.cairn", query, "--csv").output
        #expect(first == "name,born\nAda,1815\n")
        #expect(try scratch.cairn("cypher", query, "--db", "g.cairn", "--csv").output == first)
        let rows = try scratch.cairn("cypher", "g.cairn", query, "--format", "jsonl").objects()
        #expect(rows.first?["born"] as? Int == 1815)
    }

    @Test func `parameters are values of the language`() throws {
        let scratch = try Scratch()
        let told = try scratch.cairn(
            "cypher", "--in-memory", "RETURN $n + 1 AS n, $t AS t, $l[1] AS l", "--param", "n=41",
            "--param", "t='x=y'", "--param", "l=[1, 2]", "--csv")
        #expect(told.output == "n,t,l\n42,x=y,2\n")
        let wrong = try scratch.failing(
            64, "cypher", "--in-memory", "RETURN $n", "--param", "n=Ada")
        #expect(wrong.errors.contains("--param n=\"'Ada'\""))
    }

    @Test func `fields of CSV are written as values are, and what has named parts as JSON`() throws
    {
        let scratch = try Scratch()
        let told = try scratch.cairn(
            "cypher", "--in-memory", "--csv",
            "RETURN date('2015-07-21') AS d, 0.0 / 0.0 AS n, [date('2020-01-01'), 1.0] AS l, "
                + "duration('P1DT2H') AS p, {a: 1} AS m, 1e20 AS f")
        #expect(
            told.output
                == "d,n,l,p,m,f\n2015-07-21,NaN,2020-01-01;1.0,P1DT2H,\"{\"\"a\"\":1}\",1e+20\n")
    }

    @Test func `test procedures have rows of values, or of literals in text`() throws {
        let scratch = try Scratch()
        let head =
            #"{"command": "register-procedure", "procedure": {"name": "t.p", "columns": ["n", "t"]"#
        let asked = #"{"query": "UNWIND [1, 2] AS i CALL t.p(i) YIELD t RETURN t"}"#
        let forms = [
            #""inputs": [{"name": "n", "type": "INTEGER?"}], "#
                + #""outputs": [{"name": "t", "type": "STRING?"}], "rows": [[1, "a"], [2, null]]"#,
            #""inputs": [["n", "INTEGER?"]], "outputs": [["t", "STRING?"]], "#
                + #""rows": [["1", "'a'"], ["2", "null"]]"#,
        ]
        for form in forms {
            let told = try scratch.cairn(
                ["cypher", "--json-lines", "--in-memory"], input: "\(head), \(form)}}\n\(asked)\n")
            #expect(told.output.contains(#""rows":[["a"],[null]]"#), "\(told.output)")
        }
        let wrong = #"{"query": "UNWIND [1, 'x'] AS i CALL t.p(i) YIELD t RETURN t"}"#
        let told = try scratch.cairn(
            ["cypher", "--json-lines", "--in-memory"], input: "\(head), \(forms[0])}}\n\(wrong)\n")
        #expect(told.output.contains("TypeError") && told.output.contains("InvalidArgumentType"))
    }

    @Test func `a script is told where commands of the shell are understood`() throws {
        let scratch = try Scratch()
        let told = try scratch.cairn(
            ["cypher", "--in-memory", "--interactive"], input: ":begin\nRETURN 1 AS n;\n:commit\n")
        #expect(told.output.contains("1"))
        let wrong = try scratch.failing(1, "cypher", "--in-memory", " :schema")
        #expect(wrong.errors.contains("--interactive reads it from a pipe too"), "\(wrong.errors)")
        let other = try scratch.failing(1, "cypher", "--in-memory", ":nothing")
        #expect(!other.errors.contains("--interactive"))
    }

    @Test func `a script comes from a file or standard input, statement by statement`() throws {
        let scratch = try Scratch()
        try scratch.cairn("init", "g.cairn")
        let script = """
            CREATE (:A {v: 'one; not two'}); // a comment; with one
            MATCH (a:A)
            RETURN a.v AS v;
            """
        try scratch.file("s.cypher", script)
        let told = try scratch.cairn("cypher", "g.cairn", "--file", "s.cypher", "--csv")
        #expect(told.output == "v\none; not two\n")
        let piped = try scratch.cairn(
            "cypher", "g.cairn", "--csv", input: "MATCH (a:A) RETURN count(*) AS n;")
        #expect(piped.output == "n\n1\n")
        let missing = try scratch.failing(1, "cypher", "g.cairn", "--file", "none.cypher")
        #expect(missing.errors.contains("'none.cypher' cannot be read: No such file"))
    }

    @Test func `an error shows the place and the nearest name`() throws {
        let scratch = try Scratch()
        let told = try scratch.failing(
            1, "cypher", "--in-memory", "MATCH (n) RETURN toUper(n.name)")
        #expect(told.errors.contains("toUpper"))
        #expect(told.errors.contains("\n  MATCH (n) RETURN toUper(n.name)\n"))
        #expect(told.errors.contains("\n                   ^^^^^^\n"))
    }
}

@Suite struct `Names that nothing has` {
    @Test func `are told with the ones they are like, to people`() throws {
        let scratch = try Scratch()
        try scratch.people()
        for (query, told) in [
            ("MATCH (p:Persn) RETURN p", "No label is called 'Persn'. Did you mean 'Person'?"),
            (
                "MATCH (p)-[:KNOWS|KNOW]->() RETURN p.name",
                "No type is called 'KNOW'. Did you mean 'KNOWS'?"
            ),
            (
                "MATCH (p:Person) RETURN p.nmae",
                "No property key is called 'nmae'. Did you mean 'name'?"
            ),
        ] {
            let outcome = try scratch.cairn("cypher", "g.cairn", query)
            #expect(outcome.errors.contains(told + "\n"), "\(query): \(outcome.errors)")
            let quiet = try scratch.cairn("cypher", "g.cairn", query, "--json")
            #expect(!quiet.errors.contains("Did you mean"), "\(quiet.errors)")
        }
        for query in [
            "MATCH (p:Person {name: 'Ada'})-[r:KNOWS]->(q) RETURN p.name, {persn: 1} AS map",
            "RETURN date().day AS day", "MATCH (p:Person) RETURN p.born.ages AS x",
            "CREATE (:Persons {names: 'x'})", "MATCH (p:Zebra) RETURN p.stripes",
            "CALL db.labels() YIELD label RETURN [x IN [1] WHERE x > 0 | x] AS l",
        ] {
            let outcome = try scratch.cairn("cypher", "g.cairn", query)
            #expect(!outcome.errors.contains("Did you mean"), "\(query): \(outcome.errors)")
        }
    }
}

@Suite struct `Files of LOAD CSV` {
    private static func query(_ name: String) -> String {
        "LOAD CSV WITH HEADERS FROM '\(name)' AS row RETURN row.name AS name"
    }

    /// A folder `data` with a file and links, and a secret beside it.
    private func folders() throws -> Scratch {
        let scratch = try Scratch()
        try scratch.file("secret.csv", "name\nsecret\n")
        let files = FileManager.default
        for folder in ["data/more", "data-2"] {
            try files.createDirectory(
                atPath: scratch.path + "/" + folder, withIntermediateDirectories: true)
        }
        try scratch.file("data/people.csv", "name\nAda\n")
        try scratch.file("data/more/people.csv", "name\nBob\n")
        try scratch.file("data-2/secret.csv", "name\nsecret\n")
        for (link, target) in [
            ("out.csv", "../secret.csv"), ("in.csv", "more/people.csv"), ("folder", "../data-2"),
        ] {
            try files.createSymbolicLink(
                atPath: scratch.path + "/data/" + link, withDestinationPath: target)
        }
        return scratch
    }

    @Test func `are read from folders that were allowed, by name, path and URL`() throws {
        let scratch = try folders()
        let path = scratch.path
        for (name, found) in [
            ("people.csv", "Ada"), ("./more/people.csv", "Bob"), ("in.csv", "Bob"),
            ("\(path)/data/people.csv", "Ada"), ("file://\(path)/data/people.csv", "Ada"),
        ] {
            let told = try scratch.cairn(
                "cypher", "--in-memory", Self.query(name), "--csv-folder", "data-2",
                "--csv-folder", "data", "--csv")
            #expect(told.output == "name\n\(found)\n", "\(name)")
        }
    }

    @Test func `are not read from anywhere else`() throws {
        let scratch = try folders()
        let path = scratch.path
        for name in [
            "../secret.csv", "more/../../secret.csv", "\(path)/secret.csv", "out.csv",
            "folder/secret.csv", "\(path)/data-2/secret.csv", "\(path)/data/../secret.csv",
            "file://\(path)/secret.csv", "https://example.org/a.csv", "more", "none.csv", "",
            "/dev/zero", "/proc/self/environ",
        ] {
            let told = try scratch.failing(
                1, "cypher", "--in-memory", Self.query(name), "--csv-folder", "data")
            #expect(!told.output.contains("secret"), "\(name)")
            #expect(told.errors.contains("--csv-folder") || name == "more", "\(told.errors)")
            #expect(told.errors.contains("^"), "\(told.errors)")
        }
    }

    @Test func `that cannot be read are refused with what to do`() throws {
        let scratch = try folders()
        // Nothing but a hole, of which nothing is read.
        let large = try scratch.file("data/large.csv", "")
        let handle = try FileHandle(
            forWritingTo: URL(fileURLWithPath: "\(scratch.path)/\(large)"))
        try handle.truncate(atOffset: (1 << 30) + 1)
        try handle.close()
        for (name, mend) in [
            ("large.csv", "it has more than 1073741824 bytes, which is the limit; split it."),
            ("more", "it is no regular file; name one, and not a folder, pipe or device."),
        ] {
            let told = try scratch.failing(
                1, "cypher", "--in-memory", Self.query(name), "--csv-folder", "data")
            #expect(told.errors.contains(mend), "\(told.errors)")
        }
    }

    @Test func `are not read where no folder was allowed, and the option is named`() throws {
        let scratch = try folders()
        let told = try scratch.failing(
            1, "cypher", "--in-memory", Self.query("\(scratch.path)/data/people.csv"))
        #expect(told.errors.contains("'cairn cypher --csv-folder PATH'"), "\(told.errors)")
        let wrong = try scratch.failing(
            1, "cypher", "--in-memory", "RETURN 1", "--csv-folder", "nowhere")
        #expect(wrong.errors.contains("'nowhere' is none"), "\(wrong.errors)")
    }
}

@Suite struct `The shell` {
    private func session(_ lines: String, in scratch: Scratch) throws -> Outcome {
        try Cairn.run(
            ["cypher", "g.cairn", "--interactive", "--format", "csv"], in: scratch, input: lines)
    }

    private func database() throws -> Scratch {
        let scratch = try Scratch()
        try scratch.cairn("init", "g.cairn")
        return scratch
    }

    @Test func `a transaction keeps all of it or nothing`() throws {
        let scratch = try database()
        let told = try session(
            """
            :begin
            CREATE (:A {v: 1});
            MATCH (a:A) RETURN count(*) AS inside;
            :rollback
            MATCH (a:A) RETURN count(*) AS undone;
            :begin
            CREATE (:A {v: 2});
            CREATE (:A
              {v: 3});
            :commit
            MATCH (a:A) RETURN count(*) AS kept;
            """, in: scratch)
        #expect(told.code == 0)
        #expect(told.output == "inside\n1\nundone\n0\nkept\n2\n")
    }

    @Test func `a statement that fails undoes its transaction, and the session goes on`() throws {
        let scratch = try database()
        let told = try session(
            """
            :begin
            CREATE (:A {v: 1});
            UNWIND [1, 0] AS x CREATE (:A {v: 1 / x});
            MATCH (a:A) RETURN count(*) AS n;
            """, in: scratch)
        #expect(told.code == 1)
        #expect(told.errors.contains("The transaction was rolled back."))
        #expect(told.output == "n\n0\n")
    }

    @Test func `what was not committed is undone at the end`() throws {
        let scratch = try database()
        let told = try session(":begin\nCREATE (:A);\n", in: scratch)
        #expect(told.errors.contains("rolled back"))
        let count = try scratch.cairn(
            "cypher", "g.cairn", "MATCH (a) RETURN count(*) AS n", "--csv")
        #expect(count.output == "n\n0\n")
    }

    @Test func `commands set parameters and formats, and unknown ones are named`() throws {
        let scratch = try database()
        try scratch.file("s.cypher", "RETURN $who AS who;")
        let told = try session(
            """
            :param who => 'Ada'
            :source s.cypher
            :format jsonl
            RETURN $who AS who;
            :fromat csv
            :commit
            """, in: scratch)
        #expect(told.output == "who\nAda\n{\"who\":\"Ada\"}\n")
        #expect(told.errors.contains("There is no command ':fromat'. Did you mean 'format'?"))
        #expect(told.errors.contains("No transaction is open. Open one with :begin."))
    }

    @Test func `a terminal gets completion, several lines and a query that can be stopped`() throws
    {
        let scratch = try database()
        try scratch.cairn(
            "cypher", "g.cairn", "UNWIND range(1, 1000) AS i CREATE (:Concept {title: 't' + i})")
        let driver = Golden.package.appendingPathComponent(
            "Tests/AcceptanceTests/Fixtures/terminal.py"
        ).path
        try scratch.file(
            "keys",
            #"""
            ["cairn> "]
            "MATCH (c:Con\t)\r"
            ["... "]
            "RET\t count(c.ti\t) AS n;\r"
            ["1000"]
            ["cairn> "]
            "MATCH (a), (b), (c) RETURN count(*);\r"
            ["count(*);"]
            3
            "\x03"
            ["Stopped"]
            ["cairn> "]
            "half\x03"
            ["cairn> "]
            ":hel\t\r"
            ["Leave; Ctrl-D"]
            ["cairn> "]
            "\x04"
            """#)
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = [
            "-c", "python3 \"$0\" \"$1\" cypher g.cairn < keys > shown", driver, Cairn.path,
        ]
        shell.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
        shell.environment = BuiltCommand.environment(adding: [
            "TERM": "xterm", "CAIRN_HISTORY": scratch.path + "/past", "LC_ALL": "C.UTF-8",
        ])
        try shell.run()
        shell.waitUntilExit()
        let shown = try scratch.text("shown")
        #expect(!shown.contains("waited in vain"), "\(shown)")
        // What steers the terminal is not shown as text.
        #expect(!shown.contains("\\u{1b}"), "\(shown)")
        #expect(try scratch.text("past").contains("MATCH"))
    }
}
