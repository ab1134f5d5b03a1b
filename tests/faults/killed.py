#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Killed at each call that touches the disk: does the same command, given again, bring what was wanted?

The names say which command. Every case prints how many moments it was killed at; BAOCAO_THOROUGH=1 takes all.
"""
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys

import paths  # noqa: F401
import bad
import lib
import office
import reporting
import strace


class Again:
    """A data directory that is put back to what it was before each attempt."""

    def __init__(self, program, place):
        self.program, self.place = program, place
        self.copy = place.path("before-" + os.path.basename(program.dir))
        if os.path.exists(program.dir):
            shutil.copytree(program.dir, self.copy, ignore=shutil.ignore_patterns("run"))

    def back(self):
        shutil.rmtree(self.program.dir, ignore_errors=True)
        if os.path.exists(self.copy):
            shutil.copytree(self.copy, self.program.dir)

    def each(self, words, check, again=None, ok=True):
        """Kills WORDS at each moment; then AGAIN (or the same) must go, and CHECK() must hold."""

        def after(n):
            self.program.run(*(again or words), ok=ok)
            assert check(n), "killed at moment %d" % n

        count = strace.killed_at_each(self.program, words, self.back, after)
        print("# %s %s: killed at %d moments" % (self.program.name, " ".join(map(str, words[:2])), count))


def whole(collector):
    assert collector.json("verify")["whole"]
    return collector.json("status")


def collector_init(p):
    c = p.collector()

    def check(_):
        said = c.run("init", ok=65)
        assert "dir-taken" in said.stderr and "secret" not in said.stdout, said
        assert whole(c)["documents"] == 0
        assert c.run("unit", "import", p.write("u.csv", "\n".join(office.UNITS_TABLE))).returncode == 0
        return c.json("enrol", "BD.01")[0]["code"]

    Again(c, p).each(["init"], check, ok=None)


def made(p):
    """A collector that is down, with units, a plan, documents, a held one and a backup."""
    site = bad.Site(p)
    sender = site.outsider()
    first = bad.activity()
    sender.send([bad.one(first)])
    for n in (1, 2):
        sender.send([bad.one({**first, "rev": 2, "reason": "Sửa", "measures": {"sessions": n}})])
    site.goes_through()
    c = site.collector
    assert c.json("status")["held"] == 1
    c.run("backup", p.path("backup"))
    assert c.stop() == 0
    return c


def collector_units_plans_and_codes(p):
    c = made(p)
    again = Again(c, p)
    units = p.write(
        "more.csv", "code;name;kind;parent;opened\nBD.09;CĐCS Ví dụ Chín;grassroots;BD;2020-01-01\n"
    )
    count = len(c.json("unit", "list"))
    again.each(["unit", "import", units], lambda n: len(c.json("unit", "list")) == count + 1)
    plan = os.path.join(lib.ROOT, "tests", "demo", "input", "plan-999.json")
    again.each(["plan", "publish", plan], lambda n: whole(c)["plans"] == 2)
    slips = p.path("slips")

    def every_slip(_):
        return whole(c) and len([f for f in os.listdir(slips) if f.endswith(".code")]) >= count - 2

    again.each(["enrol", "--all", "--again", "--out", slips], every_slip)


def collector_rights(p):
    c = made(p)
    again = Again(c, p)
    again.each(["grant", "BD.01", "--for", "BD.02"], lambda n: whole(c))
    again.each(["revoke", "BD.01"], lambda n: whole(c)["keys"] == 1, ok=None)
    again.each(["handover", "BD.01"], lambda n: whole(c)["keys"] == 1)
    again.each(
        ["consumer", "add", "figures"], lambda n: whole(c), again=["consumer", "add", "figures", "--again"]
    )
    again.each(["notice", "BD.01", "--subject", "Nhắc", "--text", "Nộp báo cáo"], lambda n: whole(c))


def collector_held_and_redact(p):
    c = made(p)
    again = Again(c, p)
    held = str(c.json("held", "list")[0]["held"])

    def released(_):
        status = whole(c)
        return (status["held"], status["documents"]) == (0, 4)

    again.each(["held", "release", held], released, ok=None)
    again.each(["held", "discard", held, "--reason", "Trùng"], lambda n: whole(c)["held"] == 0, ok=None)
    position = [h["position"] for h in headers(c) if h["kind"] == "document"][0]
    again.each(["redact", position, "--reason", "Có tên người"], lambda n: whole(c), ok=None)


def headers(c):
    with sqlite3.connect("file:%s/queue.db?mode=ro" % c.dir, uri=True) as db:
        return [json.loads(h) for (h,) in db.execute("SELECT header FROM entry ORDER BY position")]


def collector_key_succeeds(p):
    """The spare takes over, and another one is kept and announced, whatever was there before."""
    c = p.collector()
    paper = p.write("spare.txt", c.run("init").stdout)
    with open(paper, encoding="utf-8") as file:
        spare = re.search("public ([0-9a-f]{64})", file.read()).group(1)

    def kept(name):
        with open(os.path.join(c.dir, name), encoding="utf-8") as file:
            return re.search("[0-9a-f]{64}", file.read()).group()

    def succeeded(_):
        whole(c)
        with sqlite3.connect("file:%s/queue.db?mode=ro" % c.dir, uri=True) as db:
            (body,) = db.execute("SELECT body FROM entry ORDER BY position DESC LIMIT 1").fetchone()
        return kept("server.key") == spare != kept("successor.pub") == json.loads(body)["server"]

    Again(c, p).each(["key", "succeed", paper], succeeded)


def collector_backup_and_restore(p):
    c = made(p)
    again, want = Again(c, p), c.json("status")
    target = p.path("copy")

    def restorable(n):
        other = p.collector("restored-%d" % n)
        other.run("restore", target)
        shutil.rmtree(target)
        return whole(other)["documents"] == want["documents"]

    again.each(["backup", target], restorable)
    other = p.collector("fresh")

    def restored(_):
        status = whole(other)
        return status["documents"] == want["documents"] and status["log"] != want["log"]

    Again(other, p).each(["restore", p.path("backup")], restored, ok=None)


def collector_half_a_backup_is_none(p):
    """What a killed backup leaves is never taken for one."""
    c = made(p)
    want = c.json("status")["documents"]
    for n in strace.moments():
        target = p.path("half-%d" % n)
        if strace.run(c, ["backup", target], "signal=SIGKILL:when=%d" % n) != -9:
            break
        other = p.collector("from-half-%d" % n)
        done = other.run("restore", target, ok=None)
        assert done.returncode != 0 or whole(other)["documents"] == want, (n, done)


def offices(p):
    f = office.Federation(p)
    agent = f.office()
    agent.run("send")
    agent.run("import", office.table(p, "a.csv", office.activities(3)))
    agent.run("send")
    return f, agent


def rows(agent):
    return agent.json("list")


def agent_enters(p):
    f, agent = offices(p)
    again = Again(agent, p)
    table = office.table(p, "b.csv", office.activities(3, 10))
    again.each(["import", table], lambda n: len(rows(agent)) == 6)
    doc = p.write(
        "d.json",
        '{"id":"0190a000-0000-7000-8000-000000000001","from":"2024-11-20","form":"F1",'
        '"measures":{"sessions":1,"attendances":40}}',
    )
    again.each(["report", doc], lambda n: len(rows(agent)) == 4, ok=None)
    again.each(["submit", "11/2024", "--yes"], lambda n: len(rows(agent)) == 4)

    def corrected(_):
        return [r["rev"] for r in rows(agent) if r["no"] == 1][0] in (2, 3)

    again.each(["correct", "1", "--set", "attendances=7", "--reason", "Sửa"], corrected)
    again.each(["withdraw", "1", "--reason", "Nhầm"], lambda n: rows(agent)[0]["withdrawn"], ok=None)
    agent.run("send")
    office.nothing_lost_or_doubled(f, [agent])


def agent_joins(p):
    f = office.Federation(p)
    agent = p.agent("office", env=office.QUICK)
    codes = []
    table = office.table(
        p, "a.csv", office.activities(1)
    )  # a join fetches what the unit has sent: let it not grow

    def before():
        shutil.rmtree(agent.dir, ignore_errors=True)
        codes.append(
            p.write("c%d.code" % len(codes), f.collector.json("enrol", "BD.01", "--again")[0]["code"])
        )

    def after(_):
        agent.run("join", codes[-1])
        agent.run("import", table, "--again")
        agent.run("send")
        office.nothing_lost_or_doubled(f, [agent])

    count = 0
    for count, n in enumerate(strace.moments()):
        before()
        if strace.run(agent, ["join", codes[-1]], "signal=SIGKILL:when=%d" % n) != -9:
            break
        after(n)
    print("# agent join: killed at %d moments" % count)
    assert count > 3


def agent_sends(p):
    f = office.Federation(p)
    agent = f.office()
    agent.run("send")
    total = count = 0
    for count, n in enumerate(strace.moments()):
        agent.run("import", office.table(p, "a%d.csv" % n, office.activities(3, 3 * count)))
        total += 3
        code = strace.run(agent, ["send"], "signal=SIGKILL:when=%d" % n)
        agent.run("send")
        assert len(office.nothing_lost_or_doubled(f, [agent])) == total, n
        if code == 0:
            break
    print("# agent send: killed at %d moments" % count)


def agent_takes_files(p):
    """A file in the drop folder is taken once, and is in drop/ or taken/ at every moment."""
    f = office.Federation(p)
    agent = f.office()
    agent.run("send")
    drop, total = os.path.join(agent.dir, "drop"), 0
    for sub in ("taken", "refused"):
        os.makedirs(os.path.join(drop, sub), exist_ok=True)
    for count, n in enumerate(strace.moments()):
        name = "b%d.csv" % n
        os.rename(office.table(p, name, office.activities(2, 100 + 2 * count)), os.path.join(drop, name))
        agent.process = strace.start(agent, ["run"], "signal=SIGKILL:when=%d" % n)
        there = lambda name=name: [d for d in ("", "taken") if os.path.exists(os.path.join(drop, d, name))]
        lib.wait_until(
            lambda there=there: not agent.running() or there() == ["taken"], "the kill or the file"
        )
        assert there(), "moment %d: the file is gone" % n
        killed = agent.kill() == -9 and there() != ["taken"]
        total += 2
        agent.start("run")
        lib.wait_until(lambda there=there: there() == ["taken"], "the file to be taken")
        lib.wait_until(lambda: agent.json("status")["stored"] == total, "%d receipts" % total)
        agent.stop()
        assert len(office.nothing_lost_or_doubled(f, [agent])) == total, n
        if not killed and n > 40 or n > 150:
            break


def aggregator_reads(p):
    c, _ = reporting.place_with_reports(p, 40)
    calm = reporting.aggregator(p, c, "calm")
    killed = reporting.aggregator(p, c, "killed")
    calm.run("sync")
    want = reporting.summary(calm)
    again = Again(killed, p)
    again.each(["sync"], lambda n: same(killed, want))
    again.each(["rebuild"], lambda n: same(killed, want))
    killed.run("verify")


def same(aggregator, want):
    aggregator.run("sync")
    return figures(reporting.summary(aggregator)) == figures(want)


def figures(summary):
    """What a summary says, without where the log stood: enrolling the second was an entry, too."""
    return {k: v for k, v in json.loads(summary).items() if k not in ("chain", "position")}


def aggregator_joins(p):
    f = office.Federation(p)
    count = 0
    for count, n in enumerate(strace.moments()):
        a = p.aggregator(
            "figures-%d" % n, env={"BAOCAO_FOLLOW_PATIENCE": "30s", "BAOCAO_FOLLOW_BACKOFF": "300ms"}
        )
        code = p.write("c.code", f.collector.json("consumer", "add", "f%d" % n)["code"])
        if strace.run(a, ["join", code], "signal=SIGKILL:when=%d" % n) != -9:
            break
        a.run("join", code)
        a.run("sync")
    print("# aggregator join: killed at %d moments" % count)
    assert count > 3


class Migration:
    """A store of two versions, stood in for by the test of db_open: there is one schema so far."""

    name = "migration"

    def __init__(self, p):
        self.log, self.env, self.path = p.path("log"), dict(os.environ), p.path("x.db")

    def command(self, what, path=None):
        return [os.path.join(lib.BUILD, "tests", "base", "test_db_open"), what, path or self.path]

    def said(self, what, path=None):
        done = subprocess.run(self.command(what, path), capture_output=True, text=True, check=False)
        return done.stdout.split()


def migration_is_whole_or_not_begun(p):
    """Killed at each call: the old version or the new one, whole; and a copy of the old one to go back to."""
    m, count = Migration(p), 0
    for count, n in enumerate(strace.moments()):
        for name in os.listdir(p.folder):
            if name.startswith("x.db"):
                os.unlink(p.path(name))
        assert m.said("make") == []
        killed = strace.run(m, ["migrate"], "signal=SIGKILL:when=%d" % n) == -9
        before = p.path("x.db.before-2")
        if os.path.exists(before):
            assert m.said("old", before) == ["1", "2"], "moment %d: %s" % (n, m.said("old", before))
        assert m.said("migrate") == ["2", "2"], n
        assert m.said("old", before) == ["1", "2"] and m.said("new") == ["2", "2"], n
        if not killed:
            break
    print("# migration: killed at %d moments" % count)
    assert count > 5


if not shutil.which("strace"):
    print("ok killed: left out, there is no strace")
    sys.exit(0)
lib.Cases().run(
    collector_init,
    collector_units_plans_and_codes,
    collector_rights,
    collector_held_and_redact,
    collector_key_succeeds,
    collector_backup_and_restore,
    collector_half_a_backup_is_none,
    agent_enters,
    agent_joins,
    agent_sends,
    agent_takes_files,
    aggregator_reads,
    aggregator_joins,
    migration_is_whole_or_not_begun,
)
