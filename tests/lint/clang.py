# SPDX-License-Identifier: MPL-2.0
"""What the two halves of clang-tidy share; it takes its time, so they run beside each other."""
import re
import subprocess

from lint import finish, report, sources

PANGO = subprocess.check_output(["pkg-config", "--cflags", "pangocairo"], text=True)
FLAGS = ["-std=gnu11", "-I.", "-D_GNU_SOURCE", *PANGO.replace("-I", "-isystem").split()]


def tidy(name, wanted):
    """clang-tidy with .clang-tidy over the sources whose path WANTED takes; ends the program."""
    findings = []
    for path in [p for p in sources() if p.endswith(".c") and wanted(p)]:
        done = subprocess.run(["clang-tidy", "--quiet", path, "--"] + FLAGS, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        if done.returncode:
            # The analyser's road there, in notes, is left out: run it on the one file to see it.
            output = done.stdout.decode("utf-8", "replace")
            print("\n".join(re.findall(r"^.*: (?:error|warning): .*$", output, re.M)))
            findings.append(f"{path}, see above")
    finish(report(name, findings))
