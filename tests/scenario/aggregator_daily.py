#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""The aggregator's day: figures arrive, corrections replace, staff decide, somebody asks who is missing."""
import json
import os
import time

import federation
import lib
import reporting


# Plan and reports are of November 2024: everybody lives on 29 November 2024.
os.environ["BAOCAO_CLOCK_OFFSET_MS"] = str(1732840800000 - int(time.time() * 1000))


def aggregate(place, agent, sessions):
    """BD.1 reports for both its grassroots unions at once; the aggregate's id."""
    doc = {"doc": "aggregate", "plan": "160/KH-LĐLĐ", "period": "2024-11", "covers": ["BD.1.1", "BD.1.2"],
           "measures": {"sessions": sessions, "attendances": 100}}
    agent.run("report", place.write("aggregate.json", json.dumps(doc)), "--again")
    agent.run("send")


def board(a):
    return json.loads(a.run("board", "--period", "2024-11", "--json").stdout)


def the_running_daemon_answers_and_drains(place):
    c, agent = reporting.place_with_reports(place, 3)
    a = reporting.aggregator(place, c)
    daemon = a.start("run")
    lib.wait_until(lambda: a.json("status")["lag"] == 0, "the daemon at the head")
    assert reporting.value(a, "sessions") == 3
    federation.report(place, agent, 50)
    agent.run("send")
    lib.wait_until(lambda: reporting.value(a, "sessions") == 4, "the fourth activity")
    assert "dir-locked" in a.run("rebuild", ok=75).stderr
    c.stop()
    lib.wait_until(lambda: a.json("status")["trouble"], "the daemon to notice that the collector is gone")
    c.up()
    federation.report(place, agent, 51)
    agent.run("send")
    lib.wait_until(lambda: reporting.value(a, "sessions") == 5, "the fifth, after the collector came back")
    assert a.stop() == 0 and daemon.returncode == 0
    assert a.json("status")["running"] is False


def corrections_replace_and_withdrawals_take_out(place):
    c, agent = reporting.place_with_reports(place, 2)
    a = reporting.aggregator(place, c)
    a.run("sync")
    first = json.loads(agent.run("list", "--json").stdout)
    rows = first["documents"] if isinstance(first, dict) else first
    position = a.json("status")["position"]
    agent.run("withdraw", rows[0]["id"], "--reason", "Nhập nhầm")
    agent.run("send")
    a.run("sync")
    assert reporting.value(a, "sessions") == 1
    assert reporting.value(a, "sessions", "--as-of", position) == 2  # as it was published
    a.run("verify")


def an_overlap_waits_for_staff_and_their_decision_counts_once(place):
    c, agent = reporting.place_with_reports(place, 2)
    upper = federation.agent(place, c, "BD.1")
    a = reporting.aggregator(place, c, "staff", "--may-decide")
    c.run("grant", "BD.1", "--for", "BD.1", "--subtree")
    upper.run("send")
    aggregate(place, upper, 40)
    a.run("sync")
    assert reporting.value(a, "sessions") == 2
    (overlap,) = board(a)["overlaps"]
    assert overlap["unit"] == "BD.1" and overlap["with"] == ["BD.1.1"] and overlap["choice"] is None, overlap
    a.run("decide", "overlap", overlap["aggregate"], "aggregate", "--person", "Nguyễn Văn A")
    assert reporting.value(a, "sessions") == 2  # not before it is read back
    a.run("sync")
    assert reporting.value(a, "sessions") == 40
    assert {u["status"] for u in board(a)["units"] if u["code"] != "BD.1"} == {"covered"}
    c.stop()
    assert "kept" in a.run("decide", "overlap", overlap["aggregate"], "own", ok=75).stdout
    assert a.json("status")["decisions_waiting"] == 1
    c.up()
    a.start("run")
    lib.wait_until(lambda: reporting.value(a, "sessions") == 2, "the decision that was kept")
    lib.wait_until(lambda: a.json("status")["decisions_waiting"] == 0, "its answer")
    a.stop()
    a.run("verify")


def who_may_not_decide_is_told_so(place):
    c, _ = reporting.place_with_reports(place, 1)
    upper = federation.agent(place, c, "BD.1")
    a = reporting.aggregator(place, c)
    c.run("grant", "BD.1", "--for", "BD.1", "--subtree")
    upper.run("send")
    aggregate(place, upper, 7)
    a.run("sync")
    (overlap,) = board(a)["overlaps"]
    assert "decision-not-allowed" in a.run("decide", "overlap", overlap["aggregate"], "own", ok=65).stderr
    assert a.json("status")["decisions_waiting"] == 0
    assert "aggregate-unknown" in a.run("decide", "overlap", "01932f6e-7a10-7c3e-8f21-0123456789ab", "own",
                                        ok=65).stderr


def redacted_text_takes_its_figures_along(place):
    c, _ = reporting.place_with_reports(place, 2)
    a = reporting.aggregator(place, c)
    a.run("sync")
    last = json.loads(c.run("status", "--json").stdout)["position"]
    document = next(p for p in range(last, 0, -1)
                    if c.run("redact", p, "--reason", "Có họ tên", ok=None).returncode == 0)
    assert document
    a.run("sync")
    assert reporting.value(a, "sessions") == 1
    assert json.loads(reporting.summary(a))["documents"]["redacted"] == 1
    a.run("verify")


def who_has_not_reported_is_named_with_days(place):
    c, agent = reporting.place_with_reports(place, 1)
    agent.run("submit", "2024-11", "--yes", ok=None)
    agent.run("send")
    a = reporting.aggregator(place, c)
    a.run("sync")
    late = {"BAOCAO_CLOCK_OFFSET_MS": str(int(os.environ["BAOCAO_CLOCK_OFFSET_MS"]) + 30 * 86400000)}
    missing = json.loads(a.run("missing", "--period", "2024-11", "--json", env=late).stdout)["missing"]
    assert {m["code"] for m in missing} >= {"BD.1", "BD.1.2"}, missing
    assert all(m["late_days"] > 0 for m in missing)
    table = a.run("missing", "--period", "2024-11").stdout
    assert "CĐCS Công ty Ví dụ Hai" in table and "BD.1.1 " not in table, table
    csv = a.run("summary", "--period", "2024-11", "--format", "csv").stdout
    assert csv.startswith("\ufeff") and '"board";"BD.1.2"' in csv, csv[:300]


def a_second_plan_has_stages_and_a_target(place):
    """At least 80 % of the grassroots unions held one; three activities, in two stages of three."""
    with open(federation.PLAN, encoding="utf-8") as file:
        plan = json.load(file)
    plan.update(plan="7/KH-LĐLĐ", title={"vi": "Kế hoạch ví dụ có giai đoạn"})
    plan["stages"] = [
        {"id": "g1", "vi": "Quán triệt", "en": "Making known", "from": "2024-11-01", "to": "2024-11-15"},
        {"id": "g2", "vi": "Tuyên truyền", "en": "Spreading", "from": "2024-11-16", "to": "2024-12-15"},
        {"id": "g3", "vi": "Tổng kết", "en": "Closing", "from": "2025-01-01", "to": "2025-01-31"}]
    plan["targets"] = [{"id": "t1", "vi": "Ít nhất 80% CĐCS tổ chức", "numerator": "units:sessions",
                        "denominator": "expected", "value": 80, "date": "2024-12-31", "level": "grassroots"}]
    c = federation.collector(place).up()
    c.run("plan", "publish", place.write("plan.json", json.dumps(plan)))
    agent, a = federation.agent(place, c, "BD.1.1"), reporting.aggregator(place, c)
    for day, sessions in (("05", 1), ("15", 2), ("16", 4)):
        activity = {"doc": "activity", "plan": "7/KH-LĐLĐ", "from": "2024-11-" + day, "to": "2024-11-" + day,
                    "form": "F1", "title": "Hội nghị", "measures": {"sessions": sessions, "attendances": 9}}
        agent.run("report", place.write("one.json", json.dumps(activity)))
    agent.run("send")
    a.run("sync")
    asked = ("--plan", "7/KH-LĐLĐ", "--period", "2024-11")
    stages = json.loads(a.run("stages", *asked, "--json").stdout)
    assert [s.get("activities") for s in stages] == [2, 1, None], stages
    assert [s["measures"]["sessions"]["value"] for s in stages[:2]] == [3, 4], stages
    assert stages[1]["upto"] == "2024-11-30" and "upto" not in stages[0], stages
    table = a.run("stages", *asked, "--lang", "vi").stdout
    assert "2. Tuyên truyền (16/11/2024 - 15/12/2024), tính đến 30/11/2024" in table, table
    assert "3. Tổng kết (01/01/2025 - 31/01/2025), chưa đến" in table, table
    (target,) = json.loads(a.run("targets", *asked, "--json").stdout)
    assert (target["numerator"], target["denominator"], target["reached"]) == (1, 2, False), target
    paper = json.loads(a.run("document", *asked, "--format", "json", "--out", "-").stdout)
    said = "\n".join(block["text"] for block in paper["blocks"])
    assert "\nQuán triệt (từ ngày 01/11/2024 đến ngày 15/11/2024): 2 hoạt động; Số cuộc" in said, said
    assert "\nTuyên truyền (từ ngày 16/11/2024 đến ngày 30/11/2024): 1 hoạt động; Số cuộc" in said, said
    assert "\nTổng kết (" not in said, said
    (annex,) = [x for x in paper["annexes"] if x["name"] == "Giai đoạn"]
    assert annex["rows"][0] == ["Hoạt động", "hoạt động", 2, 1, None], annex
    assert annex["rows"][1] == ["Số cuộc, buổi", "buổi", 3, 4, None], annex
    said = a.run("board", "--period", "2024-11", ok=65).stderr
    assert "board-none" in said and "160/KH-LĐLĐ, 7/KH-LĐLĐ" in said, said
    assert "no stages" in a.run("stages", "--plan", "160/KH-LĐLĐ", "--period", "2024-11").stdout


lib.Cases().run(the_running_daemon_answers_and_drains, corrections_replace_and_withdrawals_take_out,
                an_overlap_waits_for_staff_and_their_decision_counts_once, who_may_not_decide_is_told_so,
                redacted_text_takes_its_figures_along, who_has_not_reported_is_named_with_days,
                a_second_plan_has_stages_and_a_target)
