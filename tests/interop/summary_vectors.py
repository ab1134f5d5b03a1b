# SPDX-License-Identifier: MPL-2.0
"""proto/vectors/summary.json: two logs, a short one made by hand and a long one made by chance from a fixed
seed, and the exact bytes of summaries over them, worked out by fold.py and not by the programs.

usage: summary_vectors.py --write    (test_summary.py compares what is there with what this makes)
"""
import json
import os
import random
import sys

sys.dont_write_bytecode = True
import fold
import fold_closing
import formats
from summary_log import activity, aggregate, DAY, Log, plan, report, withdrawn

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FILE = os.path.join(ROOT, "proto", "vectors", "summary.json")


def by_hand():
    """Each rule once."""
    log = Log(b"by hand")
    top = [("2020-01-01", None)]
    log.unit("BD", "federation", top, expected=False)
    for n in ("01", "02"):
        log.unit(
            f"BD.{n}",
            "upper-level",
            [("2020-01-01", "BD")],
            contact={"name": "Nguyễn Văn A", "phone": "0900 000 000"},
        )
    for code in ("BD.01.001", "BD.01.002", "BD.01.003", "BD.01.004", "BD.02.001"):
        log.unit(code, "grassroots", [("2020-01-01", code[:5])], groups={"ngành": "may"})
    log.unit("TW.01", "coordinating", [("2020-01-01", "BD")], expected=False)
    log.add("plan", {}, plan("1/KH", 1))
    log.add("plan", {}, plan("2/KH", 1, speakers="sum"))
    both = (("1/KH", 1), ("2/KH", 1))
    one = activity(
        "BD.01.001", "one", 1, "2024-11-05", {"sessions": 3, "speakers": 2, "reached": ["x", "y"]}, both
    )
    log.document(one)
    first = log.document(
        {**one, "rev": 2, "reason": "Sửa", "measures": {"sessions": 5, "proposals": "Đề nghị một"}}
    )
    two = activity(
        "BD.01.002", "two", 1, "2024-11-06", {"wage": {"value": 851, "weight": 3}}, form="F2", topics=()
    )
    log.document(withdrawn(two, 2))
    log.document(two)
    secret = log.document(
        activity("BD.01.003", "three", 1, "2024-11-07", {"sessions": 70, "proposals": "Lời riêng"})
    )
    log.document(activity("BD.02.001", "four", 1, "2024-10-31", {"sessions": 11, "members": 40}))
    log.document(
        activity("TW.01", "five", 1, "2024-11-30", {"sessions": 100, "wage": {"value": 10, "weight": 1}})
    )
    group = aggregate(
        "BD.01",
        1,
        "2024-11",
        ["BD.01.003", "BD.01.004"],
        {"sessions": 20, "members": 9, "plans_issued": True},
        "nhóm",
    )
    log.document(group)
    log.document(
        report("BD.01.001", 1, "2024-11", [log.listed(first)], {"members": 25, "plans_issued": False})
    )
    log.document(report("BD.01", 1, "2024-11", []))
    log.now += 40 * DAY
    log.document(report("BD.02.001", 1, "2024-11", [log.listed(first)]))
    log.decide("overlap", aggregate=group["id"], choice="aggregate")
    log.unit("BD.01.002", "grassroots", [("2020-01-01", "BD.01"), ("2024-11-10", "BD.02")])
    log.redact(secret)
    late = report("BD.01.002", 1, "2024-11", [])
    log.document(late)
    log.document(activity("BD.01.002", "six", 1, "2024-11-29", {"sessions": 2}))
    log.decide("return", id=late["id"], rev=1, reason="Thiếu hoạt động")
    log.decide("return", id=one["id"], rev=2, reason="Số người quá lớn")
    log.decide("accept", id=report("BD.01", 1, "2024-11", [])["id"], rev=1)
    where = {"plan": "1/KH", "period": "2024-11", "reason": "Mất điện"}
    log.decide("extend", **where, until="2025-01-20", unit="BD.02", below=True)
    log.decide("extend", **where, until="2025-01-05", group={"name": "ngành", "value": "may"})
    joint(log)
    return log


def joint(log):
    """A conference in January and its guests: by code, by decision, with and without a host."""
    event = {"event": {"code": "K7M2QX", "role": "guest"}}
    guests = [
        {**activity(unit, f"guest {unit}", 1, "2025-01-07", measures), **event}
        for unit, measures in (
            (
                "BD.01.001",
                {"sessions": 1, "speakers": 9, "reached": ["x"], "wage": {"value": 5, "weight": 2}},
            ),
            ("BD.02.001", {"sessions": 1, "plans_issued": True, "proposals": "Của khách"}),
            ("BD.02", {"sessions": 1}),
        )
    ]
    for guest in guests:
        log.document(guest)
    host = activity(
        "BD.02", "host", 1, "2025-01-07", {"sessions": 1, "speakers": 3, "wage": {"value": 7, "weight": 1}}
    )
    log.document({**host, "from": "2025-01-06", "event": {"code": "K7M2QX", "role": "host"}})
    other = activity("BD.01.002", "near", 1, "2025-01-06", {"sessions": 40, "members": 12})
    log.document(other)
    log.decide("link", host=host["id"], guests=[other["id"]])
    log.document(
        {**guests[0], "id": formats.uuid8("activity", "too late"), "from": "2025-01-08", "to": "2025-01-08"}
    )
    log.decide("link", guests=[guests[2]["id"]])


class Chance:
    """Anything after anything, so that what nobody thought of happens too."""

    MONTHS = ["2024-11", "2024-12", "2025-01"]
    UPPER = ["BD.01", "BD.02", "BD.03"]
    UNITS = ["BD", *UPPER] + [f"{u}.00{k}" for u in UPPER for k in range(1, 5)] + ["TW.01"]

    def __init__(self, seed, count):
        self.r, self.log = random.Random(seed), Log(b"by chance")
        self.known, self.positions, self.waiting = {}, {}, []
        for code in self.UNITS:
            kind = {2: "federation", 5: "upper-level"}.get(len(code), "grassroots")
            kind = "coordinating" if code == "TW.01" else kind
            parent = {2: None, 5: "BD"}.get(len(code), code[:5])
            self.log.unit(
                code,
                kind,
                [("2020-01-01", parent)],
                expected=kind in ("upper-level", "grassroots"),
                groups={"ngành": self.r.choice(["may", "gỗ"])},
            )
        self.log.add("plan", {}, plan("1/KH", 1))
        self.log.add("plan", {}, plan("2/KH", 1))
        for i in range(count):
            self.log.now += self.r.randrange(DAY // 3)
            self.step(i, self.r.random())

    def step(self, i, what):
        if what < 0.50 or not self.known:
            self.put(self.activity(i))
        elif what < 0.67:
            self.put(self.report())
        elif what < 0.74:
            self.put(self.aggregate(i))
        elif what < 0.90:
            self.revise()
        elif what < 0.92 and self.waiting:  # an earlier revision that comes after the later one
            self.log.document(self.waiting.pop())
        elif what < 0.95:
            groups = [d["id"] for d in self.known.values() if d["doc"] == "aggregate"]
            if groups:
                self.log.decide(
                    "overlap", aggregate=self.r.choice(groups), choice=self.r.choice(["aggregate", "own"])
                )
        elif what < 0.953:
            self.extend()
        elif what < 0.956:
            self.link()
        elif what < 0.97:
            self.review()
        elif what < 0.985:
            self.move(self.r.choice(self.UNITS[4:-1]))
        else:
            self.log.redact(self.positions[self.r.choice(sorted(self.known))])

    def put(self, doc):
        self.known[doc["id"]] = doc
        self.positions[doc["id"]] = self.log.document(doc)

    def extend(self):
        more = [
            {},
            {"unit": "BD.01"},
            {"unit": "BD.02", "below": True},
            {"group": {"name": "ngành", "value": "may"}},
        ]
        self.log.decide(
            "extend",
            plan=self.r.choice(["1/KH", "2/KH"]),
            period=self.r.choice(self.MONTHS),
            until=f"2025-0{1 + self.r.randrange(3)}-15",
            reason="Bão",
            **self.r.choice(more),
        )

    def link(self):
        if len(self.known) < 3:
            return
        ids = self.r.sample(sorted(self.known), 2 + self.r.randrange(2))
        host = {"host": ids[0]} if self.r.random() < 0.8 else {}
        self.log.decide("link", **host, guests=ids[1:])

    def review(self):
        doc = self.known[self.r.choice(sorted(self.known))]
        what = self.r.choice(
            [("return", {"reason": "Thiếu"}), ("return", {"reason": "Sai"}), ("accept", {})]
        )
        self.log.decide(what[0], id=doc["id"], rev=doc["rev"], **what[1])

    def move(self, unit):
        more = {"closed": "2024-12-20"} if self.r.random() < 0.4 else {}
        if more and self.r.random() < 0.8:  # merged or split, perhaps into one that is closed itself
            into = self.r.sample(self.UNITS[1:-1], 1 + self.r.randrange(2))
            kind = "split" if len(into) > 1 else "merge"
            more["successors"] = [
                {"kind": kind, "unit": u, "date": "2024-12-21", "decision": "9/QĐ"}
                for u in into
                if u != unit
            ]
        there = [("2020-01-01", unit[:5]), (f"{self.r.choice(self.MONTHS)}-10", self.r.choice(self.UPPER))]
        self.log.unit(unit, "grassroots", there, **more)

    def measures(self, *without):
        n = self.r.randrange
        every = {
            "sessions": n(50),
            "plans_issued": n(2) == 1,
            "speakers": n(9),
            "members": n(900),
            "wage": {"value": n(900000), "weight": n(50)},
            "reached": self.r.sample(["a", "b", "ă", "đ", "z"], n(4)),
            "proposals": self.r.choice(["Đề nghị", ["Một", 'Hai\n"ba"'], "🙂 khó khăn"]),
        }
        return {k: every[k] for k in self.r.sample(sorted(set(every) - set(without)), 1 + n(4))}

    def activity(self, i):
        day = f"{self.r.choice(self.MONTHS)}-{1 + self.r.randrange(30):02}"
        plans = self.r.choice([(("1/KH", 1),), (("2/KH", 1),), (("2/KH", 1), ("1/KH", 1))])
        doc = activity(
            self.r.choice(self.UNITS),
            f"chance {i}",
            1,
            day,
            self.measures(),
            plans,
            self.r.choice(["F1", "F2"]),
            self.r.choice([(), ("t1",), ("t1", "t2")]),
        )
        if self.r.random() < 0.3:
            doc["from"] = f"{day[:8]}01"
            code = f"CODE{self.r.randrange(6)}"
            doc["event"] = {"code": code, "role": self.r.choice(["host", "guest", "guest"])}
        return doc

    def report(self):
        unit, month = self.r.choice(self.UNITS), self.r.choice(self.MONTHS)
        mine = [
            self.positions[i]
            for i, d in self.known.items()
            if d["unit"] == unit and d.get("to", "")[:7] == month
        ]
        doc = report(
            unit,
            1,
            month,
            [self.log.listed(p) for p in mine if self.r.random() < 0.9],
            self.measures() if self.r.random() < 0.7 else None,
        )
        before = self.known.get(doc["id"])
        return {**doc, "rev": before["rev"] + 1, "reason": "Bổ sung"} if before else doc

    def aggregate(self, i):
        over = self.r.choice(self.UPPER)
        covers = self.r.sample([u for u in self.UNITS if u.startswith(over + ".")], 1 + self.r.randrange(2))
        return aggregate(
            over, 1, self.r.choice(self.MONTHS), covers, self.measures("proposals"), f"nhóm {i}"
        )

    def revise(self):
        old = self.known[self.r.choice(sorted(self.known))]
        if "withdrawn" in old:
            return
        rev = old["rev"] + 1
        if old["doc"] == "activity" and self.r.random() < 0.3:
            self.put(withdrawn(old, rev))
            return
        new = {**old, "rev": rev, "reason": "Sửa", "measures": self.measures("proposals")}
        if self.r.random() < 0.3:
            self.waiting.append(new)
            new = {**new, "rev": rev + 1, "measures": self.measures("proposals")}
        self.put(new)


def question(log, unit, number, name, as_of=0, tree=None, group=None):
    group = {"name": "ngành", "value": group} if group else None
    entries = [tuple(e[:3]) for e in log.entries[: as_of or None]]
    made = fold.summary(entries, unit, number, name, tree, group)
    asked = {
        "unit": unit,
        "plan": number,
        "period": name,
        "as_of": as_of,
        **({"tree": tree} if tree else {}),
        **({"group": group} if group else {}),
    }
    return {**asked, "summary": made.decode()}


def restated(log, unit, number, name):
    """What test_summary asks of figures that are closed, or were."""
    made = fold_closing.restatement([tuple(e[:3]) for e in log.entries], unit, number, name)
    return {"unit": unit, "plan": number, "period": name, "restated": made}


def case(name, log, questions, closed=()):
    entries = [
        {"header": e[3], "body": None if e[1] is None else e[1].decode(), "chain": e[2]} for e in log.entries
    ]
    asked = [question(log, *q) for q in questions] + [restated(log, *q) for q in closed]
    return {"name": name, "entries": entries, "questions": asked}


def make():
    hand, chance = by_hand(), Chance(2024, 220).log
    n = len(chance.entries)
    return [
        case(
            "each rule once",
            hand,
            [
                ("BD", "1/KH", "2024-11"),
                ("BD", "2/KH", "2024-11"),
                ("BD", None, "2024-11"),
                ("BD.01", "1/KH", "2024-11"),
                ("BD.02", "1/KH", "2024-Q4"),
                ("BD.01.001", None, "2024"),
                ("BD", "1/KH", "2025-01"),
                ("BD", None, "2025-01"),
                ("BD.02", "1/KH", "2025-01"),
                ("BD.01", "1/KH", "2025-01"),
                ("BD", "1/KH", "2024-11", 0, None, "may"),
                ("BD", "1/KH", "2024-11", 22),
                ("BD", "1/KH", "2024-11", 28),
            ],
        ),
        case(
            "any entry after any",
            chance,
            [
                ("BD", "1/KH", "2024-11"),
                ("BD", "1/KH", "2024-12"),
                ("BD", "1/KH", "2025-01"),
                ("BD", None, "2024-Q4"),
                ("BD.01", "1/KH", "2024-12"),
                ("BD.02", "2/KH", "2024-12"),
                ("BD", "1/KH", "2024-12", n // 2),
                ("BD", "1/KH", "2024-11", 0, "2025-02-01"),
                ("BD.01", None, "2024-Q4", 0, "2025-02-01"),
                ("BD.02", "1/KH", "2025-01", 0, "2024-12-15"),
                ("BD.03", None, "2025-01", 2 * n // 3),
                ("BD", "1/KH", "2024-12", 0, None, "gỗ"),
                ("BD", None, "2024-Q4", 0, "2025-02-01", "may"),
            ],
        ),
    ]


def text():
    return json.dumps(make(), ensure_ascii=False, indent=0) + "\n"


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    with open(FILE, "w", encoding="utf-8") as f:
        f.write(text())
