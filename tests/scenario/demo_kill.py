#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Does killing any of the three programs, at any moment of the demo, change a figure?

Plays the demo with fewer units, while one program is killed again and again at moments drawn from a seed.
The demo itself compares every figure with the oracle and fails where one differs.
"""
import os
import random
import re
import subprocess
import sys

import lib

UNITS = 16
SEED = int(os.environ.get("BAOCAO_SEED", random.randrange(1000000)))


def play(place, program):
    """The demo must end well, and the killer must have struck."""
    done = subprocess.run(
        [
            os.path.join(lib.ROOT, "tests", "demo", "run.py"),
            *("--units", str(UNITS), "--kill", program, "--seed", str(SEED), "--folder", place.path("demo")),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    said = done.stdout[-3000:] + done.stderr[-3000:]
    assert done.returncode == 0, "seed %d, exit %d\n%s" % (SEED, done.returncode, said)
    last = done.stdout.strip().split("\n")[-1]
    assert re.fullmatch(r"demo: reports=(\d+) stored=\1 counted=\1 lost=0 doubled=0", last), last
    kills = re.search(r"killed the %s (\d+) times" % program, done.stdout)
    assert kills and int(kills.group(1)) > 0, "nothing was killed\n" + said


def killed_collector_changes_no_figure(place):
    play(place, "collector")


def killed_agents_change_no_figure(place):
    play(place, "agent")


def killed_aggregator_changes_no_figure(place):
    play(place, "aggregator")


print("seed %d" % SEED)
sys.stdout.flush()
lib.Cases().run(
    killed_collector_changes_no_figure, killed_agents_change_no_figure, killed_aggregator_changes_no_figure
)
