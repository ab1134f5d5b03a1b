# SPDX-License-Identifier: MPL-2.0
"""What the checks of tests/lint share: the list of files, and one line per finding."""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAMS = ("agent", "collector", "aggregator")
os.chdir(ROOT)


def files(*suffixes):
    """Every file that is or could be committed, as a path from the root."""
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], check=True,
                         stdout=subprocess.PIPE)
    names = sorted(set(out.stdout.decode().split("\0")) - {""})
    return [n for n in names if os.path.exists(n) and (not suffixes or n.endswith(suffixes))]


def sources():
    """The C of the library and the programs, without the tests."""
    return [n for n in files(".c", ".h") if n.split("/")[0] in PROGRAMS + ("proto",)]


def text(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def code(path):
    """The text of a C file with comments blanked out, lines kept."""
    blank = lambda m: re.sub(r"[^\n]", " ", m.group(0)) if m.group(0).startswith("/") else m.group(0)
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', blank, text(path), flags=re.S)


def report(name, findings):
    """`ok NAME` or one FAIL line per finding; exits with 1 where there is one."""
    for finding in findings:
        print(f"FAIL {name} {finding}")
    if not findings:
        print(f"ok {name}")
    return len(findings)


def finish(*counts):
    sys.exit(1 if any(counts) else 0)
