#!/usr/bin/env python3
"""Kill writers, cut the power and fail storage calls, thousands of times, in a release build.

  script/bench crash --kills 10000 --cuts 10000

Exits with 1 when anything acknowledged was lost or anything was found broken.
"""

import argparse
import os
import subprocess
import sys
import time

import runs

BUILD = ["-c", "release", "-Xswiftc", "-enable-testing", "--scratch-path", ".build-crash"]
# What is done so often, the tests that do it, and how they are told the number.
STORMS = [
    ("SIGKILLs of a writer", "keeps every acknowledged commit", "CAIRN_KILLS", "kills"),
    ("power losses", "loses nothing that was acknowledged", "CAIRN_POWER_CUTS", "cuts"),
    ("failing storage calls, of each kind", "gets a clear error", "CAIRN_FAULTS", "faults"),
]


def storm(test, variable, times):
    """Runs one test; whether it passed, and its seconds."""
    environment = dict(os.environ, SWIFT_BACKTRACE="enable=no", **{variable: str(times)})
    begun = time.time()
    done = subprocess.run(["swift", "test", "--skip-build", *BUILD, "--filter", test],
                          cwd=runs.ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    for line in done.stdout.splitlines():
        if "recorded an issue" in line or "skipped" in line:
            print(line, file=sys.stderr)
    return done.returncode == 0 and "skipped" not in done.stdout, time.time() - begun


def main():
    parser = argparse.ArgumentParser(
        prog="script/bench crash", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=10_000, metavar="N")
    parser.add_argument("--cuts", type=int, default=10_000, metavar="N")
    parser.add_argument("--faults", type=int, default=1_000, metavar="N",
                        help="of each kind; every call is one of them when N is their number")
    parser.add_argument("--save", action="store_true", help="write results/DATE-crash.md")
    arguments = parser.parse_args()
    runs.run(["swift", "build", "--build-tests", *BUILD], cwd=runs.ROOT, stdout=sys.stderr)
    rows, raw, is_good = [], [], True
    for what, test, variable, option in STORMS:
        times = getattr(arguments, option)
        if times <= 0:
            continue
        passed, seconds = storm(test, variable, times)
        is_good = is_good and passed
        rows.append([what, f"{times:,}", "none" if passed else "SEE ABOVE", f"{seconds:.0f} s"])
        raw.append({"what": what, "times": times, "passed": passed, "seconds": seconds})
    text = runs.table(["what", "times", "lost or broken", "time"], rows)
    print(text)
    if arguments.save:
        runs.save("crash", "Killed writers and lost power", text, raw)
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    main()
