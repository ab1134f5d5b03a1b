# SPDX-License-Identifier: MPL-2.0
"""Closed figures and their restatement, written from proto/PROTOCOL.md 12 and 13 alone."""
import hashlib
import json

import fold

FIGURES = ("unit", "plan", "calendar", "period")


def figures(unit, plan, name):
    return {"unit": unit, **({"plan": plan} if plan else {}), "calendar": "duonglich", "period": name}


def _decisions(entries):
    """(header, kind, person, decision) of each, in order."""
    for header, body, _ in entries:
        if header["kind"] == "decision":
            value = json.loads(body)
            yield header, value["kind"], value["person"], value["decision"]


def closing(entries, asked):
    """What holds of these figures: {"header", "person", "close", "sent": [(header, person, decision)]}."""
    holds = None
    for header, kind, person, said in _decisions(entries):
        if {k: said[k] for k in FIGURES if k in said} != asked:
            continue
        if kind == "close" and not holds:
            holds = {"header": header, "person": person, "close": said, "sent": []}
        elif kind == "reopen":
            holds = None
        elif kind == "sent" and holds:
            holds["sent"].append((header, person, said))
    return holds


def close(entries, unit, plan, name):
    """The decision that closes figures as they stand after these entries."""
    raw = fold.summary(entries, unit, plan, name)
    return {
        **figures(unit, plan, name),
        "position": len(entries),
        "rules": 1,
        "sha256": hashlib.sha256(raw).hexdigest(),
    }


# ---- then and now ----


def _whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _differences(was, is_, pick):
    out = {}
    for key in {**(was or {}), **(is_ or {})}:
        a, b = pick((was or {}).get(key)), pick((is_ or {}).get(key))
        if a == b:
            continue
        out[key] = {"was": a, "is": b}
        if (a is None or _whole(a)) and (b is None or _whole(b)):
            out[key]["difference"] = (b or 0) - (a or 0)
    return out


class _Stands:
    """Which revision of each document has figures in what was asked, as the entries stand."""

    def __init__(self, entries, unit, plan, name):
        self.state = fold.State(entries)
        self.unit, self.plan = unit, plan
        _, self.first, self.last = fold.period(name)

    def look(self, id_):
        """(header of what counts, its document or None where that has no figures here)."""
        revisions = self.state.revisions.get(id_)
        if not revisions:
            return None, None
        header, doc = revisions[max(revisions)]
        if doc is None or doc.get("withdrawn"):
            return header, None
        day = self.state.last_day(doc)
        if not self.first <= day <= self.last or self.plan and not self.state.serves(doc, self.plan):
            return header, None
        return header, doc if self.state.row(doc["unit"], self.unit, day) is not None else None


def _changes(then, now, since):
    out = []
    for id_ in {h["id"] for h, _, _ in since if h["kind"] == "document"}:
        (old, was), (new, is_) = then.look(id_), now.look(id_)
        if was is None and is_ is None:
            continue
        if was and is_ and (old["rev"], old["sha256"]) == (new["rev"], new["sha256"]):
            continue
        doc = is_ or was
        out.append(
            {
                "id": id_,
                "unit": doc["unit"],
                "kind": doc["doc"],
                "was": old["rev"] if was else None,
                "is": new["rev"] if is_ else None,
                "position": new["position"],
                "received": new["received"],
            }
        )
    return sorted(out, key=lambda c: c["position"])


def _others(since):
    out = []
    for header, body, _ in since:
        if header["kind"] == "unit":
            out.append({"position": header["position"], "kind": "unit", "unit": header["unit"]})
        elif header["kind"] == "decision" and json.loads(body)["kind"] in ("overlap", "link"):
            out.append({"position": header["position"], "kind": "decision"})
    return out


def _sent(records):
    """Each document once, by the first record of it."""
    first = {}
    for header, person, d in records:
        document = {k: d[k] for k in ("number", "date", "signer", "to", "sha256") if k in d}
        first.setdefault(tuple(sorted(document.items())), (document, person, header["position"]))
    return [{**document, "person": person, "position": at} for document, person, at in first.values()]


def restatement(entries, unit, plan, name):
    """What has changed since the figures were closed; None where they are not."""
    holds = closing(entries, figures(unit, plan, name))
    if not holds:
        return None
    said = holds["close"]
    before = entries[: said["position"]]
    raw = fold.summary(before, unit, plan, name)
    was, is_ = json.loads(raw), json.loads(fold.summary(entries, unit, plan, name))
    since = entries[said["position"] :]
    whole = hashlib.sha256(raw).hexdigest() == said["sha256"]
    value, number = (lambda f: f and f.get("value")), (lambda v: v if _whole(v) else None)
    return {
        "restatement": 1,
        **{k: is_[k] for k in ("log", "position", *FIGURES)},
        "closing": {
            "position": holds["header"]["position"],
            "received": holds["header"]["received"],
            "figures": said["position"],
            "person": holds["person"],
            "sha256": said["sha256"],
            "whole": whole,
        },
        "documents": _differences(was["documents"], is_["documents"], number),
        "measures": _differences(was["measures"], is_["measures"], value),
        "board": _differences(was["board"], is_["board"], number),
        "changes": _changes(_Stands(before, unit, plan, name), _Stands(entries, unit, plan, name), since),
        "others": _others(since),
        "sent": _sent(holds["sent"]),
    }
