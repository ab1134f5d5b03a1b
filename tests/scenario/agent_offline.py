#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Can an office work for months without a network, and does everything arrive once when there is one?"""
import json
import os

import lib
import office


def before_the_first_plan_it_says_so(p):
    agent = p.agent("office")
    path = office.table(p, "a.csv", office.activities(1))
    done = agent.run("import", path, ok=66)
    assert "dir-missing" in done.stderr and "join CODE" in done.stderr, done.stderr
    os.mkdir(agent.dir)
    done = agent.run("import", path, ok=65)
    assert "not-joined" in done.stderr, done.stderr
    assert "join CODE" in agent.run("status").stdout
    f = office.Federation(p)
    agent.env.update({**office.QUICK, "BAOCAO_COLLECTOR_ENDPOINT": "tcp://127.0.0.1:1"})
    agent.run("join", f.code("BD.01"))  # the plan does not come, since nobody listens there
    done = agent.run("import", path, ok=65)
    assert "plan-none" in done.stderr and "baocao-agent send" in done.stderr, done.stderr
    del agent.env["BAOCAO_COLLECTOR_ENDPOINT"]
    agent.run("send")
    agent.run("import", path)


def months_offline_then_send(p):
    f = office.Federation(p)
    agent = f.office()
    f.collector.stop()
    for month in range(3):
        agent.run("import", office.table(p, "m%d.csv" % month, office.activities(20, 20 * month)))
        done = agent.run("send", ok=75)
        assert "collector-unreachable" in done.stderr, done.stderr
    agent.run("submit", "2024-11", "--set", "workers=300", "--set", "members=250")
    status = agent.json("status")
    assert status["waiting"] == 61 and status["error"]["code"] == "collector-unreachable", status
    f.collector.up()
    done = agent.run("send")
    assert "Nothing waits" in done.stdout, done.stdout
    assert len(office.nothing_lost_or_doubled(f, [agent])) == 61
    assert "Checked" in agent.run("receipt", "1", "--verify").stdout
    kept = agent.json("receipt", "61")
    assert kept["line"].startswith("baocao-receipt/1 "), kept


def the_same_file_twice_adds_nothing(p):
    f = office.Federation(p)
    agent = f.office()
    path = office.table(p, "a.csv", office.activities(5))
    agent.run("import", path)
    again = agent.json("import", path)
    assert (again["added"], again["known"]) == (0, 5), again
    agent.run("send")
    again = agent.json("import", path)
    assert (again["added"], again["known"]) == (0, 5), again
    agent.run("send")
    assert len(office.nothing_lost_or_doubled(f, [agent])) == 5


def the_same_figures_under_another_id_are_a_question(p):
    f = office.Federation(p)
    agent = f.office()
    rows = office.activities(1)
    agent.run("import", office.table(p, "a.csv", rows))
    rows[0][0] = "OTHER"
    done = agent.json("import", office.table(p, "b.csv", rows), ok=None)
    assert done["questions"] == 1 and done["rows"][0]["code"] == "looks-double", done
    done = agent.json("import", office.table(p, "b.csv", rows), "--again")
    assert done["added"] == 1, done


def correct_withdraw_restore_submit(p):
    f = office.Federation(p)
    agent = f.office()
    agent.run("import", office.table(p, "a.csv", office.activities(3)))
    agent.run("submit", "11/2024")
    agent.run("send")
    done = agent.run("correct", "1", "--set", "attendances=150", "--reason", "Two sessions were left out")
    assert "submit 2024-11" in done.stdout, done.stdout
    agent.run("withdraw", "2", "--reason", "Belongs to another period")
    assert "document-withdrawn" in agent.run("withdraw", "2", "--reason", "x", ok=65).stderr
    agent.run("submit", "2024-11")
    done = agent.run("submit", "2024-11")
    assert "nothing was added" in done.stdout, done.stdout
    agent.run("send")
    agent.run("restore", "2", "--reason", "It took place after all")
    agent.run("submit", "2024-11")
    agent.run("send")
    log = office.nothing_lost_or_doubled(f, [agent])
    assert len(log) == 9, log
    assert sorted(r for _, r in log) == [1, 1, 1, 1, 2, 2, 2, 3, 3], log


def warnings_are_shown_and_future_dates_kept(p):
    f = office.Federation(p)
    agent = f.office()
    row = ["X1", "01/01/2199", "F1", "Hội nghị", 1, 10]
    out = agent.json("import", office.table(p, "a.csv", [row]))
    assert [w["code"] for w in out["rows"][0]["warnings"]] == ["date-future"], out
    agent.run("send")
    listed = agent.json("list")[0]
    assert listed["state"] == "refused" and listed["why"]["code"] == "date-future", listed
    agent.run("correct", "1", "--set", "date=20/11/2024", "--reason", "A slip of the pen")
    agent.run("send")
    assert agent.json("list")[0]["state"] == "stored"


def json_of_any_kind(p):
    f = office.Federation(p)
    agent = f.office()
    doc = {"from": "2024-11-20", "to": "2024-11-20", "form": "F2",
           "measures": {"sessions": 1, "attendances": 40}}
    agent.run("report", p.write("a.json", json.dumps(doc, indent=2)))
    done = agent.run("report", "-", stdin=json.dumps(doc))
    assert "nothing was added" in done.stdout, done.stdout
    agent.run("report", "-", stdin=json.dumps({"period": "2024-11"}))
    agent.run("send")
    assert len(office.nothing_lost_or_doubled(f, [agent])) == 2
    done = agent.run("report", "-", stdin=json.dumps({**doc, "plans": ["1/KH"]}), ok=65)
    assert "plan-unknown" in done.stderr, done.stderr
    done = agent.run("report", "-", stdin=json.dumps({**doc, "unit": "BD.02"}), ok=65)
    assert "unit-not-granted" in done.stderr, done.stderr
    done = agent.run("report", "-", stdin='{"a":1,"a":2}', ok=65)
    assert "json-duplicate" in done.stderr, done.stderr


def a_second_computer_fetches_what_the_first_sent(p):
    f = office.Federation(p)
    first = f.office()
    first.run("import", office.table(p, "a.csv", office.activities(4)))
    first.run("submit", "2024-11")
    first.run("send")
    f.collector.run("enrol", "BD.01", "--again", "--out", p.path("second"))
    second = p.agent("second", env=office.QUICK)
    second.run("join", p.path("second", "BD.01.code"))
    assert office.all_of(second) == office.all_of(first)
    assert "Checked" in second.run("receipt", "1", "--verify").stdout
    second.run("correct", "1", "--set", "attendances=77", "--reason", "Counted again")
    second.run("send")
    first.run("send")
    assert first.json("list")[0]["rev"] == 2


lib.Cases().run(before_the_first_plan_it_says_so, months_offline_then_send, the_same_file_twice_adds_nothing,
                the_same_figures_under_another_id_are_a_question, correct_withdraw_restore_submit,
                warnings_are_shown_and_future_dates_kept, json_of_any_kind,
                a_second_computer_fetches_what_the_first_sent)
