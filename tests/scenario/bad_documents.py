#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Is a document that is wrong refused with a sentence, and does it cost no other document anything?

Each fault twice: as the officer gives it to the agent, and past the agent, by somebody with a key of his own.
"""
import lib
import bad
import formats
from bad import activity, one

HOLE = '{"hole":%s1%s}' % ("[" * 4000, "]" * 4000)
UNICODE = {"title": "Ho\u0323\u0302i nghi\u0323"}  # not in NFC, as some keyboards write


def texts():
    """Faults of the text itself: (code, bytes made of the bytes of a good document)."""
    return [
        ("json-malformed", lambda good: good[:-1]),
        ("json-malformed", lambda good: b""),
        ("json-malformed", lambda good: good.replace(b'"F1"', b"F1")),
        ("json-malformed", lambda good: good.replace(b":40", b":040")),
        ("json-malformed", lambda good: good.replace(b":40", b":NaN")),
        ("json-not-object", lambda good: b"[" + good + b"]"),
        ("json-deep", lambda good: HOLE.encode()),
        ("json-duplicate", lambda good: good[:-1] + b',"form":"F2"}'),
        ("json-nul", lambda good: good.replace(b'"F1"', b'"F1\x00"')),
        ("json-nul", lambda good: good.replace(b'"F1"', b'"F1\\u0000"')),
        ("json-utf8", lambda good: good.replace(b'"F1"', b'"F1\xff"')),
        ("json-utf8", lambda good: good.replace(b'"F1"', b'"F1\xed\xa0\x80"')),
        ("json-number", lambda good: good.replace(b":40", b":99999999999999999999")),
        ("measure-type", lambda good: good.replace(b":40", b":1.234")),
        ("measure-type", lambda good: good.replace(b":40", b":4e1")),
    ]


def fields():
    """Faults of what is said: (code, field or None, changes to a good activity)."""
    past, figures = {"from": "2025-02-31", "to": "2025-02-31"}, {"sessions": 1, "attendances": 40}
    return [
        ("date-bad", "from", past),
        ("date-bad", "from", {"from": "31/02/2025", "to": "31/02/2025"}),
        ("date-order", None, {"from": "2024-11-21"}),
        ("date-before-plan", None, {"from": "2024-09-01", "to": "2024-09-01"}),
        ("text-long", "title", {"title": "x" * 301}),
        ("text-blank", "title", {"title": "  "}),
        ("text-control", "title", {"title": "a\x07b"}),
        ("document-large", None, {"title": "x" * 66000}),
        ("measure-large", None, {"measures": {**figures, "highlights": "x" * 4001}}),
        ("measure-range", None, {"measures": {**figures, "leaflets": -1}}),
        ("measure-range", None, {"measures": {**figures, "leaflets": 10**15}}),
        ("measure-type", None, {"measures": {**figures, "leaflets": "một trăm"}}),
        ("field-type", "measures", {"measures": [1, 2]}),
        ("field-type", "topics", {"topics": "vai-tro"}),
        ("field-unknown", "tilte", {"tilte": "x"}),
        ("unit-not-granted", None, {"unit": "BD.02"}),
        ("plan-unknown", None, {"plans": [{"plan": "9/KH-LĐLĐ", "version": 1}]}),
        ("plan-version-unknown", None, {"plans": [{"plan": "160/KH-LĐLĐ", "version": 7}]}),
        ("form-unknown", "form", {"form": "F99"}),
        ("topic-unknown", None, {"topics": ["không-có"]}),
        ("document-unknown", None, {"documents": ["1/QĐ"]}),
        ("measure-unknown", None, {"measures": {**figures, "hats": 3}}),
        ("measure-place", None, {"measures": {**figures, "workers": 3}}),
        ("check-failed", "att-female", {"measures": {**figures, "att_female": 41}}),
        ("check-failed", "sessions-attendances", {"measures": {"sessions": 0, "attendances": 40}}),
    ]


def officer_s_own_file_is_refused_in_both_languages(p):
    site = bad.Site(p)
    agent = site.federation.office()
    plain = {k: activity()[k] for k in ("from", "to", "form", "title", "measures")}
    for i, (code, spoil) in enumerate(texts()):
        path = bad.write_bytes(p, "text%d.json" % i, spoil(bad.to_json(plain).replace(b": ", b":")))
        bad.said(agent, "report", path, code=code)
    for i, (code, _, changed) in enumerate(fields()):
        path = bad.write_bytes(p, "field%d.json" % i, bad.to_json({**plain, **changed}))
        bad.said(agent, "report", path, code=code)
    bad.said(
        agent,
        "report",
        p.write("unit.json", one({**plain, "unit": "BD.99"}).decode()),
        code="unit-not-granted",
    )
    assert agent.json("list") == []
    agent.run("report", bad.write_bytes(p, "nfc.json", bad.to_json({**plain, **UNICODE})))  # it mends that
    agent.run("send")
    site.stored += 1
    site.goes_through()
    site.unharmed()


def past_the_agent_each_text_is_refused(p):
    site = bad.Site(p)
    sender = site.outsider()
    for code, spoil in texts():
        site.refuses(sender, spoil(one(activity())), code)
    for size in (65537, 200000, 999999):
        site.refuses(sender, b" " * size, "document-large")
    site.refuses(sender, b'{"doc":[' + b"1," * 8192 + b"1]}", "document-values")
    site.refuses(sender, b'{"doc":"activity"' + b" " * 64000 + b"}", "field-missing")
    site.refuses(sender, bad.to_json(activity(**UNICODE)), "document-nfc")
    site.unharmed()


def past_the_agent_each_field_is_refused(p):
    site = bad.Site(p)
    sender = site.outsider()
    for code, field, changed in fields():
        site.refuses(sender, one(activity(**changed)), code, field)
    site.refuses(sender, one(activity(unit="BD.99")), "unit-unknown")
    site.refuses(sender, one(activity(entered_by="BD.02")), "sender-wrong")
    site.refuses(sender, one(activity(**{"from": "2199-01-01", "to": "2199-01-01"})), "date-future")
    site.refuses(sender, one(activity(source="paper", arrived="2199-01-01")), "date-future")
    site.refuses(sender, one(activity(doc="diary")), "document-kind")
    site.refuses(sender, one(activity(id="1")), "id-bad")
    site.refuses(sender, one(activity(rev=0)), "field-range")
    site.refuses(sender, one(activity(rev=1000, reason="x")), "field-range")
    site.refuses(sender, one(activity(rev=2)), "reason-missing")
    site.refuses(
        sender, one(activity(evidence=[{"url": "https://vi.du/%d" % i} for i in range(33)])), "field-range"
    )
    site.unharmed()


def period(month, calendar="duonglich", **changed):
    """The report of BD.01 for a month without activities."""
    document = activity(
        doc="period",
        calendar=calendar,
        period=month,
        activities=[],
        id=formats.uuid8("period", "BD.01", bad.PLAN["plan"], calendar, month),
    )
    for name in ("from", "to", "form", "title", "measures"):
        del document[name]
    return one({**document, **changed})


def past_the_agent_each_period_is_refused(p):
    site = bad.Site(p)
    sender = site.outsider()
    site.refuses(sender, period("2024-13"), "period-unknown")
    site.refuses(sender, period("2199-01"), "period-future")
    site.refuses(sender, period("2024-Q4"), "period-kind")
    site.refuses(sender, period("2024-01"), "date-before-plan")
    site.refuses(sender, period("2024-11", id=activity()["id"]), "id-derived")
    site.refuses(sender, period("2024-11", calendar="nd09"), "calendar-wrong")
    site.refuses(sender, period("2024-11", activities=[{"id": "x", "rev": 1, "sha256": "00" * 32}]), "id-bad")
    site.refuses(
        sender,
        period("2024-11", activities=[{"id": activity()["id"], "rev": 1, "sha256": "00" * 32, "note": "x"}]),
        "field-unknown",
    )
    (nil,) = sender.send([period("2024-11")])
    assert nil["verdict"] == "stored", nil
    site.stored += 1
    site.unharmed()


def unit_that_was_closed_then(p):
    site = bad.Site(p)
    sender = site.outsider("BD.04")
    (bad_one,) = sender.send([one(activity("BD.04"))])
    assert (bad_one["verdict"], bad_one["code"]) == ("refused", "unit-closed"), bad_one
    bad.reads_well(bad_one["code"], bad_one["vi"], bad_one["en"])
    site.goes_through()
    site.unharmed()


def what_only_the_collector_can_refuse_is_read_by_the_officer(p):
    """The agent only warns of a day in the future, since its own clock may be wrong."""
    site = bad.Site(p)
    agent = site.federation.office()
    agent.run(
        "report",
        p.write(
            "future.json",
            one(
                {
                    "from": "2199-01-01",
                    "to": "2199-01-01",
                    "form": "F1",
                    "measures": {"sessions": 1, "attendances": 2},
                }
            ).decode(),
        ),
    )
    agent.run(
        "report",
        p.write(
            "good.json",
            one(
                {
                    "from": "2024-11-20",
                    "to": "2024-11-20",
                    "form": "F1",
                    "measures": {"sessions": 1, "attendances": 3},
                }
            ).decode(),
        ),
    )
    done = agent.run("send")
    assert "Refused: 1" in done.stdout, done.stdout
    future, good = agent.json("list")
    assert (future["state"], good["state"]) == ("refused", "stored"), (future, good)
    bad.reads_well(future["why"]["code"], future["why"]["vi"], future["why"]["en"])
    for lang in ("vi", "en"):
        assert future["why"][lang] in agent.run("list", "--lang", lang).stdout
    agent.run("correct", "1", "--set", "from=2024-11-21", "--set", "to=2024-11-21", "--reason", "Sai năm")
    agent.run("send")
    assert [d["state"] for d in agent.json("list") if d["counts"]] == ["stored", "stored"], agent.json("list")
    site.stored += 2
    site.goes_through()
    site.unharmed()


lib.Cases().run(
    officer_s_own_file_is_refused_in_both_languages,
    past_the_agent_each_text_is_refused,
    past_the_agent_each_field_is_refused,
    past_the_agent_each_period_is_refused,
    unit_that_was_closed_then,
    what_only_the_collector_can_refuse_is_read_by_the_officer,
)
