#!/usr/bin/env python3
"""Check the curriculum in this directory; print a summary; exit 1 when something is wrong.

Needs nothing but the standard library:  python3 check.py [--redundant] [--plan GOAL KNOWN...]
`--redundant` lists plain edges implied by others; `--plan` what lies behind a goal over hard
edges (every option of every group), stopping at what is known.
"""

import csv
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
CONCEPT_HEADER = "id:ID,title,minutes:int,difficulty:double,area,tags:string[],description,:LABEL"
EDGE_HEADER = ":START_ID,:END_ID,:TYPE,strength:double,group,coreq:boolean,reason"
PLAIN_GOALS = [
    "transformers", "pagerank", "raft_consensus", "query_optimization", "gaussian_processes",
]
PLAN_KNOWN = ["school_algebra", "python"]
PLAN_SIZE = range(20, 61)
HARD_FROM = 0.5
LARGEST_DROP = 0.2
LARGEST_REDUNDANCY = 0.10
# (what, least, most)
EXPECTED = [
    ("concepts", 330, 800), ("edges", 900, 1400), ("groups", 20, 35), ("soft edges", 15, 60),
    ("corequisite pairs", 6, 10),
]

faults = []


def fault(text):
    faults.append(text)


def rows(name, header):
    """The rows of one file as dictionaries, each with its line number under `line`."""
    with open(HERE / name, encoding="utf-8", newline="") as file:
        text = file.read()
    if "\r" in text or not text.endswith("\n"):
        fault(f"{name}: lines must end with a single line feed")
    reader = csv.reader(text.splitlines())
    if ",".join(next(reader)) != header:
        fault(f"{name}:1: the header is not {header}")
    names, out = header.split(","), []
    for values in reader:
        if len(values) != len(names):
            fault(f"{name}:{reader.line_num}: {len(values)} fields instead of {len(names)}")
            continue
        out.append(dict(zip(names, values), line=reader.line_num))
    return out


def check_concepts(concepts):
    seen, areas = {}, []
    for c in concepts:
        where, key = f"concepts.csv:{c['line']}", c["id:ID"]
        if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", key):
            fault(f"{where}: id {key!r} is not short lower-case snake case")
        if key in seen:
            fault(f"{where}: id {key!r} was used in line {seen[key]['line']}")
        seen[key] = c
        if not re.fullmatch(r"\d+", c["minutes:int"]) or not (
            30 <= int(c["minutes:int"]) <= 600 and int(c["minutes:int"]) % 15 == 0
        ):
            fault(f"{where}: minutes {c['minutes:int']!r} is not a multiple of 15 in 30...600")
        if not re.fullmatch(r"0\.\d\d|1\.00", c["difficulty:double"]):
            fault(f"{where}: difficulty {c['difficulty:double']!r} is not 0.00...1.00")
        tags = c["tags:string[]"].split(";")
        if not 1 <= len(tags) <= 5 or any(t != t.strip() or not t for t in tags):
            fault(f"{where}: there must be 1...5 clean tags")
        if not 0 < len(c["description"]) <= 140:
            fault(f"{where}: description has {len(c['description'])} characters, not 1...140")
        if not c["title"].strip() or c[":LABEL"] != "Concept":
            fault(f"{where}: the title must not be empty and the label must be Concept")
        if not areas or areas[-1] != c["area"]:
            if c["area"] in areas:
                fault(f"{where}: area {c['area']!r} is not contiguous")
            areas.append(c["area"])
    for title, n in Counter(c["title"].lower() for c in concepts).items():
        if n > 1:
            fault(f"concepts.csv: title {title!r} is used {n} times")
    return seen, areas


def check_edges(edges, concepts):
    pairs = {}
    for e in edges:
        where = f"requirements.csv:{e['line']}"
        of, needs, strength = e[":START_ID"], e[":END_ID"], e["strength:double"]
        for key in (of, needs):
            if key not in concepts:
                fault(f"{where}: there is no concept {key!r}")
        if of == needs:
            fault(f"{where}: {of!r} requires itself")
        if (of, needs) in pairs:
            fault(f"{where}: the same pair stands in line {pairs[of, needs]}")
        pairs[of, needs] = e["line"]
        if e[":TYPE"] != "REQUIRES" or e["coreq:boolean"] not in ("", "true"):
            fault(f"{where}: the type must be REQUIRES, coreq true or empty")
        if strength and not (re.fullmatch(r"0?\.\d+|1", strength) and float(strength) > 0):
            fault(f"{where}: strength {strength!r} is not in (0, 1]")
        if not e["reason"].strip():
            fault(f"{where}: the reason is missing")
        e["s"] = float(strength or 1)
        e["hard"] = e["s"] >= HARD_FROM
        if of in concepts and needs in concepts:
            drop = (float(concepts[needs]["difficulty:double"])
                    - float(concepts[of]["difficulty:double"]))
            if drop > LARGEST_DROP + 1e-9:
                fault(f"{where}: {needs!r} is harder than {of!r} by {drop:.2f}")
    return pairs


def find_cycle(graph):
    """One cycle of the graph as a list of nodes, or None. Iterative depth-first search."""
    state = {}
    for root in graph:
        if root in state:
            continue
        path, stack = [root], [iter(graph[root])]
        state[root] = "open"
        while stack:
            step = next(stack[-1], None)
            if step is None:
                stack.pop()
                state[path.pop()] = "done"
            elif state.get(step) == "open":
                return path[path.index(step):] + [step]
            elif step not in state:
                state[step] = "open"
                path.append(step)
                stack.append(iter(graph.get(step, ())))
    return None


def behind(graph, goals, known=()):
    """What lies behind the goals, goals included, stopping at what is known."""
    found, todo = set(), [g for g in goals if g not in known]
    while todo:
        node = todo.pop()
        if node not in found:
            found.add(node)
            todo.extend(n for n in graph.get(node, ()) if n not in known)
    return found


def sort_edges(edges, pairs):
    """Adjacency by kind of edge (hard, plain, special, ordinary, together), and the groups."""
    groups = defaultdict(list)
    kinds = {k: defaultdict(list) for k in ("hard", "plain", "special", "ordinary", "together")}
    coreqs = {(e[":START_ID"], e[":END_ID"]) for e in edges if e["coreq:boolean"]}
    for e in edges:
        of, needs = e[":START_ID"], e[":END_ID"]
        if e["group"]:
            groups[of, e["group"]].append(e)
            if not e["hard"]:
                fault(f"requirements.csv:{e['line']}: an alternative must not be soft")
        if (of, needs) in coreqs:
            kinds["together"][of].append(needs)
            if (needs, of) not in coreqs:
                fault(f"requirements.csv:{e['line']}: the corequisite has no counterpart")
        else:
            kinds["ordinary"][of].append(needs)
        if e["hard"]:
            kinds["hard"][of].append(needs)
            kinds["special" if e["group"] or e["coreq:boolean"] else "plain"][of].append(needs)
    for (of, group), members in groups.items():
        if len(members) < 2:
            fault(f"concept {of!r}: group {group!r} has a single option")
    return kinds, groups


def check_cycles(kinds):
    """No cycle of ordinary edges, not even through corequisites taken as one concept."""
    ordinary, together = kinds["ordinary"], kinds["together"]
    block = {c: min(behind(together, [c])) for c in together}
    merged = defaultdict(list)
    for of, needs in ordinary.items():
        merged[block.get(of, of)] += [block.get(n, n) for n in needs]
    cycle = find_cycle(ordinary) or find_cycle(merged)
    if cycle:
        fault("cycle: " + " -> ".join(cycle))
    return cycle


def implied_edges(plain):
    """Plain edges that a longer chain of plain edges implies, each with the way round."""
    out = []
    for of, direct in plain.items():
        for needs in direct:
            way = next((o for o in direct if o != needs and needs in behind(plain, [o])), None)
            if way:
                out.append((of, needs, way))
    return out


def check_goals(kinds, concepts):
    """One line for each goal whose ancestry must be plain and of a size fit to show."""
    lines = []
    for goal in PLAIN_GOALS:
        if goal not in concepts:
            fault(f"the goal {goal!r} is missing")
            continue
        for node in sorted(behind(kinds["hard"], [goal])):
            if kinds["special"][node]:
                fault(f"goal {goal!r}: {node!r} behind it has an alternative or a corequisite")
        plan = behind(kinds["hard"], [goal], PLAN_KNOWN)
        if len(plan) not in PLAN_SIZE:
            fault(f"goal {goal!r}: the plan has {len(plan)} concepts")
        minutes = sum(int(concepts[c]["minutes:int"]) for c in plan)
        lines.append(f"plan {goal} knowing {' and '.join(PLAN_KNOWN)}:"
                     f" {len(plan)} concepts, {minutes / 60:.0f} hours")
    return lines


def main():
    concept_rows = rows("concepts.csv", CONCEPT_HEADER)
    edges = rows("requirements.csv", EDGE_HEADER)
    concepts, areas = check_concepts(concept_rows)
    pairs = check_edges(edges, concepts)
    if any("there is no concept" in f for f in faults):
        return report([])
    kinds, groups = sort_edges(edges, pairs)
    if check_cycles(kinds):
        return report([])

    implied = implied_edges(kinds["plain"])
    plain_count = sum(map(len, kinds["plain"].values()))
    if len(implied) > LARGEST_REDUNDANCY * plain_count:
        fault(f"{len(implied)} of {plain_count} plain edges are implied by others")
    used = {key for pair in pairs for key in pair}
    for key in concepts:
        if key not in used:
            fault(f"concept {key!r} has no edge")
    counts = {
        "concepts": len(concepts), "edges": len(edges), "groups": len(groups),
        "soft edges": sum(not e["hard"] for e in edges),
        "corequisite pairs": sum(map(len, kinds["together"].values())) // 2,
    }
    for what, least, most in EXPECTED:
        if not least <= counts[what] <= most:
            fault(f"{counts[what]} {what}, expected {least}...{most}")

    per_area = Counter(c["area"] for c in concept_rows)
    roots = [c for c in concepts if not kinds["hard"][c]]
    hours = sum(int(c["minutes:int"]) for c in concept_rows) / 60
    lines = [
        ", ".join(f"{n} {what}" for what, n in counts.items()),
        f"{plain_count} plain hard edges, {len(implied)} of them implied by others"
        f" ({100 * len(implied) / plain_count:.1f} %)",
        f"{hours:.0f} hours in all; roots: {', '.join(roots)}",
        "areas: " + ", ".join(f"{a} {per_area[a]}" for a in areas),
        *check_goals(kinds, concepts),
    ]
    if "--redundant" in sys.argv:
        lines += [f"implied: {of} -> {needs} (by {way})" for of, needs, way in implied]
    if "--plan" in sys.argv:
        goal, *known = sys.argv[sys.argv.index("--plan") + 1:]
        found = behind(kinds["hard"], [goal], known)
        lines += [f"  {c}: {', '.join(kinds['hard'][c])}" for c in concepts if c in found]
    return report(lines)


def report(lines):
    for line in lines:
        print(line)
    for text in faults:
        print("fault:", text, file=sys.stderr)
    print(f"{len(faults)} faults" if faults else "sound")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
