"""Starts one program and tells its time and peak memory; small itself, as a child's peak starts at its own.

Reads {"command", "environment", "keep", "patience", "memory"} as JSON from standard input.
"""

import json
import os
import resource
import signal
import sys
import tempfile
import time

request = json.load(sys.stdin)
out, errors = (tempfile.TemporaryFile() for _ in range(2))  # noqa: SIM115  # they go with the process
if request["memory"]:
    resource.setrlimit(resource.RLIMIT_AS, (request["memory"], resource.RLIM_INFINITY))
files = [(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, errors.fileno(), 2)]
command = request["command"]
start = time.perf_counter()
child = os.posix_spawn(command[0], command, request["environment"], file_actions=files)
signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
signal.setitimer(signal.ITIMER_REAL, request["patience"])
_, status, usage = os.wait4(child, 0)
seconds = time.perf_counter() - start
for file in (out, errors):
    file.seek(0)
answer = {
    "seconds": seconds,
    "peak": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    "code": os.waitstatus_to_exitcode(status),
    "out": out.read().decode("utf-8", "replace") if request["keep"] else "",
    "error": errors.read().decode("utf-8", "replace")[-2000:],
}
print(json.dumps(answer))
