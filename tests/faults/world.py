# SPDX-License-Identifier: MPL-2.0
"""The world of a round: offices with agents, a collector and an aggregator, whatever befalls them.

It plays what stands beside the programs in life: officers who give a command again that was not confirmed, a
service manager that starts again what ended, an operator who rebuilds after a restore.
"""
import json
import os
import shutil
import subprocess

import lib
import office
import reporting
from ledger import GONE, MONTHS
from proxy import Proxy

UNITS = ["BD.%02d" % n for n in range(1, 5)]
QUICK = {
    "BAOCAO_COURIER_PATIENCE": "1s",
    "BAOCAO_COURIER_BACKOFF": "200ms",
    "BAOCAO_COURIER_LOOK": "1s",
    "BAOCAO_FOLLOW_PATIENCE": "1s",
    "BAOCAO_FOLLOW_BACKOFF": "200ms",
}
DISK = "pwrite64,fdatasync,fsync,ftruncate,rename,mkdir"
AGAIN = (-9, 74, 75)  # killed, the disk, ask again: what an officer simply repeats
ENDS = (0, -9, -15, 74)  # how a daemon may end: drained, killed, stopped while it started, its disk failed


class Daemon:
    """A program's `run`, and what keeps it running."""

    def __init__(self, program):
        self.program, self.inject, self.frozen, self.down = program, None, False, False

    def start(self):
        """Starts it, with what strace is to do to its next system calls, where a fault says so."""
        p = self.program
        words = p.command("run")
        if self.inject:
            trace = ["-e", "trace=" + DISK, "-e", "inject=" + self.inject]
            words = ["strace", "-D", "-f", "-qq", "-o", "/dev/null", *trace, *words]
            self.inject = None
        with open(p.log, "a", encoding="utf-8") as log:
            p.process = subprocess.Popen(words, env=p.env, stdout=log, stderr=log)

    def tend(self):
        """Starts it again where it ended; how it ended must be one of the ways it may."""
        p = self.program
        if p.running() or self.down:
            return
        code = p.process.returncode if p.process else 0
        assert code in ENDS or self.mends(code), "%s ended with %s\n%s" % (p.name, code, p.tail())
        self.start()

    def mends(self, _code):
        return False

    def stop(self):
        self.program.stop()


class Reader(Daemon):
    """The aggregator: after a restore of the collector it stops, names the fork, and is rebuilt by hand."""

    def mends(self, code):
        if code != 65 or "log-forked" not in self.program.tail(3):
            return False
        return self.program.run("rebuild", ok=None).returncode in (0, 69, 75)


class Office(Daemon):
    """A unit's computer and its officer, who gives a command again until he is told that it is kept."""

    def __init__(self, world, program, unit, name):
        super().__init__(program)
        self.world, self.unit, self.name = world, unit, name
        self.second = name != unit  # a copy of the unit's first computer
        self.count, self.again, self.files = 0, [], []
        self.ids = {}  # title -> id
        self.proxy = Proxy(world.collector.port)
        program.env["BAOCAO_COLLECTOR_ENDPOINT"] = "tcp://127.0.0.1:%d" % self.proxy.port

    def give(self, words, done, kill=None):
        """One command, killed after KILL seconds where that is a number; DONE(…) once it is confirmed."""
        self.again.append((words, done))
        self.repeat(kill)

    def repeat(self, kill=None):
        """All commands that are not confirmed yet, in order; 1 where all are now."""
        while self.again and not self.frozen:
            words, done = self.again[0]
            code, out = self.command(words, kill)
            if code in AGAIN:
                return 0
            done(code, out)
            self.again.pop(0)
        return not self.again

    def command(self, words, kill):
        env = {**self.program.env, "BAOCAO_LANG": "en"}
        process = subprocess.Popen(
            self.program.command(*words, "--json"),
            env=env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            out, _ = process.communicate(timeout=kill or 60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            if kill is None:
                raise AssertionError("%s hangs: %s" % (self.program.name, words)) from None
            return -9, ""
        return process.returncode, out

    # ---- what officers do ----

    def enter(self, rng, kill):
        """A table of new rows, which some day is given again."""
        book, rows = self.world.book, []
        for _ in range(rng.randint(1, 6)):
            self.count += 1
            title = "Hội nghị %s số %d" % (self.name, self.count)
            day, figures = office.day(rng.randrange(56)), (rng.randint(1, 3), rng.randint(10, 400))
            iso = "-".join(reversed(day.split("/")))
            book.hand_in(title, figures, self.unit, iso)
            rows.append(["%s-%d" % (self.name, self.count), day, rng.choice(["F1", "F2"]), title, *figures])
        path = office.table(self.world.place, "%s-%d.csv" % (self.name, self.count), rows)
        self.files.append(path)
        self.give(["import", path, "--again"], lambda code, out: self.entered(rows, code, out), kill)

    def entered(self, rows, code, out):
        assert code == 0, out
        for row, said in zip(rows, json.loads(out)["rows"]):
            self.ids[row[3]] = said["id"]
            self.world.book.kept(row[3], (row[4], row[5]))

    def enter_again(self, rng, kill):
        if self.files:
            self.give(["import", rng.choice(self.files)], lambda code, out: None, kill)

    def own(self, gone):
        return sorted(t for t in self.ids if (self.world.book.now[t] == GONE) == gone)

    def change(self, rng, kill):
        """Corrects, withdraws or restores one of its own."""
        book, live, gone = self.world.book, self.own(False), self.own(True)
        if self.again or not live:
            return
        what = rng.random()
        if gone and what < 0.15:
            title, verb = rng.choice(gone), "restore"
            content = max(book.said[title] - {GONE}, key=lambda c: book.order.index((title, c)))
            words = [verb, self.ids[title]]
        else:
            title = rng.choice(live)
            content = GONE if what < 0.3 else (book.now[title][0], rng.randint(10, 400))
            words = ["withdraw", self.ids[title]]
            if content != GONE:
                words = ["correct", self.ids[title], "--set", "attendances=%d" % content[1]]
        book.hand_in(title, content)
        words += ["--reason", "Sửa lại"]
        self.give(words, lambda code, out: self.changed(title, content, code, out), kill)

    def changed(self, title, content, code, out):
        done_before = "document-withdrawn" if content == GONE else "document-not-withdrawn"
        assert code == 0 or done_before in out, (code, out)
        self.world.book.kept(title, content)

    def submit(self, rng, kill):
        self.give(["submit", rng.choice(MONTHS), "--yes"], self.submitted, kill)

    @staticmethod
    def submitted(code, out):
        assert code == 0, (code, out)


class World:
    """Everything a round needs, running and enrolled."""

    def __init__(self, place, book):
        self.place, self.book = place, book
        self.backup, self.backups = None, 0
        self.collector = place.collector()
        self.keeper = Daemon(self.collector)
        self.open_federation()
        self.offices = [self.open_office(u, u) for u in UNITS]
        self.reader = self.open_aggregator()
        self.daemons = [self.keeper, self.reader, *self.offices]

    def open_federation(self):
        c, head = self.collector, "Mã đơn vị;Tên đơn vị;Loại;Mã cấp trên;Từ ngày;Phải báo cáo"
        rows = [head, "BD;Liên đoàn Ví dụ;federation;;2020-01-01;"]
        rows += ["%s;Công đoàn cơ sở Ví dụ %s;grassroots;BD;2020-01-01;x" % (u, u[-2:]) for u in UNITS]
        c.run("init")
        c.run("unit", "import", self.place.write("units.csv", "\n".join(rows) + "\n"))
        c.run("plan", "publish", office.PLAN)
        c.run("enrol", "--all", "--out", self.place.path("slips"))
        c.up()

    def open_office(self, unit, name):
        agent = self.place.agent(name, env=QUICK)
        agent.run("join", self.place.path("slips", unit + ".code"))
        agent.run("send")
        one = Office(self, agent, unit, name)
        one.start()
        return one

    def open_aggregator(self):
        a = self.place.aggregator("figures", env=QUICK)
        a.run("join", self.collector.json("consumer", "add", "figures")["code"])
        reader = Reader(a)
        reader.proxy = Proxy(self.collector.port)
        reporting.through(a, reader.proxy.port)
        reader.start()
        return reader

    def clone(self, one):
        """The computer of ONE copied while it is off: a second one with its key and its outbox."""
        one.stop()
        name = one.name + "b"
        shutil.copytree(one.program.dir, self.place.path(name), ignore=shutil.ignore_patterns("run"))
        other = Office(self, self.place.agent(name, env=QUICK), one.unit, name)
        for daemon in (one, other):
            daemon.start()
        self.offices.append(other)
        self.daemons.append(other)

    def tend(self):
        for daemon in self.daemons:
            daemon.tend()

    def proxies(self):
        return [d.proxy for d in self.daemons if d is not self.keeper]

    def close(self):
        for proxy in self.proxies():
            proxy.close()
