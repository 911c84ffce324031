#!/usr/bin/env python3
"""Measure other engines on the learning graph, from Python, in one process for each.

  peers.py ENGINE GRAPH-FOLDER DATABASE-FOLDER [--only-load]

Prints one JSON object a line, as the C programs do; their times include the Python binding. An
engine that is not installed prints nothing and says so. Answers are compared with a plain search
over dictionaries; a wrong one ends the program.
"""

import csv
import ctypes
import json
import os
import shutil
import sys
import threading
import time

from peer_engines import ENGINES

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


def commit_all(engine, truth, name, base):
    """The commits of one client, and what they took."""
    starts = Starts(truth.count)
    begun = time.perf_counter()
    for step in range(COMMITS):
        engine.commit(f"{name}{step}", base + step, next(starts), next(starts))
    return time.perf_counter() - begun


def counted_syncs(engine):
    """Flushes of this process, where they are counted; those of a server are not."""
    counter = getattr(ctypes.CDLL(None), "counted_syncs", None)
    if counter is None or hasattr(engine, "server"):
        return None
    counter.restype = ctypes.c_uint64
    return counter()


def measure_commits(engine, truth):
    spent, syncs = cpu(engine), counted_syncs(engine)
    wall = commit_all(engine, truth, "new", 10 ** 7)
    spent = cpu(engine) - spent
    report(engine.name, "commit_node2_1", COMMITS / wall, "tx/s", COMMITS, spent)
    if syncs is not None:
        each = (counted_syncs(engine) - syncs) / COMMITS
        report(engine.name, "commit_node2_1_syncs", each, "syncs/tx", COMMITS, spent)


def measure_mixed(engine, truth):
    """Two threads that read while this one commits."""
    over, done = threading.Event(), [0, 0]

    def read(reader, place):
        starts = Starts(truth.count)
        starts.state += place
        while not over.is_set():
            number = next(starts)
            key = f"c{number:06}"
            if reader.point(key, number) != truth.minutes[number]:
                raise ValueError(f"wrong minutes of {key}")
            reader.related(key, number)
            done[place] += 1

    def read_on(place):
        try:
            read(engine.another(), place)
        except Exception as error:  # Whatever the engine raises: the commits still count.
            print(f"peers.py: {engine.name} fails at mixed_reads: {str(error)[:200]}",
                  file=sys.stderr)
            done[place] = None

    threads = [threading.Thread(target=read_on, args=(place,)) for place in range(2)]
    spent = cpu(engine)
    for thread in threads:
        thread.start()
    wall = commit_all(engine, truth, "mixed", 2 * 10 ** 7)
    over.set()
    for thread in threads:
        thread.join()
    spent = cpu(engine) - spent
    if None in done:
        return
    report(engine.name, "mixed_reads", sum(done) / wall, "reads/s", sum(done), spent)
    report(engine.name, "mixed_commits_1", COMMITS / wall, "tx/s", COMMITS, spent)


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
    measure_mixed(engine, truth)
    engine.close()


if __name__ == "__main__":
    main()
