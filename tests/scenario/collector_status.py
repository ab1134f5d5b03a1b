#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Does `status` say on one screen that it flows, or what does not and what to do?"""
import federation
import lib


def codes(c):
    return [p["code"] for p in c.json("status")["problems"]]


def it_flows_only_while_it_runs_and_is_set_up(place):
    c = place.collector()
    c.run("init")
    assert codes(c) == ["stopped", "no-units", "no-plans"]
    c.run("unit", "import", place.write("units.csv", federation.UNITS))
    c.run("plan", "publish", federation.PLAN)
    assert codes(c) == ["stopped"]
    c.up()
    assert codes(c) == []
    assert c.run("status").stdout.startswith("IT FLOWS\n")
    assert c.run("status", "--lang", "vi").stdout.startswith("ĐANG THÔNG SUỐT\n")
    c.kill()
    assert codes(c) == ["stopped"]


def too_little_room_is_told_and_nothing_new_is_taken(place):
    c = federation.collector(place).up()
    a = federation.agent(place, c, "BD.1.1")
    federation.report(place, a, 1)
    a.run("send")
    c.stop()
    c.up(env={"BAOCAO_DISK_LOW": "900000G"})
    federation.report(place, a, 2)
    sending = a.start("send")  # it waits for credit, and would for long
    lib.wait_until(lambda: c.json("status")["live"]["sessions"] > 0, "the agent's session")
    assert codes(c) == ["disk-low"]
    assert federation.documents(c) == 1
    sending.kill()
    sending.wait()
    c.stop()
    c.up()
    a.run("send")
    assert federation.documents(c) == 2


def a_code_used_by_two_is_told(place):
    c = federation.collector(place).up()
    code = federation.code(c, "BD.1.1")
    first, second = place.agent("first"), place.agent("second")
    first.run("join", code)
    done = second.run("join", code, ok=None)
    assert done.returncode != 0 and "code-used" in done.stderr, done.stderr
    assert codes(c) == ["code-reused"]
    first.run("join", code, ok=None)
    assert c.json("status")["keys"] == 1


lib.Cases().run(it_flows_only_while_it_runs_and_is_set_up, too_little_room_is_told_and_nothing_new_is_taken,
                a_code_used_by_two_is_told)
