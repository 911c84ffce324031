"""Runs a command at a terminal of its own: types the keys of standard input, prints what it shows.

Each line of the input is a Python literal: a text to type, a text to wait for as a
list of one, or seconds to let pass: Ctrl-C drops what was typed and not yet read.
"""
import ast, os, pty, select, sys, time

keys = [ast.literal_eval(line) for line in sys.stdin.read().splitlines() if line]
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[1], sys.argv[1:])
shown = b""
patience = float(os.environ.get("PATIENCE", "60"))
seen = 0


def read(until):
    """Reads until a text was shown, the command ended, or the patience is over."""
    global shown, seen
    end = time.time() + patience
    while time.time() < end:
        place = shown.find(until, seen) if until else -1
        if place >= 0:
            seen = place + len(until)
            return True
        ready, _, _ = select.select([terminal], [], [], 1)
        if ready:
            try:
                more = os.read(terminal, 65536)
            except OSError:
                return False
            if not more:
                return False
            shown += more
    return False


for key in keys:
    if isinstance(key, list):
        if not read(key[0].encode()):
            shown += b"\n<waited in vain for " + key[0].encode() + b">\n"
            break
    elif isinstance(key, int):
        time.sleep(key)
    else:
        os.write(terminal, key.encode())
else:
    read(None)
sys.stdout.buffer.write(shown)
sys.stdout.flush()
os.close(terminal)
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status))
