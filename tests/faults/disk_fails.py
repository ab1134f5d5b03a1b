#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""A disk that fails once, is full, is interrupted, writes in part: no receipt, no second sync, nothing lost?

A call fails once and would succeed the next time, so that whoever tries again is seen. BAOCAO_THOROUGH=1
takes each call in turn.
"""
import os
import re
import shutil
import signal
import subprocess
import sys

import paths  # noqa: F401
import federation
import lib
import office
import reporting
import strace

SYNCS = "fdatasync,fsync"
WRITES = "pwrite64,ftruncate,rename"
ERRORS = ("EIO", "ENOSPC")
SHORT = os.path.join(lib.BUILD, "tests", "faults", "preload_short.so")
QUICK = {"BAOCAO_FOLLOW_PATIENCE": "1s", "BAOCAO_FOLLOW_BACKOFF": "200ms"}


def failing(program, words, calls, error, nth, path):
    """Starts WORDS, the NTH of whose CALLS fails: (process, function that tells what was called after)."""
    trace = path + ".trace"
    with open(program.log, "a", encoding="utf-8") as log:
        process = subprocess.Popen(
            [
                "strace",
                "-D",
                "-f",
                "-y",
                "-qq",
                "-o",
                trace,
                "-e",
                "trace=" + calls,
                "-e",
                "inject=%s:error=%s:when=%d" % (calls, error, nth),
                *program.command(*words),
            ],
            env={**program.env, "ASAN_OPTIONS": "detect_leaks=0"},
            stdout=log,
            stderr=log,
        )
    return process, lambda: after_the_fault(trace)


def after_the_fault(trace):
    """[(call, file)]: the one that failed and all after it; None where none failed."""
    with open(trace, encoding="utf-8", errors="replace") as file:
        lines = file.read().split("\n")
    hit = [i for i, line in enumerate(lines) if "(INJECTED)" in line]
    found = [re.search(r"(\w+)\(\d+<([^>]*)>", line) for line in lines[hit[0] :]] if hit else None
    return None if found is None else [(m[1], m[2]) for m in found if m]


def of_store(call):
    """A sync of a store's file; the names in its folder were on disk when it was opened."""
    return "sync" in call[0] and re.search(r"\.db(-wal)?$", call[1])


def never_again(said):
    """After a failed sync of a store nobody syncs it again: that would say yes, and lie."""
    syncs = [call for call in said or [] if of_store(call)]
    if said and of_store(said[0]):
        assert len(syncs) == 1, "synced again after a failed sync: %s" % syncs


def collector_stops_at_once(p):
    f = office.Federation(p)
    c, agent = f.collector, f.office(BAOCAO_COURIER_PATIENCE="1s")
    agent.run("send")
    entered = hits = 0
    for calls, error in [(SYNCS, "EIO"), (WRITES, "EIO"), (WRITES, "ENOSPC")]:
        for n in range(1, 40) if strace.THOROUGH else range(1, 14, 2):
            c.stop()
            c.process, said = failing(c, ["run"], calls, error, n, p.path("c"))
            lib.wait_until(lambda: not c.running() or c._open(c.port), "the port")
            before = agent.json("status")["stored"] if c.running() else None
            agent.run("import", office.table(p, "a%d.csv" % entered, office.activities(2, entered)))
            entered += 2
            agent.run("send", "--wait", "1s", ok=None)
            if said() and of_store(said()[0]):
                lib.wait_until(lambda: not c.running(), "the collector to stop after a failed sync")
                assert c.process.returncode == 74, c.process.returncode
                never_again(said())
                hits += 1
            c.kill()
            assert before is None or said() is None or agent.json("status")["stored"] <= entered
            c.up()
            office.send(agent)
            assert len(office.nothing_lost_or_doubled(f, [agent])) == entered, (calls, error, n)
    assert hits > 0, "no sync of the store failed"
    assert c.stop() == 0 and c.json("verify")["whole"]


def what_was_never_synced_is_not_called_stored(p):
    """After a failed sync the row is in the page cache. A start that can not sync it does not answer."""
    f = office.Federation(p)
    c, agent = f.collector, f.office(BAOCAO_COURIER_PATIENCE="1s")
    agent.run("send")
    hits = 0
    for n in range(1, 10):
        agent.run("import", office.table(p, "a%d.csv" % n, office.activities(1, n)))
        c.stop()
        c.process, _ = failing(c, ["run"], SYNCS, "EIO", n, p.path("c"))
        lib.wait_until(lambda: not c.running() or c._open(c.port), "the port")
        agent.run("send", "--wait", "1s", ok=None)
        wal = os.path.join(c.dir, "queue.db-wal")
        if not c.running() and os.path.exists(wal) and os.path.getsize(wal):
            before = agent.json("status")["stored"]
            c.process, _ = failing(c, ["run"], SYNCS, "EIO", 1, p.path("d"))
            agent.run("send", "--wait", "1s", ok=None)
            lib.wait_until(lambda: not c.running(), "the start to fail")
            assert c.process.returncode == 74, c.tail()
            assert agent.json("status")["stored"] == before
            hits += 1
        c.kill()
        c.up()
        office.send(agent)
        assert len(office.nothing_lost_or_doubled(f, [agent])) == n
    assert hits > 0, "no sync failed while documents came in"


def agent_says_no(p):
    f = office.Federation(p)
    agent = f.office()
    agent.run("send")
    before = p.path("before")
    shutil.copytree(agent.dir, before)
    for calls, error in [(SYNCS, "EIO"), (WRITES, "EIO"), (WRITES, "ENOSPC")]:
        for n in strace.moments():
            table = office.table(p, "a.csv", office.activities(3))
            process, said = failing(agent, ["import", table], calls, error, n, p.path("a"))
            code = process.wait(60)
            rows = len(agent.json("list"))
            # Its journal puts the pages back and syncs them: that promises nothing.
            assert (code == 0 and rows == 3) or (code == 74 and rows in (0, 3)), (
                calls,
                error,
                n,
                code,
                rows,
            )
            agent.run("import", table)
            assert len(agent.json("list")) == 3
            shutil.rmtree(agent.dir)
            shutil.copytree(before, agent.dir)
            if said() is None:
                break


def aggregator_stops_and_goes_on(p):
    c, agent = reporting.place_with_reports(p, 60)
    a = reporting.aggregator(p, c)
    a.run("sync")
    rows = 60
    for calls, error in [(SYNCS, "EIO"), (WRITES, "EIO"), (WRITES, "ENOSPC")]:
        for n in strace.moments():
            federation.report(p, agent, rows)
            agent.run("send")
            rows += 1
            process, said = failing(a, ["sync"], calls, error, n, p.path("a"))
            code = process.wait(60)
            assert code in (0, 74), (calls, error, n, code, a.tail())
            never_again(said() if calls == SYNCS else None)
            a.run("sync")
            assert reporting.value(a, "sessions") == rows
            if said() is None:
                break
    a.run("verify")


def interrupted_and_partial_writes_change_nothing(p):
    f = office.Federation(p)
    c = f.collector
    c.stop()
    short = {"LD_PRELOAD": SHORT}
    c.up(env=short)
    agent = f.office(**short)
    figures = p.aggregator("figures", env={**QUICK, **short})
    figures.run("join", c.json("consumer", "add", "figures")["code"])
    agent.run("send")
    agent.run("import", office.table(p, "a.csv", office.activities(200)))
    agent.run("send")
    figures.run("sync")
    assert len(office.nothing_lost_or_doubled(f, [agent])) == 200
    for n in (1, 2, 3, 5, 8):
        table = office.table(p, "b%d.csv" % n, office.activities(2, 1000 + 2 * n))
        inject = "error=EINTR:when=%d+3" % n
        assert strace.run(agent, ["import", table], inject, "pwrite64,ftruncate") == 0, n
    agent.run("send")
    assert c.stop() == 0 and c.json("verify")["whole"]


def asleep_longer_than_every_time_out(p):
    f = office.Federation(p)
    agent = f.office(BAOCAO_COURIER_PATIENCE="1s")
    figures = p.aggregator("figures", env=QUICK)
    figures.run("join", f.collector.json("consumer", "add", "figures")["code"])
    agent.start("run")
    figures.start("run")
    total = 0
    for sleeper in (f.collector, agent, figures):
        lib.wait_until(lambda: figures.json("status")["position"], "the aggregator to read")
        sleeper.process.send_signal(signal.SIGSTOP)
        if sleeper is not agent:
            agent.run("import", office.table(p, "a%d.csv" % total, office.activities(20, total)))
            total += 20
        if sleeper is f.collector:
            for other in (agent, figures):
                lib.wait_until(
                    lambda other=other: other.tail(99).count(".failed") >= 2, "two attempts in vain"
                )
        if sleeper is figures:
            lib.wait_until(lambda: lag(f.collector) > 0, "the lag to show")
        sleeper.process.send_signal(signal.SIGCONT)
        lib.wait_until(lambda: agent.json("status")["stored"] == total, "the receipts")
        lib.wait_until(lambda: reporting.value(figures, "sessions") == november(total), "the figures")
    agent.stop()
    assert len(office.nothing_lost_or_doubled(f, [agent])) == total


def lag(collector):
    return collector.json("status")["consumers"]["figures"]["lag"]


def november(total):
    return len([i for i in range(total) if "/11/" in office.day(i)])


if not shutil.which("strace"):
    print("ok disk_fails: left out, there is no strace")
    sys.exit(0)
lib.Cases().run(
    collector_stops_at_once,
    what_was_never_synced_is_not_called_stored,
    agent_says_no,
    aggregator_stops_and_goes_on,
    interrupted_and_partial_writes_change_nothing,
    asleep_longer_than_every_time_out,
)
