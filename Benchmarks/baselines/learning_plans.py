#!/usr/bin/env python3
"""Plan goals of a learning graph with an answer-set solver, and compare with what Cairn found.

    learning_plans.py DIR ANSWERS [--seconds N]

DIR holds concepts.csv and requirements.csv as `datasets/debian-packages/make.py --learning` writes
them; ANSWERS is what `learn-bench plan DIR GOALS` printed. Needs `clingo` from PyPI. Both plan with
cycles taken together, only where there is no plan without.
"""

import csv
import json
import sys
import time

import clingo

FOUNDED = """
ok(G) :- opt(G,P,0), got(P).
ok(G) :- opt(G,P,1), in(P).
{ in(C) } :- c(C,_).
got(C) :- in(C), ok(G) : grp(C,G).
:- in(C), not got(C).
:- goal(C), not in(C).
#minimize { M,C : in(C), c(C,M) }.
"""


def read(folder):
    minutes, groups = {}, {}
    with open(f"{folder}/concepts.csv", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row[":LABEL"] == "Concept":
                minutes[row["id:ID"]] = int(row["minutes:int"] or 60)
    with open(f"{folder}/requirements.csv", encoding="utf-8", newline="") as stream:
        for place, row in enumerate(csv.DictReader(stream)):
            if float(row["strength:double"] or 1) >= 0.5:
                key = row["group"] or place
                groups.setdefault(row[":START_ID"], {}).setdefault(key, []).append(row[":END_ID"])
    return minutes, {name: list(all.values()) for name, all in groups.items()}


def components(minutes, groups):
    """The strongly connected component of each concept (Tarjan, without recursion)."""
    index, low, stack, on, result = {}, {}, [], set(), {}
    for root in minutes:
        if root in index:
            continue
        work = [(root, None)]
        while work:
            node, rest = work.pop()
            if rest is None:
                index[node] = low[node] = len(index)
                stack.append(node)
                on.add(node)
                rest = iter([p for g in groups.get(node, []) for p in g if p in minutes])
            for other in rest:
                if other not in index:
                    work += [(node, rest), (other, None)]
                    break
                if other in on:
                    low[node] = min(low[node], index[other])
            else:
                if low[node] == index[node]:
                    while True:
                        member = stack.pop()
                        on.discard(member)
                        result[member] = node
                        if member == node:
                            break
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
    return result


def solve(goal, minutes, groups, component, seconds):
    seen, stack = {goal}, [goal]
    while stack:
        for group in groups.get(stack.pop(), []):
            for option in group:
                if option in minutes and option not in seen:
                    seen.add(option)
                    stack.append(option)
    number = {name: place for place, name in enumerate(sorted(seen))}
    facts = [f"goal({number[goal]})."]
    plain, together = [], []
    group_count = 0
    for name in seen:
        facts.append(f"c({number[name]},{minutes[name]}).")
        for group in groups.get(name, []):
            facts.append(f"grp({number[name]},{group_count}).")
            for option in group:
                if option in minutes:
                    plain.append(f"opt({group_count},{number[option]},0).")
                    same = int(component[option] == component[name])
                    together.append(f"opt({group_count},{number[option]},{same}).")
            group_count += 1
    for options in (plain, together):
        control = clingo.Control(["--opt-strategy=usc", "--warn=none"])
        control.add("base", [], FOUNDED + "\n".join(facts + options))
        control.ground([("base", [])])
        cost = []
        with control.solve(on_model=lambda m: cost.append(m.cost), async_=True) as handle:
            if not handle.wait(seconds):
                handle.cancel()
                return None
            if handle.get().satisfiable:
                return cost[-1][0]
    return -1


def main():
    folder, answers = sys.argv[1:3]
    seconds = float(sys.argv[4]) if sys.argv[3:4] == ["--seconds"] else 60
    minutes, groups = read(folder)
    component = components(minutes, groups)
    equal = differing = late = 0
    times = []
    for line in open(answers, encoding="utf-8"):
        ours = json.loads(line)
        start = time.monotonic()
        cost = solve(ours["goal"], minutes, groups, component, seconds)
        times.append(time.monotonic() - start)
        if cost is None:
            late += 1
        elif cost == ours.get("minutes", -1):
            equal += 1
        else:
            differing += 1
            print(f"{ours['goal']}: clingo {cost}, Cairn {ours.get('minutes', -1)}", flush=True)
    times.sort()
    print(f"{equal} equal, {differing} differing, {late} not solved within {seconds:g} s; clingo "
          f"p50 {times[len(times) // 2] * 1e3:.0f} ms, p99 {times[len(times) * 99 // 100] * 1e3:.0f} ms")
    sys.exit(bool(differing))


main()
