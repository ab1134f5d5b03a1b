#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Do summaries over logs made by chance agree, byte for byte, with a second reader of PROTOCOL.md 13?

usage: summaries_by_chance.py [SEED [LOGS]]

Figures that are closed, opened and sent up, plan versions that change how a measure adds up, withdrawals and
restorings of every kind, revisions that come out of order, units that move and close, overlapping aggregates
decided one way and the other, redactions and a log that is restored, anything after anything. test_summary of
the build reads each log as golden vectors.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "interop")]
import formats  # noqa: E402
import lib  # noqa: E402
import summary_vectors as vectors  # noqa: E402

READER = os.path.join(lib.BUILD, "tests", "aggregator", "test_summary")


class Wilder(vectors.Chance):
    """Chance that also publishes plans, withdraws and restores, and restores the log."""

    def __init__(self, seed, count):
        self.version, self.withdrawn, self.closed = 1, {}, set()
        super().__init__(seed, count)

    def step(self, i, what):
        kind = self.r.random()
        if kind < 0.02 and self.version < 4:
            self.publish()
        elif kind < 0.04 and self.known:
            self.withdraw(self.known[self.r.choice(sorted(self.known))])
        elif kind < 0.06 and self.withdrawn:
            self.restore(self.r.choice(sorted(self.withdrawn)))
        elif kind < 0.065:
            self.rename(formats.sha256(str(i).encode())[:16].hex())
        elif kind < 0.085:
            self.close()
        elif kind < 0.09:
            self.go_up()
        else:
            super().step(i, what)

    def close(self):
        """Figures are closed; those that are already are opened, or the decision comes to nothing."""
        asked = (
            self.r.choice(["BD", "BD.01", "BD.02.001"]),
            self.r.choice(["1/KH", "2/KH", None]),
            self.r.choice([*self.MONTHS, "2024-Q4"]),
        )
        entries = [tuple(e[:3]) for e in self.log.entries]
        if self.closed and self.r.random() < 0.3:
            asked = self.r.choice(sorted(self.closed, key=str))
            self.log.decide("reopen", **vectors.fold_closing.figures(*asked), reason="Sai")
        else:
            self.log.decide("close", **vectors.fold_closing.close(entries, *asked))
        self.closed.add(asked)

    def go_up(self):
        if self.closed:
            asked = self.r.choice(sorted(self.closed, key=str))
            more = {"to": "Ban Ví dụ"} if self.r.random() < 0.5 else {}
            self.log.decide(
                "sent",
                **vectors.fold_closing.figures(*asked),
                number="9/BC",
                date="2025-02-03",
                signer="Trần Thị B",
                **more
            )

    def publish(self):
        self.version += 1
        plan = vectors.plan("1/KH", self.version, self.r.choice(["max", "sum"]))
        for measure in plan["measures"]:
            if measure["id"] == "members":
                measure["add"] = self.r.choice(["last", "sum"])
            if measure["id"] == "wage":
                measure["scale"] = self.r.choice([0, 2])
        if self.r.random() < 0.3:
            plan["ends"] = "2024-12-31"
        self.log.add("plan", {}, plan)

    def withdraw(self, doc):
        if "withdrawn" not in doc:
            self.withdrawn[doc["id"]] = doc
            self.put(vectors.withdrawn(doc, doc["rev"] + 1))

    def restore(self, id_):
        old, rev = self.withdrawn.pop(id_), self.known[id_]["rev"] + 1
        self.put({**old, "rev": rev, "reason": "Lại"})

    def rename(self, log):
        before, position = self.log.id, len(self.log.entries)
        self.log.id = log
        self.log.add(
            "log", {}, {"log": log, "ancestor": {"log": before, "position": position}, "reason": "restore"}
        )

    def by_any_version(self, doc):
        for plan in doc["plans"]:
            if plan["plan"] == "1/KH":
                plan["version"] = self.r.randrange(1, self.version + 1)
        return doc

    def activity(self, i):
        return self.by_any_version(super().activity(i))

    def report(self):
        return self.by_any_version(super().report())

    def aggregate(self, i):
        doc = self.by_any_version(super().aggregate(i))
        if self.r.random() < 0.3:
            doc["covers"] = self.r.sample(self.UNITS[4:], 1 + self.r.randrange(4))
        return doc


def case(seed):
    wilder = Wilder(seed, 250)
    log = wilder.log
    n = len(log.entries)
    questions = [
        ("BD", plan, month)
        for plan in ("1/KH", "2/KH", None)
        for month in ("2024-11", "2024-12", "2025-01", "2024-Q4")
    ]
    questions += [
        ("BD.01", "1/KH", "2024-12"),
        ("BD.03.001", "1/KH", "2024-11"),
        ("TW.01", None, "2024"),
        ("BD", "1/KH", "2024-12", n // 2),
        ("BD.02", None, "2025-01", n * 2 // 3),
    ]
    questions += [
        (unit, plan, "2024-Q4", 0, day)
        for unit in ("BD", "BD.01", "BD.02")
        for plan, day in (("1/KH", "2025-02-01"), (None, "2024-12-15"))
    ]
    questions += [
        ("BD", "1/KH", "2024-Q4", 0, None, "may"),
        ("BD", "1/KH", "2024-11", 0, None, "gỗ"),
        ("BD.01", None, "2024-12", 0, "2025-02-01", "gỗ"),
    ]
    return vectors.case("seed %d" % seed, log, questions, sorted(wilder.closed, key=str))


def main():
    first = int(sys.argv[1]) if len(sys.argv) > 1 else int(time.time())
    logs = int(sys.argv[2]) if len(sys.argv) > 2 else 25
    print("seed %d" % first, file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="baocao-") as folder:
        os.makedirs(os.path.join(folder, "proto", "vectors"))
        for seed in range(first, first + logs):
            with open(os.path.join(folder, "proto", "vectors", "summary.json"), "w", encoding="utf-8") as f:
                json.dump([case(seed)], f, ensure_ascii=False)
            done = subprocess.run([READER], cwd=folder, capture_output=True, text=True, check=False)
            if done.returncode:
                print("FAIL summaries_by_chance: seed %d\n%s" % (seed, (done.stdout + done.stderr)[:4000]))
                sys.exit(1)
    print("ok summaries_by_chance")


main()
