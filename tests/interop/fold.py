# SPDX-License-Identifier: MPL-2.0
"""Folding and summaries, written from proto/PROTOCOL.md 10, 11 and 13 alone, the plain and slow way:
everything is worked out anew for each question. Calendar `duonglich` only."""
import calendar
import datetime
import json
import re

import fold_board
import fold_joint
import fold_tree

ZONE = datetime.timezone(datetime.timedelta(hours=7))
MOST = 999999999999999


def canonical(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"


def day_of(ms):
    return datetime.datetime.fromtimestamp(ms / 1000, ZONE).date().isoformat()


def period(name):
    """(kind, first day, last day) of duonglich."""
    year, rest = int(name[:4]), name[4:]
    spans = {"": ("year", 1, 12), "-H1": ("half", 1, 6), "-H2": ("half", 7, 6), "-9M": ("nine", 1, 9)}
    spans.update({f"-Q{q}": ("quarter", 3 * q - 2, 3) for q in (1, 2, 3, 4)})
    spans.update({f"-{m:02}": ("month", m, 1) for m in range(1, 13)})
    kind, start, months = spans[rest]
    end = start + months - 1
    return kind, f"{year}-{start:02}-01", f"{year}-{end:02}-{calendar.monthrange(year, end)[1]}"


class State(fold_tree.Tree, fold_joint.Joint):
    """What the entries up to a position say: (header fields, body as bytes or None, chain) in order."""

    def __init__(self, entries):
        self.units, self.plans, self.versions = {}, {}, {}
        self.published, self.decisions = {}, {}
        self.links = {}
        self.extensions, self.reviews = [], {}  # (id, rev) -> "return" or "accept"
        self.revisions = {}  # id -> {rev: (header, document or None)}
        self.first = {}  # id -> ms of its first entry
        self.log = None
        for header, body, chain in entries:
            self.last, self.chain = header, chain
            self.take(header, body)

    day_of = staticmethod(day_of)

    def take(self, header, body):
        kind = header["kind"]
        if kind == "document":
            self.first.setdefault(header["id"], header["received"])
            doc = json.loads(body) if body is not None else None
            self.revisions.setdefault(header["id"], {})[header["rev"]] = (header, doc)
            return
        value = json.loads(body) if body is not None else None
        if kind == "log":
            self.log = value["log"]
        elif kind == "unit":
            self.units[value["unit"]] = value
        elif kind == "plan":
            self.versions[(value["plan"], value["version"])] = value
            self.plans[value["plan"]] = value
            self.published.setdefault(value["plan"], day_of(header["received"]))
        elif kind == "decision" and value["kind"] == "overlap":
            self.decisions[value["decision"]["aggregate"]] = (
                header["position"],
                value["decision"]["choice"],
            )
        elif kind == "decision" and value["kind"] == "extend":
            self.extensions.append(value["decision"])
        elif kind == "decision" and value["kind"] == "link":
            self.links.update(dict.fromkeys(value["decision"]["guests"], value["decision"].get("host")))
        elif kind == "decision" and value["kind"] in ("return", "accept"):
            one = value["decision"]
            self.reviews[(one["id"], one["rev"])] = value["kind"]

    # ---- documents ----

    def live(self):
        """(header, document) of the highest revision of each id that has figures."""
        for revisions in self.revisions.values():
            header, doc = revisions[max(revisions)]
            if doc is not None and not doc.get("withdrawn"):
                yield header, doc

    def last_day(self, doc):
        return doc["to"] if doc["doc"] == "activity" else period(doc["period"])[2]

    def serves(self, doc, plan):
        return any(p["plan"] == plan for p in doc["plans"])

    def way(self, plan, measure, kind):
        """(add, scale) of a measure in the version a document names; None where it is not defined there."""
        for m in self.versions[(plan["plan"], plan["version"])]["measures"]:
            if m["id"] == measure and kind in m["in"]:
                return m["add"], m.get("scale", 0)
        return None

    def newest(self, asked, measure):
        order = [v for v in self.versions.values() if asked is None or v["plan"] == asked]
        for version in reversed(order):
            for m in version["measures"]:
                if m["id"] == measure:
                    return m["add"], m.get("scale", 0)
        return None

    # ---- rule 3 ----

    def overlaps(self):
        """id of each live aggregate -> {"doc", "header", "with", "choice", "counts"}."""
        live = list(self.live())
        out = {}
        for header, doc in live:
            if doc["doc"] != "aggregate":
                continue
            plan, name = doc["plans"][0]["plan"], doc["period"]
            _, first, last = period(name)
            met = []
            for unit in doc["covers"]:
                for _, other in live:
                    if other is doc or not self.serves(other, plan):
                        continue
                    own = other["unit"] == unit and (
                        (other["doc"] == "activity" and first <= other["to"] <= last)
                        or (other["doc"] == "period" and other["period"] == name)
                    )
                    twice = (
                        other["doc"] == "aggregate" and other["period"] == name and unit in other["covers"]
                    )
                    if own or twice:
                        met.append(unit)
                        break
            position, choice = self.decisions.get(header["id"], (0, None))
            out[header["id"]] = {
                "doc": doc,
                "header": header,
                "with": met,
                "choice": choice,
                "at": position,
                "counts": not met,
            }
        for one in sorted(out.values(), key=lambda o: -o["at"]):
            if one["with"] and one["choice"] == "aggregate":
                one["counts"] = not any(
                    o["counts"]
                    and o is not one
                    and o["doc"]["period"] == one["doc"]["period"]
                    and o["doc"]["plans"][0]["plan"] == one["doc"]["plans"][0]["plan"]
                    and set(o["doc"]["covers"]) & set(one["doc"]["covers"])
                    for o in out.values()
                )
        return out

    def left_out(self, doc, overlaps):
        """Plans of a document that an aggregate which counts leaves out."""
        out = set()
        for o in overlaps.values():
            a = o["doc"]
            plan = a["plans"][0]["plan"]
            if (
                not o["counts"]
                or doc["doc"] == "aggregate"
                or doc["unit"] not in a["covers"]
                or not self.serves(doc, plan)
            ):
                continue
            _, first, last = period(a["period"])
            if doc["doc"] == "activity" and first <= doc["to"] <= last:
                out.add(plan)
            if doc["doc"] == "period" and doc["period"] == a["period"]:
                out.add(plan)
        return out


class Figure:
    def __init__(self, add, scale):
        self.add, self.scale, self.units, self.values = add, scale, set(), []
        self.yes, self.carried = set(), 0

    def mark(self, units):
        self.units |= set(units)

    def take(self, value, units, unit, id_):
        self.mark(units)
        if self.add == "count" and value:
            self.yes |= set(units)
        self.values.append((unit, id_, value))

    def json(self):
        out = {"add": self.add, "units": len(self.units)}
        numbers = [v for _, _, v in self.values]

        def put(key, number):
            out.update({key: number} if number <= MOST else {"overflow": True})

        if self.scale:
            out["scale"] = self.scale
        if self.add in ("sum", "last"):
            put("value", sum(numbers))
        elif self.add == "max":
            put("value", max(numbers, default=0))
        elif self.add == "count":
            put("value", len(self.yes))
        elif self.add == "weighted":
            total, weight = sum(v["value"] * v["weight"] for v in numbers), sum(v["weight"] for v in numbers)
            put("sum", total)
            put("weight", weight)
            if weight:
                put("value", (2 * total + weight) // (2 * weight))
        elif self.add == "union":
            out["codes"] = sorted({c for v in numbers for c in v}, key=lambda c: c.encode())
            out["value"] = len(out["codes"])
        elif self.add == "list":
            texts = sorted(
                (
                    (u, i, k, t)
                    for u, i, v in self.values
                    for k, t in enumerate([v] if isinstance(v, str) else v)
                ),
                key=lambda x: x[:3],
            )
            out["texts"] = [{"unit": u, "id": i, "text": t} for u, i, _, t in texts]
            out["value"] = len(texts)
        if self.add == "last":
            out["carried"] = self.carried
        return out


class Table:
    """Figures by measure for each row."""

    def __init__(self):
        self.activities, self.figures = {}, {}

    def figure(self, row, key):
        return self.figures.setdefault(row, {}).setdefault(key, Figure(key[1], key[2]))

    def count(self, row):
        self.activities[row] = self.activities.get(row, 0) + 1


class Summary:
    def __init__(self, state, unit, plan, name, tree=None, group=None):
        self.s, self.unit, self.plan, self.name, self.tree = state, unit, plan, name, tree
        self.group = group
        self.kind, self.first, self.last = period(name)
        self.overlaps = state.overlaps()
        self.tables = {t: Table() for t in ("whole", "forms", "topics", "plans", "children", "joint")}
        self.events, self.guests = set(), 0
        self.documents = dict.fromkeys(
            ("activities", "periods", "aggregates", "withdrawn", "redacted", "left_out"), 0
        )

    def row(self, unit, day):
        if not self.in_group(unit):
            return None
        if self.tree:
            return self.s.row_today(unit, self.unit, self.tree)
        return self.s.row(unit, self.unit, day)

    def in_group(self, unit):
        if not self.group:
            return True
        said = self.s.units.get(unit, {}).get("groups", {})
        return said.get(self.group["name"]) == self.group["value"]

    def scopes(self, header, doc):
        """(is it in the whole asked for, plans in whose tables it stands)."""
        plans = {p["plan"] for p in doc["plans"]}
        if doc["doc"] == "aggregate" and not self.overlaps[header["id"]]["counts"]:
            plans = set()
        out = self.s.left_out(doc, self.overlaps)
        if self.plan:
            plans = {self.plan} & (plans - out)
            return bool(plans), plans
        return bool(plans) and not out, plans - out

    def values(self, doc):
        """(measure, value, way in the whole, {plan: way})."""
        for measure, value in doc.get("measures", {}).items():
            ways = [(p["plan"], self.s.way(p, measure, doc["doc"])) for p in doc["plans"]]
            whole = next(w for _, w in ways if w)
            yield measure, value, whole, {p: w for p, w in ways if w}

    def add_documents(self):
        for header, doc in self.s.live():
            day = self.s.last_day(doc)
            if self.plan and not self.s.serves(doc, self.plan) or not self.first <= day <= self.last:
                continue
            child = self.row(doc["unit"], day)
            if child is None:
                continue
            main, plans = self.scopes(header, doc)
            joined = fold_joint.Joined(self, header, doc, main, plans, child)
            self.count(doc, main, plans, child, joined)
            for measure, value, whole, ways in self.values(doc):
                for table, row, way in self.targets(doc, main, plans, child, whole, ways):
                    if way[0] != "last":
                        self.add(header, doc, joined, table, row, measure, way, value)

    def add(self, header, doc, joined, table, row, measure, way, value):
        units = doc.get("covers", [doc["unit"]])
        held = (row if table == "plans" else None, measure, way) in joined.held
        if held and table in ("forms", "topics"):
            return
        figure = self.tables[table].figure(row, (measure, *way))
        if not held or table == "children" and joined.apart:
            figure.take(value, units, doc["unit"], header["id"])
        else:
            figure.mark(units)
        if held and table == "whole" and joined.apart and way[0] != "max":
            figure = self.tables["joint"].figure(None, (measure, *way))
            figure.take(value, units, doc["unit"], header["id"])

    def targets(self, doc, main, plans, child, whole, ways):
        way = ways.get(self.plan) if self.plan else whole
        if main and way:
            yield "whole", None, way
            yield "children", child, way
            if doc["doc"] != "period" and self.first <= self.s.last_day(doc) <= self.last:
                yield "forms", doc.get("form", "-"), way
                for topic in doc.get("topics", []):
                    yield "topics", topic, way
        for plan in plans:
            if plan in ways:
                yield "plans", plan, ways[plan]

    def count(self, doc, main, plans, child, joined):
        activity = doc["doc"] == "activity"
        for plan in plans - joined.plans if activity else ():
            self.tables["plans"].count(plan)
        if not main:
            self.documents["left_out"] += doc["doc"] != "period"
            return
        counted = {"activity": "activities", "period": "periods", "aggregate": "aggregates"}[doc["doc"]]
        self.documents[counted] += not joined.main
        self.tables["children"].activities.setdefault(child, 0)
        if joined.main and joined.apart:
            self.events.add(joined.event)
            self.guests += 1
        if doc["doc"] == "aggregate":
            self.tables["forms"].activities.setdefault("-", 0)
        if activity and (not joined.main or joined.apart):
            self.tables["children"].count(child)
        if activity and not joined.main:
            self.tables["forms"].count(doc["form"])
            for topic in doc.get("topics", []):
                self.tables["topics"].count(topic)

    def add_stocks(self):
        """`last`: newest first over all units; what a later figure of one of its units meets is left out."""
        live = sorted(self.s.live(), key=lambda x: (self.s.last_day(x[1]), x[0]["position"]), reverse=True)
        seen = {}
        for header, doc in live:
            day = self.s.last_day(doc)
            if day > self.last or self.plan and not self.s.serves(doc, self.plan):
                continue
            main, plans = self.scopes(header, doc)
            is_open = self.s.is_open(doc["unit"], self.last)
            child = self.row(doc["unit"], self.last) if is_open else None
            units = doc.get("covers", [doc["unit"]])
            for measure, value, whole, ways in self.values(doc):
                way = ways.get(self.plan) if self.plan else whole
                stands = {}
                for scope, w in [(None, way if main else None)] + [(p, ways.get(p)) for p in plans]:
                    if w and w[0] == "last":
                        taken = seen.setdefault((scope, measure, w), set())
                        stands[scope] = not taken & set(units)
                        if stands[scope]:
                            taken |= set(units)
                for table, row, w in self.targets(doc, main, plans, child, whole, ways):
                    scope = row if table == "plans" else None
                    if w[0] == "last" and child is not None and stands[scope]:
                        figure = self.tables[table].figure(row, (measure, *w))
                        figure.take(value, units, doc["unit"], header["id"])
                        figure.carried += len(units) if day < self.first else 0

    def count_others(self):
        for id_, revisions in self.s.revisions.items():
            top = max(revisions)
            header, doc = revisions[top]
            if doc is None:
                self.documents["redacted"] += self.row(header["unit"], self.last) is not None
            elif doc.get("withdrawn"):
                earlier = [
                    r
                    for r in revisions
                    if r < top and revisions[r][1] and not revisions[r][1].get("withdrawn")
                ]
                if earlier:
                    was = revisions[max(earlier)][1]
                    day = self.s.last_day(was)
                    if (
                        self.first <= day <= self.last
                        and (not self.plan or self.s.serves(was, self.plan))
                        and self.row(was["unit"], day) is not None
                    ):
                        self.documents["withdrawn"] += 1

    # ---- writing ----

    def measures(self, table, row):
        out = {}
        for (measure, add, scale), figure in self.tables[table].figures.get(row, {}).items():
            plain = self.s.newest(self.plan, measure) == (add, scale)
            out[measure if plain else f"{measure}/{add}/{scale}"] = figure.json()
        return out

    def table(self, name):
        t = self.tables[name]
        return {
            row: {"activities": n, "measures": self.measures(name, row)}
            for row, n in t.activities.items()
            if n or row == "-"
        }

    def joint(self):
        if not self.guests:
            return {}
        measures = self.measures("joint", None)
        return {"joint": {"events": len(self.events), "guests": self.guests, "measures": measures}}

    def is_child(self, unit, day):
        if not self.s.is_open(unit, day):
            return False
        if self.tree:
            return self.s.row_today(unit, self.unit, day) == unit
        return self.s.parent(unit, day) == self.unit

    def children(self):
        t = self.tables["children"]
        day = self.tree or self.last
        rows = set(t.activities) | set(t.figures) | {u for u in self.s.units if self.is_child(u, day)}
        rows.discard(self.unit)
        return [
            {
                "code": u,
                "name": self.s.name(u, day),
                "kind": self.s.units[u]["kind"],
                "activities": t.activities.get(u, 0),
                "measures": self.measures("children", u),
            }
            for u in [self.unit] + sorted(rows)
        ]

    def json(self):
        self.add_documents()
        self.add_stocks()
        self.count_others()
        board = None
        if self.plan and self.kind == self.s.plans[self.plan]["period_kind"]:
            board = fold_board.Board(self).json()
        return {
            "summary": 1,
            "rules": 1,
            "log": self.s.log,
            "position": self.s.last["position"],
            "chain": self.s.chain,
            "unit": {
                "code": self.unit,
                "name": self.s.name(self.unit, self.tree or self.last),
                "kind": self.s.units[self.unit]["kind"],
            },
            **({"tree": self.tree} if self.tree else {}),
            **({"group": self.group} if self.group else {}),
            "plan": self.plan,
            "calendar": "duonglich",
            "period": {
                "id": self.name,
                "from": self.first,
                "to": self.last,
                "cumulative": self.kind == "nine",
            },
            "documents": self.documents,
            "measures": self.measures("whole", None),
            "forms": self.table("forms"),
            "topics": self.table("topics"),
            "plans": self.table("plans"),
            "children": self.children(),
            **self.joint(),
            "board": board,
        }


def summary(entries, unit, plan, name, tree=None, group=None):
    """The canonical bytes of a summary over these entries."""
    if not re.fullmatch(r"\d{4}(-(\d\d|Q\d|H\d|9M))?", name):
        raise ValueError(name)
    return canonical(Summary(State(entries), unit, plan, name, tree, group).json())
