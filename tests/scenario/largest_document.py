#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Does the largest document there may be reach the log, and what was entered behind it?"""
import json
import sqlite3

import federation

LARGEST = 65536


def size(agent, no):
    with sqlite3.connect("file:%s/outbox.db?mode=ro" % agent.dir, uri=True) as db:
        return db.execute("SELECT length(bytes) FROM document WHERE no = ?", (no,)).fetchone()[0]


def enter(place, agent, pad, ok=True):
    evidence = [{"url": "https://vidu.example/" + "x" * 470} for _ in range(32)]
    texts = ["v" * 4000] * 12 + ["v" * pad]
    activity = {"doc": "activity", "from": "2024-11-08", "to": "2024-11-08", "form": "F1",
                "evidence": evidence, "measures": {"sessions": 1, "attendances": 10, "proposals": texts}}
    return agent.run("report", place.write("large.json", json.dumps(activity)), "--again", ok=ok)


def a_document_of_the_largest_size_holds_nothing_up(place):
    c = federation.collector(place).up()
    a, trial = federation.agent(place, c, "BD.1.1"), federation.agent(place, c, "BD.1.2")
    for agent in (a, trial):
        agent.run("send")
    enter(place, trial, 10)
    pad = 10 + LARGEST - size(trial, 1)
    assert 10 < pad < 4000, pad
    enter(place, a, pad)  # the first thing this office sends: its window is the smallest there is
    assert size(a, 1) == LARGEST, size(a, 1)
    assert "document-large" in enter(place, a, pad + 1, ok=65).stderr
    federation.report(place, a, 1)
    a.run("send", "--wait", "10s")
    assert a.json("status")["stored"] == 2 and federation.documents(c) == 2


federation.lib.Cases().run(a_document_of_the_largest_size_holds_nothing_up)
