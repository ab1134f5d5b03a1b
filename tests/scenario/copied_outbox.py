#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Two copies of one outbox send under the same numbers: does each learn what the other sent?"""
import shutil

import lib
import office


def both_copies_learn_everything(p):
    f = office.Federation(p)
    first = f.office()
    first.run("import", office.table(p, "a.csv", office.activities(1)))
    first.run("send")
    shutil.copytree(first.dir, p.path("copy"), ignore=shutil.ignore_patterns("run"))
    second = p.agent("copy", env=office.QUICK)
    first.run("import", office.table(p, "b.csv", office.activities(1, 10)))
    first.run("send")  # its number 2
    second.run("import", office.table(p, "c.csv", office.activities(3, 20)))
    second.run("send")  # other numbers 2 to 4: at HELLO nothing is odd yet
    for agent in (first, second, first, second):
        agent.run("send")
    assert len(office.nothing_lost_or_doubled(f, [first, second])) == 5
    assert office.all_of(first) == office.all_of(second), (office.all_of(first), office.all_of(second))
    assert f.collector.json("status")["gaps"] == 0, f.collector.json("status")
    for agent in (first, second):  # and they are two from now on
        before = agent.json("status")
        agent.run("import", office.table(p, "d.csv", office.activities(1, 30)), "--again")
        agent.run("send")
        agent.run("send")
        assert agent.json("status")["stored"] > before["stored"]
    office.nothing_lost_or_doubled(f, [first, second])


lib.Cases().run(both_copies_learn_everything)
