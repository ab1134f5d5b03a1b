# SPDX-License-Identifier: MPL-2.0
"""The story of the demo: who reports what, when, and how, for plan 160 from November 2024 to January 2025.

Everything is drawn from one seed. `write()` lays the files out as people would have made them; run.py
acts the story with the real programs; oracle.py works the expected figures out from the files alone.
"""
import csv
import datetime
import json
import os
import random

SEED = 160
PLAN = "160/KH-LĐLĐ"
SECOND = "999/KH-LĐLĐ"
MONTHS = ["2024-11", "2024-12", "2025-01"]
HERE = os.path.dirname(os.path.abspath(__file__))

# When the officers sit at their computers (civil day, +07:00, 09:00).
PUBLISHED = "2024-11-08"
ON_TIME = {"2024-11": "2024-12-02", "2024-12": "2025-01-03", "2025-01": "2025-02-04"}
LATE = {"2024-11": "2024-12-05", "2024-12": "2025-01-08", "2025-01": "2025-02-12"}
BEFORE_TET = "2025-01-23"

# Special parts. A unit that is not named reports every month on time.
SILENT = {
    "BD.KCN.06": MONTHS,
    "BD.VSIP.06": MONTHS,
    "BD.GD.02": ["2025-01"],
    "BD.PG.03": ["2024-12", "2025-01"],
}
NOT_SUBMITTED = {"BD.TU.05": ["2024-12"], "BD.DT.03": ["2025-01"]}
NIL = {
    "BD.TU.03": ["2024-12"],
    "BD.BB.04": ["2024-11", "2025-01"],
    "BD.YT.02": ["2025-01"],
    "BD.SN4": MONTHS,
}
LATE_UNITS = {"BD.KCN.03": ["2024-11"], "BD.DM.02": ["2024-11", "2025-01"], "BD.TT.03": ["2024-12"]}
OFFLINE = {
    "BD.BTU.03": ["2024-11", "2024-12"],
    "BD.DT.02": ["2024-11", "2024-12"],
}  # enters in time, sends in January
SAME_FILE_TWICE = ["BD.TDM.02", "BD.VSIP.02"]
JSON_UNITS = ["BD.TT.01", "BD.TT.02", "BD.VC.01"]  # their program writes JSON
ON_BEHALF = {"BD.TA": ["BD.TA.05", "BD.TA.06", "BD.TA.07"]}  # offices without a computer
AGGREGATE = {"BD.DA": ["BD.DA.06", "BD.DA.07"]}  # one total for two more
OVERLAP = ("BD.BC", ["BD.BC.05"], "2024-12")  # covers a unit that reports itself: stays out
BEFORE_TET_UNITS = [
    "BD.TDM.01",
    "BD.TDM.03",
    "BD.DA.01",
    "BD.DA.02",
    "BD.TA.01",
    "BD.TA.02",
    "BD.VSIP.01",
    "BD.GD.01",
]
ACTIVE_AFTER_SUBMIT = ["BD.TA.02"]  # submitted before Tết, then held one more
CORRECT = [("BD.TDM.01", "2024-11"), ("BD.DA.02", "2024-11"), ("BD.VSIP.01", "2024-12")]
CORRECT_LATER = [("BD.DA.03", "2024-11", "2024-12")]  # while December is reported, after November was closed
CLOSED = "2024-12-10"  # November's figures are published and go up
EVENT = {  # one conference of three unions, which each of them reports
    "code": "K7M2QX",
    "month": "2024-12",
    "day": datetime.date(2024, 12, 12),
    "host": "BD.TDM",
    "guests": ["BD.TDM.04", "BD.TA.01"],
}
WITHDRAW = [("BD.TU.01", "2024-12"), ("BD.KCN.02", "2024-11")]
TWO_PLANS = ["BD.TDM.01", "BD.DM.01"]
COORDINATING = "TW.1"

TOPICS = ["vai-tro", "ke-thua", "muc-tieu-2030", "tam-nhin-2050", "khat-vong"]
DOCUMENTS = ["790/QĐ-TTg", "370/QĐ-TTg", "24-NQ/TW"]
TITLES = {
    "F1": "Hội nghị quán triệt quy hoạch tỉnh",
    "F2": "Sinh hoạt công đoàn chuyên đề quy hoạch tỉnh",
    "F3": "Tuyên truyền miệng đầu ca",
    "F4": "Phát thanh nội bộ về quy hoạch tỉnh",
    "F5": "Bảng tin công đoàn",
    "F6": "Phát tờ rơi hỏi đáp về quy hoạch",
    "F7": "Treo băng rôn, pa nô",
    "F8": "Bài viết trên trang thông tin",
    "F9": "Đăng bài trên trang Facebook, Zalo công đoàn",
    "F10": "Hội thi trực tuyến tìm hiểu quy hoạch",
    "F11": "Đối thoại, giao lưu với người lao động",
    "F12": "Lồng ghép trong họp sản xuất",
}
HIGHLIGHTS = [
    "Đoàn viên tham gia đông đủ, trao đổi sôi nổi.",
    "Nhiều ý kiến quan tâm đến nhà ở cho công nhân.",
    "Ban giám đốc hỗ trợ thời gian và hội trường.",
    "Người lao động hiểu rõ hơn mục tiêu năm 2030.",
]
DIFFICULTIES = [
    "Công ty tăng ca nên khó tập trung đông người.",
    "Thiếu tài liệu in sẵn.",
    "Nhiều lao động về quê sớm dịp Tết.",
]


def units():
    """Rows of units.csv by code, in its order."""
    with open(os.path.join(HERE, "input", "units.csv"), encoding="utf-8-sig", newline="") as f:
        return {r["Mã đơn vị"]: r for r in csv.DictReader(f, delimiter=";")}


def catalogue():
    """Measures of the catalogue by id."""
    path = os.path.join(HERE, "..", "..", "proto", "data", "catalogue.json")
    with open(path, encoding="utf-8") as f:
        return {m["id"]: m for m in json.load(f)}


def at(day, hour=9):
    """UTC milliseconds of an hour of a civil day in +07:00."""
    d = datetime.datetime.fromisoformat(day).replace(
        tzinfo=datetime.timezone(datetime.timedelta(hours=7)), hour=hour
    )
    return int(d.timestamp() * 1000)


def day_in(rng, month, last=31):
    year, mon = map(int, month.split("-"))
    end = (datetime.date(year + mon // 12, mon % 12 + 1, 1) - datetime.timedelta(days=1)).day
    return datetime.date(year, mon, rng.randint(9 if month == "2024-11" else 1, min(end, last)))


def people(rng, low, high):
    total = rng.randint(low, high)
    officials = rng.randint(1, max(1, total // 10))
    members = rng.randint((total - officials) // 2, total - officials)
    return {
        "attendances": total,
        "att_officials": officials,
        "att_members": members,
        "att_nonmembers": total - officials - members,
        "att_female": rng.randint(0, total),
    }


def figures(rng, form):
    """Measures that such an activity would report."""
    if form in ("F1", "F2", "F3", "F11", "F12"):
        m = {"sessions": rng.randint(1, 4), **people(rng, 15, 60 if form == "F2" else 320)}
        if form == "F1":
            m["speakers"] = rng.randint(1, 4)
            m["cost_union"] = rng.randint(1, 60) * 100000
            if rng.random() < 0.4:
                m["cost_employer"] = rng.randint(1, 80) * 250000
        if form == "F12":
            m["sessions_integrated"] = m["sessions"]
        return m
    return {
        "F4": {"broadcasts": rng.randint(1, 20), "broadcast_minutes": rng.randint(10, 300)},
        "F5": {"boards": rng.randint(1, 6)},
        "F6": {"leaflets": rng.randint(50, 1500)},
        "F7": {"banners": rng.randint(1, 12)},
        "F8": {"articles": rng.randint(1, 5), "reach": rng.randint(100, 9000)},
        "F9": {"posts": rng.randint(1, 9), "reach": rng.randint(200, 25000)},
        "F10": {"contests": 1, "entries": rng.randint(20, 900)},
    }[form]


def activity(rng, unit, month, n, form=None, last=31):
    form = form or rng.choice(["F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "F12"])
    day = day_in(rng, month, last)
    a = {
        "ref": "%s/%d" % (month, n),
        "unit": unit,
        "plans": [PLAN],
        "from": day,
        "to": day,
        "form": form,
        "title": TITLES[form],
        "topics": sorted(rng.sample(TOPICS, rng.randint(1, 3)), key=TOPICS.index),
        "documents": sorted(rng.sample(DOCUMENTS, rng.randint(1, 2)), key=DOCUMENTS.index),
        "integrated": form == "F12",
        "measures": figures(rng, form),
    }
    if form in ("F1", "F11") and rng.random() < 0.5:
        a["measures"]["highlights"] = rng.choice(HIGHLIGHTS)
    if form == "F1" and rng.random() < 0.3:
        a["measures"]["difficulties"] = rng.choice(DIFFICULTIES)
    return a


def is_in(table, unit, month):
    return month in table.get(unit, [])


def covered():
    return [u for members in AGGREGATE.values() for u in members]


def activities_of(unit, kind, month):
    """What a unit holds in a month; from a random stream of its own, so that others can be left out."""
    rng = random.Random("%d %s %s" % (SEED, unit, month))
    if is_in(SILENT, unit, month) or is_in(NIL, unit, month) or unit in covered():
        return []
    last = 20 if month == "2025-01" else 31
    made = [
        activity(rng, unit, month, n + 1, "F1" if n == 0 and rng.random() < 0.6 else None, last)
        for n in range(rng.randint(1, 4))
    ]
    if unit in TWO_PLANS and month == "2024-12":
        made.append(activity(rng, unit, month, 90, "F1"))
        made[-1]["plans"] = [PLAN, SECOND]
        made[-1]["topics"], made[-1]["documents"] = [], []
        made[-1]["measures"] = {"sessions": 1, **people(rng, 80, 200), "leaflets": 120}
    if unit in ACTIVE_AFTER_SUBMIT and month == "2025-01":
        made.append(activity(rng, unit, month, 91, "F2"))
        made[-1]["after"] = True
        made[-1]["from"] = made[-1]["to"] = datetime.date(2025, 1, 24)
    if month == EVENT["month"] and unit in [EVENT["host"], *EVENT["guests"]]:
        made.append(part_in_event(unit))
    if kind == "upper-level" and month == "2024-11":
        made[0]["measures"]["units_covered"] = sorted(
            rng.sample([unit + ".01", unit + ".02"], rng.randint(1, 2))
        )
    return made


def part_in_event(unit):
    """The report of the host or of a guest of the joint conference."""
    rng = random.Random("event " + unit)
    host = unit == EVENT["host"]
    a = activity(rng, unit, EVENT["month"], 92, "F1")
    a["from"] = a["to"] = EVENT["day"]
    a["title"] = "Hội nghị liên cơ sở về quy hoạch tỉnh"
    a["measures"] = {"sessions": 1, **(people(rng, 200, 300) if host else people(rng, 20, 40))}
    a["measures"].update({"speakers": 2} if host else {"leaflets": 15})
    a["event"] = {"code": EVENT["code"], "role": "host" if host else "guest"}
    return a


def stated_of(unit, kind, month):
    """What a unit states with its period report."""
    rng = random.Random("stated %s %s" % (unit, month))
    workers = rng.randint(80, 2400)
    stated = {"workers": workers, "members": rng.randint(workers // 2, workers)}
    if kind == "upper-level" and month == "2024-11":
        stated["plans_issued"] = True
        stated["directives"] = rng.randint(1, 3)
    return stated


def totals_of(unit, month, covers):
    """The aggregate an upper-level union enters for several."""
    rng = random.Random("aggregate %s %s" % (unit, month))
    return {"sessions": rng.randint(2, 6), **people(rng, 60, 300), "leaflets": rng.randint(100, 900)}


def head_of(measure):
    return catalogue()[measure]["vi"]


HEADS = {
    "ref": "Mã dòng",
    "plans": "Kế hoạch",
    "from": "Từ ngày",
    "to": "Đến ngày",
    "form": "Hình thức",
    "title": "Tên hoạt động",
    "topics": "Nội dung",
    "documents": "Văn bản",
    "integrated": "Lồng ghép",
}


# Only where a row is part of a joint event.
EVENT_HEADS = ["Mã sự kiện", "Vai trò"]
ROLES = {"host": "chủ trì", "guest": "tham dự"}


def cell(value):
    if value is True:
        return "x"
    if value is False or value is None:
        return ""
    if isinstance(value, datetime.date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, list):
        return ", ".join(value)
    return str(value)


def write_csv(path, rows):
    """As Excel in Vietnam saves it: BOM, semicolons, CRLF; only the columns that are used."""
    names = {m["id"]: m["vi"] for m in catalogue().values()}
    used = [m for m in names if any(m in r["measures"] for r in rows)]
    events = EVENT_HEADS if any("event" in r for r in rows) else []
    with open(path, "w", encoding="utf-8-sig", newline="") as f:
        out = csv.writer(f, delimiter=";", lineterminator="\r\n")
        out.writerow(list(HEADS.values()) + events + [names[m] for m in used])
        for r in rows:
            part = [r["event"]["code"], ROLES[r["event"]["role"]]] if "event" in r else [""] * len(events)
            cells = [cell(r[k]) for k in HEADS] + part[: len(events)]
            out.writerow(cells + [cell(r["measures"].get(m)) for m in used])


def as_json(a):
    doc = {
        "doc": "activity",
        "unit": a["unit"],
        "plans": [{"plan": p, "version": 1} for p in a["plans"]],
        "from": a["from"].isoformat(),
        "to": a["to"].isoformat(),
        "form": a["form"],
        "title": a["title"],
        "topics": a["topics"],
        "documents": a["documents"],
        "measures": a["measures"],
    }
    if a["integrated"]:
        doc["integrated"] = True
    return doc


def write_unit(folder, unit, month, rows):
    """Files of one unit and month; returns their names."""
    if unit in JSON_UNITS:
        names = []
        for a in rows:
            name = "%s-%s.json" % (unit, a["ref"].replace("/", "-"))
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                json.dump(as_json(a), f, ensure_ascii=False, indent=1)
            names.append(name)
        return names
    names = []
    for after in (False, True):
        part = [a for a in rows if bool(a.get("after")) == after]
        if part:
            names.append("%s-%s%s.csv" % (unit, month, "-sau" if after else ""))
            write_csv(os.path.join(folder, names[-1]), part)
    return names


def write_aggregate(folder, unit, month, covers, name):
    doc = {
        "doc": "aggregate",
        "unit": unit,
        "plans": [{"plan": PLAN, "version": 1}],
        "calendar": "duonglich",
        "period": month,
        "covers": covers,
        "measures": totals_of(unit, month, covers),
    }
    with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
        json.dump(doc, f, ensure_ascii=False, indent=1)


def change_of(unit, month, n):
    """The correction of an activity: more people came than was first written."""
    return {
        "unit": unit,
        "ref": "%s/%d" % (month, n),
        "set": {"leaflets": 77},
        "reason": "Bổ sung số tờ rơi đã phát",
    }


def write(folder, only=None):
    """Lays the input files out in FOLDER; ONLY: grassroots units to keep. File names by unit and month."""
    os.makedirs(folder, exist_ok=True)
    tree = units()
    files = {}
    for unit, row in tree.items():
        if only is not None and row["Loại"] == "grassroots" and unit not in only:
            continue
        for month in MONTHS:
            if unit == COORDINATING and month != "2024-12":
                continue
            files[unit, month] = write_unit(folder, unit, month, activities_of(unit, row["Loại"], month))
    for unit, covers in AGGREGATE.items():
        for month in MONTHS:
            write_aggregate(folder, unit, month, covers, "tong-hop-%s-%s.json" % (unit, month))
    unit, covers, month = OVERLAP
    write_aggregate(folder, unit, month, covers, "tong-hop-%s-%s.json" % (unit, month))
    with open(os.path.join(folder, "changes.json"), "w", encoding="utf-8") as f:
        json.dump(
            {
                "correct": [{**change_of(u, m, 1), "when": m} for u, m in CORRECT]
                + [{**change_of(u, m, 1), "when": when} for u, m, when in CORRECT_LATER],
                "withdraw": [
                    {"unit": u, "ref": "%s/1" % m, "reason": "Nhập nhầm, hoạt động thuộc kỳ sau"}
                    for u, m in WITHDRAW
                ],
            },
            f,
            ensure_ascii=False,
            indent=1,
        )
    return files
