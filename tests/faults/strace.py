# SPDX-License-Identifier: MPL-2.0
"""Programs whose system calls fail, or kill them, at a moment one chooses (strace's inject)."""
import os
import subprocess

# What touches the disk. A kill comes before the call is done, so that each state between two of them is met.
CALLS = "write,pwrite64,fdatasync,fsync,ftruncate,rename,unlink,mkdir,rmdir,link,chmod,fchmod"
THOROUGH = "BAOCAO_THOROUGH" in os.environ


def start(program, words, inject, calls=CALLS):
    """A command line with INJECT done to its CALLS; strace stands beside the program, not above it (-D)."""
    with open(program.log, "a", encoding="utf-8") as log:
        return subprocess.Popen(
            [
                "strace",
                "-D",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=" + calls,
                "-e",
                "inject=%s:%s" % (calls, inject),
                *program.command(*words),
            ],
            env={**program.env, "ASAN_OPTIONS": "detect_leaks=0"},
            stdout=log,
            stderr=log,
        )


def run(program, words, inject, calls=CALLS):
    """The exit status of a command line with INJECT done to it."""
    return start(program, words, inject, calls).wait(120)


def moments():
    """1, 2, 3 … where every one is asked for, else further and further apart; without an end."""
    n = 1
    while True:
        yield n
        n += 1 if THOROUGH else 1 + n // 3


def killed_at_each(program, words, before, after):
    """Kills the command at each moment until it passes unharmed: BEFORE() before, AFTER() after; how many."""
    for count, n in enumerate(moments()):
        before()
        if run(program, words, "signal=SIGKILL:when=%d" % n) != -9:
            assert count > 0, "%s was never killed" % (words,)
            return count
        after(n)
