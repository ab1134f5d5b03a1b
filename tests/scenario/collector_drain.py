#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Does SIGTERM end the collector in order, with every document stored once and every receipt honest?"""
import signal
import subprocess

import federation
import lib

REPORTS = 60


def sigterm_in_the_middle_of_sending_loses_and_doubles_nothing(place):
    c = federation.collector(place).up()
    agents = [federation.agent(place, c, unit) for unit in ("BD.1.1", "BD.1.2")]
    for a in agents:
        for n in range(REPORTS // 2):
            federation.report(place, a, n)
    quiet = subprocess.DEVNULL
    sending = [subprocess.Popen(a.command("send"), env=a.env, stdout=quiet, stderr=quiet) for a in agents]
    lib.wait_until(lambda: federation.documents(c) > 0, "the first document", 60)
    assert c.kill(signal.SIGTERM) == 0, c.tail()
    assert "intake.stopped" in c.tail(), c.tail()
    for p in sending:
        p.kill()
        p.wait()
    stored = federation.documents(c)  # asked of the store itself: nobody runs
    c.up()
    for a in agents:
        a.run("send")
    assert federation.documents(c) == REPORTS, (stored, federation.documents(c))
    assert c.stop() == 0
    c.run("verify")


def sigterm_ends_an_idle_collector_and_it_starts_again(place):
    c = federation.collector(place).up()
    for _ in range(3):
        assert c.stop() == 0, c.tail()
        c.up()
    assert c.json("status")["problems"] == []


lib.Cases().run(sigterm_in_the_middle_of_sending_loses_and_doubles_nothing,
                sigterm_ends_an_idle_collector_and_it_starts_again)
