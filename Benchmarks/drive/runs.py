"""What the drivers share: running programs that print measures, tables, and dated result files."""

import datetime
import json
import os
import platform
import subprocess
import sys

BENCHMARKS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(BENCHMARKS)
WORK = os.path.join(BENCHMARKS, "work")


def run(command, **options):
    """Runs a command; its output goes where ours goes."""
    print("+ " + " ".join(command), file=sys.stderr)
    subprocess.run(command, check=True, **options)


def measures(command, **options):
    """The measures a command prints, one JSON object a line."""
    print("+ " + " ".join(command), file=sys.stderr)
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def measures_and_notes(command, **options):
    """As `measures`, and what the program says about itself on its error stream."""
    print("+ " + " ".join(command), file=sys.stderr)
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, **options)
    sys.stderr.write(done.stderr)
    done.check_returncode()
    notes = [line.partition(": ")[2].rstrip(".") for line in done.stderr.splitlines()
             if line.startswith("peers.py: ")]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")], notes


def number(value):
    """Three significant figures, thousands apart."""
    if value is None:
        return "–"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def ratio(ours, theirs):
    return f"{ours / theirs:.2f}×" if ours is not None and theirs else "–"


def table(head, rows):
    """A Markdown table whose columns line up."""
    widths = [max(len(row[place]) for row in [head] + rows) for place in range(len(head))]

    def line(cells):
        padded = [cells[0].ljust(widths[0])]
        padded += [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:])]
        return "| " + " | ".join(padded) + " |"

    rule = "|" + "|".join("-" * (width + 1) + ("-" if place == 0 else ":")
                          for place, width in enumerate(widths)) + "|"
    return "\n".join([line(head), rule] + [line(row) for row in rows])


def output(*command):
    try:
        return subprocess.run(command, check=True, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def machine():
    """Processor, cores, memory, file system and load in a line."""
    model = ""
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as stream:
        for line in stream:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo", encoding="ascii") as stream:
        memory = int(stream.readline().split()[1]) // 1024 // 1024
    system = output("stat", "-f", "-c", "%T", BENCHMARKS)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (f"{model or platform.machine()}, {os.cpu_count()} cores, {memory} GB, {system}, "
            f"{platform.system()} {platform.release().split('-')[0]}; load {load} at the end")


def save(name, title, text, raw):
    """Writes results/DATE-NAME.md and says so."""
    date = datetime.date.today().isoformat()
    folder = os.path.join(BENCHMARKS, "results")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f"{date}-{name}.md")
    changed = "" if not output("git", "-C", ROOT, "status", "--porcelain", "-uno") \
        else ", with changes"
    commit = output("git", "-C", ROOT, "rev-parse", "--short", "HEAD") + changed
    swift = (output("swift", "--version").splitlines() or [""])[0]
    command = "script/bench " + name.split("-")[0] + "".join(f" {word}" for word in sys.argv[1:])
    lines = "\n".join(json.dumps(entry, ensure_ascii=False) for entry in raw)
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(f"# {title}, {date}\n\n- Machine: {machine()}\n- Commit: {commit}\n"
                     f"- Compiler: {swift}\n- Command: `{command}`\n\n{text}\n\n"
                     f"<details><summary>All measures</summary>\n\n```json\n{lines}\n```\n\n"
                     "</details>\n")
    print(f"Saved {os.path.relpath(path, ROOT)}.", file=sys.stderr)
