#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Every office is connected and the collector falls: do all come back by themselves, none served twice?

Real agents, each with its own back-off. BAOCAO_THOROUGH=1 has 300 of them, and the collector falls three
times; HERD=n as many as asked for. They are processes of one machine, which have disks and processors of
their own in life. Above a few hundred all would wait for one disk to sync, so MEMORY=1 keeps their outboxes
in /dev/shm; and the longest wait grows with the herd (a second for 66), as in life, where it is 15 minutes:
so many calls a second two cores can carry beside the rest. Reports are entered by the drop folder.
"""
import atexit
import collections
import concurrent.futures
import os
import re
import shutil
import time

import paths  # noqa: F401
import lib
import office
import strace
from proxy import Proxy

HERD = int(os.environ.get("HERD", 300 if strace.THOROUGH else 40))
LONG = 90 + HERD / 10  # s, until a herd is through
FALLS = 3 if strace.THOROUGH else 1
BACKOFF = max(2, HERD // 66)  # s
PATIENT = {
    "BAOCAO_COURIER_PATIENCE": "20s",
    "BAOCAO_COURIER_BACKOFF": "%ds" % BACKOFF,
    "BAOCAO_COURIER_STAY": "1h",
}


class Herd:
    def __init__(self, p):
        self.p, self.c = p, p.collector()
        rows = ["%s;CĐCS Ví dụ %d;grassroots;BD;2020-01-01;x" % (self.unit(n), n) for n in range(HERD)]
        self.c.run("init")
        self.c.run("unit", "import", p.write("u.csv", "\n".join([*office.UNITS_TABLE[:2], *rows]) + "\n"))
        self.c.run("plan", "publish", office.PLAN)
        self.c.run("enrol", "--all", "--out", p.path("slips"))
        self.c.up()
        self.memory = "/dev/shm/baocao-herd-%d" % os.getpid() if os.environ.get("MEMORY") else None
        if self.memory:
            atexit.register(shutil.rmtree, self.memory, ignore_errors=True)
        self.agents = [p.agent(self.home(n), env=PATIENT) for n in range(HERD)]
        self.entered = 0
        self.all(lambda n: self.agents[n].run("join", p.path("slips", self.unit(n) + ".code")))
        for agent in self.agents:
            agent.start("run")

    def home(self, n):
        """The name of the folder of agent N."""
        name = "a%d" % n
        if self.memory:
            os.makedirs(os.path.join(self.memory, name), mode=0o700)
            os.symlink(os.path.join(self.memory, name), self.p.path(name))
        return name

    @staticmethod
    def unit(n):
        return "BD.%03d" % (n + 1)

    def all(self, act):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(act, range(HERD)))

    def enter(self):
        """A report at every office, laid into its drop folder; until all are taken in."""
        name = "t%d.csv" % self.entered
        table = office.table(self.p, name, office.activities(1, self.entered))
        laid = [os.path.join(agent.dir, "drop", name) for agent in self.agents]
        for path in laid:
            lib.wait_until(lambda: os.path.isdir(os.path.dirname(path)), "the drop folder", LONG)
            shutil.copy(table, path + ".part")
            os.rename(path + ".part", path)
        lib.wait_until(lambda: not any(map(os.path.exists, laid)), "all to be taken in", LONG)
        self.entered += 1

    def status(self):
        """What the collector says of itself; the credit it has given never exceeds what it may give."""
        said = self.c.json("status")
        live = said["live"]
        assert live["credit_granted"] <= live["credit_cap"], live
        return said

    def drained(self):
        """Waits until all is served; the most handshakes between two looks half a second apart, by second."""
        looks = []

        def served():
            now, said = time.monotonic(), self.status()
            if not looks or now - looks[-1][0] >= 0.5:
                looks.append((now, said["live"]["handshakes"]["accepted"]))
            return said["documents"] == HERD * self.entered

        lib.wait_until(served, "the herd to be served", LONG)
        return max([(b[1] - a[1]) / (b[0] - a[0]) for a, b in zip(looks, looks[1:])], default=0)

    def failures(self):
        """What the agents' attempts ended with so far: {code: how often}."""
        codes = (re.findall(r"courier\.failed code=(\S+)", agent.tail(10**6)) for agent in self.agents)
        return collections.Counter(code for some in codes for code in some)

    def every_office_knows(self):
        """Each agent holds a receipt for all it entered."""

        def knows(n):
            lib.wait_until(
                lambda: self.agents[n].json("status")["stored"] == self.entered, "the receipts", LONG
            )

        self.all(knows)


def all_come_back_after_a_fall(p):
    herd = Herd(p)
    herd.enter()
    herd.drained()
    for _ in range(FALLS):
        herd.c.kill()
        herd.enter()
        before, start = herd.failures(), time.monotonic()
        herd.c.up()
        most = herd.drained()
        live, took = herd.status()["live"], time.monotonic() - start
        print(
            "# %d agents served in %.0f s: %d handshakes, at most %.0f/s, %d sessions; failed since: %s"
            % (
                HERD,
                took,
                live["handshakes"]["accepted"],
                most,
                live["sessions"],
                dict(herd.failures() - before),
            ),
            flush=True,
        )
        assert live["handshakes"]["unknown"] + live["handshakes"]["malformed"] == 0, live["handshakes"]
    herd.every_office_knows()
    for agent in herd.agents:
        agent.stop()
    herd.c.stop()
    assert herd.c.json("verify")["whole"]


def wrong_server_key_costs_what_the_back_off_allows(p):
    """An office that calls another's collector for ever: two connections an attempt, ever further apart."""
    f, other = office.Federation(p), office.Federation(p, "impostor")
    proxy = Proxy(other.collector.port)
    agent = f.office(BAOCAO_COURIER_BACKOFF="400ms", BAOCAO_COURIER_STAY="0")
    agent.run("send")
    agent.env["BAOCAO_COLLECTOR_ENDPOINT"] = "tcp://127.0.0.1:%d" % proxy.port
    agent.run("import", office.table(p, "a.csv", office.activities(1)))
    before = proxy.connects
    agent.start("run")
    attempts = lambda: re.findall(r"server-key-wrong failures=(\d+) wait_ms=(\d+)", agent.tail(999))
    lib.wait_until(lambda: len(attempts()) >= 12, "a dozen attempts in vain")
    agent.stop()
    tried = attempts()
    assert proxy.connects - before <= 2 * len(tried) + 4, (proxy.connects - before, len(tried))
    assert all(int(wait) <= 400 for _, wait in tried), tried
    assert len({wait for _, wait in tried}) > 4, "no jitter: %s" % tried
    assert not other.documents() and agent.json("status")["waiting"] == 1
    proxy.close()


lib.Cases().run(all_come_back_after_a_fall, wrong_server_key_costs_what_the_back_off_allows)
