#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Clocks that are wrong or are set while programs run: do order and periods stay right, and is it said?"""
import json
import os
import sqlite3

import paths  # noqa: F401
import bad
import lib
import office
import reporting

CLOCK = os.path.join(lib.BUILD, "tests", "faults", "preload_clock.so")
YEAR_MS, HOUR = 365 * 86400000, 3600


def received(collector):
    """When each entry of the log was received, in order."""
    with sqlite3.connect("file:%s/queue.db?mode=ro" % collector.dir, uri=True) as db:
        return [
            json.loads(h)["received"] for (h,) in db.execute("SELECT header FROM entry ORDER BY position")
        ]


def office_a_year_off(p):
    f = office.Federation(p)
    figures = reporting.aggregator(p, f.collector)
    for n, off in enumerate((YEAR_MS, -YEAR_MS)):
        agent = f.office("office-%d" % n, unit="BD.0%d" % (n + 1))
        agent.env["BAOCAO_CLOCK_OFFSET_MS"] = str(off)
        agent.run("import", office.table(p, "a%d.csv" % n, office.activities(3, 3 * n)))
        agent.run("submit", "11/2024", "--yes")
        agent.start("run")
        lib.wait_until(lambda agent=agent: agent.json("status")["stored"] == 4, "the receipts")
        assert abs(abs(agent.json("status")["skew"]) - YEAR_MS) < 600000
        assert "525" in agent.run("status").stdout, agent.run("status").stdout
        problems = [x for x in f.collector.json("status")["problems"] if x["code"] == "clock-skew"]
        assert problems and "525" in problems[0]["en"], problems
        bad.reads_well("clock-skew", problems[0]["vi"], problems[0]["en"])
        agent.stop()
        agent.run("receipt", 1, "--verify")
    figures.run("sync")
    assert reporting.value(figures, "sessions") == 6
    times = received(f.collector)
    assert times == sorted(times) and times[-1] - times[0] < 600000, times


def date_that_only_the_office_thinks_past(p):
    """An office whose clock is ahead enters what lies in the future: the collector's clock decides."""
    f = office.Federation(p)
    agent = f.office(BAOCAO_CLOCK_OFFSET_MS=str(2 * YEAR_MS))
    agent.run("send")
    agent.run(
        "import", office.table(p, "a.csv", [["HD1", "01/06/2028", "F1", "Hội nghị mai sau", 1, 10]]), ok=None
    )
    agent.run("send", ok=None)
    assert f.documents() == []


def collector_set_back_an_hour(p):
    """Between two runs and while it runs: what was received never stands before what came earlier."""
    f = office.Federation(p)
    c, file = f.collector, p.write("clock", "0")
    agent = f.office()
    agent.run("send")
    c.stop()
    c.env.update(LD_PRELOAD=CLOCK, CLOCK_FILE=file)
    c.up()
    for n, off in enumerate((0, -HOUR, 0, 2 * HOUR, -HOUR)):
        p.write("clock", str(off))
        agent.run("import", office.table(p, "a%d.csv" % n, office.activities(2, 2 * n)))
        agent.run("send")
        if n == 3:
            assert c.stop() == 0
            p.write("clock", str(-HOUR))
            c.up()
            assert "intake.clock" in c.tail(), c.tail()
            found = json.loads(c.run("doctor", "--json", ok=None).stdout)["findings"]
            assert "clock-behind" in [x["code"] for x in found], found
    times = received(c)
    assert times == sorted(times), times
    assert len(office.nothing_lost_or_doubled(f, [agent])) == 10
    assert c.json("verify")["whole"]


def code_that_ends_by_the_collector_s_clock(p):
    f = office.Federation(p)
    for n, off in enumerate((YEAR_MS, -YEAR_MS)):
        agent = p.agent("office-%d" % n, env={**office.QUICK, "BAOCAO_CLOCK_OFFSET_MS": str(off)})
        agent.run("join", p.write("c%d.code" % n, f.collector.json("enrol", "BD.01", "--again")[0]["code"]))
        agent.run("send")


lib.Cases().run(
    office_a_year_off,
    date_that_only_the_office_thinks_past,
    collector_set_back_an_hour,
    code_that_ends_by_the_collector_s_clock,
)
