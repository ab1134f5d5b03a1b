#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Do the operator's verbs take effect at once on the collector that runs?"""
import federation
import lib


def a_grant_lets_a_unit_report_for_another_at_once(place):
    c = federation.collector(place).up()
    a = federation.agent(place, c, "BD.1")
    c.run("grant", "BD.1", "--for", "BD.1", "--subtree")
    a.run("send")  # learns its grants
    federation.report(place, a, 1, unit="BD.1.2")
    a.run("send")
    assert federation.documents(c) == 1


def a_revoked_key_is_shut_out_and_a_handover_lets_a_new_one_in(place):
    c = federation.collector(place).up()
    a = federation.agent(place, c, "BD.1.1")
    federation.report(place, a, 1)
    a.run("send")
    code = c.json("handover", "BD.1.1")["code"]
    federation.report(place, a, 2)
    assert a.run("send", ok=None).returncode != 0
    assert federation.documents(c) == 1
    new = place.agent("new")
    new.run("join", code)
    federation.report(place, new, 3)
    new.run("send")
    assert federation.documents(c) == 2
    keys = c.json("key", "list")["keys"]
    assert [k["state"] for k in keys] == ["revoked", "active"], keys


def units_and_plans_that_come_while_it_runs_are_known(place):
    c = place.collector()
    c.run("init")
    c.up()
    c.run("unit", "import", place.write("units.csv", federation.UNITS))
    c.run("plan", "publish", federation.PLAN)
    a = federation.agent(place, c, "BD.1.1")
    federation.report(place, a, 1)
    a.run("send")
    assert federation.documents(c) == 1
    bad = place.write("bad.csv", "code;name;kind;opened\nB D;Một;x;1/1/2020\n")
    refused = c.run("unit", "import", bad, ok=65)
    assert 'row 2, column "code"' in refused.stderr, refused.stderr


def the_person_who_asks_is_recorded(place):
    c = federation.collector(place).up()
    c.run("revoke", "BD.1.1", env={"BAOCAO_PERSON": "Nguyễn Văn A"})
    federation.code(c, "BD.1.1")
    c.run("grant", "BD.1", "--for", "BD.1.1", env={"BAOCAO_PERSON": "Nguyễn Văn A"})
    c.stop()
    with open(c.dir + "/queue.db", "rb") as f:
        assert b'"kind":"access","unit":"BD.1","by":"Nguy\xe1\xbb\x85n V\xc4\x83n A"' in f.read()


lib.Cases().run(a_grant_lets_a_unit_report_for_another_at_once,
                a_revoked_key_is_shut_out_and_a_handover_lets_a_new_one_in,
                units_and_plans_that_come_while_it_runs_are_known, the_person_who_asks_is_recorded)
