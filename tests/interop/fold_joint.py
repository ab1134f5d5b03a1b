# SPDX-License-Identifier: MPL-2.0
"""Joint events, written from proto/PROTOCOL.md 13, rule 9, for fold.py."""

HELD = ("sum", "max", "weighted")


class Joint:
    """What is asked of `links`: {id of a guest: id of its host, or None}, and of what is live."""

    links = {}

    def live(self):
        raise NotImplementedError

    def host_id(self, id_, doc):
        """Whose event an activity is part of; None where it is its own."""
        if id_ in self.links:
            return self.links[id_]
        event = doc.get("event", {})
        if event.get("role") != "guest":
            return None
        found = [
            header["id"]
            for header, other in self.live()
            if other["doc"] == "activity"
            and other.get("event") == {"code": event["code"], "role": "host"}
            and other["from"] <= doc["to"]
            and doc["from"] <= other["to"]
            and not self.links.get(header["id"])
        ]
        return min(found, default=None)

    def host(self, id_, doc):
        """(header, document) of the live activity whose event this one is part of, or None."""
        wanted = self.host_id(id_, doc)
        for header, other in self.live() if wanted else ():
            if header["id"] == wanted and other["doc"] == "activity" and not self.host_id(wanted, other):
                return header, other
        return None


class Joined:
    """A guest's document in what is asked: in which scopes (None: the whole) its host counts as well."""

    def __init__(self, summary, header, doc, main, plans, child):
        self.main, self.plans, self.held, self.apart, self.event = False, set(), set(), False, None
        found = summary.s.host(header["id"], doc) if doc["doc"] == "activity" else None
        if not found:
            return
        head, host = found
        if summary.plan and not summary.s.serves(host, summary.plan):
            return
        row = summary.row(host["unit"], host["to"]) if summary.first <= host["to"] <= summary.last else None
        if row is None:
            return
        host_main, host_plans = summary.scopes(head, host)
        self.main, self.plans = main and host_main, plans & host_plans
        self.apart, self.event = row != child, head["id"]
        for measure, _, whole, ways in summary.values(host):
            way = ways.get(summary.plan) if summary.plan else whole
            if self.main and way and way[0] in HELD:
                self.held.add((None, measure, way))
            for plan in self.plans:
                if plan in ways and ways[plan][0] in HELD:
                    self.held.add((plan, measure, ways[plan]))
