# SPDX-License-Identifier: MPL-2.0
"""Logs for vectors of summaries: entries of every kind, and the documents in them."""
import formats

DAY = 86400000
NOV_1 = 1730394000000 + 8 * 3600000  # 2024-11-01 08:00 +07:00
ALL = ["activity", "period", "aggregate"]


def measure(id_, add, **more):
    return {
        "id": id_,
        "vi": f"Chỉ tiêu {id_}",
        "en": f"Measure {id_}",
        "unit": {"vi": "đơn vị", "en": "units"},
        "add": add,
        "in": ALL,
        **more,
    }


def plan(number, version, speakers="max"):
    return {
        "plan": number,
        "version": version,
        "title": {"vi": f"Kế hoạch ví dụ {number}"},
        "issued": "2024-10-01",
        "issuer": "Liên đoàn Ví dụ",
        "begins": "2024-10-01",
        "calendar": "duonglich",
        "period_kind": "month",
        "deadline": {"days": {"upper-level": 4}, "default": 2},
        "holidays": {"off": ["2024-12-02"], "work": ["2024-12-07"]},
        "topics": [{"id": "t1", "vi": "Một"}, {"id": "t2", "vi": "Hai"}],
        "documents": [],
        "forms": [{"id": "F1", "vi": "Hội nghị"}, {"id": "F2", "vi": "Phát thanh"}],
        "measures": [
            measure("sessions", "sum"),
            measure("plans_issued", "count"),
            measure("speakers", speakers),
            measure("members", "last"),
            measure("wage", "weighted", scale=2),
            measure("reached", "union"),
            measure("proposals", "list"),
        ],
    }


class Log:
    def __init__(self, what):
        self.id = formats.sha256(b"baocao summary vector " + what)[:16].hex()
        self.entries, self.chain, self.now = [], formats.chain_begin(self.id), NOV_1
        self.add("log", {}, {"log": self.id, "reason": "init"})

    def add(self, kind, whose, body):
        raw = formats.one_line(body)
        fields = {
            "v": 1,
            "log": self.id,
            "position": len(self.entries) + 1,
            "received": self.now,
            "kind": kind,
            "by": "operator",
            **whose,
            "bytes": len(raw),
            "sha256": formats.sha256(raw).hex(),
        }
        header = formats.entry_header(fields)
        self.chain = formats.chain_next(self.chain, header.encode())
        self.entries.append([fields, raw, self.chain.hex(), header])
        self.now += 60000
        return len(self.entries)

    def unit(self, code, kind, parents, expected=True, **more):
        self.add(
            "unit",
            {"unit": code},
            {
                "unit": code,
                "kind": kind,
                "names": [{"from": "2020-01-01", "name": f"Đơn vị Ví dụ {code}"}],
                "parents": [{"from": f, "parent": p} for f, p in parents],
                "opened": "2020-01-01",
                "expected": expected,
                **more,
            },
        )

    def document(self, doc):
        return self.add(
            "document",
            {
                "unit": doc["unit"],
                "by": doc["unit"],
                "key": 1,
                "outbox": self.id,
                "number": 1,
                "id": doc["id"],
                "rev": doc["rev"],
            },
            doc,
        )

    def redact(self, position):
        self.add("redact", {"of": position}, {"position": position, "reason": "Có họ tên"})
        self.entries[position - 1][1] = None

    def decide(self, kind, **decision):
        n = len(self.entries)
        self.add(
            "decision",
            {"by": "Nguyễn Văn A"},
            {
                "uuid": formats.uuid8("decision", str(n)),
                "kind": kind,
                "person": "Nguyễn Văn A",
                "position": n,
                "log": self.id,
                "decision": decision,
            },
        )

    def listed(self, position):
        fields = self.entries[position - 1][0]
        return {k: fields[k] for k in ("id", "rev", "sha256")}


def document(doc, unit, id_, rev, plans, **own):
    more = {"reason": "Chỉnh lý"} if rev > 1 else {}
    return {
        "doc": doc,
        "id": id_,
        "rev": rev,
        **more,
        "unit": unit,
        "entered_by": unit,
        "source": "agent",
        "made": NOV_1,
        "plans": [{"plan": p, "version": v} for p, v in plans],
        **own,
    }


def activity(unit, name, rev, day, measures, plans=(("1/KH", 1),), form="F1", topics=("t1",)):
    return document(
        "activity",
        unit,
        formats.uuid8("activity", name),
        rev,
        plans,
        **{"from": day},
        to=day,
        form=form,
        title="Buổi ví dụ",
        topics=list(topics),
        measures=measures,
    )


def report(unit, rev, name, activities, measures=None, number="1/KH"):
    more = {"measures": measures} if measures else {}
    id_ = formats.uuid8("period", unit, number, "duonglich", name)
    return document(
        "period",
        unit,
        id_,
        rev,
        [(number, 1)],
        calendar="duonglich",
        period=name,
        activities=activities,
        **more,
    )


def aggregate(unit, rev, name, covers, measures, ref, number="1/KH"):
    id_ = formats.uuid8("aggregate", unit, number, "duonglich", name, ref)
    return document(
        "aggregate",
        unit,
        id_,
        rev,
        [(number, 1)],
        calendar="duonglich",
        period=name,
        covers=covers,
        measures=measures,
    )


def withdrawn(doc, rev):
    own = ("from", "to", "form", "title", "topics", "measures", "calendar", "period", "activities", "covers")
    return {
        **{k: v for k, v in doc.items() if k not in own},
        "rev": rev,
        "reason": "Nhầm",
        "withdrawn": True,
    }
