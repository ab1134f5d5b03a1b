#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""An agent's life: documents, verdicts, receipts, news, and what an outbox is told about itself."""
import os
import signal
import sys

sys.dont_write_bytecode = True
import formats
import host
import vectors
from baocao_client import Agent, Keys, Line, Silent, made_hex32, now
from cases import case, finish
from host import activity, aggregate, period

collector = host.Collector()
collector.start()
one = formats.one_line


def agent_of(unit, *words):
    agent = Agent()
    agent.join(collector.code("enrol", unit, *words))
    agent.open()
    return agent


agent = agent_of("VD.01")


def verdicts(who, *documents):
    return who.send([d if isinstance(d, bytes) else one(d) for d in documents])


def refused(document, code, field=None):
    (verdict,) = verdicts(agent, document)
    assert (verdict["verdict"], verdict.get("code")) == ("refused", code), verdict
    assert field is None or verdict.get("field") == field, verdict


@case
def welcome_says_who_where_and_how_much():
    w = agent.welcome
    assert set(w) == {"v", "program", "log", "position", "chain", "ancestors", "now", "unit", "name",
                      "grants", "outbox", "credit", "sign", "limits"}, sorted(w)
    assert w["unit"] == "VD.01" and w["name"] == vectors.NAME and abs(w["now"] - now()) < 60000
    assert w["grants"][0]["unit"] == "VD.01" and w["grants"][0]["units"][0][0] == "VD.01"
    assert w["outbox"] == {"contiguous": 0, "highest": 0} and w["ancestors"] == []
    assert w["credit"]["documents"] > 0 and w["credit"]["bytes"] >= 65536
    assert w["limits"] == {"document": 65536, "body": 1000000}


@case
def stored_comes_with_a_receipt_that_verifies():
    documents = [activity() for _ in range(7)]
    answer = verdicts(agent, *documents)
    assert [v["verdict"] for v in answer] == ["stored"] * 7
    positions = [int(v["line"].split(" ")[2]) for v in answer]
    assert positions == list(range(positions[0], positions[0] + 7))
    assert all((d["id"], 1) in agent.kept for d in documents)


@case
def same_again_gives_the_same_line():
    document = one(activity())
    (first,) = agent.send([document], [agent.next])
    agent.next += 1
    for _ in range(3):
        (again,) = agent.send([document], [first["number"]])
        assert again == first
    (other,) = agent.send([document])  # a number alone says nothing
    assert other["line"] == first["line"]
    twice = agent.send([document, document])
    assert [v["line"] for v in twice] == [first["line"]] * 2


@case
def one_bad_document_costs_the_others_nothing():
    good, bad = activity(), activity(colour="red")
    answer = verdicts(agent, good, bad, b"{", activity(), b"")
    assert [v["verdict"] for v in answer] == ["stored", "refused", "refused", "stored", "refused"], answer
    assert answer[1]["code"] == "field-unknown" and answer[1]["field"] == "colour"
    assert answer[2]["code"] == "json-malformed"


@case
def bad_documents_are_refused_each_with_its_code():
    good = one(activity())
    refused(b"[1]", "json-not-object")
    refused(good[:-1] + b',"title":"x"}', "json-duplicate")
    refused(good.replace(b'"title"', b'"titel"'), "field-unknown", "titel")
    refused(good.replace(b"\xe1\xbb\x8b", b"i\xcc\xa3"), "document-nfc")
    refused(good.replace(b"\xe1\xbb\x8b", b"\xe1\xbb"), "json-utf8")
    refused(good.replace(b"ph\xe1\xbb\x95", b"\x00"), "json-nul")
    refused(good.replace(b"ph\xe1\xbb\x95", b"\\u0000"), "json-nul")
    refused(b'{"doc":' + b"[" * 20 + b"]" * 20 + b"}", "json-deep")
    refused(activity(title="x" * 301), "text-long", "title")
    refused(b" " * 65537, "document-large")
    refused(b'{"a":[' + b"[]," * 4096 + b"[]]}", "document-values")
    refused(activity(form=None), "field-missing", "form")
    refused(activity(id="x"), "id-bad")
    refused(activity(**{"from": "2024-02-31"}), "date-bad")
    refused(activity(to="2200-01-01"), "date-bad")
    refused(activity(**{"from": "2199-01-01", "to": "2199-01-01"}), "date-future")
    refused(activity(measures={"sessions": 1.5}), "measure-type")
    refused(activity(measures={"sessions": "1"}), "measure-type")
    refused(activity(measures={"sessions": 1, "attendance": 1, "members": 2}), "check-failed", "members_most")
    refused(activity(measures={"sessions": 1, "hats": 2}), "measure-unknown")
    refused(activity(measures={"attendance": 2}), "measure-missing")
    refused(activity(plans=[{"plan": "9/KH", "version": 1}]), "plan-unknown")
    refused(activity(plans=[{"plan": vectors.PLAN, "version": 2}]), "plan-version-unknown")
    refused(activity(form="f9"), "form-unknown")
    refused(activity(topics=["t9"]), "topic-unknown")
    refused({**activity(), "unit": "VD.99"}, "unit-unknown")
    refused({**activity(), "unit": "VD.02"}, "unit-not-granted")
    refused(activity(entered_by="VD.02"), "sender-wrong")
    refused(activity(rev=2), "reason-missing")
    refused(activity(reason="x"), "reason-early")
    refused(activity(rev=2, reason="x", withdrawn=True), "withdrawn-content")
    refused(period("VD.01", [], id=activity()["id"]), "id-derived")
    for month, code in (("2199-01", "period-future"), ("2200-01", "period-unknown"),
                        ("2024-13", "period-unknown")):
        id_of = formats.uuid8("period", "VD.01", vectors.PLAN, "duonglich", month)
        refused(period("VD.01", [], period=month, id=id_of), code)
    assert verdicts(agent, good)[0]["verdict"] == "stored"


@case
def revisions_come_in_any_order():
    document = activity()
    third = {**document, "rev": 3, "reason": "sửa lần hai"}
    second = {**document, "rev": 2, "reason": "sửa lần một"}
    assert [v["verdict"] for v in verdicts(agent, third, document, second)] == ["stored"] * 3
    common = ("doc", "id", "unit", "entered_by", "source", "made", "plans")
    gone = {**{k: document[k] for k in common}, "rev": 4, "reason": "rút", "withdrawn": True}
    assert verdicts(agent, gone)[0]["verdict"] == "stored"


@case
def other_content_under_the_same_revision_is_held_until_staff_decide():
    document = activity()
    other = {**document, "title": "Hội nghị khác"}
    stored, held = verdicts(agent, document, other)
    assert (stored["verdict"], held["verdict"]) == ("stored", "held"), held
    assert verdicts(agent, other)[0]["verdict"] == "held"
    assert document["id"] in collector.run("held", "list", "--json")
    number = host.held_number(collector, document["id"])
    collector.run("held", "release", number)
    (released,) = verdicts(agent, other)
    assert released["verdict"] == "stored" and released["line"].split(" ")[4] == "2", released
    assert verdicts(agent, document)[0]["line"] == stored["line"]


@case
def discarded_is_refused_for_good():
    document = activity()
    other = {**document, "title": "Hội nghị khác"}
    assert [v["verdict"] for v in verdicts(agent, document, other)] == ["stored", "held"]
    collector.run("held", "discard", host.held_number(collector, document["id"]), "--reason", "trùng")
    (answer,) = verdicts(agent, other)
    assert answer["verdict"] == "refused", answer


@case
def unit_of_a_document_never_changes():
    document = activity()
    assert verdicts(agent, document)[0]["verdict"] == "stored"
    collector.run("grant", "VD.01", "--for", "VD.02")
    refused({**document, "unit": "VD.02", "rev": 2, "reason": "x"}, "unit-changed")
    assert verdicts(agent, {**activity(), "unit": "VD.02"})[0]["verdict"] == "stored"


@case
def period_and_aggregate_documents_are_stored():
    assert verdicts(agent, period("VD.01", []))[0]["verdict"] == "stored"
    collector.run("grant", "VD", "--for", "VD", "--subtree")
    upper = agent_of("VD")
    assert verdicts(upper, aggregate("VD", ["VD.07", "VD.08"]))[0]["verdict"] == "stored"
    assert upper.welcome["grants"], upper.welcome
    upper.close()


@case
def outbox_learns_what_is_known_of_it():
    who = Agent()
    who.join(collector.code("enrol", "VD.03"))
    who.open()
    who.number(3)
    assert who.send([one(activity("VD.03")) for _ in range(2)], [1, 2])[0]["verdict"] == "stored"
    who.send([one(activity("VD.03"))], [5])
    assert who.hello()["outbox"] == {"contiguous": 2, "highest": 5}
    assert who.hello(outbox=made_hex32())["outbox"] == {"contiguous": 0, "highest": 0}
    who.hello()
    who.send([b"{", one(activity("VD.03"))], [3, 4])  # refused counts as known
    assert who.hello()["outbox"] == {"contiguous": 5, "highest": 5}
    who.close()


@case
def news_bring_plans_and_the_unit_s_documents_to_a_new_agent():
    first = agent_of("VD.04")
    mine = [activity("VD.04") for _ in range(70)]
    verdicts(first, *mine)
    first.ping()
    assert first.check_news() == ["plan"], first.check_news()
    second = agent_of("VD.04", "--again")
    pong = second.ping()
    kinds = second.check_news()
    assert kinds.count("document") == 70 and kinds.count("plan") == 1, kinds
    assert {i for i, _ in second.kept} == {d["id"] for d in mine}
    assert pong["news"] == pong["head"]
    collector.run("notice", "VD.04", "--subject", "Nhắc việc", "--text", "Đề nghị gửi báo cáo.")
    second.news.clear()
    second.ping()
    assert second.check_news() == ["notice"]
    first.close()
    second.close()


@case
def many_documents_in_flight_are_answered_in_order():
    lines = [[one(activity()) for _ in range(10)] for _ in range(8)]
    posted = [agent.post(batch) for batch in lines]
    for batch, (number, numbers) in zip(lines, posted):
        assert {v["verdict"] for v in agent.receipt(number, batch, numbers)} == {"stored"}


@case
def bye_ends_the_session():
    who = agent_of("VD.05")
    who.line.send("BYE", {})
    answer = who.refused("PING", {"clock": now(), "news": 0})
    assert answer["code"] == "hello-first" and answer["to"] == "PING", answer
    who.hello()
    who.ping()
    who.close()


@case
def killed_collector_has_lost_nothing_it_called_stored():
    lines = [one(activity()) for _ in range(50)]
    before = agent.send(lines)
    collector.stop(signal.SIGKILL)
    collector.start()
    agent.open()
    assert agent.welcome["outbox"]["highest"] == agent.next - 1
    after = agent.send(lines, [v["number"] for v in before])
    assert [v["line"] for v in after] == [v["line"] for v in before]


@case
def killed_while_it_answers_it_stores_each_document_once():
    lines = [one(activity()) for _ in range(40)]
    numbers = agent.number(40)
    for i in range(0, 40, 4):
        agent.post(lines[i:i + 4], numbers[i:i + 4])
    agent.expect("RECEIPT")  # of one message, while the others are under way
    collector.stop(signal.SIGKILL)
    collector.start()
    agent.open()
    first = agent.send(lines, numbers)
    positions = [v["line"].split(" ")[2] for v in first]
    assert len(set(positions)) == 40
    assert [v["line"] for v in agent.send(lines, numbers)] == [v["line"] for v in first]


@case
def full_disk_stops_credit_and_answers_later_and_what_is_stored_stays_so():
    known, new = one(activity()), one(activity())
    (stored,) = agent.send([known])
    collector.stop()
    collector.start(BAOCAO_DISK_LOW="1000000G")
    credit = agent.open()["credit"]
    assert credit["documents"] == 0 and 0 < credit["wait_ms"] <= 900000, credit
    assert agent.send([known], [stored["number"]])[0]["verdict"] in ("stored", "later")
    (later,) = agent.send([new])
    assert later["verdict"] == "later" and 0 < later["wait_ms"] <= 900000, later
    collector.stop()
    collector.start()
    assert agent.open()["credit"]["documents"] > 0
    assert agent.send([new], [later["number"]])[0]["verdict"] == "stored"
    assert agent.send([known], [stored["number"]])[0]["line"] == stored["line"]


@case
def log_verifies_after_all_this():
    agent.close()
    collector.stop()
    collector.run("verify")


collector.close()
finish()
