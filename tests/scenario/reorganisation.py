#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""July 2025: the district level ends, the province becomes part of Hồ Chí Minh City, ward unions take over.
Is every report counted once by the tree as it was and as it is, and are files that do not fit refused?"""
import json
import os
import time

import lib
import office
import reporting

# Everybody lives on 5 August 2025.
os.environ["BAOCAO_CLOCK_OFFSET_MS"] = str(1754355600000 - int(time.time() * 1000))

BEFORE = """Mã đơn vị;Tên đơn vị;Loại;Mã cấp trên;Từ ngày;Phải báo cáo
BD;Liên đoàn Lao động tỉnh Bình Dương;liên đoàn;;01/01/1997;
BD.TDM;Liên đoàn Lao động thành phố Thủ Dầu Một;upper-level;BD;01/01/1997;x
BD.DT;Liên đoàn Lao động huyện Dầu Tiếng;upper-level;BD;01/01/1999;x
HCM;Liên đoàn Lao động Thành phố Hồ Chí Minh;liên đoàn;;01/01/1976;
HCM.Q1;Công đoàn cấp trên Ví dụ;upper-level;HCM;01/01/1976;x
BD.TDM.1;CĐCS Công ty Ví dụ Một;grassroots;BD.TDM;01/01/2020;x
BD.TDM.2;CĐCS Công ty Ví dụ Hai;grassroots;BD.TDM;01/01/2020;x
BD.DT.1;CĐCS Công ty Ví dụ Ba;grassroots;BD.DT;01/01/2020;x
HCM.Q1.1;CĐCS Công ty Ví dụ Bốn;grassroots;HCM.Q1;01/01/2020;x
"""
WARDS = """Mã đơn vị;Tên đơn vị;Loại;Mã cấp trên;Từ ngày;Phải báo cáo;Số quyết định;Tạm giao cho
HCM.TDM;Công đoàn phường Thủ Dầu Một;upper-level;HCM;01/07/2025;x;1/QĐ;
HCM.PL;Công đoàn phường Phú Lợi;upper-level;HCM;01/07/2025;x;1/QĐ;
HCM.DT;Công đoàn xã Dầu Tiếng;upper-level;HCM;01/07/2025;x;1/QĐ;
HCM.MT;Công đoàn xã Minh Thạnh;upper-level;HCM;01/07/2025;x;1/QĐ;HCM.DT
"""
ENDS = """Mã đơn vị;Đến ngày;Số quyết định;Nhập vào
BD;30/06/2025;2/QĐ;HCM
BD.TDM;30/06/2025;3/QĐ;HCM.TDM, HCM.PL
BD.DT;30/06/2025;3/QĐ;HCM.DT
"""
MOVES = """Mã đơn vị;Mã cấp trên;Hiệu lực từ;Số quyết định
BD.TDM.1;HCM.TDM;01/07/2025;4/QĐ
BD.TDM.2;HCM.PL;01/07/2025;4/QĐ
BD.DT.1;HCM.MT;01/07/2025;4/QĐ
"""
SESSIONS = {"BD": 1, "BD.TDM": 2, "BD.DT": 4, "BD.TDM.1": 8, "BD.TDM.2": 16, "BD.DT.1": 32, "HCM.Q1.1": 64}


def imported(c, place, text, ok=True):
    return c.run("unit", "import", place.write("don-vi.csv", text), ok=ok)


def reports(place, c, day, units):
    """An activity of each unit on a day, as many sessions as no other has."""
    for unit in units:
        a = place.agent(unit, env=office.QUICK)
        if not os.path.exists(a.dir):
            a.run("join", c.json("enrol", unit)[0]["code"])
        doc = {
            "doc": "activity",
            "from": day,
            "to": day,
            "form": "F1",
            "title": "Buổi " + day,
            "measures": {"sessions": SESSIONS[unit], "attendances": 10},
        }
        a.run("report", place.write("d.json", json.dumps(doc)))
        a.run("send")


def reorganised(place):
    c = place.collector()
    c.run("init")
    imported(c, place, BEFORE)
    c.run("plan", "publish", office.PLAN)
    c.up()
    reports(place, c, "2025-05-20", SESSIONS)
    a = reporting.aggregator(place, c)
    for step in (WARDS, MOVES, ENDS):
        imported(c, place, step)
    reports(place, c, "2025-07-20", [u for u in SESSIONS if u not in ("BD", "BD.TDM", "BD.DT")])
    a.run("sync")
    return c, a


def summary(a, unit, period, *more):
    said = json.loads(a.run("summary", "--period", period, "--unit", unit, "--json", *more).stdout)
    rows = {r["code"]: r["measures"].get("sessions", {}).get("value", 0) for r in said["children"]}
    whole = said["measures"].get("sessions", {}).get("value", 0)
    assert sum(rows.values()) == whole, (unit, rows, whole)
    return whole, {k: v for k, v in rows.items() if v}


def as_it_was(place):
    _, a = reorganised(place)
    assert summary(a, "BD", "2025-05") == (63, {"BD": 1, "BD.TDM": 26, "BD.DT": 36})
    assert summary(a, "HCM", "2025-05") == (64, {"HCM.Q1": 64})
    assert summary(a, "BD", "2025-07") == (0, {})
    assert summary(a, "HCM", "2025-07") == (120, {"HCM.Q1": 64, "HCM.TDM": 8, "HCM.PL": 16, "HCM.MT": 32})


def as_it_is(place):
    """The federation's own go to the city, the split district's stay together, units go with their parent."""
    _, a = reorganised(place)
    now = ("--tree", "today")
    assert summary(a, "HCM", "2025-05", *now) == (
        127,
        {"HCM": 1, "HCM.Q1": 64, "HCM.TDM": 10, "HCM.PL": 16, "HCM.DT": 4, "HCM.MT": 32},
    )
    assert summary(a, "BD", "2025-05", *now)[0] == 0
    assert summary(a, "HCM", "2025-05", "--tree", "30/06/2025") == (64, {"HCM.Q1": 64})
    was, now = summary(a, "HCM", "2025")[0], summary(a, "HCM", "2025", *now)[0]
    assert was + summary(a, "BD", "2025")[0] == now == 247
    heading = a.run(
        "summary", "--period", "2025-05", "--unit", "HCM", "--tree", "today", "--lang", "vi"
    ).stdout
    assert "Theo tổ chức ngày 05/08/2025" in heading


def nobody_is_lost_from_the_board(place):
    _, a = reorganised(place)
    board = json.loads(a.run("board", "--period", "2025-08", "--unit", "HCM", "--json").stdout)
    expected = {
        "HCM.Q1",
        "HCM.Q1.1",
        "HCM.TDM",
        "HCM.PL",
        "HCM.DT",
        "HCM.MT",
        "BD.TDM.1",
        "BD.TDM.2",
        "BD.DT.1",
    }
    assert {u["code"] for u in board["units"]} == expected


def decisions_stand_in_the_log(place):
    c, _ = reorganised(place)
    units = {u["unit"]: u for u in c.json("unit", "list")}
    assert units["BD"]["successors"] == [
        {"kind": "merge", "unit": "HCM", "date": "2025-07-01", "decision": "2/QĐ"}
    ]
    assert [s["kind"] for s in units["BD.TDM"]["successors"]] == ["split", "split"]
    assert units["HCM.MT"]["custody"][0]["unit"] == "HCM.DT"
    assert units["BD.DT.1"]["parent"] == "HCM.MT" and not units["BD.DT"]["open"]


def files_that_do_not_fit_are_refused(place):
    c, _ = reorganised(place)
    before = c.json("status")["position"]
    for text, code in (
        ("code;closed;decision;into\nHCM.DT;31/08/2025;5/QĐ;BD.DT\n", "unit-successor"),  # closed itself
        ("code;closed;decision;into\nHCM.DT;31/08/2025;5/QĐ;HCM.X\n", "unit-successor"),
        ("code;closed;decision;into\nHCM.DT;31/08/2025;5/QĐ;HCM.DT\n", "unit-successor"),
        ("code;decision;into\nHCM.PL;5/QĐ;HCM.DT\n", "unit-successor"),  # not closed
        ("code;closed\nHCM.DT;30/06/2025\n", "unit-field"),  # before it opened
        ("code;parent;effective\nHCM;HCM.DT;01/08/2025\n", "tree-loop"),
        ("code;custody;decision\nHCM.DT;BD.DT;5/QĐ\n", "unit-custody"),
    ):
        said = c.run("unit", "import", place.write("x.csv", text), "--json", ok=65)
        assert code in said.stdout, (text, said)
    assert c.json("status")["position"] == before
    said = imported(c, place, "code;closed;decision;into\nHCM.MT;31/08/2025;5/QĐ;HCM.DT\n")
    assert "1 units still stand under HCM.MT" in said.stdout + said.stderr, said


lib.Cases().run(
    as_it_was,
    as_it_is,
    nobody_is_lost_from_the_board,
    decisions_stand_in_the_log,
    files_that_do_not_fit_are_refused,
)
