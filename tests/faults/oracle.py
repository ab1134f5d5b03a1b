# SPDX-License-Identifier: MPL-2.0
"""Acknowledged ⊆ stored ⊆ handed in, each document once, and the figures are those of what was handed in."""
import json
import sqlite3

import fold
import formats
import lib
import office
from ledger import GONE, MONTHS


class Findings:
    """What is not as promised, in words; LOST, DOUBLED and INVENTED count it."""

    def __init__(self):
        self.lost, self.doubled, self.invented, self.said = 0, 0, 0, []

    def say(self, kind, text):
        setattr(self, kind, getattr(self, kind) + 1)
        self.said.append("%s: %s" % (kind, text))


def entries(collector):
    """(header, body or None, chain in hex) of the whole log; the program is down."""
    with sqlite3.connect("file:%s/queue.db?mode=ro" % collector.dir, uri=True) as db:
        rows = db.execute("SELECT header, body, chain FROM entry ORDER BY position").fetchall()
    return [(json.loads(h), b if b is None else bytes(b), c.hex()) for h, b, c in rows]


def receipts(one):
    """[(id, rev, state, kept receipt or None)] of the newest revisions in an office's outbox."""
    rows = one.program.json("list")
    return [
        (
            r["id"],
            r["rev"],
            r["state"],
            one.program.json("receipt", r["id"]) if r["state"] == "stored" else None,
        )
        for r in rows
    ]


def stored_once(log, found):
    """{(id, rev): (header, document)}; received times never run backwards."""
    out, before = {}, 0
    for header, body, _ in log:
        if header["received"] < before:
            found.say("invented", "an earlier time at position %d" % header["position"])
        before = header["received"]
        if header["kind"] != "document":
            continue
        key = (header["id"], header["rev"])
        if key in out:
            found.say("doubled", "%s revision %d" % key)
        out[key] = (header, json.loads(body))
    return out


def nothing_invented(world, stored, found):
    """Every stored activity was handed in with that content, under that title, for that unit."""
    titles = {h["id"]: d["title"] for h, d in stored.values() if d["doc"] == "activity" and "title" in d}
    for header, doc in stored.values():
        if doc["doc"] != "activity":
            continue
        title = titles.get(header["id"])
        figures = doc.get("measures", {})
        content = GONE if doc.get("withdrawn") else (figures["sessions"], figures["attendances"])
        if content not in world.book.said.get(title, ()) or doc["unit"] != world.book.unit[title]:
            found.say("invented", "%s %s" % (title, content))


def acknowledged_is_stored(world, stored, found):
    """Each receipt names the entry that is there, and verifies; a sample of them is proven in full."""
    for one in world.offices:
        for n, (id_, rev, state, kept) in enumerate(receipts(one)):
            if state != "stored":
                found.say("lost", "%s: %s revision %d is %s" % (one.name, id_, rev, state))
                continue
            words = kept["line"].split(" ")
            header = stored.get((words[3], int(words[4])), (None,))[0]
            if header is None or header["sha256"] != words[5]:
                found.say("lost", "%s holds a receipt for what is not stored: %s" % (one.name, kept["line"]))
            if n % 10 == 0 and formats.check_kept(kept):
                found.say("invented", "%s: a receipt that does not verify: %s" % (one.name, kept["line"]))


def figures_are_those_handed_in(world, log, found):
    """By two roads: what was handed in, added up here, and the log, folded by the reader of PROTOCOL.md."""
    for month in MONTHS:
        said = world.reader.program.run("summary", "--period", month, "--format", "json").stdout
        summary = json.loads(said)
        want = world.book.figures(month)
        for child in summary["children"]:
            got = [child["activities"]] + [
                child["measures"].get(m, {"value": 0})["value"] for m in ("sessions", "attendances")
            ]
            wanted = want.pop(child["code"], [0, 0, 0])
            if got != wanted:
                kind = "lost" if sum(got) < sum(wanted) else "doubled"
                found.say(kind, "%s %s: %s, handed in %s" % (child["code"], month, got, wanted))
        for unit in want:
            found.say("lost", "%s is not in the table of %s" % (unit, month))
        plan = summary["plan"]
        if fold.summary(log, "BD", plan, month) != said.encode():
            found.say("invented", "the summary of %s is not what its log says" % month)


def everything_kept_is_stored(world, stored, found):
    titles = {d["title"] for h, d in stored.values() if "title" in d}
    for title in world.book.now:
        if title not in titles:
            found.say("lost", "%s was kept and is not stored" % title)


def read_to_the_head(world):
    """The aggregator has read the whole log, after a rebuild where a restore asked for one."""
    head = world.collector.json("status")

    def there():
        world.tend()
        seen = world.reader.program.json("status")
        return (seen["log"], seen["position"]) == (head["log"], head["position"])

    lib.wait_until(there, "the aggregator to read up to %s" % head["position"], 90)


def check(world):
    """The state after all faults have ended and everything has drained. Findings."""
    found = Findings()
    read_to_the_head(world)
    world.reader.program.run("verify")
    world.keeper.stop()
    assert world.collector.json("verify")["whole"]
    log = entries(world.collector)
    stored = stored_once(log, found)
    nothing_invented(world, stored, found)
    acknowledged_is_stored(world, stored, found)
    everything_kept_is_stored(world, stored, found)
    figures_are_those_handed_in(world, log, found)
    return found, len(stored)


def drained(world):
    """Every office has an answer for all it holds."""

    def done(one):
        status = one.program.json("status")
        return status["waiting"] == 0 and status["later"] == 0

    for one in world.offices:
        lib.wait_until(lambda one=one: done(one), "%s to drain\n%s" % (one.name, one.program.tail()), 90)
    assert all(set(office.all_of(o.program).values()) <= {"stored"} for o in world.offices), [
        office.all_of(o.program) for o in world.offices
    ]
