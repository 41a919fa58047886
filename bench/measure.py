# Runs a program and prints what it took, as JSON. Python, because Node cannot ask for the memory of another process.
#
#   python3 bench/measure.py file-for-its-output program argument…
import json
import os
import subprocess
import sys
import time

with open(sys.argv[1], "w") as output:
    start = time.perf_counter()
    child = subprocess.Popen(sys.argv[2:], stdout=output)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
print(json.dumps({
    "status": os.waitstatus_to_exitcode(status),
    "seconds": seconds,
    "cpuSeconds": usage.ru_utime + usage.ru_stime,
    "megabytes": usage.ru_maxrss / 1024,  # Linux counts in KiB
}))
