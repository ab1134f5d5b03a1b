# SPDX-License-Identifier: MPL-2.0
"""The reporting board, written from proto/PROTOCOL.md 13, rules 5 and 6, for fold.py."""
import datetime


class Board:
    """Rules 5 and 6."""

    def __init__(self, summary):
        self.a, self.s = summary, summary.s
        self.plan = self.s.plans[summary.plan]
        self.live = [(h, d) for h, d in self.s.live() if self.s.serves(d, summary.plan)]

    def deadline(self, kind):
        days = self.plan["deadline"]["days"].get(kind, self.plan["deadline"]["default"])
        day = datetime.date.fromisoformat(self.a.last)
        while days:
            day += datetime.timedelta(days=1)
            iso = day.isoformat()
            works = day.weekday() < 5 and iso not in self.plan["holidays"]["off"]
            days -= works or iso in self.plan["holidays"]["work"]
        return day.isoformat()

    def activities(self, unit):
        return {
            h["id"]: h
            for h, d in self.live
            if d["doc"] == "activity" and d["unit"] == unit and self.a.first <= d["to"] <= self.a.last
        }

    def covering(self, unit):
        return [
            o["header"]["id"]
            for o in self.a.overlaps.values()
            if o["counts"]
            and unit in o["doc"]["covers"]
            and o["doc"]["period"] == self.a.name
            and o["doc"]["plans"][0]["plan"] == self.a.plan
        ]

    def report(self, unit):
        for h, d in self.live:
            if d["doc"] == "period" and d["unit"] == unit and d["period"] == self.a.name:
                return h, d
        return None, None

    def compare(self, listed, live, row):
        """Status of a submitted report; names faults in ROW."""
        ids = {x["id"] for x in listed}
        faults = {"missing": [], "changed": [], "later": [i for i in live if i not in ids]}
        for x in listed:
            h = live.get(x["id"])
            if h and (h["rev"], h["sha256"]) == (x["rev"], x["sha256"]):
                continue
            revisions = self.s.revisions.get(x["id"], {})
            top = max(revisions, default=0)
            if top < x["rev"]:
                faults["missing"].append(x["id"])
                continue
            header, doc = revisions[top]
            if (header["rev"], header["sha256"]) == (x["rev"], x["sha256"]) and doc is None:
                continue
            faults["changed"].append(x["id"])
        row.update({k: sorted(v) for k, v in faults.items() if v})
        if any(faults.values()):
            return "mismatch"
        return "complete" if listed else "nil"

    def unit(self, code, out):
        u, last = self.s.units[code], self.a.last
        row = {
            "code": code,
            "name": self.s.name(code, last),
            "kind": u["kind"],
            "parent": self.s.parent(code, last),
        }
        if "contact" in u:
            row["contact"] = u["contact"]
        live = self.activities(code)
        header, report = self.report(code)
        covering = self.covering(code)
        reviewed = list(live.values()) + ([header] if report else [])
        back = sorted(h["id"] for h in reviewed if self.s.reviews.get((h["id"], h["rev"])) == "return")
        if back:
            row["returned"] = back
        if report and self.s.reviews.get((header["id"], header["rev"])) == "accept":
            row["accepted"] = True
            out["accepted"] += 1
        if covering:
            row["status"] = "covered"
        elif report and header["id"] in back:
            self.compare(report["activities"], live, row)
            row["status"] = "returned"
        elif report:
            row["status"] = self.compare(report["activities"], live, row)
        else:
            row["status"] = "active" if live else "missing"
        out[row["status"]] += 1
        level = out["levels"].setdefault(u["kind"], {"expected": 0, "sent": 0, "complete": 0})
        level["expected"] += 1
        level["sent"] += row["status"] not in ("active", "missing")
        level["complete"] += row["status"] in ("complete", "nil", "covered")
        if row["status"] in ("active", "missing"):
            days = [self.s.last_day(d) for h, d in self.s.live() if d["unit"] == code]
            days = [d for d in days if d <= last]
            if days:
                row["last"] = max(days)
        deadline = out["deadline"][u["kind"]] = self.deadline(u["kind"])
        until = self.until(code, u)
        if until > deadline:
            deadline = row["until"] = until
        first = [self.s.first[i] for i in covering + ([header["id"]] if report else [])]
        if first:
            came = datetime.date.fromisoformat(self.s.day_of(min(first)))
            late = (came - datetime.date.fromisoformat(deadline)).days
            out["late" if late > 0 else "on_time"] += 1
            if late > 0:
                row["late_days"] = late
        out["units"].append(row)

    def until(self, code, u):
        """The latest day to which staff extended the deadline of a unit; "" where they did not."""
        days = [""]
        for e in self.s.extensions:
            if e["plan"] != self.a.plan or e["period"] != self.a.name:
                continue
            own = "unit" not in e or e["unit"] == code
            beneath = e.get("below") and self.s.row(code, e["unit"], self.a.last) is not None
            group = "group" not in e or u.get("groups", {}).get(e["group"]["name"]) == e["group"]["value"]
            if (own or beneath) and group:
                days.append(e["until"])
        return max(days)

    def json(self):
        a, s = self.a, self.s
        out = dict.fromkeys(
            (
                "complete",
                "mismatch",
                "nil",
                "returned",
                "covered",
                "active",
                "missing",
                "accepted",
                "on_time",
                "late",
            ),
            0,
        )
        out.update(
            {"deadline": {}, "levels": {}, "units": [], "exempt": [], "coordinating": [], "overlaps": []}
        )
        runs = self.plan["begins"] <= a.last and self.plan.get("ends", "9") >= a.first
        due = runs and s.published[a.plan] <= a.last
        for code in sorted(s.units):
            u = s.units[code]
            if not s.is_open(code, a.last) or s.row(code, a.unit, a.last) is None or not a.in_group(code):
                continue
            if u["kind"] == "coordinating":
                out["coordinating"].append(
                    {"code": code, "name": s.name(code, a.last), "activities": len(self.activities(code))}
                )
            elif not u["expected"]:
                row = {"code": code, "name": s.name(code, a.last), "kind": u["kind"]}
                out["exempt"].append({**row, **({"decision": u["decision"]} if "decision" in u else {})})
            elif due:
                self.unit(code, out)
        out["submitted"] = out["complete"] + out["mismatch"] + out["nil"] + out["returned"]
        out["expected"] = out["submitted"] + out["covered"] + out["active"] + out["missing"]
        for id_, o in sorted(a.overlaps.items()):
            if (
                o["with"]
                and o["doc"]["period"] == a.name
                and o["doc"]["plans"][0]["plan"] == a.plan
                and s.row(o["doc"]["unit"], a.unit, a.last) is not None
                and a.in_group(o["doc"]["unit"])
            ):
                out["overlaps"].append(
                    {"aggregate": id_, "unit": o["doc"]["unit"], "with": o["with"], "choice": o["choice"]}
                )
        return out
