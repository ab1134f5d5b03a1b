#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""A bit that flips, a sector of zeros, a file that ends too early: found, named or held, never believed?

In every file that the programs keep. A command answers as before, or refuses with what to do; what no command
has read, `verify` finds. BAOCAO_THOROUGH=1 takes many places of each file, BAOCAO_SEED=n those of seed n.
"""
import os
import random
import shutil
import time

import paths  # noqa: F401
import bad
import lib
import office
import reporting
import strace

SEED = int(os.environ.get("BAOCAO_SEED", time.time()))
PLACES = 300 if strace.THOROUGH else 12
print("seed %d" % SEED, flush=True)


def bit(data, rng):
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def sector(data, rng):
    at = rng.randrange(len(data)) // 512 * 512
    data[at : at + 512] = bytes(len(data[at : at + 512]))


def end(data, rng):
    del data[rng.randrange(len(data)) :]


class Kept:
    """A file of a program's directory, and the commands that read it."""

    def __init__(self, program, name, reads, verify):
        self.program, self.path = program, os.path.join(program.dir, name)
        self.reads, self.verify = reads, verify
        with open(self.path, "rb") as file:
            self.whole = file.read()
        self.want = [self.said(words) for words in reads]

    def said(self, words):
        done = self.program.run(*words, ok=None)
        return done.returncode, done.stdout

    def write(self, data):
        for ending in ("-wal", "-shm", "-journal"):
            if os.path.exists(self.path + ending):
                os.unlink(self.path + ending)
        with open(self.path, "wb") as file:
            file.write(data)

    def damage(self, how, rng):
        """One fault in it; "same", "refused" or "found" by verify alone."""
        data = bytearray(self.whole)
        how(data, rng)
        if data == self.whole:
            return "nothing changed"
        self.write(data)
        got = [self.said(words) for words in self.reads]
        for words, one, want in zip(self.reads, got, self.want):
            assert one[0] >= 0, "%s: %s fell with %d" % (self.path, words, one[0])
            assert one == want or one[0] not in (0, 1), "%s: %s believed it: %s" % (
                self.path,
                words,
                one[1][:300],
            )
        if got != self.want:
            return "refused"
        if not self.verify:
            return "same"
        return "found" if self.program.run(*self.verify, ok=None).returncode else "same"

    def each(self, rng, may_be_same):
        """Damages it in many places. MAY_BE_SAME: it has pages that nobody reads, and no `verify`."""
        told = {"nothing changed": 0, "same": 0, "refused": 0, "found": 0}
        for n in range(PLACES):
            told[self.damage((bit, bit, sector, end)[n % 4], rng)] += 1
        self.write(self.whole)
        print("# %s: %s" % (os.path.basename(self.path), told))
        assert may_be_same or told["same"] == 0, told
        assert self.said(self.reads[0]) == self.want[0]


def site(p):
    f = office.Federation(p)
    agent, figures = f.office(), reporting.aggregator(p, f.collector)
    agent.run("send")
    agent.run("import", office.table(p, "a.csv", office.activities(30)))
    agent.run("correct", "1", "--set", "attendances=7", "--reason", "Sửa")
    agent.run("submit", "11/2024", "--yes")
    agent.run("send")
    agent.run("import", office.table(p, "b.csv", office.activities(3, 50)))
    figures.run("sync")
    return f, agent, figures


def stores(p):
    f, agent, figures = site(p)
    f.collector.stop()
    rng = random.Random(SEED)
    lists = [
        ["unit", "list", "--json"],
        ["plan", "list", "--json"],
        ["key", "list", "--json"],
        ["held", "list"],
    ]
    Kept(f.collector, "queue.db", lists, ["verify"]).each(rng, False)
    Kept(agent, "outbox.db", [["list", "--json"], ["receipt", "1", "--verify"], ["plan"]], ["verify"]).each(
        rng, False
    )
    summary = [["summary", "--period", "2024-11", "--json"], ["missing", "--period", "2024-11", "--json"]]
    Kept(figures, "aggregator.db", summary, None).each(rng, True)


def keys_and_what_join_wrote(p):
    f, agent, figures = site(p)
    f.collector.stop()
    rng = random.Random(SEED)
    for name in ("server.key", "sign.key"):
        kept = Kept(f.collector, name, [["doctor", "--json"]], None)
        for how in (bit, end) * (PLACES // 4):
            data = bytearray(kept.whole)
            how(data, rng)
            kept.write(data)
            os.chmod(kept.path, 0o600)
            done = f.collector.run("run", ok=None) if bytes(data) != kept.whole else None
            assert done is None or done.returncode in (70, 77), (name, done)
        kept.write(kept.whole)
    (key,) = [n for n in os.listdir(agent.dir) if n.endswith(".key")]
    for program, name, words in ((agent, key, ["send"]), (figures, "collector.json", ["sync"])):
        kept = Kept(program, name, [["status"]], None)
        for how in (end, sector) * (PLACES // 4):
            data = bytearray(kept.whole)
            how(data, rng)
            if bytes(data).strip() == kept.whole.strip():
                continue
            kept.write(data)
            os.chmod(kept.path, 0o600)
            done = program.run(*words, ok=None)
            assert done.returncode > 0 and ": " in done.stderr, (name, done)
        kept.write(kept.whole)


def backup_that_was_damaged_is_not_restored(p):
    f, _, _ = site(p)
    f.collector.run("backup", p.path("copy"))
    rng, told = random.Random(SEED), {"refused": 0, "whole": 0}
    want = f.collector.json("status")["documents"]
    whole = open(p.path("copy", "queue.db"), "rb").read()
    for n in range(PLACES):
        data = bytearray(whole)
        (bit, sector, end)[n % 3](data, rng)
        with open(p.path("copy", "queue.db"), "wb") as file:
            file.write(data)
        if data == whole:
            continue
        other = p.collector("other-%d" % n)
        done = other.run("restore", p.path("copy"), ok=None)
        told["refused" if done.returncode else "whole"] += 1
        if done.returncode == 0:  # the fault was in what a restore makes anew: an index, free room
            assert other.json("verify")["whole"] and other.json("status")["documents"] == want, n
        shutil.rmtree(other.dir, ignore_errors=True)
    print("# restore: %s" % told)
    assert told["refused"] > told["whole"], told


def redacted_entry_still_verifies(p):
    f, _, _ = site(p)
    c = f.collector
    positions = [
        n for n in range(1, 60) if c.run("redact", n, "--reason", "Có tên người", ok=None).returncode == 0
    ]
    assert len(positions) > 20, positions
    c.stop()
    assert c.json("verify")["whole"]


def table_in_the_drop_folder_and_code_that_were_damaged(p):
    f = office.Federation(p)
    agent, rng = f.office(), random.Random(SEED)
    agent.run("send")
    table = office.table(p, "a.csv", office.activities(10))
    whole = open(table, "rb").read()
    for _ in range(PLACES):
        data = bytearray(whole)
        bit(data, rng)
        with open(table, "wb") as file:
            file.write(data)
        assert agent.run("import", table, "--dry-run", ok=None).returncode in (0, 1, 65), bytes(data)
    with open(f.code("BD.02"), encoding="ascii") as file:
        code = file.read()
    for _ in range(PLACES):
        data = bytearray(code.encode())
        at = rng.randrange(len(code.strip()))
        data[at] = ord("B" if data[at] == ord("A") else "A")
        if data[at] != code.encode()[at] and not chr(code.encode()[at]).isspace():
            bad.said(p.agent("other"), "join", data.decode(), code="code-bad")


lib.Cases().run(
    stores,
    keys_and_what_join_wrote,
    backup_that_was_damaged_is_not_restored,
    redacted_entry_still_verifies,
    table_in_the_drop_folder_and_code_that_were_damaged,
)
