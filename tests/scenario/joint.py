#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""One conference, several unions: the host's agent makes a code, guests enter it or staff link what they
wrote. Does it count once, do the rows add up in every form, and is each decision explained?"""
import csv
import io
import json
import os
import time

import docx
import federation
import lib
import office
import openpyxl
import reporting

# Plan and reports are of November 2024: everybody lives on 29 November 2024.
os.environ["BAOCAO_CLOCK_OFFSET_MS"] = str(1732840800000 - int(time.time() * 1000))
NOV = ("--period", "2024-11")
VI = {"BAOCAO_LANG": "vi"}
HEAD = "Ngày;Hình thức;Địa điểm;Mã sự kiện;Vai trò;sessions;attendances\n"
SUBTRACTED = "Trừ trùng sự kiện chung"


class Site:
    """A host and two guests, one of whom forgot the code, and staff."""

    def __init__(self, place):
        self.place = place
        self.f = office.Federation(place)
        c = self.f.collector
        self.host, self.guest = (self.f.office("o%s" % u, u) for u in ("BD.01", "BD.02"))
        for agent in (self.host, self.guest):
            agent.run("send")  # the plan comes
        self.a = reporting.aggregator(place, c, "staff", "--may-decide")

    def table(self, agent, name, *rows):
        said = json.loads(
            agent.run("import", self.place.write(name, HEAD + "\n".join(rows) + "\n"), "--json").stdout
        )
        assert not said["refused"] and not said["questions"], said
        agent.run("send")
        self.a.run("sync")
        return said["rows"]

    def summary(self, *more):
        return json.loads(reporting.summary(self.a, *more))

    def decide(self, *words):
        self.a.run("decide", *words, "--person", "Nguyễn Văn A")
        self.a.run("sync")

    def joint(self):
        return json.loads(self.a.run("joint", *NOV, "--json").stdout)


def adds_up(summary):
    """The rows of the children less the joint events are the whole, in every sum."""
    for name, figure in summary["measures"].items():
        if figure["add"] != "sum":
            continue
        rows = sum(r["measures"].get(name, {}).get("value", 0) for r in summary["children"])
        joint = summary.get("joint", {"measures": {}})["measures"].get(name, {}).get("value", 0)
        assert rows - joint == figure["value"], (name, rows, joint, figure)
    rows = sum(r["activities"] for r in summary["children"])
    assert rows - summary.get("joint", {"guests": 0})["guests"] == summary["documents"]["activities"]


def a_code_on_the_invitation_joins_host_and_guests(place):
    site = Site(place)
    code = site.host.json("event")["code"]
    site.table(site.host, "host.csv", "20/11/2024;F1;Hội trường;%s;chủ trì;1;300" % code)
    said = site.table(
        site.guest, "guest.csv", "20/11/2024;F1;;%s;tham dự;1;40" % code.lower(), "21/11/2024;F1;;;;1;9"
    )
    summary = site.summary()
    assert summary["measures"]["attendances"] == {"add": "sum", "units": 2, "value": 309}, summary[
        "measures"
    ]
    assert summary["joint"]["measures"]["attendances"]["value"] == 40
    adds_up(summary)
    (event,) = site.joint()["events"]
    assert event["host"]["unit"] == "BD.01" and event["guests"][0]["id"] == said[0]["id"], event
    site.decide("unlink", said[0]["id"])
    assert site.summary()["measures"]["attendances"]["value"] == 349 and "joint" not in site.summary()
    site.guest.run("correct", "1", "--set", "attendances=41", "--reason", "Nhầm")
    site.guest.run("send")
    site.a.run("sync")
    assert site.summary()["measures"]["attendances"]["value"] == 350  # a decision is about all revisions


def a_host_that_wrote_no_code_is_told_one(place):
    site = Site(place)
    (row,) = site.table(site.host, "host.csv", "20/11/2024;F1;;;chủ trì;1;300")
    (note,) = row["warnings"]
    code = note["vi"].split()[4].strip(";")
    assert note["code"] == "event-code" and code in site.host.run("list").stdout, note
    site.guest.run("import", place.write("g.csv", HEAD + "20/11/2024;F1;;;;1;40\n"))
    site.guest.run("correct", "1", "--set", "event=%s" % code, "--reason", "Quên mã")
    site.guest.run("send")
    site.a.run("sync")
    assert site.summary()["measures"]["attendances"]["value"] == 300


def staff_link_what_nobody_named(place):
    site = Site(place)
    (host,) = site.table(site.host, "host.csv", "20/11/2024;F1;Hội trường Ví dụ;;;1;300")
    (guest,) = site.table(site.guest, "guest.csv", "20/11/2024;F1;hoi truong  vi du;;;1;40")
    (candidates,) = site.joint()["candidates"]
    assert {c["id"] for c in candidates} == {host["id"], guest["id"]}
    table = site.a.run("joint", *NOV, env=VI).stdout
    assert "CÓ THỂ LÀ MỘT SỰ KIỆN CHUNG" in table and "Hội trường Ví dụ" in table, table
    assert "Tổng lượt người dự 300" in table and "Tổng lượt người dự 40" in table, table
    assert site.summary()["measures"]["attendances"]["value"] == 340
    for program in (site.host, site.guest):
        program.run("submit", "2024-11", "--yes")
        program.run("send")
    site.a.run("sync")
    site.f.collector.stop()
    later = str(int(os.environ["BAOCAO_CLOCK_OFFSET_MS"]) + 13 * 86400000)
    for program in (site.f.collector, site.a):
        program.env["BAOCAO_CLOCK_OFFSET_MS"] = later
    site.f.collector.up()
    site.decide("close", *NOV)
    site.decide("link", host["id"], guest["id"])
    assert site.summary()["measures"]["attendances"]["value"] == 300
    restated = json.loads(site.a.run("restated", *NOV, "--json").stdout)
    assert restated["measures"]["attendances"] == {"was": 340, "is": 300, "difference": -40}, restated
    assert [o["kind"] for o in restated["others"]] == ["decision"], restated["others"]
    explained = json.loads(site.a.run("explain", *NOV, "--measure", "attendances", "--json").stdout)
    parts = [d for u in explained["units"] for d in u["documents"]]
    assert [d.get("joint") for d in parts] == [None, True], parts
    site.a.run("decide", "link", guest["id"], host["id"], ok=65)  # a guest hosts nobody
    site.a.run("decide", "link", host["id"], host["id"], ok=65)
    site.a.run("decide", "link", host["id"], host["id"][:-1] + "0", ok=65)
    assert "joint-host" in site.a.run("decide", "link", guest["id"], host["id"], ok=65).stderr


def every_form_shows_what_is_subtracted(place):
    site = Site(place)
    site.table(site.host, "host.csv", "20/11/2024;F1;;HOINGHI1;chủ trì;1;300")
    site.table(site.guest, "guest.csv", "20/11/2024;F1;;HOINGHI1;tham dự;1;40")
    adds_up(site.summary())
    assert SUBTRACTED in site.a.run("summary", *NOV, env=VI).stdout
    rows = csv.reader(
        io.StringIO(site.a.run("summary", *NOV, "--format", "csv", env=VI).stdout.lstrip("\ufeff")),
        delimiter=";",
    )
    (row,) = [r for r in rows if r[0] == "joint" and r[4] == "attendances"]
    assert row[2] == SUBTRACTED and row[3] == "-1" and row[7] == "-40", row

    def made(form):
        path = place.path("bao-cao." + form)
        site.a.run("document", *NOV, "--format", form, "--out", path)
        return path

    for sheet in ("Đơn vị", "Đơn vị đủ"):
        table = list(openpyxl.load_workbook(made("xlsx"))[sheet].iter_rows(values_only=True))
        column = table[0].index("Tổng lượt người dự")
        values = {r[1]: r[column] for r in table[1:]}
        assert values[SUBTRACTED] == -40, values
        assert sum(v for v in values.values() if isinstance(v, int)) == 300, values
    document = docx.Document(made("docx"))
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    assert SUBTRACTED in cells and "-40" in cells
    assert "mỗi sự kiện chỉ tính một lần" in "\n".join(p.text for p in document.paragraphs)


lib.Cases().run(
    a_code_on_the_invitation_joins_host_and_guests,
    a_host_that_wrote_no_code_is_told_one,
    staff_link_what_nobody_named,
    every_form_shows_what_is_subtracted,
)
