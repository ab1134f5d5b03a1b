# SPDX-License-Identifier: MPL-2.0
"""Works out every figure of the demo from its input files, by another road than the programs.

It reads units.csv, the CSV and JSON files people handed in, and changes.json; who submitted when it has from
story.py; it never looks at anything a program under test wrote. compare() then holds a summary against it.
"""
import csv
import glob
import json
import os
from collections import defaultdict

import story


def read_csv(path, unit):
    """Activities of one CSV file."""
    ids = {m["vi"]: m["id"] for m in story.catalogue().values()}
    with open(path, encoding="utf-8-sig", newline="") as f:
        for row in csv.DictReader(f, delimiter=";"):
            day, month, year = row[story.HEADS["to"]].split("/")
            yield {
                "unit": unit,
                "ref": row[story.HEADS["ref"]],
                "month": "%s-%s" % (year, month),
                "plans": row[story.HEADS["plans"]].split(", "),
                "form": row[story.HEADS["form"]],
                "topics": [t for t in row[story.HEADS["topics"]].split(", ") if t],
                "event": (row.get(story.EVENT_HEADS[0]), row.get(story.EVENT_HEADS[1])),
                "measures": {ids[h]: value_of(ids[h], v) for h, v in row.items() if h in ids and v != ""},
            }


def value_of(measure, text):
    add = story.catalogue()[measure]["add"]
    if add == "count":
        return True
    if add == "union":
        return text.split(", ")
    return text if add == "list" else int(text)


def read_json(path):
    with open(path, encoding="utf-8") as f:
        d = json.load(f)
    return {
        "unit": d["unit"],
        "ref": None,
        "month": d["to"][:7],
        "plans": [p["plan"] for p in d["plans"]],
        "form": d["form"],
        "topics": d.get("topics", []),
        "event": (None, None),
        "measures": d["measures"],
    }


class Oracle:
    """Everything that should be counted, by unit, month, plan, form and topic."""

    def __init__(self, folder, only=None):
        self.tree = {
            u: r for u, r in story.units().items() if only is None or r["Loại"] != "grassroots" or u in only
        }
        self.parent = {u: r["Mã cấp trên"] for u, r in self.tree.items()}
        self.live, self.handed_in = [], 0
        self.aggregates = []
        for path in sorted(glob.glob(os.path.join(folder, "*"))):
            self._read(path)
        self.handed_in = len(self.live) + len(self.aggregates)
        self._apply(os.path.join(folder, "changes.json"))

    def _read(self, path):
        name = os.path.basename(path)
        if name.startswith("tong-hop-"):
            with open(path, encoding="utf-8") as f:
                self.aggregates.append(json.load(f))
        elif name.endswith(".csv"):
            self.live += read_csv(path, name.split("-20")[0])
        elif name != "changes.json":
            self.live.append(read_json(path))

    def _apply(self, path):
        with open(path, encoding="utf-8") as f:
            changes = json.load(f)
        for c in changes["correct"]:
            for a in self.live:
                if (a["unit"], a["ref"]) == (c["unit"], c["ref"]):
                    a["measures"].update(c["set"])
                    self.handed_in += 1
        for w in changes["withdraw"]:
            hit = [a for a in self.live if (a["unit"], a["ref"]) == (w["unit"], w["ref"])]
            self.handed_in += len(hit)
            self.live = [a for a in self.live if a not in hit]

    # ---- the tree ----

    def under(self, unit, above):
        while unit:
            if unit == above:
                return True
            unit = self.parent.get(unit, "")
        return False

    def children(self, unit):
        return [unit] + [u for u in self.parent if self.parent[u] == unit]

    # ---- figures ----

    def activities(self, unit, month, plan=None):
        return [
            a
            for a in self.live
            if a["month"] == month and self.under(a["unit"], unit) and (plan is None or plan in a["plans"])
        ]

    def host_of(self, a, unit, month, plan, own=False):
        """The host's report of the event that A was a guest of, where it counts in what is asked as well."""
        code, role = a["event"]
        if role != story.ROLES["guest"]:
            return None
        hosts = [
            h
            for h in self.activities(unit, month, plan)
            if h["event"] == (code, story.ROLES["host"]) and (not own or h["unit"] == unit)
        ]
        return hosts[0] if hosts else None

    def guests(self, unit, month, plan=None):
        return [a for a in self.activities(unit, month, plan) if self.host_of(a, unit, month, plan)]

    def counted_aggregates(self, unit, month, plan):
        """Aggregates that are in: those whose covered units have nothing of their own."""
        if plan not in (None, story.PLAN):
            return []
        return [
            g
            for g in self.aggregates
            if g["period"] == month and self.under(g["unit"], unit) and not self.overlap(g)
        ]

    def overlap(self, g):
        return [
            u
            for u in g["covers"]
            if any(
                a["unit"] == u and a["month"] == g["period"] and story.PLAN in a["plans"] for a in self.live
            )
            or self.submitted(u, g["period"])
        ]

    @staticmethod
    def take(values, a, measure, value, host, whole):
        """A guest's figure stands aside for its host's, but the unit has one; not in forms and topics."""
        held = host and measure in host["measures"] and story.catalogue()[measure]["add"] in ("sum", "max")
        if whole or not held:
            values.append(([a["unit"]], 0 if held else value))

    def figures(self, unit, month, plan=None, keep=None, own=False, aggregates=True):
        """{measure: figure} as the summary has it, texts left out but counted."""
        values, whole = defaultdict(list), keep is None
        keep = keep or (lambda a: True)
        for a in self.activities(unit, month, plan):
            if keep(a) and (not own or a["unit"] == unit):
                host = self.host_of(a, unit, month, plan, own)
                for m, v in a["measures"].items():
                    if plan != story.SECOND or m in self.second_measures():
                        self.take(values[m], a, m, v, host, whole)
        if aggregates:
            for g in self.counted_aggregates(unit, month, plan):
                if not own or g["unit"] == unit:
                    for m, v in g["measures"].items():
                        values[m].append((g["covers"], v))
        return {m: self.figure(m, vs) for m, vs in values.items() if vs}

    @staticmethod
    def second_measures():
        with open(os.path.join(story.HERE, "input", "plan-999.json"), encoding="utf-8") as f:
            return json.load(f)["measures"]

    @staticmethod
    def figure(measure, values):
        add = story.catalogue()[measure]["add"]
        units = {u for us, _ in values for u in us}
        if add == "sum":
            n = sum(v for _, v in values)
        elif add == "max":
            n = max(v for _, v in values)
        elif add == "count":
            n = len({us[0] for us, v in values if v})
        elif add == "union":
            n = len({c for _, v in values for c in v})
        else:
            n = len(values)
        return {"add": add, "units": len(units), "value": n}

    def stated(self, unit, month, plan=None, own=False):
        """What period reports state: stocks (the latest so far, carried if older), this month's others."""
        last, now = {}, defaultdict(list)
        for u in self.parent:
            if not (u == unit if own else self.under(u, unit)) or plan == story.SECOND:
                continue
            past = [m for m in story.MONTHS if m <= month and self.submitted(u, m) and not self.nil(u, m)]
            for m, v in self.said(u, past[-1]).items() if past else ():
                if story.catalogue()[m]["add"] == "last":
                    f = last.setdefault(m, {"add": "last", "units": 0, "value": 0, "carried": 0})
                    f["units"] += 1
                    f["value"] += v
                    f["carried"] += past[-1] != month
                elif past[-1] == month:
                    now[m].append(([u], v))
        return {**last, **{m: self.figure(m, vs) for m, vs in now.items()}}

    def said(self, unit, month):
        return story.stated_of(unit, self.tree[unit]["Loại"], month)

    # ---- the board ----

    def nil(self, unit, month):
        return not [
            a for a in self.live if a["unit"] == unit and a["month"] == month and story.PLAN in a["plans"]
        ]

    def submitted(self, unit, month):
        kind = self.tree[unit]["Loại"] if unit in self.tree else ""
        if kind in ("federation", "coordinating", "") or unit in story.covered():
            return False
        return not (story.is_in(story.SILENT, unit, month) or story.is_in(story.NOT_SUBMITTED, unit, month))

    def late(self, unit, month):
        return (
            story.is_in(story.LATE_UNITS, unit, month)
            or story.is_in(story.OFFLINE, unit, month)
            and month == "2024-11"
        )

    def status(self, unit, month):
        if unit in story.covered():
            return "covered"
        if self.submitted(unit, month):
            if unit in story.ACTIVE_AFTER_SUBMIT and month == "2025-01":
                return "mismatch"
            return "nil" if self.nil(unit, month) else "complete"
        return "missing" if self.nil(unit, month) else "active"

    def expected(self):
        return sorted(u for u, r in self.tree.items() if r["Phải báo cáo"] == "x")


# ---- comparing ----


def differ(where, want, have, out):
    """Compares two {measure: figure}; only value, units and carried count."""
    for m in sorted(set(want) | set(have)):
        w, h = want.get(m), have.get(m)
        if w is None or h is None:
            out.append("%s, %s: expected %s, the summary has %s" % (where, m, w, h))
            continue
        for key in w:
            if h.get(key) != w[key]:
                out.append(
                    "%s, %s.%s: expected %s, the summary has %s" % (where, m, key, w[key], h.get(key))
                )


def compare_figures(oracle, unit, month, plan, summary, out):
    """Every measure of one unit's summary: whole, by form, by topic, by child."""
    where = "%s %s %s" % (unit, month, plan or "all plans")
    differ(
        where,
        {**oracle.figures(unit, month, plan), **oracle.stated(unit, month, plan)},
        summary["measures"],
        out,
    )
    acts = oracle.activities(unit, month, plan)
    counted = len(acts) - len(oracle.guests(unit, month, plan))
    if summary["documents"]["activities"] != counted:
        out.append(
            "%s: %d activities expected, the summary has %d"
            % (where, counted, summary["documents"]["activities"])
        )
    for group, of in (("forms", lambda a: [a["form"]]), ("topics", lambda a: a["topics"])):
        have = {k: v for k, v in summary[group].items() if k != "-"}
        for name in sorted({x for a in acts for x in of(a)} | set(have)):
            want = oracle.figures(
                unit, month, plan, lambda a, of=of, name=name: name in of(a), aggregates=False
            )
            differ(
                "%s %s=%s" % (where, group, name), want, have.get(name, {"measures": {}})["measures"], out
            )
    for child in summary["children"]:
        own = child["code"] == unit
        want = {
            **oracle.figures(child["code"], month, plan, own=own),
            **oracle.stated(child["code"], month, plan, own=own),
        }
        differ("%s row %s" % (where, child["code"]), want, child["measures"], out)


def compare_board(oracle, month, board, out):
    have = {u["code"]: u for u in board["units"]}
    for unit in sorted(set(oracle.expected()) | set(have)):
        want = oracle.status(unit, month) if unit in oracle.expected() else None
        got = have.get(unit, {}).get("status")
        if want != got:
            out.append("board %s %s: expected %s, the board says %s" % (month, unit, want, got))
        elif bool(have[unit].get("late_days")) != bool(oracle.late(unit, month)):
            out.append(
                "board %s %s: late expected %s, the board says %s"
                % (month, unit, oracle.late(unit, month), have[unit].get("late_days"))
            )
    if board["expected"] != len(oracle.expected()):
        out.append(
            "board %s: %d units expected, the board has %d"
            % (month, len(oracle.expected()), board["expected"])
        )
    want = [
        (g["unit"], oracle.overlap(g))
        for g in oracle.aggregates
        if g["period"] == month and oracle.overlap(g)
    ]
    got = [(o["unit"], o["with"]) for o in board["overlaps"]]
    if want != got:
        out.append("board %s: overlaps expected %s, the board has %s" % (month, want, got))
