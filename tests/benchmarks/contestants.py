"""Contestants that need nothing, so that the processes in which they run load nothing."""

import subprocess
import sys

from benchmarks.duel import Reached

WORK = "import time; sum(range(20_000_000)); print(time.process_time())"
"""Takes long beside what it takes to start it, and tells how long."""


def breaks(material):
    raise SystemExit(3)


def what_it_got(material):
    return Reached(float(len(material)), None)


def works_in_a_child(material):
    told = subprocess.run([sys.executable, "-c", WORK], check=True, capture_output=True, text=True)
    return Reached(float(told.stdout), None)
