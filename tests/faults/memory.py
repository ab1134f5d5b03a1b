#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""An allocation that fails, once, at any moment: an end or a clean refusal, and never a wrong answer?

A command that says that it went well must have said and done what it does undisturbed. BAOCAO_THOROUGH=1
takes very many moments, else a few of each command.
"""
import os
import random
import shutil
import time

import paths  # noqa: F401
import lib
import office
import reporting
import strace

LIBRARY = os.path.join(lib.BUILD, "tests", "faults", "preload_alloc.so")
SEED = int(os.environ.get("BAOCAO_SEED", time.time()))
MOMENTS = 400 if strace.THOROUGH else 14
# abort(), by us, libzmq or (as SIGTRAP) GLib; libcrypto's and getpwuid's own start, which fall over it.
ENDED = (-5, -6, -11)
print("seed %d" % SEED, flush=True)


class Fragile:
    """A program put back to what it was before each attempt."""

    def __init__(self, p, program):
        self.p, self.program, self.rng = p, program, random.Random(SEED)
        self.copy = p.path("before-" + os.path.basename(program.dir))
        if os.path.exists(program.dir):
            shutil.copytree(program.dir, self.copy, ignore=shutil.ignore_patterns("run"))

    def back(self):
        shutil.rmtree(self.program.dir, ignore_errors=True)
        if os.path.exists(self.copy):
            shutil.copytree(self.copy, self.program.dir)

    def allocations(self, words):
        path = self.p.path("count")
        done = self.program.run(*words, env={"LD_PRELOAD": LIBRARY, "ALLOC_COUNT": path})
        with open(path, encoding="ascii") as file:
            return done.stdout, int(file.read())

    def each(self, words, same=None):
        """Fails an allocation of WORDS at many moments. SAME(): what must be once it went well, if need be
        when it was given again; without it the output must be the same."""
        self.back()
        want, total = self.allocations(words)
        wanted = same() if same else None
        moments = sorted({self.rng.randint(1, total) for _ in range(MOMENTS)})
        ends = {"went well": 0, "refused": 0, "ended": 0}
        for n in moments:
            if same:
                self.back()
            done = self.program.run(*words, ok=None, env={"LD_PRELOAD": LIBRARY, "ALLOC_FAIL": str(n)})
            assert done.returncode in ENDED or 0 <= done.returncode <= 78, (n, done)
            how = "ended" if done.returncode in ENDED else "refused" if done.returncode else "went well"
            ends[how] += 1
            if how == "went well" and not same:
                assert done.stdout == want, "allocation %d: said another thing" % n
            if how != "went well" and same:
                self.program.run(*words, ok=None)
            assert not same or same() == wanted, "allocation %d: %s, and left another thing" % (n, how)
        print(
            "# %s %s: %d allocations, %d failed: %s"
            % (self.program.name, " ".join(map(str, words[:2])), total, len(moments), ends)
        )


def agent_s_commands(p):
    f = office.Federation(p)
    agent = f.office()
    agent.run("send")
    agent.run("import", office.table(p, "a.csv", office.activities(4)))
    agent.run("send")
    fragile = Fragile(p, agent)
    rows = lambda: [(r["id"], r["rev"], r["state"], r["withdrawn"]) for r in agent.json("list")]
    fragile.each(["list", "--json"])
    fragile.each(["receipt", "1", "--verify", "--lang", "en"])
    fragile.each(["plan", "--json"])
    fragile.each(["import", office.table(p, "b.csv", office.activities(3, 10))], same=rows)
    fragile.each(["submit", "11/2024", "--yes"], same=rows)
    fragile.each(["withdraw", "1", "--reason", "Nhầm"], same=rows)


def agent_sends(p):
    f = office.Federation(p)
    agent = f.office()
    agent.run("send")
    fragile, total = random.Random(SEED), 0
    for _ in range(MOMENTS):
        agent.run("import", office.table(p, "a%d.csv" % total, office.activities(2, total)))
        total += 2
        nth = str(int(2 ** fragile.uniform(4, 13)))
        agent.run("send", ok=None, env={"LD_PRELOAD": LIBRARY, "ALLOC_FAIL": nth})
        office.send(agent)
        assert len(office.nothing_lost_or_doubled(f, [agent])) == total, nth


def collector_s_commands(p):
    f = office.Federation(p)
    f.collector.stop()
    fragile = Fragile(p, f.collector)
    fragile.each(["unit", "list", "--json"])
    fragile.each(["plan", "list", "--json"])
    fragile.each(["verify", "--json"])
    units = p.write(
        "m.csv", "code;name;kind;parent;opened\nBD.09;CĐCS Ví dụ Chín;grassroots;BD;2020-01-01\n"
    )
    fragile.each(["unit", "import", units], same=lambda: len(f.collector.json("unit", "list")))


def collector_at_work(p):
    """Never a receipt for what is not stored; what ends is started again, and everything arrives."""
    f = office.Federation(p)
    c, agent, rng, total, ended = (
        f.collector,
        f.office(BAOCAO_COURIER_PATIENCE="2s"),
        random.Random(SEED),
        0,
        0,
    )
    agent.run("send")
    for _ in range(MOMENTS):
        c.stop()
        c.start("run", env={"LD_PRELOAD": LIBRARY, "ALLOC_FAIL": str(int(2 ** rng.uniform(11, 14)))})
        lib.wait_until(lambda: not c.running() or c._open(c.port), "the port")
        agent.run("import", office.table(p, "a%d.csv" % total, office.activities(20, total)))
        total += 20
        agent.run("send", "--wait", "1s", ok=None)
        ended += not c.running()
        c.kill()
        c.up()
        office.send(agent)
        assert len(office.nothing_lost_or_doubled(f, [agent])) == total
    print("# collector: ended %d times of %d" % (ended, MOMENTS))
    c.stop()
    assert c.json("verify")["whole"]


def aggregator_s_answers(p):
    c, _ = reporting.place_with_reports(p, 30)
    a = reporting.aggregator(p, c)
    a.run("sync")
    fragile = Fragile(p, a)
    fragile.each(["summary", "--period", "2024-11", "--format", "json"])
    fragile.each(["summary", "--period", "2024-11", "--format", "csv"])
    fragile.each(["missing", "--period", "2024-11", "--json"])
    fresh = reporting.aggregator(p, c, "fresh")
    Fragile(p, fresh).each(["sync"], same=lambda: reporting.value(fresh, "sessions"))


lib.Cases().run(agent_s_commands, agent_sends, collector_s_commands, collector_at_work, aggregator_s_answers)
