#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Lines that are slow, lossy, cut, half-open or reset, strangers at the door: does everything arrive, once?

BAOCAO_THOROUGH=1 cuts at every byte.
"""
import json
import os
import random
import socket
import time

import paths  # noqa: F401
import bad
import federation
import formats
import lib
import office
import reporting
import strace
from proxy import Proxy

SEED = int(os.environ.get("BAOCAO_SEED", time.time()))
FIGURES = {"BAOCAO_FOLLOW_PATIENCE": "2s", "BAOCAO_FOLLOW_BACKOFF": "200ms"}
print("seed %d" % SEED, flush=True)


class Line:
    """A federation, an office and a proxy between them."""

    def __init__(self, p, **more):
        self.p, self.f = p, office.Federation(p)
        self.proxy = Proxy(self.f.collector.port)
        self.agent = self.f.office(
            BAOCAO_COLLECTOR_ENDPOINT="tcp://127.0.0.1:%d" % self.proxy.port,
            **{"BAOCAO_COURIER_PATIENCE": "2s", **more}
        )
        self.agent.run("send")
        self.entered = 0

    def enter(self, n):
        path = office.table(self.p, "t%d.csv" % self.entered, office.activities(n, self.entered))
        self.agent.run("import", path)
        self.entered += n

    def send(self, ok=True, wait="1s"):
        more = {} if ok is None else {"BAOCAO_COURIER_PATIENCE": "30s"}
        return self.agent.run("send", "--wait", wait, ok=ok, env=more)

    def whole(self):
        assert len(office.nothing_lost_or_doubled(self.f, [self.agent])) == self.entered
        self.agent.run("receipt", 1, "--verify")
        assert self.f.collector.json("verify")["whole"]
        self.proxy.close()


def two_seconds_late_each_way(p):
    line = Line(p, BAOCAO_COURIER_PATIENCE="30s")
    line.enter(5)
    line.proxy.delay(2)
    line.send(wait="60s")
    line.whole()


def one_kilobyte_a_second(p):
    line = Line(p, BAOCAO_COURIER_PATIENCE="30s")
    line.enter(5)
    line.proxy.rate(1000)
    line.send(wait="60s")
    line.whole()


def a_third_of_the_packets_lost(p):
    line = Line(p, BAOCAO_COURIER_PATIENCE="10s")
    line.enter(20)
    line.proxy.lossy(0.3, SEED)
    line.send(wait="60s")
    line.proxy.heal()
    line.whole()


def nothing_passes_for_a_while(p):
    """A partition: both ends believe in their connection. It heals by itself, with the agent running."""
    line = Line(p)
    line.agent.start("run")
    lib.wait_until(lambda: line.agent.json("status")["running"], "the agent to run")
    for trick in ("partition", "refuse", "reset"):
        getattr(line.proxy, trick)()
        line.enter(3)
        if trick != "reset":
            lib.wait_until(lambda: ".failed" in line.agent.tail(99), "an attempt in vain")
        line.proxy.heal()
        lib.wait_until(
            lambda: line.agent.json("status")["stored"] == line.entered, "the receipts after " + trick
        )
    line.agent.stop()
    line.whole()


def resets_at_any_moment(p):
    line, rng = Line(p), random.Random(SEED)
    line.agent.start("run")
    for _ in range(60 if strace.THOROUGH else 12):
        line.enter(2)
        line.proxy.reset()
        if rng.random() < 0.5:
            lib.wait_until(lambda: line.agent.json("status")["stored"] >= line.entered - 2, "some receipts")
    lib.wait_until(lambda: line.agent.json("status")["stored"] == line.entered, "the receipts")
    line.agent.stop()
    line.whole()


def offsets(total, rng, every=None):
    """Where to cut; thoroughly at each of the first EVERY bytes (of all: None), then at each 61st."""
    if strace.THOROUGH:
        return [*range(1, (every or total) + 1), *range(every or total, total + 1, 61)]
    return sorted({1, 9, 63, 64, 65, total} | {rng.randint(1, total) for _ in range(6)})


def cut_at_every_byte_of_sending(p):
    """From either side, at each byte of a whole conversation: the next attempt makes it good."""
    line, rng = Line(p), random.Random(SEED)
    line.enter(1)
    before = line.proxy.passed
    line.send()
    total = line.proxy.passed - before
    for from_server in (False, True):
        for n in offsets(total * 2 // 3, rng):
            line.enter(1)
            line.proxy.cut_after(n, from_server)
            line.send(ok=None, wait="0s")
    line.send()
    line.whole()


def cut_at_every_byte_of_joining(p):
    f, rng = office.Federation(p), random.Random(SEED)
    total, count = 1600, 0
    for from_server in (False, True):
        for n in offsets(total, rng):
            count += 1
            proxy = Proxy(f.collector.enrol_port)
            agent = p.agent("office-%d" % count, env=office.QUICK)
            code = f.collector.json("enrol", "BD.01", "--again")[0]["code"]
            through = bad_endpoint(code, proxy.port)
            proxy.cut_after(n, from_server)
            agent.run("join", through, ok=None)
            agent.run("join", through)  # the same code and key: the same answer, however far the first came
            proxy.close()
    keys = f.collector.json("status")["keys"]
    assert keys == count, (keys, count)


def bad_endpoint(code, port):
    """CODE with the enrolment port at PORT."""
    read = formats.code_read(code)
    raw = formats.code_raw(
        read["server"], read["successor"], read["token"], read["expires"], "127.0.0.1:%d" % port
    )
    return formats.code_text(raw)


def reader(p, c):
    """An aggregator that has read all that C has, its proxy, and how many bytes both sides said."""
    a, proxy = reporting.aggregator(p, c), Proxy(c.port)
    a.env.update(FIGURES)
    reporting.through(a, proxy.port)
    before = proxy.passed
    a.run("sync")
    return a, proxy, proxy.passed - before


def read_again(a, proxy, n, from_server=True):
    """A reading that is cut after N bytes of one side, and one that is not."""
    proxy.cut_after(n, from_server)
    a.run("sync", ok=None)
    a.run("sync", env={"BAOCAO_FOLLOW_PATIENCE": "30s"})


def cut_at_every_byte_of_reading(p):
    c, agent = reporting.place_with_reports(p, 30)
    a, proxy, total = reader(p, c)
    rng = random.Random(SEED)
    for count, n in enumerate(offsets(total, rng, 1200)):  # greeting, handshake, the first message's head
        if count % 3 == 0:
            os.unlink(os.path.join(a.dir, "aggregator.db"))
        federation.report(p, agent, 100 + count)
        agent.run("send")
        read_again(a, proxy, n)
        assert reporting.value(a, "sessions") == 31 + count, n
    a.run("verify")
    proxy.close()


def short_log(p):
    """A collector whose whole log is a few thousand bytes: a small plan, four units, two reports."""
    with open(federation.PLAN, encoding="utf-8") as file:
        plan = json.load(file)
    plan.update(topics=[], documents=[], measures=["sessions", "attendances"], checks=[], addressees=[])
    plan.update(forms=plan["forms"][:1])
    c = p.collector()
    c.run("init")
    c.run("unit", "import", p.write("units.csv", federation.UNITS))
    c.run("plan", "publish", p.write("plan.json", json.dumps(plan)))
    c.up()
    agent = federation.agent(p, c, "BD.1.1")
    reporting.many(p, agent, 2)
    return c


def cut_at_every_byte_of_a_first_reading(p):
    """The whole log, from the greeting to the last byte of the last entry, cut at each byte of it: the next
    reading goes on from what was kept, or from the beginning."""
    a, proxy, total = reader(p, short_log(p))
    whole = reporting.summary(a)
    for n in offsets(total, random.Random(SEED)):
        os.unlink(os.path.join(a.dir, "aggregator.db"))
        read_again(a, proxy, n)
        assert reporting.summary(a) == whole, n
    print("# cut after up to %d bytes of the collector" % total, flush=True)
    a.run("verify")
    proxy.close()


def silent_strangers_cost_nobody_anything(p):
    """Slow loris: hundreds who say nothing, or a byte now and then, before the handshake."""
    site = bad.Site(p)
    strangers = []
    for i in range(400):
        s = socket.create_connection(("127.0.0.1", site.collector.port))
        if i % 2:
            s.send(b"\xff")
        strangers.append(s)
    for _ in range(5):
        for s in strangers[1::20]:
            try:
                s.send(b"\0")
            except OSError:
                pass
        site.goes_through()
    late = site.outsider("BD.03")
    (verdict,) = late.send([bad.one(bad.activity("BD.03"))])
    assert verdict["verdict"] == "stored", verdict
    site.stored += 1
    for s in strangers:
        s.close()
    site.goes_through()
    site.unharmed()


def half_open_connections_give_their_credit_back(p):
    """Agents that vanish without a word while they hold a window: the others still get theirs."""
    site = bad.Site(p)
    cap = site.collector.json("status")["live"]["credit_cap"]
    proxy, gone = Proxy(site.collector.port), []
    for _ in range(60):
        one = bad.Agent()
        one.join(site.collector.json("enrol", "BD.01", "--again")[0]["code"])
        one.endpoint = "127.0.0.1:%d" % proxy.port
        one.open()
        gone.append(one)
        assert site.collector.json("status")["live"]["credit_granted"] <= cap
    proxy.partition()
    for _ in range(5):
        site.goes_through()
    proxy.close()
    site.goes_through()
    site.unharmed()


lib.Cases().run(
    two_seconds_late_each_way,
    one_kilobyte_a_second,
    a_third_of_the_packets_lost,
    nothing_passes_for_a_while,
    resets_at_any_moment,
    cut_at_every_byte_of_sending,
    cut_at_every_byte_of_joining,
    cut_at_every_byte_of_reading,
    cut_at_every_byte_of_a_first_reading,
    silent_strangers_cost_nobody_anything,
    half_open_connections_give_their_credit_back,
)
