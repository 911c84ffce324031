#!/usr/bin/env python3
"""Let a store live two weeks in minutes, and one that is larger than the memory it may use.

  script/bench soak --commits 1209600 --megabytes 512

Two weeks at a commit a second, on memory-backed files where there are some: with the change log
of a day, without history and with a day of it. After the first two days neither the file nor the
anonymous memory may grow by more than a tenth. Then a database is read, changed, projected and
checked by a process whose memory, cached pages of the file included, is limited to half of its
size by a control group (or its anonymous memory by RLIMIT_DATA where there is none). A large
transaction keeps the pages it changed in memory: it changes every hundredth node here.
Exits with 1 when something grew, failed or was found broken.
"""

import argparse
import contextlib
import os
import resource
import shutil
import sys
import tempfile

import runs

PROGRAM = os.path.join(runs.BENCHMARKS, ".build", "release", "store-soak")
DAYS = 14


def shared_memory():
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def life(commits, history):
    """One life; the row of the table, the samples, and whether it stayed within its bounds."""
    day = commits // DAYS
    folder = tempfile.mkdtemp(prefix="cairn-soak-", dir=shared_memory())
    try:
        said = runs.measures([PROGRAM, "live", os.path.join(folder, "store"), str(commits),
                              str(day), str(day if history else 0)])
    finally:
        shutil.rmtree(folder)
    samples, done = said[:-1], said[-1]
    cells, is_good = [], done["findings"] == 0
    for field, unit in (("file_bytes", 1e6), ("anonymous_kb", 1e3)):
        start = [entry[field] for entry in samples if entry["commit"] <= 2 * day]
        rest = [entry[field] for entry in samples if entry["commit"] > 2 * day]
        is_good = is_good and max(rest) <= 1.1 * max(start)
        cells += [runs.number(max(start) / unit), runs.number(max(rest) / unit),
                  runs.number(rest[-1] / unit)]
    return ["on, one day" if history else "off", f"{commits:,}"] + cells, said, is_good


@contextlib.contextmanager
def memory_limit(limit):
    """What a child calls to be limited, and how that is called."""
    group = f"/sys/fs/cgroup/memory/cairn-{os.getpid()}"
    limits, processes = f"{group}/memory.limit_in_bytes", f"{group}/cgroup.procs"
    if not os.path.exists("/sys/fs/cgroup/memory"):
        group = f"/sys/fs/cgroup/cairn-{os.getpid()}"
        limits, processes = f"{group}/memory.max", f"{group}/cgroup.procs"
    try:
        os.mkdir(group)
        with open(limits, "w", encoding="ascii") as stream:
            stream.write(str(limit))
    except OSError:
        if os.path.isdir(group):
            os.rmdir(group)
        yield (lambda: resource.setrlimit(resource.RLIMIT_DATA, (limit, limit)),
               "RLIMIT_DATA, anonymous memory only")
        return

    def enter():
        with open(processes, "w", encoding="ascii") as stream:
            stream.write(str(os.getpid()))

    try:
        yield enter, "a control group, cached pages included"
    finally:
        os.rmdir(group)


def forget(path):
    """Takes a file's pages from the cache, where they would count for who put them there."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


def limited(megabytes):
    """A database used in half of its size."""
    os.makedirs(runs.WORK, exist_ok=True)
    path = os.path.join(runs.WORK, "soak-large")
    shutil.rmtree(path, ignore_errors=True)
    try:
        size = runs.measures([PROGRAM, "fill", path, str(megabytes)])[-1]["file_bytes"]
        forget(os.path.join(path, "data.mdb"))
        with memory_limit(size // 2) as (enter, how):
            said = runs.measures([PROGRAM, "use", path], preexec_fn=enter)
    finally:
        shutil.rmtree(path, ignore_errors=True)
    done = said[-1]
    points = next(entry for entry in said if entry.get("step") == "points")
    is_good = done["findings"] == 0 and points["found"] == points["asked"]
    return [runs.number(size / 1e6), runs.number(size / 2e6), how,
            runs.number(done["resident_peak_kb"] / 1e3),
            runs.number(done["anonymous_peak_kb"] / 1e3)], said, is_good


def main():
    parser = argparse.ArgumentParser(
        prog="script/bench soak", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commits", type=int, default=DAYS * 86_400, metavar="N")
    parser.add_argument("--megabytes", type=int, default=512, metavar="N",
                        help="the size of the database that is larger than its memory")
    parser.add_argument("--save", action="store_true", help="write results/DATE-soak.md")
    arguments = parser.parse_args()
    if arguments.commits < 100 * DAYS:
        parser.error(f"--commits must be at least {100 * DAYS}")
    runs.run(["swift", "build", "-c", "release", "--product", "store-soak"],
             cwd=runs.BENCHMARKS, stdout=sys.stderr)
    lives, raw, is_good = [], [], True
    for history in (False, True):
        row, said, passed = life(arguments.commits, history)
        lives.append(row)
        raw += said
        is_good = is_good and passed
    row, said, passed = limited(arguments.megabytes)
    raw += said
    is_good = is_good and passed
    text = (
        "Two weeks of commits, one a second, on a graph of constant size; highest until the end of "
        "the second day, highest after it, and last.\n\n"
        + runs.table(["history", "commits", "file MB, 2 days", "file MB, rest", "file MB, last",
                      "anonymous MB, 2 days", "anonymous MB, rest", "anonymous MB, last"], lives)
        + "\n\nA database in half of its size of memory: every node read, as many points, 2,000 "
        "small commits, one that changes every hundredth node, a projection, a check. (A transaction "
        "holds the pages it changed in memory, up to 512 MB: one that changes all does not fit.)\n\n"
        + runs.table(["database MB", "limit MB", "limited by", "peak resident MB",
                      "anonymous MB at the end"], [row]))
    print(text)
    if arguments.save:
        runs.save("soak", "Two weeks, and half the memory", text, raw)
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    main()
