#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Does the promise hold through a few rounds of faults, always the same? `make faults` plays others."""
import sys

import paths  # noqa: F401
import play

SEEDS = (1, 8, 29)  # killed, frozen, cut off, disks that fail, wrong clocks, restored twice, copied

failed = 0
for one in map(play.play, SEEDS):
    failed += bool(one["said"])
    print("%s round_of_seed_%d" % ("FAIL" if one["said"] else "ok", one["seed"]), *one["said"], sep="\n")
sys.exit(1 if failed else 0)
