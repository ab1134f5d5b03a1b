# SPDX-License-Identifier: MPL-2.0
"""What the agent scenarios share: a small federation, an office in it, tables, and what the log holds."""
import json
import os
import sqlite3

import lib

PLAN = os.path.join(lib.ROOT, "proto", "data", "plan-160.json")
UNITS = [
    "BD;Liên đoàn Ví dụ;federation;;2020-01-01;",
    "BD.01;Công đoàn cơ sở Ví dụ Một;grassroots;BD;2020-01-01;x",
    "BD.02;Công đoàn cơ sở Ví dụ Hai;grassroots;BD;2020-01-01;x",
]
UNITS_TABLE = ["Mã đơn vị;Tên đơn vị;Loại;Mã cấp trên;Từ ngày;Phải báo cáo", *UNITS, ""]
# Waits that suit a test, not an office.
QUICK = {"BAOCAO_COURIER_PATIENCE": "5s", "BAOCAO_COURIER_BACKOFF": "200ms", "BAOCAO_COURIER_LOOK": "2s"}


def send(agent):
    """Sends all that waits, with the patience of an office and not of a test that provokes failures."""
    agent.run("send", "--wait", "30s", env={"BAOCAO_COURIER_PATIENCE": "30s"})


class Federation:
    """A running collector with three units and plan 160."""

    def __init__(self, place, name="collector"):
        self.place = place
        self.collector = place.collector(name)
        c = self.collector
        c.run("init")
        c.run("unit", "import", place.write(name + "-units.csv", "\n".join(UNITS_TABLE)))
        c.run("plan", "publish", PLAN)
        c.run("enrol", "--all", "--out", place.path(name + "-slips"))
        c.up()

    def code(self, unit):
        return os.path.join(self.collector.dir + "-slips", unit + ".code")

    def office(self, name="office", unit="BD.01", **more):
        """An enrolled agent that has the plan."""
        agent = self.place.agent(name, env={**QUICK, **more})
        agent.run("join", self.code(unit))
        return agent

    def documents(self):
        """(id, rev) of every document in the log, in order."""
        with sqlite3.connect("file:%s/queue.db?mode=ro" % self.collector.dir, uri=True, timeout=10) as db:
            headers = [json.loads(h) for (h,) in db.execute("SELECT header FROM entry ORDER BY position")]
        return [(h["id"], h["rev"]) for h in headers if h["kind"] == "document"]


def day(n):
    """Days of November and December 2024, one after the other."""
    return "%02d/%s/2024" % (n % 28 + 1, "11" if n // 28 % 2 == 0 else "12")


def table(place, name, rows, measures=("attendances",)):
    """A table of activities as Excel saves it; ROWS: [ref, date, form, title, figures…]."""
    head = ["Mã dòng", "Ngày", "Hình thức", "Tên hoạt động", "sessions", *measures]
    return place.write(name, "\ufeff" + "".join(";".join(map(str, r)) + "\r\n" for r in [head, *rows]))


def activities(n, first=0):
    return [["HD%d" % i, day(i), "F1", "Hội nghị ví dụ %d" % i, 1, 100 + i] for i in range(first, first + n)]


def all_of(agent):
    """{id: state} of the newest revisions in the outbox."""
    return {d["id"]: d["state"] for d in agent.json("list")}


def nothing_lost_or_doubled(federation, agents):
    """Every document of the outboxes is in the log exactly once."""
    log = federation.documents()
    assert len(log) == len(set(log)), "something stands in the log twice: %s" % sorted(log)
    for agent in agents:
        states = all_of(agent)
        assert set(states.values()) <= {"stored"}, "not all is stored: %s" % states
        missing = set(states) - {i for i, _ in log}
        assert not missing, "not in the log: %s" % missing
    return log
