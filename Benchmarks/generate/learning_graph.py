#!/usr/bin/env python3
"""Make a learning graph of any size: typed CSV that `cairn import` and the baselines read.

  learning_graph.py OUTDIR                     scale M: 200,000 concepts, 1.66 million rows
  learning_graph.py --scale S --seed 7 OUTDIR  10,000 concepts

The same scale and seed give the same bytes on any machine. No cell needs quotes.
"""

import argparse
import itertools
import os
import random
import sys
from array import array

CONCEPTS = {"XS": 1_000, "S": 10_000, "M": 200_000, "L": 2_000_000}
# Per concept, so that M has 540,000, 516,000 and 190,000.
PREREQUISITES, RELATED, KNOWN = 2.7, 2.58, 0.95
COURSE_SIZE, CONCEPTS_PER_LEARNER = 100, 20
TIERS = 4
DOMAINS = (
    "algebra analysis geometry topology logic statistics probability optimization mechanics "
    "optics thermodynamics electronics astronomy chemistry genetics ecology physiology medicine "
    "geology climate programming databases networks security compilers graphics robotics "
    "learning linguistics literature history philosophy economics accounting law design music "
    "architecture psychology education").split()
ROOTS = (
    "graph matrix vector field group ring limit series integral derivative measure function "
    "space manifold lattice order proof set category tensor signal filter wave energy force "
    "motion heat light charge current circuit atom bond reaction acid cell gene protein enzyme "
    "neuron organ tissue plant forest river ocean mineral rock storm algorithm recursion queue "
    "index query schema transaction packet router cipher key token parser grammar syntax type "
    "pixel mesh shader robot sensor model network layer gradient kernel cluster sample variance "
    "estimate hypothesis test market price demand supply ledger budget contract right treaty "
    "empire city culture myth poem novel rhythm chord melody scale harmony form facade column "
    "arch memory attention emotion habit teacher lesson path goal reason value choice game risk "
    "time state event process system control feedback structure pattern theory method").split()
PREFIXES = (
    "linear discrete stochastic abstract applied dynamic static local global finite infinite "
    "sparse dense random modern classical digital quantum inverse convex robust adaptive "
    "parallel").split()
LINKS = "of in for and with by from over under".split()
STRENGTHS = [f"{hundredths / 100:.2f}" for hundredths in range(101)]
FLUSH = 50_000


class Table:
    """A CSV file written in large pieces."""

    def __init__(self, folder, name, header):
        self.stream = open(os.path.join(folder, name), "w", encoding="ascii", newline="")
        self.rows = [header]
        self.count = -1  # The header is no row.

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.flush()
        self.stream.close()

    def flush(self):
        self.count += len(self.rows)
        self.rows.append("")
        self.stream.write("\n".join(self.rows))
        self.rows = []

    def row(self, text):
        self.rows.append(text)
        if len(self.rows) >= FLUSH:
            self.flush()


class Shape:
    """Who belongs where: courses of 100 neighbouring concepts, domains of neighbouring courses."""

    def __init__(self, concepts):
        self.concepts = concepts
        self.courses = -(-concepts // COURSE_SIZE)
        self.learners = max(1, concepts // CONCEPTS_PER_LEARNER)
        self.digits = max(6, len(str(concepts - 1)))
        self.keys = [f"c{number:0{self.digits}}" for number in range(concepts)]
        self.domain_of_course = [
            course * len(DOMAINS) // self.courses for course in range(self.courses)]
        self.first_course = {}
        for course, domain in enumerate(self.domain_of_course):
            self.first_course.setdefault(domain, course)
        sizes = [0] * len(DOMAINS)
        for domain in self.domain_of_course:
            sizes[domain] += 1
        # A domain's courses stand in tiers; a course leans only on lower tiers.
        self.tier_of_course = [
            (course - self.first_course[domain]) * TIERS // sizes[domain]
            for course, domain in enumerate(self.domain_of_course)]


def vocabulary(rng):
    """Words, commonest first, and the running sum of their Zipf weights."""
    compounds = [prefix + " " + root for prefix in PREFIXES for root in ROOTS]
    joined = [prefix + root for prefix in ("meta", "micro", "hyper", "poly") for root in ROOTS]
    roots = ROOTS[:]
    for part in (roots, compounds, joined):
        rng.shuffle(part)
    words = roots + compounds + joined
    return words, list(itertools.accumulate(1 / (rank + 2) for rank in range(len(words))))


def write_concepts(folder, shape, rng):
    words, weights = vocabulary(rng)
    tags = [word for word in words if " " not in word][:200]
    tag_weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(tags))))
    header = "key:ID,id:int,title,domain,difficulty:double,minutes:int,tags:string[],:LABEL"
    uniform = rng.random
    with Table(folder, "concepts.csv", header) as table:
        for start in range(0, shape.concepts, FLUSH):
            count = min(FLUSH, shape.concepts - start)
            drawn = iter(rng.choices(words, cum_weights=weights, k=3 * count))
            labels = iter(rng.choices(tags, cum_weights=tag_weights, k=3 * count))
            for number in range(start, start + count):
                course = number // COURSE_SIZE
                one, two, three = next(drawn), next(drawn), next(drawn)
                title = f"{one} {LINKS[int(uniform() * len(LINKS))]} {two}"
                if uniform() < 0.5:
                    title += " " + three
                chosen = dict.fromkeys((next(labels), next(labels), next(labels)))
                # Later in a course and in a higher tier is harder; 1 is never reached.
                place = (number % COURSE_SIZE) / COURSE_SIZE
                difficulty = (shape.tier_of_course[course] + place + uniform()) / (TIERS + 1)
                minutes = 5 + int(175 * uniform() * uniform())
                table.row(
                    f"{shape.keys[number]},{number},{title.capitalize()},"
                    f"{DOMAINS[shape.domain_of_course[course]]},{difficulty:.3f},{minutes},"
                    f"{';'.join(chosen)},Concept")
    return table.count


def write_others(folder, shape):
    with Table(folder, "courses.csv", "key:ID,number:int,domain,:LABEL") as courses:
        for course, domain in enumerate(shape.domain_of_course):
            courses.row(f"course{course:05},{course},{DOMAINS[domain]},Course")
    with Table(folder, "domains.csv", "key:ID,name,:LABEL") as domains:
        for number, name in enumerate(DOMAINS):
            domains.row(f"domain{number:02},{name},Domain")
    with Table(folder, "learners.csv", "key:ID,number:int,:LABEL") as learners:
        for number in range(shape.learners):
            learners.row(f"u{number:06},{number},Learner")
    return {"courses": courses.count, "domains": domains.count, "learners": learners.count}


def prerequisite(number, shape, uniform):
    """A concept with a smaller number, so that the whole is acyclic; None where there is none."""
    course, place = divmod(number, COURSE_SIZE)
    draw = uniform()
    if place and draw < 0.91:
        # Near things are needed more often than far ones.
        return number - 1 - int(place * uniform() * uniform())
    tier = shape.tier_of_course[course]
    domain = shape.domain_of_course[course]
    if not tier:
        return number - 1 - int(place * uniform()) if place else None
    if draw > 0.993 and domain:
        # Now and then the foundations of an earlier domain.
        domain = int(domain * uniform())
        tier = 1
    first = shape.first_course[domain]
    last = first
    while last < course and shape.tier_of_course[last] < tier \
            and shape.domain_of_course[last] == domain:
        last += 1
    other = first + int((last - first) * uniform())
    # The basics of a course are what other courses lean on.
    target = other * COURSE_SIZE + int(20 * uniform())
    return target if target < number else None


def write_prerequisites(folder, shape, rng):
    uniform = rng.random
    wanted = round(shape.concepts * PREREQUISITES)
    counts = rng.choices(range(6), weights=(2, 14, 28, 30, 16, 10), k=shape.concepts)
    edges, carry = 0, 0
    keys = shape.keys
    with Table(folder, "prerequisite.csv",
               ":START_ID,:END_ID,:TYPE,strength:double") as table:
        for number, count in enumerate(counts):
            # What could not be placed so far is placed as soon as it can be.
            expected = int((number + 1) * PREREQUISITES)
            carry = max(0, min(6, expected - edges - count - 3))
            chosen = set()
            for _ in range(count + carry):
                target = prerequisite(number, shape, uniform)
                if target is not None:
                    chosen.add(target)
            room = wanted - edges
            for target in sorted(chosen)[:room]:
                strength = 50 + int(51 * uniform()) if uniform() < 0.85 else \
                    10 + int(40 * uniform())
                table.row(f"{keys[number]},{keys[target]},PREREQUISITE,{STRENGTHS[strength]}")
                edges += 1
    return table.count


def write_related(folder, shape, rng):
    """Power law: a node's share of the ends falls with its rank; rank is a random order."""
    uniform = rng.random
    wanted = round(shape.concepts * RELATED)
    order = array("I", range(shape.concepts))
    rng.shuffle(order)
    size = shape.concepts
    degrees = array("I", bytes(4 * size))
    for _ in range(wanted):
        if uniform() < 0.4:
            degrees[int(size * uniform())] += 1
        else:
            degrees[order[int(size * uniform() ** 2)]] += 1
    keys = shape.keys
    with Table(folder, "related_to.csv", ":START_ID,:END_ID,:TYPE,strength:double") as table:
        for number, degree in enumerate(degrees):
            chosen = {number}
            while len(chosen) <= degree:
                if uniform() < 0.25:
                    chosen.add(int(size * uniform()))
                else:
                    chosen.add(order[int(size * uniform() ** 2.2)])
            chosen.discard(number)
            for target in sorted(chosen):
                table.row(f"{keys[number]},{keys[target]},RELATED_TO,"
                          f"{STRENGTHS[1 + int(100 * uniform())]}")
    return table.count


def write_part_of(folder, shape):
    with Table(folder, "part_of.csv", ":START_ID,:END_ID,:TYPE") as table:
        for number, key in enumerate(shape.keys):
            table.row(f"{key},course{number // COURSE_SIZE:05},PART_OF")
        for course, domain in enumerate(shape.domain_of_course):
            table.row(f"course{course:05},domain{domain:02},PART_OF")
    return table.count


def write_knows(folder, shape, rng):
    """A learner knows the beginnings of a few courses."""
    uniform = rng.random
    wanted = round(shape.concepts * KNOWN)
    written = 0
    with Table(folder, "knows.csv", ":START_ID,:END_ID,:TYPE") as table:
        for learner in range(shape.learners):
            share = wanted * (learner + 1) // shape.learners - written
            chosen = set()
            while len(chosen) < share:
                first = int(shape.courses * uniform()) * COURSE_SIZE
                length = 1 + int(12 * uniform())
                chosen.update(range(first, min(first + length, shape.concepts)))
            for target in sorted(chosen)[:share]:
                table.row(f"u{learner:06},{shape.keys[target]},KNOWS")
            written += share
    return table.count


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", choices=CONCEPTS, default="M",
                        help="concepts: " + ", ".join(f"{k} {v:,}" for k, v in CONCEPTS.items())
                             + " (default: M)")
    parser.add_argument("--concepts", type=int, metavar="N", help="this many concepts instead")
    parser.add_argument("--seed", type=int, default=1, help="default: 1")
    parser.add_argument("--quiet", action="store_true", help="print no counts")
    parser.add_argument("outdir", metavar="OUTDIR", help="folder to write; made when absent")
    arguments = parser.parse_args()
    concepts = CONCEPTS[arguments.scale] if arguments.concepts is None else arguments.concepts
    if not 100 <= concepts <= 50_000_000:
        parser.error("--concepts must lie between 100 and 50,000,000")
    shape = Shape(concepts)
    # A stream of its own for each file: changing one leaves the others as they were.
    streams = {name: random.Random(f"{arguments.seed}/{name}")
               for name in ("concepts", "prerequisite", "related_to", "knows")}
    try:
        folder = arguments.outdir
        os.makedirs(folder, exist_ok=True)
        counts = {"concepts": write_concepts(folder, shape, streams["concepts"])}
        counts.update(write_others(folder, shape))
        counts["PREREQUISITE"] = write_prerequisites(folder, shape, streams["prerequisite"])
        counts["RELATED_TO"] = write_related(folder, shape, streams["related_to"])
        counts["PART_OF"] = write_part_of(folder, shape)
        counts["KNOWS"] = write_knows(folder, shape, streams["knows"])
    except OSError as error:
        sys.exit(f"learning_graph.py: cannot write {error.filename}: {error.strerror}.")
    if not arguments.quiet:
        for name, count in counts.items():
            print(f"{name:14} {count:>10,}", file=sys.stderr)
        print(f"{'rows':14} {sum(counts.values()):>10,}", file=sys.stderr)


if __name__ == "__main__":
    main()
