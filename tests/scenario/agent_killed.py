#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Is anything lost or doubled when the agent, or the collector, is killed at any moment?"""
import random
import subprocess
import sys
import time

import lib
import office

SEED = int(time.time())
print("seed %d" % SEED, file=sys.stderr)


def run_and_kill(agent, rng, most, *words):
    """Starts a command and kills it after a random moment, at most MOST s; True if it was done before."""
    process = subprocess.Popen(agent.command(*words), env=agent.env, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        process.wait(rng.uniform(0, most))
        return process.returncode == 0
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(30)
        return False


def agent_killed_while_entering_and_sending(p):
    rng = random.Random(SEED)
    f = office.Federation(p)
    agent = f.office()
    path = office.table(p, "a.csv", office.activities(200))
    killed = 0
    for words in (("import", path), ("send",)):
        most = 0.02
        while not run_and_kill(agent, rng, most, *words):
            killed += 1
            most *= 1.1  # on any machine it gets done some time
    agent.run("import", path)
    agent.run("send")
    assert len(office.nothing_lost_or_doubled(f, [agent])) == 200
    assert killed > 0, "the killer was never quick enough"


def daemon_killed_again_and_again(p):
    rng = random.Random(SEED + 1)
    f = office.Federation(p)
    agent = f.office()
    for turn in range(8):
        agent.start("run")
        agent.run("import", office.table(p, "t%d.csv" % turn, office.activities(30, 30 * turn)), ok=None)
        time.sleep(rng.uniform(0, 0.05))  # the pause between two kills, not a wait for anything
        agent.kill()
        # A command whose daemon died may have been carried out: given again it adds nothing.
        agent.run("import", p.path("t%d.csv" % turn))
    agent.run("send")
    assert len(office.nothing_lost_or_doubled(f, [agent])) == 240


def collector_killed_while_agents_send(p):
    rng = random.Random(SEED + 2)
    f = office.Federation(p)
    first, second = f.office(), f.office("other", "BD.02")
    for agent in (first, second):
        agent.run("import", office.table(p, "a.csv", office.activities(300)))
    for agent in (first, second):
        sending = subprocess.Popen(agent.command("send", "--wait", "60s"), env=agent.env)
        time.sleep(rng.uniform(0, 0.05))  # the pause between two kills, not a wait for anything
        f.collector.kill()
        f.collector.up()
        assert sending.wait(90) == 0
    assert len(office.nothing_lost_or_doubled(f, [first, second])) == 600


def daemon_ends_on_sigterm(p):
    f = office.Federation(p)
    agent = f.office()
    agent.start("run")
    lib.wait_until(lambda: agent.json("status")["running"], "the agent to run")
    agent.run("import", office.table(p, "a.csv", office.activities(3)))
    lib.wait_until(lambda: agent.json("status")["stored"] == 3, "the reports to be sent by themselves")
    assert agent.run("send").returncode == 0
    assert agent.stop() == 0
    office.nothing_lost_or_doubled(f, [agent])


lib.Cases().run(agent_killed_while_entering_and_sending, daemon_killed_again_and_again,
                collector_killed_while_agents_send, daemon_ends_on_sigterm)
