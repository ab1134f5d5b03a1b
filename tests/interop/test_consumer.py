#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""A consumer: it walks the chain, commits, notices a fork, and sends decisions that come back as entries."""
import json
import os
import signal
import sys

sys.dont_write_bytecode = True
import formats
import host
import vectors
from baocao_client import PROGRAM, Agent, Broken, Consumer, Refused, Silent, made_hex32, now
from cases import case, finish
from host import activity, aggregate

collector = host.Collector()
collector.start()
one = formats.one_line
agent, upper = Agent(), Agent()
agent.join(collector.code("enrol", "VD.01"))
agent.open()
collector.run("grant", "VD", "--for", "VD", "--subtree")
upper.join(collector.code("enrol", "VD"))
upper.open()
reader = Consumer()
reader.join(collector.code("consumer", "add", "doc"))
staff = Consumer()
staff.join(collector.code("consumer", "add", "tong-hop", "--may-decide"))


def head():
    return agent.hello()["position"]


def subscribe(who, **changed):
    header = {"v": 1, "program": PROGRAM, "position": who.position, "window": 1 << 20}
    header.update(changed)
    return {k: v for k, v in header.items() if v is not None}


def uuid():
    return formats.uuid7(now(), os.urandom(10))


def decided(who, *words):
    """The code of the refusal of a decision, or None."""
    answer = who.decide(*words)
    return answer["code"] if answer["verdict"] == "refused" else None


@case
def log_begins_with_its_id_and_holds_all_there_is():
    reader.open()
    reader.follow(head())
    first, body = reader.entries[0]
    assert first["kind"] == "log" and json.loads(body)["reason"] == "init"
    assert json.loads(body)["log"] == first["log"] == reader.log == agent.welcome["log"]
    assert reader.chain.hex() == agent.welcome["chain"]
    kinds = [fields["kind"] for fields, _ in reader.entries]
    assert kinds.count("unit") == len(host.UNITS) and kinds.count("plan") == 1, kinds
    received = [fields["received"] for fields, _ in reader.entries]
    assert received == sorted(received)
    plan = json.loads(next(body for fields, body in reader.entries if fields["kind"] == "plan"))
    assert plan["plan"] == vectors.PLAN


@case
def document_comes_at_once_as_it_was_sent_with_the_position_of_its_receipt():
    lines = [one(activity()) for _ in range(5)]
    verdicts = agent.send(lines)
    reader.follow(head())
    for line, verdict in zip(lines, verdicts):
        position = int(verdict["line"].split(" ")[2])
        fields, body = reader.entries[position - 1]
        document = json.loads(line)
        assert body == line and fields["kind"] == "document" and fields["unit"] == fields["by"] == "VD.01"
        assert (fields["id"], fields["rev"]) == (document["id"], 1)
        assert fields["outbox"] == agent.outbox and fields["number"] == verdict["number"]
        assert fields["key"] == agent.enrolled["key"]
        assert str(fields["received"]) == verdict["line"].split(" ")[6]


@case
def refused_and_held_documents_are_no_entries():
    before = head()
    document = activity()
    verdicts = agent.send([one(document), one({**document, "title": "khác"}), b"{}"])
    assert [v["verdict"] for v in verdicts] == ["stored", "held", "refused"]
    assert head() == before + 1
    collector.run("held", "release", host.held_number(collector, document["id"]))
    reader.follow(head())
    fields, body = reader.entries[-1]
    assert fields["rev"] == 2 and json.loads(body)["rev"] == 1 and json.loads(body)["title"] == "khác"


@case
def window_bounds_what_is_under_way_until_a_commit():
    lines = [one(activity(title="x" * 300)) for _ in range(400)]
    for i in range(0, len(lines), 100):
        assert {v["verdict"] for v in agent.send(lines[i:i + 100])} == {"stored"}
    small = Consumer()
    small.join(collector.code("consumer", "add", "nho"))
    small.open(window=65536)
    got = 0
    while True:
        try:
            got += small.read(patience=0.7)
        except Silent:
            break
    assert 0 < got <= 65536 and small.position < small.head, (got, small.position, small.head)
    small.commit()
    small.follow(head())
    assert small.chain.hex() == agent.welcome["chain"]
    small.close()


@case
def subscription_goes_on_where_it_was_committed_even_after_a_crash():
    reader.close()
    position = reader.position
    collector.stop(signal.SIGKILL)
    collector.start()
    agent.open()
    upper.open()
    reader.open()
    assert reader.position >= position
    reader.follow(head())
    assert reader.chain.hex() == agent.welcome["chain"]


@case
def fork_is_named():
    fork = Consumer()
    fork.join(collector.code("consumer", "add", "re-nhanh"))
    fork.connect()
    chain = reader.chain.hex()
    for odd in ({"chain": "00" * 32}, {"log": made_hex32()}, {"position": reader.position - 1},
                {"position": reader.position + 1000}):
        wrong = subscribe(fork, **{"position": reader.position, "log": reader.log, "chain": chain, **odd})
        assert fork.refused("SUBSCRIBE", wrong)["code"] == "log-forked", odd
    assert fork.refused("SUBSCRIBE", subscribe(fork, position=5))["code"] == "header-bad"
    assert fork.refused("SUBSCRIBE", subscribe(fork, window=65535))["code"] == "header-bad"
    assert fork.refused("SUBSCRIBE", subscribe(fork, window=(64 << 20) + 1))["code"] == "header-bad"
    assert fork.refused("SUBSCRIBE", subscribe(fork, v=2))["code"] == "version-unsupported"
    commit = {"log": reader.log, "position": 1, "chain": chain}
    assert fork.refused("COMMIT", commit)["code"] == "hello-first"
    fork.subscribe()
    assert fork.refused("COMMIT", commit)["code"] == "log-forked"
    fork.close()


@case
def redacted_body_is_gone_and_the_chain_still_verifies():
    document = activity(title="Tên người nào đó")
    (verdict,) = agent.send([one(document)])
    position = int(verdict["line"].split(" ")[2])
    reader.follow(position)
    assert reader.entries[position - 1][1] == one(document)
    collector.run("redact", str(position), "--reason", "thông tin cá nhân")
    reader.follow(head())
    fields, body = reader.entries[-1]
    assert fields["kind"] == "redact" and fields["of"] == json.loads(body)["position"] == position
    again = Consumer()
    again.join(collector.code("consumer", "add", "doc-lai"))
    again.open()
    again.follow(head())
    assert again.entries[position - 1][1] is None
    assert again.chain.hex() == agent.welcome["chain"]
    again.close()
    (resent,) = agent.send([one(document)], [verdict["number"]])
    assert resent["line"] == verdict["line"]


@case
def decision_comes_back_as_an_entry():
    overlap = aggregate("VD", ["VD.01", "VD.08"])
    assert upper.send([one(overlap)])[0]["verdict"] == "stored"
    staff.open()
    staff.follow(head())
    mine, seen, body = uuid(), staff.position, {"aggregate": overlap["id"], "choice": "own"}
    answer = staff.decide(mine, "overlap", body)
    assert answer["verdict"] == "stored", answer
    staff.follow(answer["position"])
    fields, content = staff.entries[answer["position"] - 1]
    read = json.loads(content)
    assert fields["kind"] == "decision" and fields["by"] == "Nguyễn Văn A"
    assert fields["key"] == staff.enrolled["key"]
    assert (read["uuid"], read["kind"], read["decision"]) == (mine, "overlap", body)
    assert read["person"] == fields["by"]
    assert read["log"] == staff.log and read["position"] == seen
    again = staff.decide(mine, "overlap", body, seen)
    assert again == answer, again
    assert decided(staff, mine, "overlap", {**body, "choice": "aggregate"}, seen) == "decision-conflict"
    assert decided(staff, mine, "overlap", body) == "decision-conflict"
    assert staff.decide(uuid(), "overlap", {**body, "choice": "aggregate"})["verdict"] == "stored"


@case
def each_kind_of_decision_is_taken_and_whom_it_concerns_is_told():
    document = activity()
    (verdict,) = agent.send([one(document)])
    staff.follow(head())
    figures = {"unit": "VD", "calendar": "duonglich", "period": "2024-11"}
    plan = vectors.PLAN
    for kind, body, told in (
            ("return", {"id": document["id"], "rev": 1, "reason": "Thiếu"}, "returned"),
            ("accept", {"id": document["id"], "rev": 1}, "accepted"),
            ("link", {"host": document["id"], "guests": [uuid()]}, None),
            ("extend", {"plan": plan, "period": "2024-11", "until": "2025-01-10", "reason": "Bão"},
             "extension"),
            ("close", {**figures, "plan": plan, "position": 1, "rules": 1, "sha256": "0" * 64}, None),
            ("sent", {**figures, "number": "1/BC", "date": "2024-12-10", "signer": "Nguyễn Văn A"}, None),
            ("reopen", {**figures, "reason": "Sai"}, None)):
        mine = uuid()
        answer = staff.decide(mine, kind, body)
        assert answer["verdict"] == "stored", (kind, answer)
        staff.follow(head())
        read = json.loads(staff.entries[answer["position"] - 1][1])
        assert (read["kind"], read["decision"]) == (kind, body)
        behind = [json.loads(b) for f, b in staff.entries[answer["position"]:] if f["kind"] == "notice"]
        assert [n["kind"] for n in behind] == ([told] if told else []), (kind, behind)
        if kind == "return":
            assert behind[0]["to"] == ["VD.01"] and behind[0]["text"] == "Thiếu"
            assert behind[0]["document"] == {"id": document["id"], "rev": 1}
        if kind == "accept":
            assert behind[0]["to"] == ["VD.01"] and behind[0]["document"] == {"id": document["id"], "rev": 1}
        if kind == "extend":
            assert "VD.01" in behind[0]["to"] and behind[0]["until"] == "2025-01-10"
    assert verdict["verdict"] == "stored"


@case
def decisions_are_for_those_who_may_and_must_make_sense():
    body = {"aggregate": aggregate("VD", ["VD.01"])["id"], "choice": "own"}
    assert decided(reader, uuid(), "overlap", body) == "decision-not-allowed"
    assert decided(staff, uuid(), "overlap", {**body, "choice": "none"}) == "decision-bad"
    assert decided(staff, uuid(), "overlap", {}) == "decision-bad"
    assert decided(staff, uuid(), "overlap", {**body, "more": 1}) == "decision-bad"
    assert decided(staff, uuid(), "close", body) == "decision-bad"
    assert decided(staff, uuid(), "link", {"guests": []}) == "decision-bad"
    assert decided(staff, uuid(), "dream", body) == "decision-kind"
    assert decided(staff, uuid(), "accept", {"id": uuid(), "rev": 0}) == "decision-bad"
    assert decided(staff, uuid(), "overlap", body, staff.position + 1000) == "header-bad"
    assert decided(staff, "x", "overlap", body) == "header-bad"
    before = head()
    staff.line.send("DECISION", {"uuid": uuid(), "kind": "overlap", "person": "x", "log": staff.log,
                                 "position": staff.position}, b"{")
    try:
        _, header, _ = staff.expect("DECIDED")
        assert header["verdict"] == "refused", header
    except Refused:
        pass
    assert head() == before


@case
def two_consumers_follow_at_their_own_pace():
    lines = [one(activity()) for _ in range(6)]
    agent.send(lines)
    last = head()
    for who in (staff, reader):
        who.follow(last)
    assert staff.chain == reader.chain == bytes.fromhex(agent.welcome["chain"])


@case
def readers_that_vanish_cost_nothing_more():
    """A line that breaks leaves a session behind; the log is not read for it at every turn."""
    live = lambda: json.loads(collector.run("status", "--json"))["live"]
    before = live()["feeds"]
    gone = [Consumer() for _ in range(6)]
    for n, one_of in enumerate(gone):
        one_of.join(collector.code("consumer", "add", "gone-%d" % n))
        one_of.open()
    assert live()["feeds"] == before + 6
    for one_of in gone:
        one_of.close()  # no BYE

    def ended():
        agent.send([one(activity())])
        return live()["feeds"] <= before

    host.wait_until(ended, "the feeds of those who are gone to end")
    assert live()["sessions"] >= 6


@case
def restored_log_has_a_new_id_and_its_readers_notice():
    backup = os.path.join(collector.top, "backup")
    collector.run("backup", backup)
    common = head()
    document = one(activity())
    (lost,) = agent.send([document])
    reader.follow(head())
    reader.close()
    collector.stop()
    os.rename(collector.dir, collector.dir + ".lost")
    collector.run("restore", backup)
    collector.start()
    welcome = agent.open()
    old = lost["line"].split(" ")[1]
    assert welcome["log"] != old
    assert welcome["ancestors"][0]["log"] == old and welcome["ancestors"][0]["position"] == common, welcome
    reader.connect()
    try:
        reader.subscribe()
        raise Broken("a reader of the lost branch was not told")
    except Refused as refusal:
        assert refusal.code == "log-forked", refusal
    staff.connect()
    staff.subscribe()  # it had not gone beyond what is in common
    staff.follow(head())
    assert staff.chain.hex() == agent.welcome["chain"] and staff.entries[-1][0]["log"] == welcome["log"]
    body = json.loads(next(body for fields, body in staff.entries[common:] if fields["kind"] == "log"))
    assert body == {"log": welcome["log"], "reason": "restore", "ancestor": {"log": old, "position": common}}
    (again,) = agent.send([document], [lost["number"]])
    assert again["verdict"] == "stored" and again["line"].split(" ")[1] == welcome["log"], again
    staff.follow(head())
    assert staff.entries[-1][1] == document


@case
def log_verifies_after_all_this():
    collector.stop()
    collector.run("verify")


collector.close()
finish()
