#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""The power is cut at any moment: is what was promised on the disk, and does everybody go on from there?

Each case records a run of the real programs once and then looks at many moments of it, each as strictly as a
disk may behave and once by chance. BAOCAO_THOROUGH=1 looks at every moment, BAOCAO_SEED=n plays the chances
of seed n.
"""
import json
import os
import random
import shutil
import sqlite3
import time

import paths  # noqa: F401
import bad
import lib
import office
import power
import reporting
import strace

SEED = int(os.environ.get("BAOCAO_SEED", time.time()))
MOMENTS = 1 << 30 if strace.THOROUGH else 8
print("seed %d" % SEED, flush=True)


class Cut:
    """The program P on what the disk held when the power was cut at moment N, by the chances of RNG."""

    def __init__(self, place, recording, like):
        self.place, self.recording, self.like = place, recording, like
        self.rng = random.Random(SEED)
        self.looked = 0

    def each(self, check, count=None):
        """CHECK(program, marks, records) at each moment; PROGRAM lies on what the disk held."""
        for n, records, marks, disk in power.cuts(self.recording, count or MOMENTS, self.rng):
            for chance in (None, random.Random(SEED + n)):
                target = self.place.path("cut")
                disk.after_the_cut(target, chance)
                program = lib.Program(self.like.name, target, dict(self.like.env))
                program.env.pop("LD_PRELOAD", None)
                try:
                    check(program, marks, records)
                except AssertionError as e:
                    raise AssertionError(
                        "cut at %d of %d, %s: %s"
                        % (n, len(self.recording.records()), "by chance" if chance else "strictly", e)
                    ) from e
                self.looked += 1
        print("# %s: %d disks after a cut" % (self.like.name, self.looked))


def watch(place, program):
    """Records what PROGRAM does from now on."""
    recording = power.Recording(place, program.dir)
    program.env.update(recording.env)
    return recording


def stored(folder):
    """{(id, rev)} of the documents in a queue."""
    with sqlite3.connect("file:%s/queue.db?mode=ro" % folder, uri=True) as db:
        headers = [json.loads(h) for (h,) in db.execute("SELECT header FROM entry ORDER BY position")]
    keys = [(h["id"], h["rev"]) for h in headers if h["kind"] == "document"]
    assert len(keys) == len(set(keys)), "something is there twice"
    return set(keys)


def receipts(agent):
    return {"%s %d" % (d["id"], d["rev"]) for d in agent.json("list") if d["state"] == "stored"}


def collector_keeps_what_it_gave_a_receipt_for(p):
    f = office.Federation(p)
    c, agent = f.collector, f.office()
    agent.run("send")
    c.stop()
    seen = watch(p, c)
    c.up()
    for n in range(6):
        agent.run("import", office.table(p, "a%d.csv" % n, office.activities(5, 5 * n)))
        if n == 3:
            agent.run("correct", "1", "--set", "attendances=7", "--reason", "Sửa")
        agent.run("send")
        for receipt in receipts(agent):
            seen.mark(receipt)
    c.stop()
    c.env.pop("LD_PRELOAD")

    def check(program, marks, _):
        assert program.json("verify")["whole"]
        program.json("status")  # opens it as the writer does, and empties the WAL
        there = {"%s %d" % key for key in stored(program.dir)}
        assert set(marks) <= there, "acknowledged and lost: %s" % (set(marks) - there)

    Cut(p, seen, c).each(check)


def collector_s_commands(p):
    """Codes, rights, a held one released, a body redacted: what the operator was told is done stays done."""
    site = bad.Site(p)
    sender, first = site.outsider(), bad.activity()
    sender.send([bad.one(first)])
    for n in (1, 2):
        sender.send([bad.one({**first, "rev": 2, "reason": "Sửa", "measures": {"sessions": n}})])
    c = site.collector
    c.stop()
    seen = watch(p, c)
    c.run("held", "release", 1)
    seen.mark("released")
    c.run("redact", 9, "--reason", "Có tên người", ok=None)
    c.run("enrol", "BD.03", "BD.02", "--again", "--out", os.path.join(c.dir, "slips"))
    seen.mark("slips")
    c.run("revoke", "BD.01")
    seen.mark("revoked")
    c.env.pop("LD_PRELOAD")

    def check(program, marks, _):
        assert program.json("verify")["whole"]
        status = program.json("status")
        assert "released" not in marks or (status["held"], status["documents"]) == (0, 3), status
        assert "revoked" not in marks or status["keys"] == 1, status
        for unit in ("BD.02", "BD.03") if "slips" in marks else ():
            with open(os.path.join(program.dir, "slips", unit + ".code"), encoding="ascii") as file:
                assert len(file.read()) > 150

    Cut(p, seen, c).each(check)


def collector_made_copied_and_restored(p):
    c = p.collector()
    os.makedirs(c.dir)
    seen = watch(p, c)
    c.run("init")
    seen.mark("made")
    units = p.write("u.csv", "\n".join(office.UNITS_TABLE))
    c.run("unit", "import", units)
    c.env.pop("LD_PRELOAD")

    def check(program, marks, _):
        done = program.run("init", ok=None)
        assert (done.returncode, "dir-taken" in done.stderr) in ((0, False), (65, True)), done
        assert done.returncode == 65 or "made" not in marks
        program.run("unit", "import", units)
        assert program.json("verify")["whole"]

    Cut(p, seen, c).each(check)

    whole, copy = p.path("whole"), p.path("copy")
    shutil.copytree(c.dir, whole)
    os.makedirs(copy)
    seen = power.Recording(p, copy)
    c.env.update(seen.env)
    c.run("backup", copy)
    seen.mark("backed up")
    c.env.pop("LD_PRELOAD")

    def restorable(program, marks, _):
        other = p.collector("back")
        shutil.rmtree(other.dir, ignore_errors=True)
        done = other.run("restore", program.dir, ok=None)
        assert done.returncode == 0 or "backed up" not in marks, done
        assert done.returncode != 0 or len(other.json("unit", "list")) == 3

    Cut(p, seen, c).each(restorable)

    fresh = p.collector("fresh")
    os.makedirs(fresh.dir)
    seen = watch(p, fresh)
    fresh.run("restore", copy)
    seen.mark("restored")
    fresh.env.pop("LD_PRELOAD")

    def restored(program, marks, _):
        done = program.run("restore", copy, ok=None)
        assert done.returncode == 0 or "dir-taken" in done.stderr, done
        assert done.returncode != 0 or "restored" not in marks
        assert program.json("verify")["whole"] and len(program.json("unit", "list")) == 3

    Cut(p, seen, fresh).each(restored)


def agent_keeps_what_it_said_it_keeps(p):
    f = office.Federation(p)
    agent = f.office()
    agent.run("send")
    seen = watch(p, agent)
    for n in range(3):
        agent.run("import", office.table(p, "a%d.csv" % n, office.activities(3, 3 * n)))
        for d in agent.json("list"):
            seen.mark("%s %d" % (d["id"], d["rev"]))
        if n == 1:
            agent.run("send")
            agent.run("correct", "1", "--set", "attendances=7", "--reason", "Sửa")
            agent.run("withdraw", "2", "--reason", "Nhầm")
            agent.run("submit", "11/2024", "--yes")
    agent.run("send")
    for receipt in receipts(agent):
        seen.mark("receipt " + receipt)
    agent.env.pop("LD_PRELOAD")

    def check(program, marks, _):
        rows = {d["id"]: d for d in program.json("list")}
        for mark in marks:
            id_, rev = mark.split(" ")[-2:]
            assert id_ in rows and rows[id_]["rev"] >= int(rev), "kept and lost: %s" % mark
            if mark.startswith("receipt"):
                assert rows[id_]["state"] == "stored", mark
        assert len(program.json("plan")) == 1, "the plan is gone"
        program.run("send")
        assert set(office.all_of(program).values()) <= {"stored"}, office.all_of(program)

    Cut(p, seen, agent).each(check)
    log = f.documents()
    assert len(log) == len(set(log))


def keys_are_on_disk_before_anybody_hears_of_them(p):
    f = office.Federation(p)
    for name in ("agent", "aggregator"):
        if name == "agent":
            program, code = p.agent("office", env=office.QUICK), f.code("BD.01")
        else:
            program = p.aggregator("figures", env={"BAOCAO_FOLLOW_PATIENCE": "30s"})
            code = p.write("c.code", f.collector.json("consumer", "add", "figures")["code"])
        os.makedirs(program.dir)
        seen = watch(p, program)
        program.run("join", code)
        seen.mark("joined")
        program.env.pop("LD_PRELOAD")

        def check(program, marks, records, code=code):
            if not any(r[0] == "net" for r in records):
                return  # nobody has heard of it yet, so it may be another one
            if "joined" not in marks:
                program.run("join", code)
            program.run("send" if program.name == "baocao-agent" else "sync")

        Cut(p, seen, program).each(check)


def drop_folder_takes_each_file_once(p):
    f = office.Federation(p)
    agent = f.office()
    agent.run("send")
    drop = os.path.join(agent.dir, "drop")
    for sub in ("taken", "refused"):
        os.makedirs(os.path.join(drop, sub), exist_ok=True)
    os.rename(office.table(p, "b.csv", office.activities(3)), os.path.join(drop, "b.csv"))
    seen = watch(p, agent)
    agent.start("run")
    lib.wait_until(lambda: os.path.exists(os.path.join(drop, "taken", "b.csv")), "the file to be taken")
    lib.wait_until(lambda: agent.json("status")["stored"] == 3, "the receipts")
    seen.mark("taken")
    agent.stop()
    agent.env.pop("LD_PRELOAD")

    def check(program, marks, _):
        inside = [d for d in ("", "taken") if os.path.exists(os.path.join(program.dir, "drop", d, "b.csv"))]
        rows = len(program.json("list"))
        assert inside or rows == 3, "the file is gone and its rows are not there"
        assert rows in (0, 3) and ("taken" not in marks or rows == 3), rows
        if inside == [""]:
            program.run("import", os.path.join(program.dir, "drop", "b.csv"))
        assert len(program.json("list")) == 3
        if rows:  # what was not on this disk the collector has never heard of
            program.run("send")
            assert set(office.all_of(program).values()) == {"stored"}, office.all_of(program)
            assert len(f.documents()) == 3, f.documents()

    Cut(p, seen, agent).each(check)


def aggregator_comes_back_to_the_same_figures(p):
    c, agent = reporting.place_with_reports(p, 30)
    a = reporting.aggregator(p, c)
    seen = watch(p, a)
    a.run("sync")
    reporting.many(p, agent, 40)
    a.run("sync")
    a.run("rebuild")
    a.env.pop("LD_PRELOAD")
    want = reporting.summary(a)

    def check(program, _, __):
        program.run("sync")
        assert reporting.summary(program) == want

    Cut(p, seen, a).each(check)


lib.Cases().run(
    collector_keeps_what_it_gave_a_receipt_for,
    collector_s_commands,
    collector_made_copied_and_restored,
    agent_keeps_what_it_said_it_keeps,
    keys_are_on_disk_before_anybody_hears_of_them,
    drop_folder_takes_each_file_once,
    aggregator_comes_back_to_the_same_figures,
)
