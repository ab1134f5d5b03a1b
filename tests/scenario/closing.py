#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Staff extend, return, accept, close and record what went up: does everybody concerned learn of it, does a
closed figure stay as it was published, and is what came later told apart?"""
import hashlib
import json
import os
import time
import unicodedata

import federation
import lib
import reporting

# Plan and reports are of 29 November 2024; then everybody lives on 12 December, behind every deadline.
OFFSET = "BAOCAO_CLOCK_OFFSET_MS"
os.environ[OFFSET] = str(1732840800000 - int(time.time() * 1000))
DECEMBER = str(int(os.environ[OFFSET]) + 13 * 86400000)
NOV = ("--period", "2024-11")


class Office:
    """A collector, an agent with three activities and its report, and an aggregator that may decide."""

    def __init__(self, place):
        self.place = place
        self.c, self.agent = reporting.place_with_reports(place, 3)
        self.a = reporting.aggregator(place, self.c, "staff", "--may-decide")
        self.c.stop()
        for program in (self.c, self.agent, self.a):
            program.env[OFFSET] = DECEMBER
        self.c.up()
        self.submit()

    def submit(self):
        self.agent.run("submit", "2024-11", "--yes")
        self.send()

    def send(self):
        self.agent.run("send")
        self.a.run("sync")

    def decide(self, *words, **more):
        done = self.a.run("decide", *words, "--person", "Nguyễn Văn A", **more)
        self.a.run("sync")
        return done

    def refused(self, code, *words):
        usage = code.startswith("option-")
        assert code in self.a.run(*words, ok=64 if usage else 65).stderr

    def row(self, unit="BD.1.1"):
        units = json.loads(self.a.run("board", *NOV, "--json").stdout)["units"]
        return next(u for u in units if u["code"] == unit)

    def documents(self):
        said = self.agent.json("list")
        return said["documents"] if isinstance(said, dict) else said

    def restated(self):
        return json.loads(self.a.run("restated", *NOV, "--json").stdout)


def a_closed_period_stays_as_it_was_published(place):
    o = Office(place)
    o.refused("period-open", "restated", *NOV)
    o.refused("period-open", "decide", "reopen", *NOV, "--reason", "x")
    o.refused(
        "period-open", "decide", "sent", *NOV, "--number", "1", "--date", "12/12/2024", "--signer", "A"
    )
    o.refused("period-unfinished", "decide", "close", "--period", "2024-12")
    published = reporting.summary(o.a)
    o.decide("close", *NOV)
    o.refused("period-closed", "decide", "close", *NOV)
    assert o.a.run("summary", *NOV, "--closed").stdout == published
    assert not o.restated()["changes"] and not o.restated()["measures"]
    paper = place.write("bao-cao.txt", "Báo cáo ví dụ\n")
    words = ("--number", "12/BC-LĐLĐ", "--date", "12/12/2024", "--signer", "Nguyễn Văn B", "--to", "Nơi VD")
    for _ in range(2):  # as somebody does who was not answered
        o.decide("sent", *NOV, *words, "--file", paper)
    row = next(d for d in o.documents() if d.get("doc", "activity") == "activity")
    o.agent.run("correct", row["no"], "--set", "sessions=9", "--reason", "Ghi thiếu")
    o.submit()
    federation.report(place, o.agent, 77)
    o.send()
    said = o.restated()
    assert said["measures"]["sessions"] == {"was": 3, "is": 12, "difference": 9}, said["measures"]
    assert said["documents"]["activities"] == {"was": 3, "is": 4, "difference": 1}
    assert said["closing"]["whole"] and said["closing"]["person"] == "Nguyễn Văn A"
    kinds = sorted((c["kind"], c["was"], c["is"]) for c in said["changes"] if c["was"])
    assert kinds == [("activity", 1, 2), ("period", 1, 2)], said["changes"]
    assert row["id"] in [c["id"] for c in said["changes"]] and len(said["changes"]) == 3
    (sent,) = said["sent"]
    assert sent["number"] == "12/BC-LĐLĐ" and sent["date"] == "2024-12-12"
    with open(paper, "rb") as file:
        assert sent["sha256"] == hashlib.sha256(file.read()).hexdigest()
    table = o.a.run("restated", *NOV, "--lang", "vi").stdout
    assert "VĂN BẢN ĐÃ GỬI MANG SỐ LIỆU CŨ" in table and "bản 2 thay bản 1" in table, table
    o.a.run("rebuild")
    assert o.a.run("summary", *NOV, "--closed").stdout == published
    assert o.restated() == said
    o.a.run("verify")


def a_period_is_closed_anew_after_it_was_reopened(place):
    o = Office(place)
    o.decide("close", *NOV)
    federation.report(place, o.agent, 77)
    o.send()
    o.decide("reopen", *NOV, "--reason", "Bổ sung trước khi ký")
    o.refused("period-open", "summary", *NOV, "--closed")
    o.decide("close", *NOV)
    assert json.loads(o.a.run("summary", *NOV, "--closed").stdout)["measures"]["sessions"]["value"] == 4
    kinds = [d["kind"] for d in json.loads(o.a.run("closings", "--json").stdout)]
    assert kinds == ["close", "reopen", "close"], kinds
    assert "Bổ sung trước khi ký" in o.a.run("closings").stdout


def what_was_redacted_after_the_closing_is_said(place):
    o = Office(place)
    o.decide("close", *NOV)
    last = o.c.json("status")["position"]
    assert any(
        o.c.run("redact", p, "--reason", "Có họ tên", ok=None).returncode == 0 for p in range(last, 0, -1)
    )
    o.a.run("sync")
    o.refused("closing-changed", "summary", *NOV, "--closed")
    assert o.restated()["closing"]["whole"] is False


def a_returned_report_reaches_its_officer_until_it_is_mended(place):
    o = Office(place)
    o.refused("option-missing", "decide", "return", "BD.1.1", *NOV)
    o.refused("report-none", "decide", "return", "BD.1.2", *NOV, "--reason", "x")
    o.refused("report-none", "decide", "accept", "01932f6e-7a10-7c3e-8f21-0123456789ab")
    o.refused("unit-unknown", "decide", "return", "BD.9", *NOV, "--reason", "x")
    o.decide("return", "BD.1.1", *NOV, "--reason", unicodedata.normalize("NFD", "Thiếu số đoàn viên"))
    assert o.row()["status"] == "returned"
    assert reporting.value(o.a, "sessions") == 3
    o.agent.run("send")
    news = o.agent.run("news").stdout
    assert "Thiếu số đoàn viên" in news and "Returned for correction" in news, news
    activity = next(d for d in o.documents() if d.get("doc", "activity") == "activity")
    o.decide("return", activity["id"], "--reason", "Số người quá lớn")
    assert activity["id"] in o.row()["returned"]
    o.agent.run("send")
    assert "Số người quá lớn" in o.agent.run("list").stdout
    o.decide("accept", activity["id"])
    o.agent.run("send")
    assert "Số người quá lớn" not in o.agent.run("list").stdout
    assert "Accepted" in o.agent.run("news").stdout
    o.decide("return", activity["id"], "--reason", "Vẫn quá lớn")
    o.agent.run("send")
    assert "Vẫn quá lớn" in o.agent.run("list").stdout
    o.agent.run("correct", activity["no"], "--set", "attendances=11", "--reason", "Ghi nhầm")
    o.submit()
    assert o.row()["status"] == "complete" and "returned" not in o.row()
    o.decide("accept", "BD.1.1", *NOV)
    assert o.row()["accepted"] is True
    o.a.run("verify")


def a_longer_deadline_is_told_and_counts(place):
    o = Office(place)
    late = o.row()["late_days"]
    assert late > 0
    words = ("extend", *NOV, "--until", "12/12/2024", "--reason", "Mất điện cả ngày")
    o.refused("option-group", "decide", *words, "--group", "ngành")
    o.refused("option-day", "decide", "extend", *NOV, "--until", "30/11/2024", "--reason", "x")
    o.refused("option-day", "decide", "extend", *NOV, "--until", "31/02/2024", "--reason", "x")
    o.refused("option-missing", "decide", "extend", *NOV, "--reason", "x")
    o.decide(*words, "--unit", "BD.1", "--below")
    assert o.row()["until"] == "2024-12-12" and "late_days" not in o.row()
    o.agent.run("send")
    news = o.agent.run("news").stdout
    assert "Mất điện cả ngày" in news and "Until 12/12/2024" in news, news
    o.decide("close", *NOV)
    o.refused("period-closed", "decide", *words)


def a_day_is_as_good_as_a_position(place):
    o = Office(place)
    federation.report(place, o.agent, 77)
    o.send()
    assert reporting.value(o.a, "sessions", "--as-of", "29/11/2024") == 3
    assert reporting.value(o.a, "sessions", "--as-of", "12/12/2024") == 4
    o.refused("position-unknown", "summary", *NOV, "--as-of", "28/11/2024")
    o.refused("option-number", "summary", *NOV, "--as-of", "31/02/2024")


def staff_of_a_part_decide_for_their_part(place):
    o = Office(place)
    o.a = reporting.aggregator(place, o.c, "part", "--may-decide", "--for", "BD.1.1")
    o.a.env[OFFSET] = DECEMBER
    o.a.run("sync")
    o.refused("decision-not-granted", "decide", "close", *NOV)
    o.refused("decision-not-granted", "decide", "extend", *NOV, "--until", "20/12/2024", "--reason", "x")
    o.refused(
        "decision-not-granted",
        "decide",
        "extend",
        *NOV,
        "--until",
        "20/12/2024",
        "--reason",
        "x",
        "--unit",
        "BD.1.2"
    )
    o.decide("extend", *NOV, "--until", "20/12/2024", "--reason", "x", "--unit", "BD.1.1")
    o.decide("return", "BD.1.1", *NOV, "--reason", "Thiếu số nữ")
    assert o.row()["status"] == "returned" and o.row()["until"] == "2024-12-20", o.row()
    o.decide("close", *NOV, "--unit", "BD.1.1")
    grants = o.c.json("key", "list")["grants"]
    assert {(g["holder"], g["unit"]) for g in grants} == {("part", "BD.1.1")}, grants
    o.c.run("consumer", "add", "other", "--may-decide", "--for", "BD.9", ok=65)
    o.c.run("consumer", "add", "other", "--for", "BD.1", ok=64)


lib.Cases().run(
    a_closed_period_stays_as_it_was_published,
    a_period_is_closed_anew_after_it_was_reopened,
    what_was_redacted_after_the_closing_is_said,
    a_returned_report_reaches_its_officer_until_it_is_mended,
    a_longer_deadline_is_told_and_counts,
    a_day_is_as_good_as_a_position,
    staff_of_a_part_decide_for_their_part,
)
