# SPDX-License-Identifier: MPL-2.0
"""A small federation for the collector's scenarios: BD, the union BD.1 above BD.1.1 and BD.1.2, plan 160."""
import json
import os

import lib

UNITS = """code;name;kind;parent;opened;expected
BD;Liên đoàn Ví dụ;federation;;01/01/2020;
BD.1;Công đoàn cấp trên Ví dụ;upper-level;BD;01/01/2020;x
BD.1.1;CĐCS Công ty Ví dụ Một;grassroots;BD.1;01/01/2020;x
BD.1.2;CĐCS Công ty Ví dụ Hai;grassroots;BD.1;01/01/2020;x
"""
PLAN = os.path.join(lib.ROOT, "proto", "data", "plan-160.json")


def collector(place):
    """A collector with units and plan, not running."""
    c = place.collector()
    c.run("init")
    c.run("unit", "import", place.write("units.csv", UNITS))
    c.run("plan", "publish", PLAN)
    return c


def code(c, unit):
    return c.json("enrol", unit)[0]["code"]


def agent(place, c, unit, name=None):
    """An agent of UNIT that is enrolled; C runs."""
    a = place.agent(name or unit, env={"BAOCAO_COURIER_PATIENCE": "10s", "BAOCAO_COURIER_BACKOFF": "1s"})
    a.run("join", code(c, unit))
    return a


def report(place, a, n, unit=None, sessions=1):
    """Enters activity number N; it waits in the outbox."""
    day = "2024-11-%02d" % (n % 20 + 8)
    activity = {"doc": "activity", "from": day, "to": day, "form": "F1", "title": "Hội nghị số %d" % n,
                "measures": {"sessions": sessions, "attendances": 10 + n}}
    path = place.write("activity.json", json.dumps(activity))
    return a.run("report", path, "--again", *(["--unit", unit] if unit else []))


def documents(c):
    return c.json("status")["documents"]
