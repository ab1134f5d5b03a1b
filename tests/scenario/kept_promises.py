#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Does a document that was stored answer `stored` for ever, though today it would be refused?"""
import shutil

import federation
import office


class Forgetful:
    """An agent that can be put back to before its last sending: for it the answers never came."""

    def __init__(self, place, agent):
        self.agent, self.copy = agent, place.path("copy")
        shutil.copytree(agent.dir, self.copy)

    def forget(self):
        shutil.rmtree(self.agent.dir)
        shutil.copytree(self.copy, self.agent.dir)


def a_grant_that_ended_takes_nothing_back(place):
    c = federation.collector(place).up()
    c.run("grant", "BD.1", "--for", "BD.1.1")
    a = federation.agent(place, c, "BD.1")
    a.run("send")
    federation.report(place, a, 1, unit="BD.1.1")
    before = Forgetful(place, a)
    a.run("send")
    before.forget()
    c.run("grant", "BD.1", "--for", "BD.1.1", "--to", "01/01/2025")
    a.run("send")
    assert list(office.all_of(a).values()) == ["stored"], office.all_of(a)
    a.run("receipt", 1, "--verify")
    assert federation.documents(c) == 1


def a_unit_closed_since_keeps_its_receipts(place):
    c = federation.collector(place).up()
    a = federation.agent(place, c, "BD.1.1")
    a.run("send")
    federation.report(place, a, 1)
    before = Forgetful(place, a)
    a.run("send")
    before.forget()
    c.run("unit", "import", place.write("closed.csv", "code;closed\nBD.1.1;31/10/2024\n"))
    federation.report(place, a, 2)  # this one comes too late
    a.run("send", ok=None)
    assert sorted(office.all_of(a).values()) == ["refused", "stored"], office.all_of(a)
    assert federation.documents(c) == 1


federation.lib.Cases().run(a_grant_that_ended_takes_nothing_back, a_unit_closed_since_keeps_its_receipts)
