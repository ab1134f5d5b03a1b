#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""The collector's key must be replaced: do agents and aggregators change over by themselves, twice, and is
every other key refused?"""
import json
import os
import re
import subprocess

import federation
import lib
import reporting


def secret_of(said):
    """What stands on the paper that a command has printed."""
    (secret,) = re.findall(r"secret ([0-9a-f]{64})", said)
    return secret


def key_of(c):
    with open(os.path.join(c.dir, "server.key"), encoding="utf-8") as file:
        return re.search(r"public ([0-9a-f]{64})", file.read()).group(1)


def next_key(c):
    with open(os.path.join(c.dir, "successor.pub"), encoding="utf-8") as file:
        return file.read().strip()


def kept_by(aggregator):
    with open(os.path.join(aggregator.dir, "collector.json"), encoding="utf-8") as file:
        return json.load(file)


def collector(place):
    """As federation.collector, with its spare key."""
    c = place.collector()
    spare = secret_of(c.run("init").stdout)
    c.run("unit", "import", place.write("units.csv", federation.UNITS))
    c.run("plan", "publish", federation.PLAN)
    return c, spare


def succeed(c, typed):
    """Replaces the key; the next spare."""
    before = key_of(c)
    done = c.run("key", "succeed", "-", stdin=typed)
    assert key_of(c) != before
    return secret_of(done.stdout)


def sends(place, c, agent, n):
    federation.report(place, agent, n)
    agent.run("send")
    assert federation.documents(c) == n, n


def everybody_changes_over_twice(place):
    c, spare = collector(place)
    c.up()
    agent, figures = federation.agent(place, c, "BD.1.1"), reporting.aggregator(place, c)
    sends(place, c, agent, 1)
    figures.run("sync")
    unused = federation.code(c, "BD.1.2")
    c.stop()
    spare = succeed(c, spare)
    c.up()
    sends(place, c, agent, 2)  # with the second key of its code; and hears of the third
    figures.run("sync")
    late = place.agent("BD.1.2")
    late.run("join", unused)  # a code from before still holds
    c.stop()
    # As on paper, with the words and blanks around it, and in capitals.
    succeed(c, "baocao-curve-key/1\n  SECRET  %s  \n" % spare.upper())
    c.up()
    sends(place, c, agent, 3)
    sends(place, c, late, 4)
    figures.run("sync")
    assert reporting.value(figures, "sessions") == 4
    figures.run("rebuild")  # hears of both changes again
    figures.run("sync")
    kept = kept_by(figures)
    assert kept["server"] == key_of(c) and kept["successor"] == next_key(c), kept
    c.run("verify")


def programs_that_run_change_over_while_they_run(place):
    c, spare = collector(place)
    c.up()
    agent, figures = federation.agent(place, c, "BD.1.1"), reporting.aggregator(place, c)
    agent.start("run")
    figures.start("run")
    for n in (1, 2, 3):
        federation.report(place, agent, n)
        lib.wait_until(lambda n=n: federation.documents(c) == n, "report %d" % n)
        lib.wait_until(lambda n=n: reporting.value(figures, "sessions") == n, "figure %d" % n)
        # Both have heard of the next key before the present one goes.
        lib.wait_until(lambda: agent.json("status")["successor"] == next_key(c), "the agent's next key")
        lib.wait_until(lambda: kept_by(figures)["successor"] == next_key(c), "the aggregator's next key")
        c.stop()
        spare = succeed(c, spare)
        c.up()
    assert agent.running() and figures.running()


def who_was_away_twice_needs_a_new_code(place):
    c, spare = collector(place)
    c.up()
    agent = federation.agent(place, c, "BD.1.1")
    c.stop()
    for _ in range(2):
        spare = succeed(c, spare)
    c.up()
    federation.report(place, agent, 1)
    assert "server-key-wrong" in agent.run("send", ok=None).stderr
    agent.run("join", federation.code(c, "BD.1.1"))
    agent.run("send")
    assert federation.documents(c) == 1


def other_keys_are_refused_and_change_nothing(place):
    c, spare = collector(place)
    key, log = key_of(c), c.json("status")["position"]
    for typed, code in (("", "spare-unreadable"), (spare[:-1], "spare-unreadable"),
                        (spare + "0", "spare-unreadable"), ("secret " + "0" * 64, "spare-"),
                        (secret_of_other(place), "spare-other")):
        assert code in c.run("key", "succeed", "-", stdin=typed, ok=65).stderr, typed
    c.up()
    assert "dir-locked" in c.run("key", "succeed", "-", stdin=spare, ok=75).stderr
    c.stop()
    assert key_of(c) == key and c.json("status")["position"] == log
    with open("/dev/full", "w", encoding="utf-8") as full:  # a spare that nobody has seen must not be one
        command = c.command("key", "succeed", "-")
        done = subprocess.run(command, env=c.env, input=spare, stdout=full, stderr=subprocess.PIPE, text=True,
                              check=False)
    assert done.returncode and "output-failed" in done.stderr and key_of(c) == key, done


def secret_of_other(place):
    return secret_of(place.collector("other").run("init").stdout)


lib.Cases().run(everybody_changes_over_twice, programs_that_run_change_over_while_they_run,
                who_was_away_twice_needs_a_new_code, other_keys_are_refused_and_change_nothing)
