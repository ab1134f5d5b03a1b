#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Does every parser that meets outside bytes hold what it promises, on the seeds and all that was found?"""
import glob
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import seeds  # noqa: E402

failed = 0
with tempfile.TemporaryDirectory(prefix="baocao-fuzz-") as folder:
    names = seeds.write(folder)
    targets = sorted(
        os.path.basename(p)[:-2]
        for p in glob.glob(os.path.join(seeds.ROOT, "tests/fuzz/*.c"))
        if not os.path.basename(p).startswith("part_")
    )
    assert names == targets, "seeds for %s, fuzzers %s" % (names, targets)
    for mode in ("asan", "release"):
        for name in names:
            program = os.path.join(seeds.ROOT, "build", mode, "tests", "fuzz", name)
            found = os.path.join(seeds.ROOT, "tests", "fuzz", "regress", name)
            done = subprocess.run(
                [program, os.path.join(folder, name), found],
                cwd=seeds.ROOT,
                check=False,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            )
            good = done.returncode == 0
            failed += not good
            print(
                "%s %s_%s: %s"
                % (
                    "ok" if good else "FAIL",
                    mode,
                    name,
                    done.stdout.strip() if good else done.stdout[-3000:],
                ),
                flush=True,
            )
sys.exit(1 if failed else 0)
