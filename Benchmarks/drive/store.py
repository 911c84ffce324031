#!/usr/bin/env python3
"""Measure Cairn's store beside plain arrays, LMDB and SQLite in C, in one run.

  script/bench store --scale M --seconds 2 --save

Exits with 1 when engines disagree on an answer: then their times compare nothing.
"""

import argparse
import os
import shutil
import sys

import runs

ENGINES = ["csr-c", "lmdb-c", "sqlite-c", "cairn"]
# Measure, what to show of it, unit, and whether more is better.
ROWS = [
    ("load", "value", "s", False), ("load_rate", "cpu_us_per_op", "CPU µs a row", False),
    ("load_rate", "value", "rows/s", True), ("disk", "value", "MB", False),
    ("memory_anonymous_peak", "value", "MB", False),
    ("open_warm", "cpu_us_per_op", "CPU µs", False),
    ("point", "cpu_us_per_op", "CPU µs", False),
    ("point_one_txn", "cpu_us_per_op", "CPU µs", False),
    ("hop1", "cpu_us_per_op", "CPU µs", False), ("hop2", "cpu_us_per_op", "CPU µs", False),
    ("hop3", "cpu_us_per_op", "CPU µs", False), ("closure", "cpu_us_per_op", "CPU µs", False),
    ("scan_nodes", "cpu_us_per_op", "CPU µs", False),
]
for suffix in ("", "_grouped", "_nometasync"):
    for count in (1, 8, 64):
        name = f"commit_node2{suffix}_{count}"
        ROWS += [(name, "value", "tx/s", True), (name, "cpu_us_per_op", "CPU µs a tx", False)]
        if suffix != "_nometasync":
            ROWS.append((f"{name}_p99", "value", "µs", False))
        ROWS.append((f"{name}_syncs", "value", "syncs a tx", False))


def find(found, engine, measure, field):
    for entry in found:
        if entry["engine"] == engine and entry["measure"] == measure:
            return entry.get(field)
    return None


def disagreements(found):
    """Measures whose answers differ, of the same number of operations."""
    answers = {}
    for entry in found:
        if "answer" in entry:
            key = (entry["measure"], entry["ops"])
            answers.setdefault(key, {})[entry["engine"]] = entry["answer"]
    return {key[0]: values for key, values in answers.items() if len(set(values.values())) > 1}


def table(found):
    rows = []
    for measure, field, unit, is_more_better in ROWS:
        values = [find(found, engine, measure, field) for engine in ENGINES]
        if values[-1] is None:
            continue
        ratios = []
        for place in (1, 2):
            ratios.append(runs.ratio(values[-1], values[place]))
        mark = " ↑" if is_more_better else ""
        rows.append([f"{measure}, {unit}{mark}"] + [runs.number(value) for value in values]
                    + ratios)
    head = ["measure"] + ENGINES + ["cairn : lmdb", "cairn : sqlite"]
    return runs.table(head, rows)


def meaning(found):
    """A paragraph: what is won, what is lost."""
    better, worse, above = [], [], []
    for measure, field, unit, is_more_better in ROWS:
        ours = find(found, "cairn", measure, field)
        for engine, lists in (("sqlite-c", (better, worse)), ("lmdb-c", (None, above))):
            theirs = find(found, engine, measure, field)
            if not ours or not theirs:
                continue
            cost = theirs / ours if is_more_better else ours / theirs
            text = f"{measure} ({unit}) {cost:.2f}×"
            if engine == "lmdb-c":
                if cost > 1.5:
                    above.append(text)
            else:
                (better if cost <= 1 else worse).append(text)
    return (
        "Costs as ratios; below 1 Cairn is the better one. The LMDB programs write the bytes of a "
        "graph store and nothing around them: no client library, no checks, no change of schema.\n\n"
        f"Better than SQLite: {', '.join(better) or 'nothing'}.\n\n"
        f"Worse than SQLite: {', '.join(worse) or 'nothing'}.\n\n"
        f"More than 1.5 times the LMDB floor: {', '.join(above) or 'nothing'}.\n\n"
        "↑ marks measures where more is better.")


def main():
    parser = argparse.ArgumentParser(
        prog="script/bench store", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", choices=("S", "M", "L"), default="M")
    parser.add_argument("--seconds", type=float, default=2, metavar="N",
                        help="time for each measure of commits (default 2)")
    parser.add_argument("--engine", action="append", choices=ENGINES,
                        help="only this one; may be given again")
    parser.add_argument("--save", action="store_true", help="write results/DATE-store.md")
    arguments = parser.parse_args()
    chosen = arguments.engine or ENGINES
    scale, seconds = arguments.scale, f"{arguments.seconds:g}"

    runs.run(["make", "--silent", "-C", os.path.join(runs.BENCHMARKS, "baselines"), "all",
              "graph", f"SCALE={scale}"])
    runs.run(["swift", "build", "--configuration", "release", "--product", "store-bench"],
             cwd=runs.BENCHMARKS, stdout=sys.stderr)
    graph = os.path.join(runs.WORK, f"graph-{scale}")

    def place(engine):
        path = os.path.join(runs.WORK, f"{engine}-{scale}")
        shutil.rmtree(path, ignore_errors=True)
        return path

    commands = {
        "csr-c": [os.path.join(runs.WORK, "csr_floor"), graph],
        "lmdb-c": [os.path.join(runs.WORK, "lmdb_floor"), "--seconds", seconds, graph,
                   place("lmdb")],
        "sqlite-c": [os.path.join(runs.WORK, "sqlite_floor"), "--seconds", seconds, graph,
                     place("sqlite")],
        "cairn": [os.path.join(runs.BENCHMARKS, ".build", "release", "store-bench"), graph,
                  place("cairn"), "--seconds", seconds],
    }
    counting = dict(os.environ, LD_PRELOAD=os.path.join(runs.WORK, "count_syncs.so"))
    found = []
    for engine in chosen:
        found += runs.measures(commands[engine], env=counting)
    text = table(found)
    print(text)
    differing = disagreements(found)
    for measure, values in differing.items():
        print(f"Engines disagree on {measure}: {values}", file=sys.stderr)
    if differing:
        sys.exit(1)
    if arguments.save:
        runs.save("store", f"Store at scale {scale}", text + "\n\n" + meaning(found), found)


if __name__ == "__main__":
    main()
