#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Whole messages doubled, lost, and in another order between the real programs: once in effect?"""
import glob
import os
import random
import time

import paths  # noqa: F401
import federation
import lib
import office
import reporting
import strace
from middle import Middle

SEED = int(os.environ.get("BAOCAO_SEED", time.time()))
ROUNDS = 40 if strace.THOROUGH else 6
print("seed %d" % SEED, flush=True)


def key_of(program):
    (path,) = glob.glob(os.path.join(program.dir, "**", "*.key"), recursive=True)
    return path


def rounds(middle):
    """At least so many, and until every trick was played."""
    n = 0
    while n < ROUNDS or not all(middle.count.values()):
        yield n
        n += 1


def played(middle):
    print("# messages: %s" % middle.count, flush=True)
    middle.close()


def of_an_agent(p):
    """Tables, corrections and withdrawals while the line plays; then calm, and all must be there once."""
    f, rng = office.Federation(p), random.Random(SEED)
    agent = f.office(BAOCAO_COURIER_PATIENCE="1s")
    middle = Middle(f.collector, key_of(agent), rng)
    agent.env["BAOCAO_COLLECTOR_ENDPOINT"] = "tcp://127.0.0.1:%d" % middle.port
    agent.start("run")
    for n in rounds(middle):
        agent.run("import", office.table(p, "t%d.csv" % n, office.activities(5, 5 * n)))
        changed = rng.choice([d["id"] for d in agent.json("list")])
        agent.run("correct", changed, "--set", "attendances=%d" % (500 + n), "--reason", "Sửa số")
        want = sum(middle.count.values()) + rng.randint(0, 6)
        lib.wait_until(
            lambda want=want: sum(middle.count.values()) >= want or not agent.json("status")["waiting"],
            "messages",
        )
    middle.calm()
    lib.wait_until(lambda: agent.json("status")["waiting"] == 0, "the receipts", 60)
    agent.stop()
    log = office.nothing_lost_or_doubled(f, [agent])
    assert len({i for i, _ in log}) == 5 * (n + 1) and len(log) == 6 * (n + 1), len(log)
    assert f.collector.json("verify")["whole"]
    played(middle)


def of_a_consumer(p):
    """Entries doubled, lost and swapped: every figure is right at any moment it can be asked for."""
    c, agent = reporting.place_with_reports(p, 30)
    a = reporting.aggregator(p, c)
    a.env.update({"BAOCAO_FOLLOW_PATIENCE": "1s", "BAOCAO_FOLLOW_BACKOFF": "200ms"})
    a.run("sync")
    middle = Middle(c, key_of(a), random.Random(SEED))
    reporting.through(a, middle.port)
    a.start("run")
    sent = 30
    for n in rounds(middle):
        for _ in range(5):
            federation.report(p, agent, 100 + sent)
            sent += 1
        agent.run("send")
        if n % 3 == 0:
            lib.wait_until(lambda: reporting.value(a, "sessions") == sent, "the figures", 60)
    middle.calm()
    lib.wait_until(lambda: reporting.value(a, "sessions") == sent, "the figures", 60)
    a.stop()
    a.run("verify")
    played(middle)


lib.Cases().run(of_an_agent, of_a_consumer)
