#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Killed at the first writes, one after the other, and a disk that fails to sync: is anything lost or
doubled, or promised that is not on disk? By strace, which lets a chosen system call kill or fail."""
import shutil
import signal
import subprocess
import sys

import lib
import office

CALLS = "fdatasync,fsync,pwrite64"
MOMENTS = 15


def strace(program, words, inject):
    """Starts a program's command line with INJECT done to it; strace stands beside it, not above it (-D)."""
    with open(program.log, "a", encoding="utf-8") as log:
        return subprocess.Popen(["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + CALLS,
                                 "-e", "inject=" + inject, *program.command(*words)],
                                env={**program.env, "ASAN_OPTIONS": "detect_leaks=0"}, stdout=log, stderr=log)


def up_with(c, inject):
    """Starts the collector with INJECT and waits for its ports, or for its end."""
    c.stop()
    c.process = strace(c, ["run"], inject)
    lib.wait_until(lambda: not c.running() or (c._open(c.port) and c._open(c.enrol_port)), "the ports")


def enter(p, agent, n):
    agent.run("import", office.table(p, "a%d.csv" % n, office.activities(1, n)))


def whole(f, agent, n):
    """The collector as it should be: everything entered is there, once."""
    f.collector.kill()
    f.collector.up()
    office.send(agent)
    assert len(office.nothing_lost_or_doubled(f, [agent])) == n, n


def collector_killed_at_each_of_its_first_writes(p):
    f = office.Federation(p)
    agent = f.office(BAOCAO_COURIER_PATIENCE="2s")
    agent.run("send")
    killed = entered = 0
    for n in range(1, MOMENTS + 1):
        up_with(f.collector, "%s:signal=SIGKILL:when=%d" % (CALLS, n))
        for _ in range(4):  # in one thread two or three of the calls are one batch
            enter(p, agent, entered)
            entered += 1
            if not f.collector.running() or agent.run("send", "--wait", "1s", ok=None).returncode:
                break
        killed += not f.collector.running()
        whole(f, agent, entered)
    assert killed > MOMENTS // 2, killed
    f.collector.stop()
    f.collector.run("verify")


def collector_whose_disk_fails_to_sync_ends_with_74_and_promises_nothing(p):
    f = office.Federation(p)
    agent = f.office(BAOCAO_COURIER_PATIENCE="2s")
    agent.run("send")
    entered = later = 0
    for n in range(1, 10):
        up_with(f.collector, "fdatasync,fsync:error=EIO:when=%d+" % n)
        at_start = not f.collector.running()
        for _ in range(8):
            before = agent.json("status")["stored"]
            enter(p, agent, entered)
            entered += 1
            agent.run("send", "--wait", "1s", ok=None)
            if not f.collector.running():
                assert agent.json("status")["stored"] == before, "a receipt without a sync"
                break
        code = f.collector.kill()
        assert at_start or code in (74, -9), (n, code)
        later += code == 74 and not at_start
        whole(f, agent, entered)
    assert later > 2, later


def agent_killed_at_each_of_its_first_writes(p):
    f = office.Federation(p)
    agent = f.office()
    agent.run("send")
    for n in range(1, MOMENTS + 1):
        path = office.table(p, "a%d.csv" % n, office.activities(3, 3 * n))
        for words in (["import", path], ["send"]):
            strace(agent, words, "%s,ftruncate:signal=SIGKILL:when=%d" % (CALLS, n)).wait(60)
        agent.run("import", path)
        agent.run("send")
        assert len(office.nothing_lost_or_doubled(f, [agent])) == 3 * n, n


def agent_whose_disk_fails_to_sync_says_so(p):
    f = office.Federation(p)
    agent = f.office()
    agent.run("send")
    for n in range(1, 5):
        path = office.table(p, "a%d.csv" % n, office.activities(3, 3 * n))
        code = strace(agent, ["import", path], "fdatasync,fsync:error=EIO:when=%d+" % n).wait(60)
        kept = len(office.all_of(agent))
        assert code != 0 or kept == 3 * n, (n, code, kept)
        agent.run("import", path)
        strace(agent, ["send"], "fdatasync,fsync:error=EIO:when=%d+" % n).wait(60)
        agent.run("send")
        assert len(office.nothing_lost_or_doubled(f, [agent])) == 3 * n, n


def collector_asleep_longer_than_the_patience(p):
    f = office.Federation(p)
    agent = f.office(BAOCAO_COURIER_PATIENCE="1s")
    agent.run("send")
    agent.run("import", office.table(p, "a.csv", office.activities(100)))
    f.collector.process.send_signal(signal.SIGSTOP)
    agent.start("run")
    lib.wait_until(lambda: agent.tail(99).count("courier.failed") >= 3, "three attempts in vain")
    f.collector.process.send_signal(signal.SIGCONT)
    lib.wait_until(lambda: agent.json("status")["stored"] == 100, "the receipts")
    agent.stop()
    assert len(office.nothing_lost_or_doubled(f, [agent])) == 100


if not shutil.which("strace"):
    print("ok cut_off: left out, there is no strace")
    sys.exit(0)
lib.Cases().run(collector_asleep_longer_than_the_patience, collector_killed_at_each_of_its_first_writes,
                collector_whose_disk_fails_to_sync_ends_with_74_and_promises_nothing,
                agent_killed_at_each_of_its_first_writes, agent_whose_disk_fails_to_sync_says_so)
