#!/usr/bin/env python3
"""Measure an import of the learning graph beside other engines: rows a second, memory, disk.

  script/bench import                  scale L: 16.6 million rows
  script/bench import --scale M --runs 3

Cairn is measured as a person meets it: the release build of `cairn import`, from its start to its
end, with everything on the disk. LMDB and SQLite are measured in C, without the time their program
takes to start, and DuckDB from Python. Engines take turns; the median of the runs is shown.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

import engines
import runs

ENGINES = ["lmdb-c", "sqlite-c", "duckdb", "cairn"]
ROWS = [("load", "value", "s", False), ("load_rate", "value", "rows/s", True),
        ("load_rate", "cpu_us_per_op", "CPU µs a row", False),
        ("load_memory", "value", "MB", False), ("disk", "value", "MB", False)]
# What Cairn is to keep at scale L.
LEAST_ROWS_A_SECOND, MOST_MEGABYTES = 400_000, 1_000


def anonymous_kilobytes(process):
    """Memory of the process alone, mapped files apart."""
    try:
        with open(f"/proc/{process}/status", encoding="ascii") as stream:
            for line in stream:
                if line.startswith("RssAnon:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def measure_cairn(graph, folder):
    """Runs `cairn import`, looking at its memory 200 times a second."""
    command = [os.path.join(runs.ROOT, ".build", "release", "cairn"), "import", graph, "--db",
               folder, "--json"]
    print("+ " + " ".join(command), file=sys.stderr)
    begun, peak = time.perf_counter(), 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True) as process:
        while True:
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            peak = max(peak, anonymous_kilobytes(process.pid))
            time.sleep(0.005)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        summary = process.stdout.read()
    if process.returncode != 0:
        sys.exit(f"`{' '.join(command)}` failed: {summary}")
    summary = json.loads(summary)
    rows = summary["nodes"] + summary["edges"]
    cpu = (usage.ru_utime + usage.ru_stime) * 1e6 / rows
    size = os.path.getsize(os.path.join(folder, "data.mdb"))
    values = [("load", wall, "s"), ("load_rate", rows / wall, "rows/s"),
              ("load_memory", peak / 1000, "MB"), ("disk", size / 1e6, "MB")]
    return [{"engine": "cairn", "measure": name, "value": value, "unit": unit,
             "cpu_us_per_op": cpu if name.startswith("load_rate") else 0, "ops": rows}
            for name, value, unit in values]


def measure(engine, graph, folder):
    shutil.rmtree(folder, ignore_errors=True)
    if engine == "cairn":
        return measure_cairn(graph, folder)
    if engine == "duckdb":
        found, _ = runs.measures_and_notes(
            engines.peer(engine, graph, folder, "--only-load"))
        return found
    program = os.path.join(runs.WORK, engine.replace("-c", "_floor"))
    return runs.measures([program, "--only-load", graph, folder])


def median(found, engine, name, field):
    values = [entry[field] for entry in found
              if entry["engine"] == engine and entry["measure"] == name]
    return statistics.median(values) if values else None


def table(found, names):
    rows = []
    for name, field, unit, is_more_better in ROWS:
        values = {engine: median(found, engine, name, field) for engine in names}
        others = [(value, engine) for engine, value in values.items()
                  if value and engine not in ("cairn", "lmdb-c")]
        best, who = (max if is_more_better else min)(others, default=(None, None))
        share = engines.cost(values.get("cairn"), best, is_more_better)
        rows.append([f"{name}, {unit}{' ↑' if is_more_better else ''}"]
                    + [runs.number(values[engine]) for engine in names]
                    + [f"{share:.2f}× {who}" if share else "–"])
    return runs.table(["measure"] + names + ["cost : best other"], rows)


def meaning(found, scale, count):
    taken = "One run of each engine" if count == 1 else \
        f"The median of {count} runs, engines by turns"
    lines = [f"{taken}. Below 1 Cairn is the better one; "
             "`lmdb-c` is no database: it reads the whole graph into memory and puts the bytes of "
             "a graph store. ↑ marks measures where more is better."]
    rate = median(found, "cairn", "load_rate", "value")
    memory = median(found, "cairn", "load_memory", "value")
    if scale == "L" and rate:
        kept = rate >= LEAST_ROWS_A_SECOND and memory <= MOST_MEGABYTES
        lines.append(f"At least {LEAST_ROWS_A_SECOND:,} rows/s in under {MOST_MEGABYTES:,} MB of "
                     f"anonymous memory: {'kept' if kept else 'missed'}, with {rate:,.0f} rows/s "
                     f"and {memory:,.0f} MB.")
    return "\n\n".join(lines)


def main():
    parser = argparse.ArgumentParser(
        prog="script/bench import", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", choices=("S", "M", "L"), default="L")
    parser.add_argument("--runs", type=int, default=1, metavar="N", help="of each (default 1)")
    parser.add_argument("--engine", action="append", choices=ENGINES,
                        help="only this one; may be given again")
    parser.add_argument("--save", action="store_true", help="write results/DATE-import.md")
    arguments = parser.parse_args()
    if arguments.runs < 1:
        parser.error("--runs takes a number from 1 on.")
    chosen = arguments.engine or ENGINES
    graph = engines.graph(arguments.scale)
    if "cairn" in chosen:
        runs.run(["swift", "build", "--configuration", "release", "--product", "cairn"],
                 cwd=runs.ROOT, stdout=sys.stderr)
    if "duckdb" in chosen:
        reason = engines.prepare("duckdb")
        if reason:
            print(reason, file=sys.stderr)
            chosen = [engine for engine in chosen if engine != "duckdb"]
    found = []
    for _ in range(arguments.runs):
        for engine in chosen:
            folder = os.path.join(runs.WORK, f"import-{engine}-{arguments.scale}")
            found += measure(engine, graph, folder)
            # A gigabyte each at scale L.
            shutil.rmtree(folder, ignore_errors=True)
    text = table(found, chosen) + "\n\n" + meaning(found, arguments.scale, arguments.runs)
    print(text)
    if arguments.save:
        runs.save("import", f"Import at scale {arguments.scale}", text, found)


if __name__ == "__main__":
    main()
